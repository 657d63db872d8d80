/// The tables of exact numbers of one run.
struct RunNumbers {
  private let run: RunResult

  init(_ run: RunResult) { self.run = run }

  /// Every figure with its definition, and the facts of the run.
  var figures: String {
    func exact(_ value: Double?) -> String {
      value.flatMap(finite).map { PageParts.signed(Figures.short($0)) } ?? "–"
    }
    func bytes(_ count: Int?) -> String { count.map { Figures.bytes($0) } ?? "–" }
    let rows =
      Definitions.all.map { [$0.name, exact(run[keyPath: $0.figure]), $0.formula] } + [
        ["steps", Figures.count(run.steps), "each one a push of every worker"],
        ["examples", Figures.count(run.examples), "over all workers"],
        [
          "kept at workers", bytes(run.kept?.workers),
          "examples, earlier weights, moments, what was told of the penalty, at the end",
        ],
        ["kept at servers", bytes(run.kept?.servers), "weights, moments and penalty, at the end"],
        ["kept at the coordinator", bytes(run.kept?.coordinator), "what reads scores, at the end"],
      ] + work + [
        ["steps per second", exact(run.stepsPerSecond), "while tasks were trained"],
        ["wall time", Figures.seconds(run.wallSeconds), "start to end"],
      ]
      + (run.virtualSeconds.map {
        [["virtual time", Figures.seconds($0), "on the simulator's clock"]]
      } ?? (run.hasClock ? [] : [["virtual time", "none", "the clock was free"]])) + [
        [
          "staleness, mean", exact(run.staleness.mean),
          "versions between a push's base and its use",
        ],
        ["staleness, largest", run.staleness.max.map { "\($0)" } ?? "–", "the same"],
        ["spatial skew", exact(run.spatialSkew), "0: every node has the same classes"],
        ["stage skew", exact(run.stageSkew), "0: all nodes are at the same task"],
      ]
    return PageTable(header: ["figure", "value", "definition"], rows: rows, words: [0, 2]).html
  }

  /// What examples were worked on for.
  private var work: [[String]] {
    guard let work = run.work else { return [] }
    let counts = [
      (work.new, "new examples", "of the run's own stream"),
      (work.replayed, "replayed examples", "kept ones that came back"),
      (work.made, "made examples", "of a generator"),
      (work.generator, "generator's examples", "from which it learned itself"),
      (work.references, "reference examples", "in gradients that a step is compared with"),
      (work.importance, "importance examples", "in estimates of an importance"),
      (work.frozenPasses, "frozen passes", "answers of networks that are not trained"),
      (work.exampleGradients, "example-gradients", "all of these, a frozen pass as a third"),
    ]
    return counts.map { [$0.1, Figures.count($0.0), $0.2] } + [
      [
        "relative to plain", work.relative.map { Figures.short($0) } ?? "–",
        "example-gradients by new examples",
      ]
    ]
  }

  var matrix: String {
    matrix(run.matrix, run.taskNames, rows: run.matrix.indices.map { run.rowName($0) })
  }

  private func matrix(_ rows: [[Double?]], _ tasks: [String], rows names: [String]) -> String {
    PageTable(
      header: ["accuracy"] + tasks,
      rows: rows.enumerated().map { number, row in
        [names[number]]
          + row.map { $0.flatMap(finite).map { Figures.short($0) } ?? "–" }
      }
    ).html
  }

  /// Each worker by its own course and its own mix of classes.
  var workers: String {
    let shown = run.perWorker.prefix(Self.nodeMaximum)
    let overview = PageTable(
      header: ["worker", "ACC %", "BWT", "tasks"],
      rows: shown.map {
        [
          "\($0.rank)", Figures.percent($0.accuracy),
          PageParts.signed(Figures.signedPercent($0.backwardTransfer)),
          $0.tasks.joined(separator: ", "),
        ]
      }, words: [0, 3])
    let matrices = shown.map { worker in
      "<p class=\"soft\">Worker \(worker.rank)</p>"
        + matrix(
          worker.matrix, worker.tasks,
          rows: ["untrained"] + worker.tasks.map { "after \($0)" })
    }
    return "<p class=\"soft\">Each worker by its own course; accuracies weigh the classes as "
      + "its own examples do.</p>"
      + overview.html + matrices.joined() + rest(of: run.perWorker.count, Self.nodeMaximum)
  }

  /// How busy each node was.
  var nodes: String {
    PageTable(
      header: ["node", "busy", "waiting", "utilisation %"],
      rows: run.nodes.prefix(Self.nodeMaximum).map {
        [
          $0.node, Figures.seconds($0.busySeconds), Figures.seconds($0.waitingSeconds),
          Figures.percent($0.utilisation),
        ]
      }, words: [0]
    ).html + rest(of: run.nodes.count, Self.nodeMaximum)
      + (run.slowestWorker.map(RunSection.sentence).map {
        "<p class=\"soft\">\(escaped($0))</p>"
      } ?? "")
  }

