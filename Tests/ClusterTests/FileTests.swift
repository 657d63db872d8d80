import Foundation
import Reports
import Testing

/// Files as people have them, through the real executable.
extension Processes {
  @Suite(.serialized) struct `Files` {
    /// A data set of 2×2 pixels with twelve training and four test images of each label.
    private func data(_ labels: [UInt8], in scratch: Scratch) throws -> String {
      let folder = scratch.file("data/own")
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      for (part, perLabel) in [("train", 12), ("t10k", 4)] {
        let all = (0..<perLabel).flatMap { _ in labels }
        let head: [UInt8] = [0, 0, 0, UInt8(all.count)]
        let images =
          [0, 0, 8, 3] + head + [0, 0, 0, 2, 0, 0, 0, 2] + all.flatMap { [$0, 9, 0, $0] }
        try Data(images).write(to: URL(fileURLWithPath: "\(folder)/\(part)-images-idx3-ubyte"))
        try Data([0, 0, 8, 1] + head + all)
          .write(to: URL(fileURLWithPath: "\(folder)/\(part)-labels-idx1-ubyte"))
      }
      return scratch.file("data")
    }

    @Test func `an experiment as Windows saves it runs on labels with gaps`() throws {
      let scratch = Scratch()
      let folder = try data([1, 2, 4, 7], in: scratch)
      let file = try scratch.write(
        "\u{FEFF}name: \"gaps\"\r\ndata: {set: own}\r\nstream:\r\n  tasks: 4\r\n  scenario: class\r\n"
          + "  iterations: 2\r\nbatch: 4\r\nmodel: {hidden: [3]}\r\n", to: "e.yaml")
      let run = try Program(
        ["simulate", file, "--data", folder, "--output", scratch.file("out")] + givenCosts)
      #expect(run.status == 0, "\(run.errors)")
      #expect(
        run.output.hasPrefix(
          "own: the labels 1, 2, 4 and 7 are 4 classes; tasks and stream.classes name classes by "
            + "their labels\n"))
      let result = try #require(try ResultFolder(scratch.file("out")).read().first)
      #expect(result.taskNames == ["1", "2", "4", "7"] && result.classLabels == [1, 2, 4, 7])
      #expect(result.chance == 0.25 && result.name == "gaps")
    }

    @Test func `a data set is checked by name or by path, and everything is listed`() throws {
      let scratch = Scratch()
      let folder = try data([1, 2, 3], in: scratch)
      let byName = try Program(["data", "check", "own", "--data", folder])
      #expect(byName.status == 0, "\(byName.errors)")
      #expect(byName.output.contains("36 training and 12 test images of 2×2, 3 classes"))
      #expect(byName.output.contains("the labels 1–3 are 3 classes"))
      #expect(try Program(["data", "check", folder + "/own"]).output == byName.output)
      try FileManager.default.createDirectory(
        atPath: folder + "/pictures", withIntermediateDirectories: true)
      let list = try Program(["data", "list", "--data", folder])
      #expect(list.output.contains("own       \(folder)/own       "))
      #expect(list.output.contains("pictures  \(folder)/pictures  no data set"))
      #expect(try Program(["data", "list", "--data", folder + "/none"]).status == 3)
    }
  }
}
