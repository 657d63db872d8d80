public import Archives

/// One finished key of the consolidation ledger.
public struct LedgerLine: Sendable, Hashable, Codable {
  /// 0-based stage of the stream.
  public let stage: Int
  /// The worker whose key it is; `nil` for all workers together.
  public let worker: Int?
  /// Version of the weights that became the anchor.
  public let version: UInt64
  /// Training examples behind Ω; 0 where it needs none.
  public let exampleCount: Int
  /// Σ Ω over the shard.
  public let importanceSum: Double
  /// Bytes of importance payload that this shard was sent.
  public let byteCount: Int

  /// - Parameters:
  ///   - stage: The 0-based stage that was consolidated.
  ///   - worker: Whose it is; `nil` for all workers together.
  ///   - version: Of the weights that are the anchor.
  ///   - exampleCount: Examples that the importance was estimated from.
  ///   - importanceSum: Σ Ω over the shard.
  ///   - byteCount: Bytes of importance payload that this shard was sent.
  public init(
    stage: Int, worker: Int?, version: UInt64, exampleCount: Int, importanceSum: Double,
    byteCount: Int
  ) {
    self.stage = stage
    self.worker = worker
    self.version = version
    self.exampleCount = exampleCount
    self.importanceSum = importanceSum
    self.byteCount = byteCount
  }
}

extension LedgerLine: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("stage", stage)
    archive.put("worker", worker)
    archive.put("version", version)
    archive.put("exampleCount", exampleCount)
    archive.put("importanceSum", importanceSum)
    archive.put("byteCount", byteCount)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init(
      stage: try reader.take("stage"), worker: try reader.take("worker"),
      version: try reader.take("version"), exampleCount: try reader.take("exampleCount"),
      importanceSum: try reader.take("importanceSum"), byteCount: try reader.take("byteCount"))
  }
}
