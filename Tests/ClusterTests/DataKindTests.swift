import Foundation
import Reports
import Testing

/// The same images in every form, through the real executable.
extension Processes {
  @Suite(.serialized) struct `The same images` {
    /// Images of 3×2 in three classes, class after class.
    private struct Part {
      let name: String
      let perClass: Int
      var labels: [Int] { (0..<3).flatMap { Array(repeating: $0, count: perClass) } }

      func pixels(_ index: Int) -> [Int] {
        (0..<6).map { (index * 37 + $0 * 11 + labels[index] * 80) % 256 }
      }

      var all: [UInt8] { labels.indices.flatMap { pixels($0).map { UInt8($0) } } }
    }

    private let train = Part(name: "train", perClass: 12)
    private let test = Part(name: "test", perClass: 4)

    private func write(_ bytes: [UInt8], to path: String) throws {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }

    private func writeAll(_ folder: String) throws {
      for (part, idx) in [(train, "train"), (test, "t10k")] {
        let head: [UInt8] = [0, 0, 0, UInt8(part.labels.count)]
        try write(
          [0, 0, 8, 3] + head + [0, 0, 0, 3, 0, 0, 0, 2] + part.all,
          to: "\(folder)/idx/\(idx)-images-idx3-ubyte")
        try write(
          [0, 0, 8, 1] + head + part.labels.map { UInt8($0) },
          to: "\(folder)/idx/\(idx)-labels-idx1-ubyte")
        for (index, label) in part.labels.enumerated() {
          let file = PNGWriter(width: 2, height: 3, isInterlaced: index % 2 == 1)
            .file(part.pixels(index))
          try write(file, to: "\(folder)/png/\(part.name)/\(label)/\(index).png")
        }
      }
      let arrays = [(train, "x_train", "y_train"), (test, "x_test", "y_test")].flatMap {
        [
          ZipWriter.Member(
            name: "\($1).npy",
            content: ZipWriter.array("|u1", [$0.labels.count, 3, 2, 1], $0.all), isDeflated: true),
          ZipWriter.Member(
            name: "\($2).npy",
            content: ZipWriter.array(
              "<i8", [$0.labels.count], $0.labels.flatMap { ZipWriter.little($0, 8) }),
            isLarge: true),
        ]
      }
      try write(ZipWriter.file(arrays), to: "\(folder)/npz.npz")
    }

    private func run(_ sets: [String], data folder: String, _ scratch: Scratch) throws -> Program {
      let common = [
        "stream.tasks=3", "stream.iterations=4", "batch=6", "cluster.workers=2",
        "model.hidden=[3]", "compare=none", "method.examples=all",
      ]
      return try Program(
        ["simulate", "--data", folder, "--output", scratch.file("out"), "--force"] + givenCosts
          + (common + sets).flatMap { ["--set", $0] })
    }

    private func result(_ sets: [String], data folder: String, _ scratch: Scratch) throws
      -> RunResult
    {
      let run = try run(sets, data: folder, scratch)
      try #require(run.status == 0, "\(run.errors)")
      return try #require(try ResultFolder(scratch.file("out")).read().first)
    }

    @Test func `end on the same weights as IDX files, PNG files and a NumPy archive`() throws {
      let scratch = Scratch()
      let folder = scratch.file("data")
      try writeAll(folder)
      let results = try ["idx", "png", "npz"].map {
        try result(["data.set=\($0)", "stream.scenario=class"], data: folder, scratch)
      }
      #expect(Set(results.map(\.weightsSha256)).count == 1)
      #expect(Set(results.map(\.dataSha256)).count == 1)
      #expect(
        results.allSatisfy { $0.taskNames == ["0", "1", "2"] && $0.classLabels == [0, 1, 2] })
      let check = try Program(["data", "check", "png"], environment: ["HEBB_DATA": folder])
      #expect(
        check.output.hasPrefix("png: 36 training and 12 test images of 3×2, 3 classes\n"),
        "\(check.output)\(check.errors)")
      let list = try Program(["data", "list", "--data", folder])
      #expect(list.output.contains("36 and 12 PNG images") && list.output.contains("npz.npz"))
      #expect(list.output.contains("28×28, 10 classes"))
    }

    @Test func `are tasks of a stream of data sets`() throws {
      let scratch = Scratch()
      let folder = scratch.file("data")
      try writeAll(folder)
      let sets = ["stream.kind=datasets", "stream.sets=[png, npz, idx]", "stream.scenario=task"]
      let result = try result(sets, data: folder, scratch)
      #expect(result.taskNames == ["png", "npz", "idx"])
      #expect(result.classLabels == [0, 1, 2, 0, 1, 2, 0, 1, 2])
      let few = try run(
        ["stream.kind=datasets", "stream.sets=[png]"], data: folder, scratch)
      #expect(few.status == 2 && few.errors.contains("stream.sets names 1 data sets for 3 tasks"))
      let unlike = try run(
        ["stream.kind=datasets", "stream.sets=[png, glyphs, idx]"], data: folder, scratch)
      #expect(unlike.status == 3 && unlike.errors.contains("glyphs has images of 28×28"))
    }

    @Test func `that are broken end in a sentence that names the file`() throws {
      let scratch = Scratch()
      let folder = scratch.file("data")
      try writeAll(folder)
      try write([137, 80, 78, 71, 13], to: "\(folder)/png/train/1/12.png")
      try write(Array("PK".utf8), to: "\(folder)/npz.npz")
      for (name, file) in [("png", "png/train/1/12.png"), ("npz", "npz.npz")] {
        let run = try run(["data.set=\(name)"], data: folder, scratch)
        #expect(run.status == 3 && run.errors.contains("\(folder)/\(file)"), "\(run.errors)")
      }
    }
  }
}
