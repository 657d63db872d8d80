import Streams
import Tensors
import Testing

@Suite struct `Data set` {
  private func images(_ labels: [Int32]) -> ImageSet {
    ImageSet(
      shape: ImageShape(height: 1, width: 1), pixels: labels.indices.map { UInt8($0) },
      labels: labels)
  }

  @Test func `has a class for each training label`() throws {
    let data = try toySet(classCount: 4)
    #expect(data.classCount == 4 && data.train.count == 20 && data.test.count == 8)
    #expect(data.labels == [0, 1, 2, 3] && data.remark == nil)
  }

  @Test func `numbers classes from 0 whatever their labels are`() throws {
    let data = try DataSet(
      name: "d", train: images([7, 1, 70_000, 4, 1]), test: images([70_000, 4, 4]))
    #expect(data.labels == [1, 4, 7, 70_000] && data.classCount == 4)
    #expect(data.train.labels == [2, 0, 3, 1, 0] && data.test.labels == [3, 1, 1])
    #expect(data.train.pixels == [0, 1, 2, 3, 4])
    #expect(data.untestedClasses == ["1", "7"])
    #expect(
      data.remark
        == "d: the labels 1, 4, 7 and 70000 are 4 classes; tasks and stream.classes name classes by "
        + "their labels")
  }

  @Test(
    arguments: [
      ([0, 1, 2], nil), ([1, 2, 3], "1–3"), ([0, 2], "0 and 2"),
      ([0, 1, 3, 4, 5, 9], "0, 1, 3–5 and 9"),
      ([5], "5"),
    ] as [([Int32], String?)])
  func `says which labels there are when they are not the numbers from 0`(
    labels: [Int32], words: String?
  ) throws {
    let data = try DataSet(name: "d", train: images(labels), test: images(labels))
    #expect(data.remark?.contains("the labels \(words ?? "") are") == words.map { _ in true })
  }

  @Test func `refuses parts of different image sizes`() {
    #expect(
      throws: DataError(
        "data set d has training images of 2×3 but test images of 3×2; take both from the same data "
          + "set")
    ) {
      try DataSet(
        name: "d", train: toyImages(count: 2, classCount: 2, part: 0),
        test: toyImages(count: 2, classCount: 2, part: 0, height: 3, width: 2))
    }
  }

  @Test func `refuses an empty part`() {
    #expect(
      throws: DataError("data set d has 2 training and 0 test examples; it needs some of each")
    ) {
      try DataSet(
        name: "d", train: toyImages(count: 2, classCount: 2, part: 0),
        test: toyImages(count: 0, classCount: 2, part: 0))
    }
  }

  @Test func `refuses test classes that were never trained`() {
    #expect(
      throws: DataError(
        "data set d has test examples with the label 2, which no training example has; take both from "
          + "the same data set")
    ) {
      try DataSet(
        name: "d", train: toyImages(count: 4, classCount: 2, part: 0),
        test: toyImages(count: 3, classCount: 3, part: 0))
    }
    // In a gap of the training labels as well as above them.
    #expect(
      throws: DataError(
        "data set d has test examples with the labels 1 and 9, which no training example has; take both "
          + "from the same data set")
    ) { try DataSet(name: "d", train: images([0, 2]), test: images([9, 0, 1])) }
  }

  @Test func `cannot hold fewer pixels than its images have`() async {
    await #expect(processExitsWith: .failure) {
      _ = ImageSet(shape: ImageShape(height: 2, width: 2), pixels: [1, 2, 3], labels: [0])
    }
  }
}
