/// A linear function of features that is fitted to classes by least squares, in closed form: how
/// much of what tells the classes apart lies open in the features.
///
/// Minimises Σ_n ‖y_n − W(x_n − x̄) − ȳ‖² + λ‖W‖² over W, where y_n has a 1 for the class of
/// example n and x̄ and ȳ are means. Solved for examples instead of features:
/// W = Σ_n a_n (x_n − x̄)ᵀ with (K + λI) a = y − ȳ and K_nm = (x_n − x̄)·(x_m − x̄).
/// O(n² · (features + n)).
struct RidgeProbe {
  /// λ as a share of the mean ‖x − x̄‖².
  static let ridgeShare = 0.01

  private let width: Int
  private let means: [Double]
  /// By class: ȳ and the row of W.
  private let classes: [(label: Int, shift: Double, row: [Double])]

  /// - Parameters:
  ///   - features: An example a row, at least one.
  ///   - labels: One for each example; any numbers.
  init(_ features: [[Double]], labels: [Int]) {
    precondition(!features.isEmpty && features.count == labels.count, "examples have labels")
    let width = features[0].count
    let share = 1 / Double(features.count)
    var means = Array(repeating: 0.0, count: width)
    for row in features { for index in 0..<width { means[index] += row[index] * share } }
    let centred = features.map { row in zip(row, means).map { $0 - $1 } }
    var gram = centred.indices.map { _ in centred.map { _ in 0.0 } }
    for row in gram.indices {
      for column in 0...row {
        gram[row][column] = dot(centred[row], centred[column], width)
        gram[column][row] = gram[row][column]
      }
    }
    let square = gram.indices.reduce(0) { $0 + gram[$1][$1] } * share
    // Where all features are equal, only how frequent classes are says anything.
    let ridge = square > 0 ? Self.ridgeShare * square : 1
    for index in gram.indices { gram[index][index] += ridge }
    let factor = Self.cholesky(gram)
    classes = Set(labels).sorted().map { label in
      let shift = Double(labels.count { $0 == label }) * share
      let parts = Self.solve(factor, labels.map { ($0 == label ? 1 : 0) - shift })
      var row = Array(repeating: 0.0, count: width)
      for (part, example) in zip(parts, centred) {
        for index in 0..<width { row[index] += part * example[index] }
      }
      return (label, shift, row)
    }
    self.width = width
    self.means = means
  }

  /// The label whose output is highest; of equal ones the smallest.
  func answer(_ features: [Double]) -> Int {
    let centred = zip(features, means).map { $0 - $1 }
    var best = (label: classes[0].label, score: -Double.infinity)
    for entry in classes {
      let score = entry.shift + dot(entry.row, centred, width)
      if score > best.score { best = (entry.label, score) }
    }
    return best.label
  }

  /// The share of examples that are answered by their label, 0…1; 0 for none.
  func accuracy(_ features: [[Double]], labels: [Int]) -> Double {
    guard !features.isEmpty else { return 0 }
    return Double(zip(features, labels).count { answer($0) == $1 }) / Double(features.count)
  }

  /// L with LLᵀ = A: its rows up to the diagonal.
  ///
  /// - Parameter matrix: Symmetric, positive definite.
  static func cholesky(_ matrix: [[Double]]) -> [[Double]] {
    var factor: [[Double]] = []
    for row in matrix.indices {
      var line: [Double] = []
      for column in 0...row {
        let other = column < row ? factor[column] : line
        let rest = matrix[row][column] - dot(line, other, column)
        line.append(column < row ? rest / other[column] : rest.squareRoot())
      }
      factor.append(line)
    }
    return factor
  }

  /// x with LLᵀ x = b.
  static func solve(_ factor: [[Double]], _ right: [Double]) -> [Double] {
    var x = right
    for row in factor.indices {
      x[row] = (x[row] - dot(factor[row], x, row)) / factor[row][row]
    }
    for row in factor.indices.reversed() {
      x[row] /= factor[row][row]
      for column in 0..<row { x[column] -= factor[row][column] * x[row] }
    }
    return x
  }
}

/// Σ x_i y_i over the first elements of both.
private func dot(_ x: [Double], _ y: [Double], _ count: Int) -> Double {
  var sum = 0.0
  for index in 0..<count { sum += x[index] * y[index] }
  return sum
}