  /// When which accuracy was reached.
  var milestones: String {
    PageTable(
      header: ["mean accuracy %", "after", "step"],
      rows: run.timeToAccuracy.map {
        [Figures.percent($0.accuracy), Figures.seconds($0.seconds), Figures.count($0.step)]
      }
    ).html
  }

  var boundaries: String {
    PageTable(
      header: [
        "after task", "Σ Ω", "Σ U", "‖∇‖ before", "‖∇‖ after", "newest at anchor", "ηλU median",
        "p99", "largest", "above 2", "examples",
      ],
      rows: run.diagnostics.boundaries.map {
        [
          $0.task, Figures.short($0.importanceSum), Figures.short($0.foldedSum),
          Figures.short($0.penaltyGradientBefore), Figures.short($0.penaltyGradientAfter),
          Figures.short($0.newestTermAtAnchor), Figures.short($0.curvatureMedian),
          Figures.short($0.curvature99), Figures.short($0.curvatureMaximum),
          Figures.count($0.divergingCoordinates), Figures.count($0.exampleCount),
        ]
      }
    ).html
  }

  /// What came back of finished tasks, stage by stage.
  var activity: String {
    PageTable(
      header: [
        "while learning", "in memory", "by class", "came back a step", "made a step",
        "from earlier answers",
        "at the first step",
      ],
      rows: run.diagnostics.activity.map { activity in
        [
          activity.task, Figures.count(activity.memory.reduce(0) { $0 + $1.count }),
          activity.memory.map { "\($0.label): \($0.count)" }.joined(separator: ", "),
          Figures.short(activity.rehearsedPerStep), Figures.short(activity.generatedPerStep),
          activity.distance.map { Figures.short($0) } ?? "–",
          activity.distanceAtStart.map { Figures.short($0) } ?? "–",
        ]
      }, words: [0, 2]
    ).html + corrections
  }

  /// What a readout made of the scores of the newest classes, stage by stage.
  private var corrections: String {
    let rows = run.diagnostics.activity.compactMap { activity in
      activity.correction.map {
        [
          activity.task, Figures.short($0.scale), Figures.short($0.shift),
          Figures.percent($0.takenBefore), Figures.percent($0.takenAfter),
        ]
      }
    }
    guard !rows.isEmpty else { return "" }
    return "<p class=\"soft\">Scores o of the newest classes became αo + β: how many test examples "
      + "of earlier classes were taken for the newest before, and after.</p>"
      + PageTable(
        header: ["after task", "α", "β", "taken before %", "taken after %"], rows: rows, words: [0]
      ).html
  }

  /// By task and kind as far as that is known, then each kind and all of them.
  var bytes: String {
    let sent = run.communication
    let tasks = RunResult.TaskBytes.sorted(sent.byTask, tasks: run.taskNames)
    let whole = sent.kinds.filter { $0.bytes.messages > 0 }
    let rows =
      tasks.map { [$0.task ?? "no task", $0.kind] + Self.cells($0.bytes) }
      + whole.map { ["all", $0.name] + Self.cells($0.bytes) }
      + [["all", "together"] + Self.cells(whole.reduce(.init()) { $0 + $1.bytes })]
    return PageTable(
      header: ["task", "kind"] + Self.byteHeader, rows: rows, words: [0, 1]
    ).html
      + "<p class=\"soft\">The bound is the entropy of what was said, in bytes: no code could say "
      + "it in fewer.</p>"
  }

  var links: String {
    PageTable(
      header: ["from", "to", "kind", "task"] + Self.byteHeader,
      rows: run.links.prefix(Self.linkMaximum).map {
        [$0.from, $0.to, $0.kind, $0.task ?? ""] + Self.cells($0.bytes)
      }, words: [0, 1, 2, 3]
    ).html + rest(of: run.links.count, Self.linkMaximum)
  }

  // A page of a thousand workers has to open too.
  private static let nodeMaximum = 100
  private static let linkMaximum = 1_000

  /// What a table does not show.
  private func rest(of count: Int, _ maximum: Int) -> String {
    guard count > maximum else { return "" }
    return "<p class=\"soft\">The first \(Figures.count(maximum)) of \(Figures.count(count)); "
      + "all are in result.json.</p>"
  }

  private static let byteHeader = ["messages", "payload", "framed", "bound", "framed / bound"]

  private static func cells(_ bytes: RunResult.Bytes) -> [String] {
    let bound = bytes.overBound.map { _ in Figures.count(Int(bytes.boundBytes.rounded())) }
    return [
      Figures.count(bytes.messages), Figures.count(bytes.payloadBytes),
      Figures.count(bytes.framedBytes), bound ?? "–",
      bytes.overBound.map { Figures.short($0) } ?? "–",
    ]
  }
}
