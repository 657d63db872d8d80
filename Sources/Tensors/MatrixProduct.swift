import CBLAS

/// C ← α · op(A) · op(B) + β · C, all row-major and densely packed.
///
/// - Parameters:
///   - rows: Rows of op(A) and C (m).
///   - columns: Columns of op(B) and C (n).
///   - inner: Columns of op(A), rows of op(B) (k).
///   - a: m × k, or k × m when transposed.
///   - b: k × n, or n × k when transposed.
///   - c: m × n.
/// - Complexity: 2·m·n·k floating-point operations in one thread (see ``useOneBLASThread()``).
public func multiply(
  rows: Int, columns: Int, inner: Int, alpha: Float = 1,
  _ a: UnsafePointer<Float>, _ orientationA: Orientation = .asStored,
  _ b: UnsafePointer<Float>, _ orientationB: Orientation = .asStored,
  beta: Float = 0, into c: UnsafeMutablePointer<Float>
) {
  guard rows > 0, columns > 0 else { return }
  cblas_sgemm(
    CblasRowMajor, orientationA.flag, orientationB.flag,
    Int32(rows), Int32(columns), Int32(inner), alpha,
    a, Int32(orientationA == .asStored ? inner : rows),
    b, Int32(orientationB == .asStored ? columns : inner),
    beta, c, Int32(columns))
}

/// Holds the matrix library to the calling thread. Call once when a process starts: otherwise each
/// of N worker processes starts a pool of all cores and they fight, and the bits of a product
/// depend on the number of cores.
public func useOneBLASThread() { openblas_set_num_threads(1) }
