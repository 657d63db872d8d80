public import Archives
public import Tensors
public import Updates

/// A server's whole step, in the order of the equation:
///
///     g  = mean over workers' gradients
///     g' = g + λ(Uθ − V)                    penalty form `gradient`
///     θ' = optimise(θ, g')
///     θ' = (θ' + ηλV) / (1 + ηλU)           penalty form `proximal`
///     ω  = ω − g(θ' − θ), …                 what is gathered for importance
///
/// Where workers push sums (``UpdateRule/sum``), it is θ' = θ + Σ over workers and nothing else.
///
/// It goes tile by tile, so that the chain costs one pass over memory, and block by block, so that
/// a block can leave while the next is computed. Old weights are read, new ones written to fresh
/// memory.
public struct ConsolidatedUpdate: Sendable {
  /// Floats in a tile: a few of them fit the first-level cache.
  static let tileCount = 2_048

  /// The optimiser with its state.
  public private(set) var optimizer: Optimizer
  /// What finished stages hold on to.
  public private(set) var penalty: FoldedPenalty
  /// What is done with what workers push.
  public let rule: UpdateRule
  /// How the penalty enters the step.
  public let form: PenaltyForm
  /// Whether the penalty enters here at all; if not, it is only kept, for those who apply it.
  public let site: PenaltySite
  /// λ of delay compensation; 0 for none.
  public let delayCompensation: Float
  private var lazy: LazyPenalty?
  /// What a task's importance is gathered with, as the last finished task left it.
  private var gathers: (any PathImportance)?
  private var paths: [(stage: Int, importance: any PathImportance)] = []
  private var localSteps: Float = 1
  private let count: Int

  /// - Parameters:
  ///   - rule: What is done with what workers push; for sums nothing but the count matters.
  ///   - optimizer: Rule and constants.
  ///   - strength: λ ≥ 0.
  ///   - form: How the penalty enters.
  ///   - importanceRule: How workers' sums become Ω.
  ///   - gathers: What gathers importance from steps; `nil` where importance comes from elsewhere.
  ///   - delayCompensation: λ of g + λ g∘g∘(θ − θ_base) ≥ 0 (Zheng et al. 2017, eq. 10).
  ///   - site: Where the penalty is applied.
  ///   - isLazy: Let the penalty wait where a gradient is zero; only for plain SGD at a constant
  ///     rate. ``settle(_:block:)`` before anybody looks at the weights or a stage is folded.
  ///   - count: Elements of the shard.
  public init(
    rule: UpdateRule = .descent, optimizer: OptimizerSpecification, strength: Float,
    form: PenaltyForm,
    importanceRule: ImportanceRule = .mean, gathers: (any PathImportance)? = nil,
    delayCompensation: Float = 0, site: PenaltySite = .server, isLazy: Bool = false, count: Int
  ) {
    precondition(!isLazy || optimizer.kind == .sgd, "momentum moves what no gradient touches")
    self.rule = rule
    self.site = site
    lazy = isLazy && site == .server ? LazyPenalty(form: form, count: count) : nil
    self.optimizer = Optimizer(optimizer, count: count)
    penalty = FoldedPenalty(strength: strength, rule: importanceRule, count: count)
    self.form = form
    self.gathers = gathers
    self.delayCompensation = delayCompensation
    self.count = count
  }

  /// Forgets the optimiser's state.
  public mutating func resetOptimizer() { optimizer.reset() }

  /// Folds a finished stage that has one importance and one anchor.
  public mutating func fold(importance: VectorView, anchor: VectorView, rule: FoldRule) {
    penalty.fold(importance: importance, anchor: anchor, rule: rule)
  }

  /// Enters estimates into the penalty; see ``FoldedPenalty/enter(_:rule:)``.
  public mutating func enter(
    _ groups: [(stage: Int, estimates: [ImportanceEstimate])], rule: FoldRule
  ) throws(ImportanceError) {
    try penalty.enter(groups, rule: rule)
  }

  /// Closes a stage that all its workers have finished.
  public mutating func close(stage: Int, rule: FoldRule) {
    penalty.close(stage: stage, rule: rule)
    guard let index = paths.firstIndex(where: { $0.stage == stage }) else { return }
    gathers = paths.remove(at: index).importance
  }

  /// Begins to gather a stage's importance at the given weights, unless that is under way.
  public mutating func beginPath(of stage: Int, at weights: [VectorView]) {
    guard let gathers, !paths.contains(where: { $0.stage == stage }) else { return }
    paths.append((stage, gathers.begun(at: weights)))
  }

