import Foundation
import Testing

@testable import Experiments

@Suite struct `Bundled files` {
  private static let cluster = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("cluster")

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [("experiments", Bundled.experiments), ("studies", Bundled.studies)])
  func `are those of the repository, each under its name`(
    folder: String, documents: [(name: String, bytes: [UInt8])]
  ) throws {
    let place = Self.cluster.appendingPathComponent(folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: place.path)
      .filter { $0.hasSuffix(".yaml") && $0 != "reference.yaml" }
    #expect(documents.map { $0.name + ".yaml" } == files.sorted())
    for (name, bytes) in documents {
      #expect(try Data(contentsOf: place.appendingPathComponent("\(name).yaml")) == Data(bytes))
    }
  }

  @Test func `are found by name, each with its base`() throws {
    let split = try Experiment(yaml: Bundled.experiment("split-mnist"), named: "split-mnist")
    #expect(split.data.set == "mnist" && split.name == "split-mnist")
    #expect(try Bundled.experiment("split-mnist.yaml") == Bundled.experiment("split-mnist"))
    for (name, _) in Bundled.studies {
      let file = Self.cluster.appendingPathComponent("studies/\(name).yaml").path
      let (bundled, read) = try (Study(file: name), Study(file: file))
      #expect(bundled.cells.map(\.hash) == read.cells.map(\.hash) && bundled.name == read.name)
    }
  }

  @Test func `give way to a file at that path`() throws {
    let folder = try Folder()
    let place = try folder.write(Array("name: mine\n".utf8), to: "split-mnist")
    #expect(try Bundled.experiment(place) == "name: mine\n")
  }

  @Test func `may be the base of a study elsewhere`() throws {
    let folder = try Folder()
    let text = "base: nodes-mnist\nset: {method.name: ewc}\ngrid: {batch: [64]}"
    let study = try Study(file: try folder.write(Array(text.utf8), to: "s.yaml"))
    #expect(study.cells.map(\.experiment.data.set) == ["mnist"])
  }

  @Test func `are listed where a name is unknown`() {
    #expect(
      sentence { _ = try Bundled.experiment("split-mnits") }
        == "split-mnits: there is no such experiment file; did you mean \"split-mnist\"? bundled "
        + "are babi-joint, babi-sequence, default, nodes-mnist, permuted-mnist, rotated-mnist, "
        + "split-mnist, walk-mnist")
    #expect(
      sentence { _ = try Bundled.experiment("clusters/split-mnist.yaml") }
        .contains("did you mean \"split-mnist\"?"))
    #expect(
      sentence { _ = try Bundled.experiment("stage-skew") }
        == "stage-skew is a bundled study; run it with hebb study stage-skew")
    #expect(
      sentence { _ = try Study(file: "default") }
        == "default is a bundled experiment; run it with hebb run default")
    #expect(
      sentence { _ = try Study(file: "nowhere.yaml") }
        == "nowhere.yaml: there is no such study file; bundled are codecs, communication, "
        + "consistency, orders, penalty-site, scp, spatial-skew, stage-skew, stiffness")
  }
}
