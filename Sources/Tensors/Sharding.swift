/// Cuts `count` things into `parts` contiguous ranges whose sizes differ by one at most, the larger
/// ones first. Shards of a parameter vector over servers, examples over workers, a batch over
/// workers.
///
/// - Parameters:
///   - count: How many things, ≥ 0.
///   - parts: How many ranges, ≥ 1.
/// - Returns: `parts` ranges that cover `0..<count` in order; some are empty when `parts > count`.
public func evenRanges(of count: Int, parts: Int) -> [Range<Int>] {
  (0..<parts).map { evenRange($0, of: count, parts: parts) }
}

/// One of ``evenRanges(of:parts:)``. O(1).
///
/// - Parameter part: 0-based, below `parts`.
public func evenRange(_ part: Int, of count: Int, parts: Int) -> Range<Int> {
  precondition(count >= 0 && parts >= 1 && (0..<parts).contains(part))
  let (size, rest) = count.quotientAndRemainder(dividingBy: parts)
  let start = part * size + min(part, rest)
  return start..<start + size + (part < rest ? 1 : 0)
}

extension Range where Bound == Int {
  /// The range cut into consecutive pieces of `size` elements, the last one shorter.
  public func pieces(of size: Int) -> [Range<Int>] {
    precondition(size > 0)
    return stride(from: lowerBound, to: upperBound, by: size).map { start in
      start..<Swift.min(start + size, upperBound)
    }
  }

  /// From the lower of both beginnings to the higher of both ends, with what lies between.
  @inlinable
  public func spanning(_ other: Range<Int>) -> Range<Int> {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}