  /// Of a stage, this shard's part of what scales its importance over all shards: see
  /// ``ScaledPathImportance``. Empty where nothing does.
  public func gatheredMaxima(of stage: Int, at weights: VectorView) -> [Double] {
    guard let path = path(of: stage) as? any ScaledPathImportance else { return [] }
    return path.maxima(at: weights)
  }

  /// Ω that was gathered for a stage; `nil` where importance comes from elsewhere.
  ///
  /// - Parameter maxima: Over all shards; if left out, where a method has some, this shard's own.
  public func gatheredImportance(
    of stage: Int, at weights: VectorView, scaledBy maxima: [Double] = []
  ) -> Vector? {
    let path = path(of: stage)
    guard !maxima.isEmpty, let path = path as? any ScaledPathImportance else {
      return path?.importance(at: weights)
    }
    return path.importance(at: weights, scaledBy: maxima)
  }

  /// Vectors of the shard's length that it holds: the optimiser's, those of finished stages, and
  /// what it gathers of open ones.
  public var keptVectorCount: Int {
    let gathered = paths.map(\.importance) + [gathers].compactMap(\.self)
    return optimizer.vectorCount + penalty.keptVectorCount
      + gathered.reduce(0) { $0 + $1.vectorCount }
  }

  private func path(of stage: Int) -> (any PathImportance)? {
    paths.first { $0.stage == stage }?.importance
  }

  /// Begins an update. Call once before its blocks.
  ///
  /// - Parameters:
  ///   - share: The part of a whole step that it stands for (``Updates/Optimizer``).
  ///   - steps: Local steps behind each gradient, ≥ 1; the penalty counts as often.
  public mutating func begin(share: Float = 1, steps: Int = 1) {
    optimizer.beginStep(share: share, steps: steps)
    localSteps = Float(steps)
    if penalty.isActive { lazy?.begin(step: optimizer.rate * localSteps * penalty.strength) }
    for index in paths.indices { paths[index].importance.beginStep() }
  }

  // MARK: Laziness

  /// Whether weights lack some of their penalty as long as nobody looks: they must be settled
  /// before an update of so many local steps.
  public func mustSettle(before steps: Int?) -> Bool {
    guard let lazy, lazy.isPending, penalty.isActive else { return false }
    guard let steps else { return true }
    return Float(steps) != localSteps || lazy.isFull
  }

  /// A block with all its penalty. Call ``finishSettling()`` after the last block.
  public func settle(_ weights: VectorView, block: Range<Int>) -> Vector {
    lazy?.settle(block, penalty, weights) ?? Vector(copying: weights)
  }

  /// All blocks are settled.
  public mutating func finishSettling() { lazy?.finishSettling() }

  // MARK: Updating

  /// The new weights of one block.
  ///
  /// - Parameters:
  ///   - block: Elements of the shard.
  ///   - contributions: This block of every worker's gradient, in worker order.
  ///   - weights: θ of the block before the step.
  public mutating func apply(
    block: Range<Int>, _ contributions: [Contribution], weights: VectorView
  ) -> Vector {
    precondition(
      weights.count == block.count && block.upperBound <= count
        && contributions.allSatisfy { $0.gradient.count == block.count },
      "gradients and weights fill the block")
    if rule == .sum { return sum(contributions, weights: weights) }
    let mean = WeightedMean(
      exampleCounts: contributions.map(\.exampleCount), weights: contributions.map(\.weight))
    let next = Vector(uninitialized: block.count)
    let compensated = delayCompensation > 0 ? contributions.count : 0
    withUnsafeTemporaryAllocation(
      of: Float.self, capacity: (3 + compensated) * Self.tileCount
    ) { scratch in
      guard let gradient = scratch.baseAddress else { return }
      let direction = gradient + Self.tileCount
      let spare = direction + Self.tileCount
      for tile in (0..<block.count).pieces(of: Self.tileCount) {
        let range = block.lowerBound + tile.lowerBound..<block.lowerBound + tile.upperBound
        let (given, new) = (weights.base + tile.lowerBound, next.base + tile.lowerBound)
        let parts = gradients(contributions, tile, weights: given, spare: spare + Self.tileCount)
        mean.write(parts, to: gradient, count: tile.count)
        var old = given
        if let lazy {
          lazy.catchUp(range, penalty, gradient: gradient, weights: given, into: spare)
          old = UnsafePointer(spare)
        }
        if form == .gradient && isPenalized {
          direction.update(from: gradient, count: tile.count)
          penalty.addGradient(range, weights: old, scale: localSteps, to: direction)
          optimizer.step(range, weights: old, direction: direction, into: new)
        } else {
          optimizer.step(range, weights: old, direction: gradient, into: new)
        }
        if form == .proximal && isPenalized {
          penalty.applyProximal(range, rate: optimizer.rate * localSteps, to: new)
        }
        lazy?.hold(range, gradient: gradient, weights: given, next: new)
        for index in paths.indices where paths[index].importance.readsSteps {
          let isPart = contributions.map { $0.stage == paths[index].stage }
          guard isPart.contains(true) else { continue }
          if isPart.contains(false) {
            mean.part(isPart).write(parts, to: direction, count: tile.count)
          } else {
            direction.update(from: gradient, count: tile.count)
          }
          // A weight that waits has no gradient, so its difference does not count.
          paths[index].importance.gather(
            range, gradient: direction, scale: 1 / localSteps, weights: old, next: new)
        }
      }
    }
    return next
  }

