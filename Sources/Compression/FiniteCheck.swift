import CKernels
import Tensors

/// The largest magnitude of a block, 0 for an empty one; an error names the first value that is not
/// finite.
func finitePeak(_ x: VectorView) throws(CodecError) -> Float {
  let bits = hebb_peak_bits(x.base, x.count)
  guard bits < 0x7F80_0000 else { throw firstNotFinite(x) }
  return Float(bitPattern: bits)
}

/// The error for a block in which some value is not finite.
func firstNotFinite(_ x: VectorView) -> CodecError {
  .notFinite(index: x.elements.firstIndex { !$0.isFinite } ?? 0)
}

/// Throws unless every magnitude is below `limit`.
func check(_ x: VectorView, below limit: Float) throws(CodecError) {
  guard try finitePeak(x) >= limit else { return }
  throw .beyondRange(index: x.elements.firstIndex { abs($0) >= limit } ?? 0, limit: limit)
}

/// 65520, from where on halves round to infinity.
let halfLimit: Float = 65520
