import Settings

/// Settings that methods with a penalty have in common.
extension Key {
  /// λ, of which every method has its own scale: importances differ by orders of magnitude.
  static func strength(_ field: Field<Double>) -> Key {
    number(
      "lambda", field, .notNegative,
      "Strength of the penalty lambda/2 sum Omega (theta - theta*)^2. It belongs to the method "
        + "that it is given with; another one, named by --set, in compare or in a grid, takes "
        + "its own of method.lambdas. Given without a name it is for all."
    ).bound
  }

  /// From how many examples of a task workers estimate importance; `nil` for all.
  static func examples(_ field: Field<Int?>) -> Key {
    count(
      "examples", field, orWord: "all",
      "Training examples of a task that importance is estimated from.")
  }
}