  /// θ with all that was pushed, in worker order.
  private func sum(_ contributions: [Contribution], weights: VectorView) -> Vector {
    let next = Vector(copying: weights)
    for contribution in contributions where contribution.exampleCount > 0 {
      Kernels.add(contribution.gradient.base, to: next.base, count: next.count)
    }
    return next
  }

  private var isPenalized: Bool { site == .server && penalty.isActive }

  /// The tile of each gradient, compensated for its delay if that is asked for.
  private func gradients(
    _ contributions: [Contribution], _ tile: Range<Int>, weights: UnsafePointer<Float>,
    spare: UnsafeMutablePointer<Float>
  ) -> [UnsafePointer<Float>] {
    contributions.enumerated().map { index, contribution in
      let gradient = contribution.gradient.base + tile.lowerBound
      guard delayCompensation > 0, let base = contribution.base else { return gradient }
      let result = spare + index * Self.tileCount
      let old = base.base + tile.lowerBound
      for place in 0..<tile.count {
        let g = gradient[place]
        result[place] = g + delayCompensation * (g * g) * (weights[place] - old[place])
      }
      return UnsafePointer(result)
    }
  }
}

extension ConsolidatedUpdate: Saved {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved = ["rule", "form", "site", "delayCompensation", "count"]

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("optimizer", state: optimizer)
    archive.put("penalty", state: penalty)
    if let lazy { archive.put("lazy", state: lazy) }
    if let gathers { archive.put("gathers", state: gathers) }
    archive.put("stages", paths.map(\.stage))
    for path in paths { archive.put("paths", state: path.importance) }
    archive.put("localSteps", localSteps)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    paths = []
    try reader.take("optimizer", into: &optimizer)
    try reader.take("penalty", into: &penalty)
    if var state = lazy {
      try reader.take("lazy", into: &state)
      lazy = state
    }
    guard let plan = gathers else {
      guard try reader.take("stages", as: [Int].self).isEmpty else {
        throw reader.error("has importance that nobody gathers")
      }
      localSteps = try reader.take("localSteps")
      return
    }
    gathers = try Self.restored(plan, "gathers", count, from: &reader)
    for stage in try reader.take("stages", as: [Int].self) {
      paths.append((stage, try Self.restored(plan, "paths", count, from: &reader)))
    }
    localSteps = try reader.take("localSteps")
  }

  private static func restored(
    _ plan: some PathImportance, _ name: StaticString, _ count: Int,
    from reader: inout ArchiveReader
  ) throws(ArchiveError) -> any PathImportance {
    var state = plan
    try reader.take(name, into: &state)
    guard state.fits(count) else { throw reader.error("was gathered for other weights") }
    return state
  }
}

/// One worker's part of an update.
public struct Contribution: Sendable {
  /// Its gradient, or what it adds to sums; one block of it.
  public let gradient: VectorView
  /// Examples that the gradient is a mean over.
  public let exampleCount: Int
  /// The stage it was trained in.
  public let stage: Int
  /// 0…1: how much of it counts; 1 unless stale gradients are weighed down.
  public let weight: Float
  /// The block of the weights at which it was computed, for delay compensation.
  public let base: VectorView?

  /// - Parameters:
  ///   - gradient: The mean gradient of the examples; one float a weight of the block.
  ///   - exampleCount: Examples it stands for, ≥ 0.
  ///   - stage: The stage whose examples they are.
  ///   - weight: Of the gradient in the mean, 0…1.
  ///   - base: The block of the weights at which it was computed, for delay compensation.
  public init(
    gradient: VectorView, exampleCount: Int, stage: Int = 0, weight: Float = 1,
    base: VectorView? = nil
  ) {
    self.gradient = gradient
    self.exampleCount = exampleCount
    self.stage = stage
    self.weight = weight
    self.base = base
  }
}
