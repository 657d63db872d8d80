import Archives
import Tensors

/// The part of the penalty that one stage has: Ω, the example-weighted mean over the workers that
/// have told theirs so far, and Ωθ*, the same with each worker's own anchor.
struct StageTerm: Sendable {
  let stage: Int
  /// Whether no estimate will be entered or replaced any more.
  private(set) var isClosed = false
  private(set) var importance: Vector
  private(set) var weightedAnchor: Vector
  private var estimates: [ImportanceEstimate] = []
  private let rule: ImportanceRule
  private let count: Int

  init(stage: Int, count: Int, rule: ImportanceRule) {
    self.stage = stage
    self.count = count
    self.rule = rule
    importance = Vector(count: count)
    weightedAnchor = Vector(count: count)
  }

  /// Enters estimates, or replaces what the same workers said before: a provisional importance must
  /// not be counted twice. O(estimates · parts · count).
  mutating func enter(_ fresh: [ImportanceEstimate]) throws(ImportanceError) {
    var estimates = estimates.filter { old in !fresh.contains { $0.worker == old.worker } }
    estimates += fresh
    estimates.sort { ($0.worker ?? -1) < ($1.worker ?? -1) }
    var mean = ImportanceMean(count: count, rule: rule)
    for estimate in estimates {
      try mean.enter(
        worker: estimate.worker ?? -1, sum: estimate.sum, exampleCount: estimate.exampleCount)
    }
    importance = try mean.mean()
    self.estimates = estimates
    weightedAnchor = anchor(of: estimates.filter { $0.exampleCount > 0 })
  }

  /// Vectors of the shard's length that it holds: Ω, Ωθ*, and sums and anchors of estimates.
  var vectorCount: Int {
    let anchors = Set(estimates.map(\.anchor.base)).count
    return 2 + anchors + rule.partCount * estimates.count
  }

  /// Forgets the estimates and keeps their mean.
  mutating func close() {
    isClosed = true
    estimates = []
  }

  /// Ωθ*, or Σ Ω_w θ*_w for workers that have told of different anchors.
  private func anchor(of estimates: [ImportanceEstimate]) -> Vector {
    if let anchor = estimates.first?.anchor, estimates.allSatisfy({ $0.anchor.base == anchor.base })
    {
      return product(importance, anchor.base)
    }
    let total = Float(estimates.reduce(0) { $0 + $1.exampleCount })
    let result = Vector(count: count)
    for estimate in estimates {
      // A square of sums has no part that is one worker's: there the anchors' mean stands for all.
      if rule.isSigned {
        let (share, anchor) = (Float(estimate.exampleCount), estimate.anchor.base)
        for index in 0..<count { result.base[index] += share * anchor[index] }
        continue
      }
      var offset = 0
      for block in estimate.sum {
        for index in 0..<block.count {
          result.base[offset + index] += block.base[index] * estimate.anchor.base[offset + index]
        }
        offset += block.count
      }
    }
    for index in 0..<count { result.base[index] /= total }
    return rule.isSigned ? product(importance, UnsafePointer(result.base)) : result
  }

  private func product(_ left: Vector, _ right: UnsafePointer<Float>) -> Vector {
    let result = Vector(uninitialized: count)
    for index in 0..<count { result.base[index] = left.base[index] * right[index] }
    return result
  }
}

extension StageTerm: Saved {
  static let unsaved = ["stage", "rule", "count"]

  func save(to archive: inout Archive) {
    archive.put("isClosed", isClosed)
    archive.put("importance", importance.view)
    archive.put("weightedAnchor", weightedAnchor.view)
    // Estimates at one anchor share it: what they are is decided by its address.
    var anchors: [VectorView] = []
    archive.put("estimates", each: estimates) { archive, estimate in
      let known = anchors.firstIndex { $0.base == estimate.anchor.base }
      if known == nil { anchors.append(estimate.anchor) }
      archive.put("worker", estimate.worker)
      archive.put("sum", estimate.sum)
      archive.put("exampleCount", estimate.exampleCount)
      archive.put("earlierAnchor", known)
      archive.put("anchor", known == nil ? estimate.anchor : nil)
    }
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    isClosed = try reader.take("isClosed")
    importance = try reader.take("importance", count: count)
    weightedAnchor = try reader.take("weightedAnchor", count: count)
    var anchors: [VectorView] = []
    let (size, parts) = (count, rule.partCount)
    estimates = try reader.take(each: "estimates") { reader throws(ArchiveError) in
      let worker = try reader.take("worker", as: Int?.self)
      let sum = try reader.take("sum", as: [VectorView].self)
      let exampleCount = try reader.take("exampleCount", as: Int.self)
      let known = try reader.take("earlierAnchor", as: Int?.self)
      let fresh = try reader.take("anchor", as: VectorView?.self)
      if let fresh { anchors.append(fresh) }
      guard let place = fresh == nil ? known : anchors.count - 1, anchors.indices.contains(place),
        anchors[place].count == size, sum.reduce(0, { $0 + $1.count }) == size * parts,
        exampleCount >= 0
      else { throw reader.error("is an estimate of other weights") }
      return ImportanceEstimate(
        worker: worker, sum: sum, exampleCount: exampleCount, anchor: anchors[place])
    }
  }
}
