public import Archives
import Compression
import Tensors

// Values of this room and of those below it as they are saved: field by field, by name.

extension ArchiveReader {
  /// Takes the blocks of a vector.
  ///
  /// - Parameter cut: The elements of each.
  mutating func take(
    _ name: StaticString, blocks cut: [Range<Int>]
  ) throws(ArchiveError) -> [VectorView] {
    let blocks = try take(name, as: [VectorView].self, count: cut.count)
    guard zip(blocks, cut).allSatisfy({ $0.count == $1.count }) else {
      throw error("is of another cut of the vector")
    }
    return blocks
  }

  /// Takes masks, one a block.
  mutating func take(
    _ name: StaticString, masks cut: [Range<Int>]
  ) throws(ArchiveError) -> [Mask?] {
    let masks = try take(name, as: [Mask?].self, count: cut.count)
    guard zip(masks, cut).allSatisfy({ $0?.count ?? $1.count == $1.count }) else {
      throw error("is of another cut of the vector")
    }
    return masks
  }
}

extension Message.Payload: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    switch self {
    case .none: archive.put("kind", 0)
    case .tensor(let view):
      archive.put("kind", 1)
      archive.put("values", view)
    case .encoded(let bytes):
      archive.put("kind", 2)
      archive.put("values", bytes: bytes)
    case .control, .deferred: preconditionFailure("what is told of the penalty is a vector")
    }
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    switch try reader.take("kind", as: Int.self) {
    case 0: self = .none
    case 1: self = .tensor(try reader.take("values"))
    case 2: self = .encoded(try reader.take(bytes: "values"))
    default: throw reader.error("is no payload")
    }
  }
}

extension NodeID: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("kind", Int(kind.rawValue))
    archive.put("rank", rank)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    let number = try reader.take("kind", as: Int.self)
    guard let kind = UInt8(exactly: number).flatMap(Kind.init) else {
      throw reader.error("is no node")
    }
    self.init(kind, try reader.take("rank"))
  }
}

extension LossPart: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("step", step)
    archive.put("loss", loss)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init(step: try reader.take("step"), loss: try reader.take("loss"))
  }
}

extension StageActivity: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("stage", stage)
    archive.put("rehearsedCount", rehearsedCount)
    archive.put("generatedCount", generatedCount)
    archive.put("frozenCount", frozenCount)
    archive.put("generatorCount", generatorCount)
    archive.put("distanceAtStart", distanceAtStart)
    archive.put("distance", distance)
    archive.put("oldTests", [oldTestCount, takenBefore, takenAfter])
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init(stage: try reader.take("stage"))
    rehearsedCount = try reader.take("rehearsedCount")
    generatedCount = try reader.take("generatedCount")
    frozenCount = try reader.take("frozenCount")
    generatorCount = try reader.take("generatorCount")
    distanceAtStart = try reader.take("distanceAtStart", as: Double?.self)
    distance = try reader.take("distance", as: Double?.self)
    let counts = try reader.take("oldTests", as: [Int].self, count: 3)
    (oldTestCount, takenBefore, takenAfter) = (counts[0], counts[1], counts[2])
  }
}

extension ExampleCounts: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("trained", trained)
    archive.put("referred", referred)
    archive.put("weighed", weighed)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init()
    trained = try reader.take("trained")
    referred = try reader.take("referred")
    weighed = try reader.take("weighed")
  }
}

extension TimeSpent: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("train", train)
    archive.put("importance", importance)
    archive.put("evaluate", evaluate)
    archive.put("wait", wait)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init()
    train = try reader.take("train")
    importance = try reader.take("importance")
    evaluate = try reader.take("evaluate")
    wait = try reader.take("wait")
  }
}

extension Refusal: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("reason", reason)
    archive.put("count", count)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init(reason: try reader.take("reason"), count: try reader.take("count"))
  }
}

extension BoundaryReport: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("stage", stage)
    archive.put("worker", worker)
    archive.put("occurrence", occurrence)
    archive.put("before", before)
    archive.put("after", after)
    archive.put("newestTermSquaredNorm", newestTermSquaredNorm)
    archive.put("importanceSums", importanceSums)
    archive.put("ledger", ledger)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init(
      stage: try reader.take("stage"), worker: try reader.take("worker"),
      occurrence: try reader.take("occurrence"), before: try reader.take("before"),
      after: try reader.take("after"),
      newestTermSquaredNorm: try reader.take("newestTermSquaredNorm"),
      importanceSums: try reader.take("importanceSums"), ledger: try reader.take("ledger"))
  }
}

extension RunRecord.Row: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    let positions: [Position] =
      if case .boundary(let positions) = occasion { positions } else { [] }
    archive.put("occasion", occasion == .untrained ? 0 : occasion == .sample ? 1 : 2)
    archive.put("workers", positions.map(\.worker))
    archive.put("positions", positions.map(\.position))
    archive.put("stages", positions.map(\.stage))
    archive.put("step", step)
    archive.put("versions", versions)
    archive.put("accuracies", accuracies)
    archive.put("byClass", each: byClass) { $0.put("values", $1) }
    archive.put("seconds", seconds)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    let number = try reader.take("occasion", as: Int.self)
    let workers = try reader.take("workers", as: [Int].self)
    let places = try reader.take("positions", as: [Int].self, count: workers.count)
    let stages = try reader.take("stages", as: [Int].self, count: workers.count)
    let positions = workers.indices.map {
      Position(worker: workers[$0], position: places[$0], stage: stages[$0])
    }
    self.init(
      occasion: number == 0 ? .untrained : number == 1 ? .sample : .boundary(positions),
      step: try reader.take("step"), versions: try reader.take("versions"),
      accuracies: try reader.take("accuracies", as: [Double?].self),
      byClass: try reader.take(each: "byClass") { reader throws(ArchiveError) in
        try reader.take("values", as: [Double?].self)
      }, seconds: try reader.take("seconds"))
  }
}
