public import Archives

extension Traffic: Saved {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved: [String] = []

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("entries", each: report.lines) { archive, line in
      archive.put("from", line.from)
      archive.put("to", line.to)
      archive.put("kind", line.kind.place)
      archive.put("stage", line.stage)
      archive.put("payloadByteCount", line.payloadByteCount)
      archive.put("framedByteCount", line.framedByteCount)
      archive.put("boundBits", line.boundBits)
      archive.put("messageCount", line.messageCount)
    }
    archive.put("series", state: report.series)
    archive.put("lastRound", lastRound)
    archive.put("framedByteCount", framedByteCount)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let lines = try reader.take(each: "entries") { reader throws(ArchiveError) in
      let (from, to) = (
        try reader.take("from", as: NodeID.self), try reader.take("to", as: NodeID.self)
      )
      let place = try reader.take("kind", as: Int.self)
      guard let kind = TrafficLine.Kind.allCases.first(where: { $0.place == place }) else {
        throw reader.error("is no kind of traffic")
      }
      return TrafficLine(
        from: from, to: to, kind: kind, stage: try reader.take("stage"),
        payloadByteCount: try reader.take("payloadByteCount"),
        framedByteCount: try reader.take("framedByteCount"),
        boundBits: try reader.take("boundBits"), messageCount: try reader.take("messageCount"))
    }
    var series = TrafficSeries()
    try reader.take("series", into: &series)
    add(TrafficReport(lines: lines, series: series))
    lastRound = try reader.take("lastRound")
    framedByteCount = try reader.take("framedByteCount")
  }
}

extension TrafficSeries: Saved {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved: [String] = []

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("width", width)
    archive.put("byKind", byKind)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    width = try reader.take("width")
    byKind = try reader.take("byKind", count: byKind.count)
    guard (1...1 << 40).contains(width), width.nonzeroBitCount == 1,
      byKind.allSatisfy({ $0.count <= Self.binCountMaximum })
    else { throw reader.error("has bins that cannot be") }
  }
}

extension NodeSummary: Saved {
  /// Counted by drivers, clocks and workers' runs, or set when the node leaves.
  public static let unsaved = [
    "traffic", "phases", "busySeconds", "idleSeconds", "examples", "refusals", "activity",
    "keptByteCount",
  ]

  /// What a server counts.
  public func save(to archive: inout Archive) {
    archive.put("stepCount", stepCount)
    archive.put("duplicateCount", duplicateCount)
    archive.put("lateCount", lateCount)
    archive.put("stalenessCounts", stalenessCounts)
    archive.put("projection", [projection.stepCount, projection.projectedCount])
    archive.put("angleSum", projection.angleSum)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    stepCount = try reader.take("stepCount")
    duplicateCount = try reader.take("duplicateCount")
    lateCount = try reader.take("lateCount")
    stalenessCounts = try reader.take("stalenessCounts")
    let counts = try reader.take("projection", as: [Int].self, count: 2)
    (projection.stepCount, projection.projectedCount) = (counts[0], counts[1])
    projection.angleSum = try reader.take("angleSum")
    guard stalenessCounts.count <= Self.stalenessMaximum + 1 else {
      throw reader.error("counts more than is kept apart")
    }
  }
}
