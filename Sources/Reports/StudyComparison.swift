import Metrics

/// The groups of a study against their baselines: what they send, and what that costs in accuracy.
struct StudyComparison {
  /// How a group stands in bytes and accuracy; bounds do not compete.
  enum Front: String {
    /// No other group has at most its bytes and at least its accuracy.
    case all
    /// None of those with the same baseline has.
    case family
    case beaten = ""
  }

  /// A group beside the group that is equal in all but the settings that the baseline names.
  struct Row {
    let group: StudyResult.Group
    let baseline: StudyResult.Group
    /// All framed bytes of a run.
    let bytes: Sample?
    /// Mean bytes by those of the baseline, over the seeds that both have.
    let relativeBytes: Double?
    let accuracy: Sample?
    /// Over the seeds that both have: seeds share data and order, so their differences are paired.
    let accuracyDifference: Sample?
    let backwardTransfer: Sample?
    let backwardTransferDifference: Sample?
    fileprivate(set) var front = Front.beaten

    var isBaseline: Bool { group.place == baseline.place }

    fileprivate init(_ group: StudyResult.Group, _ baseline: StudyResult.Group) {
      self.group = group
      self.baseline = baseline
      bytes = group.sample(.totalBytes)
      accuracy = group.sample(.accuracy)
      backwardTransfer = group.sample(.backwardTransfer)
      func pairs(_ figure: StudyFigure) -> [(own: Double, other: Double)] {
        group.cells.compactMap { cell in
          guard let own = cell.value(figure),
            let other = baseline.cells.first(where: { $0.seed == cell.seed })?.value(figure)
          else { return nil }
          return (own, other)
        }
      }
      func difference(_ figure: StudyFigure) -> Sample? {
        Sample(pairs(figure).map { $0.own - $0.other })
      }
      let sent = pairs(.totalBytes)
      let reference = sent.reduce(0) { $0 + $1.other }
      relativeBytes = reference > 0 ? sent.reduce(0) { $0 + $1.own } / reference : nil
      accuracyDifference = difference(.accuracy)
      backwardTransferDifference = difference(.backwardTransfer)
    }
  }

  let rows: [Row]
  private let study: StudyResult

  /// `nil` for a study without a baseline.
  init?(_ study: StudyResult) {
    guard !study.baseline.isEmpty else { return nil }
    self.study = study
    let groups = study.groups
    var rows = groups.map { group in
      let place = study.baselinePlace(of: group.place)
      return Row(group, groups.first { $0.place == place } ?? group)
    }
    for place in Self.front(rows, Array(rows.indices)) { rows[place].front = .all }
    for baseline in rows where baseline.isBaseline {
      let family = rows.indices.filter { rows[$0].baseline.place == baseline.group.place }
      for place in Self.front(rows, family) where rows[place].front == .beaten {
        rows[place].front = .family
      }
    }
    self.rows = rows
  }

  /// The rows among some that none of these beats.
  private static func front(_ rows: [Row], _ places: [Int]) -> [Int] {
    let points = places.compactMap { place -> (place: Int, x: Double, y: Double)? in
      guard let bytes = rows[place].bytes, let accuracy = rows[place].accuracy,
        !rows[place].group.isBound
      else { return nil }
      return (place, bytes.mean, accuracy.mean)
    }
    return ParetoFront.places(points.map { ($0.x, $0.y) }, .totalBytes, .accuracy)
      .map { points[$0].place }
  }

  // MARK: For programs

  /// Names of ``numbers(_:)``.
  static let columns = [
    "n", "pairs", "total_bytes", "bytes_relative", "accuracy", "accuracy_half_width_95",
    "accuracy_difference", "accuracy_difference_half_width_95", "backward_transfer",
    "backward_transfer_half_width_95", "backward_transfer_difference",
    "backward_transfer_difference_half_width_95",
  ]

  /// A row's numbers, all digits, fractions as fractions.
  static func numbers(_ row: Row) -> [Double?] {
    let samples = [
      row.accuracy, row.accuracyDifference, row.backwardTransfer, row.backwardTransferDifference,
    ]
    return [
      Double(row.group.completeCount), Double(row.accuracyDifference?.count ?? 0),
      row.bytes?.mean, row.relativeBytes,
    ] + samples.flatMap { [$0?.mean, $0?.halfWidth95] }
  }

  /// What tells a row's baseline from other groups.
  func baselineName(_ row: Row) -> String { study.label(row.baseline.place) }

  // MARK: For people

  var header: [String] {
    study.columnNames + [
      "bytes", "relative", "ACC, %", "ACC − baseline", "BWT, points", "BWT − baseline", "front",
    ]
  }

  var cells: [[String]] {
    rows.map { row in
      func difference(_ sample: Sample?) -> String {
        row.isBaseline ? "baseline" : StudyTable.cell(.backwardTransfer, sample)
      }
      return row.group.place + [
        StudyFigure.totalBytes.text(row.bytes?.mean), Figures.ratio(row.relativeBytes),
        StudyTable.cell(.accuracy, row.accuracy), difference(row.accuracyDifference),
        StudyTable.cell(.backwardTransfer, row.backwardTransfer),
        difference(row.backwardTransferDifference), row.front.rawValue,
      ]
    }
  }

  /// What a reader needs to know of the columns.
  static let note =
    "Bytes are all framed ones, both directions, measuring included; means over seeds. Differences "
    + "to the baseline are in points, each seed against the same seed, with the 95 % interval of "
    + "their mean (Student's t). Front: all where no other group sends as few bytes at as high an "
    + "ACC, family where none with the same baseline does; bounds do not count."

  func text(_ style: TerminalStyle) -> String {
    TextTable(
      title: "Against the baseline, each seed against the same seed", header: header,
      rows: cells.map { $0.map(printable) },
      leftColumns: Set(study.axes.indices).union([header.count - 1]), keyCount: study.axes.count
    ).text(style)
  }

  var html: String {
    let bold = [study.axes.count, study.axes.count + 2]
    let strong = rows.indices.filter { rows[$0].front == .all }.flatMap { row in
      bold.map { [row, $0] }
    }
    return PageTable(
      header: header, rows: cells, words: Set(study.axes.indices).union([header.count - 1]),
      strong: Set(strong)
    ).html + "<p class=\"soft\">\(escaped(Self.note))</p>"
  }
}

extension StudyResult {
  /// The place of the group that another one is compared with.
  func baselinePlace(of place: [String]) -> [String] {
    zip(axes, place).map { axis, value in
      baseline.first { $0.key == axis.name }?.value ?? value
    }
  }
}
