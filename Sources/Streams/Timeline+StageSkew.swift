extension Timeline {
  /// How far apart in the stream the nodes are: the mean of |stage difference| over all moments and
  /// all pairs of nodes that both train at that moment; 0 when no two ever do.
  ///
  /// Moments weigh by duration and pairs alike, so moments with more nodes at work weigh more.
  /// O(nodes² · stages).
  public var stageSkew: Double {
    var (apart, together) = (0.0, 0.0)
    for (rank, first) in segments.enumerated() {
      for second in segments[(rank + 1)...] {
        let pair = Self.overlap(first, second)
        apart += pair.apart
        together += pair.together
      }
    }
    return together > 0 ? apart / together : 0
  }

  /// The time that two nodes train together, and the same weighted by their stage difference.
  private static func overlap(
    _ first: [Segment], _ second: [Segment]
  ) -> (apart: Double, together: Double) {
    var (apart, together) = (0.0, 0.0)
    var (one, other) = (0, 0)
    while one < first.count && other < second.count {
      let (a, b) = (first[one], second[other])
      let duration = max(0, min(a.end, b.end) - max(a.start, b.start))
      together += duration
      apart += duration * Double((a.stage - b.stage).magnitude)
      if a.end <= b.end { one += 1 } else { other += 1 }
    }
    return (apart, together)
  }
}
