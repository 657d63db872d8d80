import ArgumentParser
import Running

/// What commands take that go on with a run that was broken off.
struct ResumeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Go on with the run in this results folder, from what it saved last.",
      discussion: """
        Everything but --data, --json and --quiet is as it was asked for then. The run ends on the \
        weights on which it would have ended.
        """, valueName: "folder"))
  var resume: String?

  /// What was asked for then; `nil` without the option.
  ///
  /// - Parameters:
  ///   - mode: The command's name.
  ///   - options: Of the command, of which none may say something else.
  func request(
    _ mode: String, _ options: ExperimentOptions, _ output: OutputOptions
  ) throws -> RunRequest? {
    guard let resume else { return nil }
    let isPlain =
      options.file == nil && options.input.sets.isEmpty && options.settings.seed == nil
      && options.settings.workers == nil && options.settings.servers == nil && output.output == nil
      && !output.force
    guard isPlain else {
      throw ValidationError(
        "--resume goes on with what was asked for; leave out the experiment, its settings, "
          + "--output and --force")
    }
    return try RunRequest(
      resuming: resume, mode: mode, dataFolder: options.input.source.data,
      printsJSON: output.telling.json, screen: output.telling.screen)
  }
}
