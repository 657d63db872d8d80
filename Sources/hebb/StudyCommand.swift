import ArgumentParser
import Experiments
import Foundation
import Launch
import Tensors
import Training
import Running

/// Many simulated runs: every combination of settings and seeds.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Simulate every combination of settings and seeds, and compare them.",
    discussion: """
      Runs that are done are kept: the same command goes on where it was stopped. \
      The output folder holds cells/ with a result folder for each run, study.sqlite, \
      results.csv, study.html, a plot-N.svg for each plot and, with a baseline, comparison.csv. \
      What the study varies cannot be overridden with --set. A study file:

        title: How strong a penalty should be
        base: default.yaml         # beside this file, or bundled; or experiment: {…}
        set: {stream.epochs: 2}    # for all runs
        grid:                      # every combination
          method.name: [ewc, mas]
          method.lambda: [1, 10, 100]
        variants:                  # optional: named settings, one more axis
          four: {}
          eight: {cluster.workers: 8}
        with:                      # optional: more settings where a run matches
          - {when: {method.name: mas}, set: {method.examples: 200}}
        seeds: [1, 2, 3]
        baseline: {variant: four}  # optional: what all others are compared with
        plots:                     # x: a key, variant or figure; y: a figure
          - {x: method.lambda, y: forgetting, by: method.name, scale: log}
          - {x: total_bytes, y: accuracy, by: method.name, kind: pareto}
          - {x: seconds, y: accuracy, by: method.name, kind: curve}
      """)

  @Argument(help: "Study file (YAML), or the name of a bundled one, as stage-skew.")
  var file: String

  @OptionGroup var input: InputOptions

  @Option(help: "Folder for results, new, empty or of this study; out/NAME otherwise.")
  var output: String?

  @OptionGroup var clock: ClockOptions

  @Option(help: "Runs at once; as many as there are cores otherwise.")
  var jobs: Int?

  @OptionGroup var telling: TellingOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
  }

  func run() throws {
    let request = StudyRequest(
      file, sets: input.sets + clock.sets, data: input.source.data, dataFolder: input.dataFolder,
      words: input.words + clock.words, output: output, jobCount: jobs,
      printsJSON: telling.json, screen: telling.screen, calibration: clock.calibration.file)
    try StudySession(request).run()
  }
}

/// One run of a study, as a process of its own; `hebb study` starts it.
struct StudyNode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study-node", shouldDisplay: false)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var output: OutputOptions

  @Option var parent: Int32

  func run() throws {
    guard Parent.dieWith(parent) else { return }
    useOneBLASThread()
    try Session(options.request(output), in: .simulation).run(mode: "simulate") {
      runner, blueprint in
      try runner.simulate(blueprint)
    }
  }
}
