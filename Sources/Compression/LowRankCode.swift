import Tensors

/// A block as a row-major matrix M, the last row of which may be short, approximated by PQᵀ.
///
/// One power iteration from a given Q: P = orthonormal(MQ), Q = MᵀP. Both factors are sent in fp32,
/// column by column.
struct LowRankCode {
  let rows: Int
  let columns: Int
  /// At most `rows` and `columns`.
  let rank: Int
  let count: Int

  /// - Parameter shape: A nearly square one if `nil`.
  init(rank: Int, count: Int, shape: (rows: Int, columns: Int)?) throws(CodecError) {
    let side = Int(Double(count).squareRoot().rounded(.up))
    let (rows, columns) = shape ?? (side > 0 ? (count + side - 1) / side : 0, side)
    guard Self.holds(rows: rows, columns: columns, count: count) else {
      throw .shape(rows: rows, columns: columns, count: count)
    }
    self.init(rows: rows, columns: columns, rank: min(rank, rows, columns), count: count)
  }

  private init(rows: Int, columns: Int, rank: Int, count: Int) {
    (self.rows, self.columns, self.rank, self.count) = (rows, columns, rank, count)
  }

  /// Whether the values fill all rows but the last, and that in part at least.
  private static func holds(rows: Int, columns: Int, count: Int) -> Bool {
    if count == 0 { return rows == 0 && columns == 0 }
    return rows >= 1 && columns >= 1 && rows <= count && columns <= count
      && (rows - 1) * columns < count && count <= rows * columns
  }

  private var header: PayloadHeader {
    var header = PayloadHeader(.lowRank, count: count)
    header.append(rows)
    header.append(columns)
    header.append(rank)
    return header
  }

  private var floatCount: Int { rank * (rows + columns) }

  var byteCount: Int { header.bytes.count + 4 * floatCount }

  /// The range of M's row within the block.
  private func row(_ index: Int) -> Range<Int> {
    index * columns..<min(count, (index + 1) * columns)
  }
}

extension LowRankCode {
  /// - Parameter start: Q by columns, `rank × columns`, from a sender's last block; becomes this
  ///   block's. What is missing or zero is drawn.
  func encode(
    _ x: VectorView, start: inout [Float], draws: inout RandomStream
  ) throws(CodecError) -> [UInt8] {
    _ = try finitePeak(x)
    // Entries of the product are below the norm, and must be finite.
    let limit: Float = 0x1p125
    guard Kernels.sumOfSquares(x.base, count: count) < Double(limit) * Double(limit) else {
      let index = x.elements.indices.max { abs(x[$0]) < abs(x[$1]) } ?? 0
      throw .beyondRange(index: index, limit: limit)
    }
    let (p, q) = (Vector(uninitialized: rank * rows), Vector(uninitialized: rank * columns))
    prepare(q, from: start, draws: &draws)
    for column in 0..<rank {
      for index in 0..<rows {
        let range = row(index)
        p.base[column * rows + index] = Kernels.dot(
          x.base + range.lowerBound, q.base + column * columns, count: range.count)
      }
    }
    orthonormalize(p)
    q.base.update(repeating: 0, count: q.count)
    for index in 0..<rows {
      let range = row(index)
      for column in 0..<rank {
        let factor = p.base[column * rows + index]
        let (from, to) = (x.base + range.lowerBound, q.base + column * columns)
        for place in 0..<range.count { to[place] += factor * from[place] }
      }
    }
    start = q.array
    return header.payload(bodyByteCount: 4 * floatCount) { body in
      body.copyMemory(from: p.base, byteCount: 4 * p.count)
      (body + 4 * p.count).copyMemory(from: q.base, byteCount: 4 * q.count)
    }
  }

  /// Unit columns in the directions of `start`, random ones where it has none.
  private func prepare(_ q: Vector, from start: [Float], draws: inout RandomStream) {
    for column in 0..<rank {
      let base = q.base + column * columns
      let isWarm = start.count == q.count
      for place in 0..<columns { base[place] = isWarm ? start[column * columns + place] : 0 }
      if !normalize(base, count: columns) {
        for place in 0..<columns { base[place] = Float(draws.normal()) }
        _ = normalize(base, count: columns)
      }
    }
  }

  /// Gram–Schmidt on the columns, each twice; one that depends on those before becomes zero.
  private func orthonormalize(_ p: Vector) {
    for column in 0..<rank {
      let base = p.base + column * rows
      guard normalize(base, count: rows) else { continue }
      for _ in 0..<2 {
        for other in 0..<column {
          let before = p.base + other * rows
          let share = Kernels.dot(before, base, count: rows)
          for place in 0..<rows { base[place] -= share * before[place] }
        }
        // Of a unit vector hardly more than rounding is left.
        if Kernels.sumOfSquares(base, count: rows) < 1e-10 {
          base.update(repeating: 0, count: rows)
        }
        guard normalize(base, count: rows) else { break }
      }
    }
  }

  /// Scales to norm 1; whether there was anything to scale.
  private func normalize(_ x: UnsafeMutablePointer<Float>, count: Int) -> Bool {
    let norm = Kernels.sumOfSquares(x, count: count).squareRoot()
    guard norm > 0 else { return false }
    for index in 0..<count { x[index] = Float(Double(x[index]) / norm) }
    return true
  }
}

extension LowRankCode {
  static func decode(_ reader: inout PayloadReader, count: Int) throws(CodecError) -> Vector {
    let (rows, columns) = (try reader.integer(), try reader.integer())
    let rank = try reader.integer()
    guard holds(rows: rows, columns: columns, count: count),
      rank <= min(rows, columns), rank >= min(1, count)
    else { throw reader.damaged("its factors do not fit \(count) values") }
    let code = LowRankCode(rows: rows, columns: columns, rank: rank, count: count)
    let body = try reader.takeRest(4 * code.floatCount)
    let factors = Vector(uninitialized: code.floatCount)
    if let start = body.baseAddress {
      UnsafeMutableRawPointer(factors.base).copyMemory(from: start, byteCount: body.count)
    }
    let product = code.product(p: factors.base, q: factors.base + rank * rows)
    // What is not finite in a factor is not finite in the product, but for the end of a short row.
    guard Kernels.allFinite(product.base, count: count),
      Kernels.allFinite(factors.base, count: factors.count)
    else { throw reader.damaged("a value is not finite") }
    return product
  }

  private func product(p: UnsafePointer<Float>, q: UnsafePointer<Float>) -> Vector {
    let product = Vector(count: count)
    for index in 0..<rows {
      let range = row(index)
      let to = product.base + range.lowerBound
      for column in 0..<rank {
        let (factor, from) = (p[column * rows + index], q + column * columns)
        for place in 0..<range.count { to[place] += factor * from[place] }
      }
    }
    return product
  }
}
