import Tensors
import Testing

@testable import Consolidation

/// min ½ vᵀHv + bᵀv, v ≥ γ by trying every set of free variables: for few of them.
private func bruteForce(_ hessian: [Double], _ linear: [Double], _ bound: Double) -> [Double] {
  let count = linear.count
  var best: (value: Double, point: [Double])?
  for mask in 0..<(1 << count) {
    let free = (0..<count).filter { mask >> $0 & 1 == 1 }
    var point = Array(repeating: bound, count: count)
    let right = free.map { row in
      -linear[row]
        - (0..<count).filter { !free.contains($0) }
        .reduce(0.0) { $0 + hessian[row * count + $1] * bound }
    }
    let matrix = free.map { row in free.map { hessian[row * count + $0] } }
    for (place, value) in solve(matrix, right).enumerated() { point[free[place]] = value }
    guard point.allSatisfy({ $0 >= bound - 1e-12 }) else { continue }
    var value = 0.0
    for row in 0..<count {
      value += linear[row] * point[row]
      for column in 0..<count {
        value += 0.5 * hessian[row * count + column] * point[row] * point[column]
      }
    }
    if value < best?.value ?? .infinity { best = (value, point) }
  }
  return best?.point ?? []
}

/// Gauss elimination with pivots.
private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
  var rows = zip(matrix, right).map { $0 + [$1] }
  let count = right.count
  for column in 0..<count {
    let pivot = (column..<count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
    rows.swapAt(column, pivot)
    for row in 0..<count where row != column {
      let factor = rows[row][column] / rows[column][column]
      for place in 0...count { rows[row][place] -= factor * rows[column][place] }
    }
  }
  return (0..<count).map { rows[$0][count] / rows[$0][$0] }
}

/// RRᵀ + εI of random references, and their products with a random gradient.
private func problem(
  _ seed: UInt64, count: Int, length: Int
) -> (hessian: [Double], linear: [Double]) {
  var random = RandomStream(seed: seed, purpose: .test)
  let vectors = (0...count).map { _ in (0..<length).map { _ in Double(random.normal()) } }
  func dot(_ a: Int, _ b: Int) -> Double {
    zip(vectors[a], vectors[b]).reduce(0) { $0 + $1.0 * $1.1 }
  }
  var hessian = Array(repeating: 0.0, count: count * count)
  for row in 0..<count {
    for column in 0..<count {
      hessian[row * count + column] = dot(row + 1, column + 1) + (row == column ? 1e-3 : 0)
    }
  }
  return (hessian, (0..<count).map { dot(0, $0 + 1) })
}

@Suite struct `Quadratic programme` {
  @Test(arguments: 0..<60 as Range<UInt64>, [0.0, 0.5])
  func `is solved as by trying every set of free variables`(seed: UInt64, bound: Double) throws {
    let count = 1 + Int(seed % 7)
    // Fewer coordinates than variables: H is singular but for its ridge.
    let (hessian, linear) = problem(seed, count: count, length: seed % 3 == 0 ? 3 : 20)
    let program = QuadraticProgram(hessian: hessian, linear: linear, bound: bound)
    let found = try program.solution()
    let expected = bruteForce(hessian, linear, bound)
    for (one, other) in zip(found, expected) {
      #expect(abs(one - other) <= 1e-6 * (1 + abs(other)))
    }
    #expect(found.count == count && found.allSatisfy { $0 >= bound })
    #expect(program.residual(at: found) <= QuadraticProgram.residualMaximum)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `of many variables fulfils the optimality conditions`(seed: UInt64) throws {
    let (hessian, linear) = problem(seed, count: 60, length: seed % 2 == 0 ? 40 : 200)
    let program = QuadraticProgram(hessian: hessian, linear: linear, bound: 0)
    let found = try program.solution()
    #expect(program.residual(at: found) <= QuadraticProgram.residualMaximum)
    #expect(found.contains { $0 > 0 } && found.contains { $0 == 0 })
  }

  @Test func `tells by its residual what is no solution`() {
    let program = QuadraticProgram(hessian: [2, 0, 0, 2], linear: [-2, 2], bound: 0)
    // (1, 0) is: the slope is 0 along the first, 2 along the second.
    #expect(program.residual(at: [1, 0]) == 0)
    #expect(program.residual(at: [0, 0]) == 1)
    #expect(program.residual(at: [1, -0.5]) > 0.1)
    #expect(program.residual(at: [.nan, 0]) == .infinity)
  }

  @Test func `without a solution is an error with a sentence`() {
    // The objective falls without end along the only variable.
    let endless = QuadraticProgram(hessian: [-1], linear: [-1], bound: 0)
    #expect(throws: TransformError.unsolved(residual: 1)) { try endless.solution() }
    let broken = QuadraticProgram(hessian: [1], linear: [.nan], bound: 0)
    #expect(throws: TransformError.notFinite) { try broken.solution() }
    #expect("\(TransformError.unsolved(residual: 1))".contains("lower optimizer.rate"))
  }
}
