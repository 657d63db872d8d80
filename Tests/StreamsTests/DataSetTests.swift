import Streams
import Testing

@Suite struct `Data set` {
  @Test func `has one class more than its largest training label`() throws {
    let data = try toySet(classCount: 4)
    #expect(data.classCount == 4 && data.train.count == 20 && data.test.count == 8)
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
      throws: DataError("data set d has 2 training and 0 test images; it needs some of each")
    ) {
      try DataSet(
        name: "d", train: toyImages(count: 2, classCount: 2, part: 0),
        test: toyImages(count: 0, classCount: 2, part: 0))
    }
  }

  @Test func `refuses test classes that were never trained`() {
    #expect(
      throws: DataError(
        "data set d has test images of class 2 but training images of classes up to 1 only; take "
          + "both from the same data set")
    ) {
      try DataSet(
        name: "d", train: toyImages(count: 4, classCount: 2, part: 0),
        test: toyImages(count: 3, classCount: 3, part: 0))
    }
  }

  @Test func `cannot hold fewer pixels than its images have`() async {
    await #expect(processExitsWith: .failure) {
      _ = ImageSet(height: 2, width: 2, pixels: [1, 2, 3], labels: [0])
    }
  }
}
