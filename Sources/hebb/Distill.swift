import ArgumentParser
import Experiments
import Foundation
import Training
import Running

/// A run that learns from finished ones.
struct Distill: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network on what finished runs answer, on a cluster on this machine.",
    discussion: """
      The network of the experiment, which may be smaller than theirs, learns the labels and the \
      softened answers of finished runs on the same data; those of several are averaged. It is \
      hebb run with method.name=distill and method.teachers; --set method.temperature=T and \
      --set method.alpha=A say how.
      """)

  @Argument(
    help: """
      Folders of finished runs, and the experiment (a YAML file, or the name of a bundled one); \
      without one, the default experiment.
      """)
  var names: [String]

  @OptionGroup var settings: SettingOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let others = names.filter { !Self.isFolder($0) }
    let teachers = names.filter { Self.isFolder($0) }
    guard !teachers.isEmpty else {
      throw ValidationError(
        "none of \(names.joined(separator: ", ")) is a folder; name that of a finished run")
    }
    guard others.count <= 1 else {
      throw ValidationError(
        "\(others.joined(separator: " and ")) are no folders of finished runs, and there can be "
          + "one experiment only; leave out what is neither")
    }
    let sets = [
      "method.name=distill",
      "method.teachers=[\(teachers.map(Self.quoted).joined(separator: ", "))]",
    ]
    let experiment = try settings.experiment(in: others.first, before: sets)
    let request = RunRequest(
      experiment, dataFolder: settings.input.dataFolder,
      words: others + sets.flatMap { ["--set", $0] } + settings.words,
      folder: output.folder(for: experiment), overwrites: output.force,
      printsJSON: output.telling.json, screen: output.telling.screen)
    try Session(request, in: .cluster).run(mode: "run") { runner, blueprint in
      try runner.runCluster(blueprint)
    }
  }

  private static func isFolder(_ name: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// As a list in a setting has a text.
  private static func quoted(_ text: String) -> String {
    let safe = text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"")
    return "\"\(safe)\""
  }
}
