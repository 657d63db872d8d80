import Tensors
import Testing

@testable import Consolidation

/// The dot products of vectors, the plain way.
private func gram(_ vectors: [[Double]]) -> GramMatrix {
  GramMatrix(
    vectors.flatMap { one in vectors.map { other in dot(one, other) } }, count: vectors.count)
}

private func dot(_ one: [Double], _ other: [Double]) -> Double {
  zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
}

private func sum(_ vectors: [[Double]], _ coefficients: [Double]) -> [Double] {
  vectors[0].indices.map { place in
    zip(vectors, coefficients).reduce(0) { $0 + $1.0[place] * $1.1 }
  }
}

private func random(_ seed: UInt64, _ count: Int, _ length: Int) -> [[Double]] {
  var random = RandomStream(seed: seed, purpose: .test, node: 3)
  return (0..<count).map { _ in (0..<length).map { _ in Double(random.normal()) } }
}

@Suite struct `Projection on a cone` {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `with one reference and no margin is the projection on a half-space`(seed: UInt64) throws {
    // The larger the vectors, the less of them is the ridge.
    let vectors = random(seed, 2, 9).map { $0.map { 1_000 * $0 } }
    let gram = gram(vectors)
    let cone = try ConeProjection(margin: 0).coefficients(of: gram)
    let half = try HalfSpaceProjection().coefficients(of: gram)
    #expect((cone == nil) == (dot(vectors[0], vectors[1]) >= 0) && (half == nil) == (cone == nil))
    guard let cone, let half else { return }
    #expect(abs(cone[1] - half[1]) <= 1e-8 * abs(half[1]))
  }

  @Test(arguments: [0, 0.5, 2])
  func `adds orthonormal references by what each lacks`(margin: Double) throws {
    let vectors = [[0.3, -1.2, 0, -0.4], [1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 0, 1.0]]
    let found = try ConeProjection(margin: margin).coefficients(of: gram(vectors))
    let products = [0.3, -1.2, -0.4]
    let expected = [1] + products.map { max(margin, -$0 / (1 + ConeProjection.ridge)) }
    for (one, other) in zip(try #require(found), expected) { #expect(abs(one - other) < 1e-12) }
  }

  @Test func `leaves a gradient that violates nothing as it is`() throws {
    let vectors = [[1.0, 2, 0], [0, 1, 5], [1, -0.5, 0]]
    #expect(try ConeProjection(margin: 0.5).coefficients(of: gram(vectors)) == nil)
    #expect(try ConeProjection(margin: 0.5).coefficients(of: gram([[1.0, 2]])) == nil)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `has no negative product with any reference`(seed: UInt64) throws {
    let vectors = random(seed, 1 + 6, 40).map { $0.map { 100 * $0 } }
    guard let found = try ConeProjection(margin: 0).coefficients(of: gram(vectors)) else { return }
    let direction = sum(vectors, found)
    for reference in vectors.dropFirst() {
      // v solves the programme with the ridge: ε v is what a product may lack.
      let lack = ConeProjection.ridge * (found.max() ?? 0)
      #expect(dot(direction, reference) >= -lack - 1e-9 * dot(reference, reference))
    }
  }

  @Test func `does not mind references that are there twice, or nothing at all`() throws {
    let reference = [1.0, 0, 1]
    let vectors = [[-1.0, 2, -1], reference, reference, [0.0, 0, 0], reference.map { 2 * $0 }]
    let found = try #require(try ConeProjection(margin: 0).coefficients(of: gram(vectors)))
    let direction = sum(vectors, found)
    #expect(abs(dot(direction, reference)) < 2e-3)
    let one = try #require(
      try HalfSpaceProjection().coefficients(of: gram([vectors[0], reference])))
    for (place, value) in sum([vectors[0], reference], one).enumerated() {
      #expect(abs(value - direction[place]) < 1e-3)
    }
  }
}

@Suite struct `Projection on a half-space` {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `leaves no product, and takes as much of the length`(seed: UInt64) throws {
    let vectors = random(seed, 2, 30)
    let gram = gram(vectors)
    guard let found = try HalfSpaceProjection().coefficients(of: gram) else {
      #expect(gram[0, 1] >= 0)
      return
    }
    let direction = sum(vectors, found)
    #expect(abs(dot(direction, vectors[1])) < 1e-12 * gram[1, 1])
    let expected = gram[0, 0] - gram[0, 1] * gram[0, 1] / gram[1, 1]
    #expect(abs(dot(direction, direction) - expected) < 1e-10 * gram[0, 0])
    // The angle by its definition.
    let cosine = dot(direction, vectors[0]) / (gram[0, 0] * expected).squareRoot()
    let angle = gram.angle(to: found)
    #expect(angle > 0 && angle <= 90)
    #expect(abs(cosine * cosine - expected / gram[0, 0]) < 1e-9)
  }

  @Test func `turns by the angle computed by hand`() throws {
    // (1, −1) onto (1, 0): 45 degrees.
    let gram = gram([[1.0, -1], [0, 1]])
    #expect(try HalfSpaceProjection().coefficients(of: gram) == [1, 1])
    #expect(abs(gram.angle(to: [1, 1]) - 45) < 1e-12)
    #expect(gram.angle(to: [0, 0]) == 0)
  }
}
