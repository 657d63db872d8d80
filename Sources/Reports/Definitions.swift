import Metrics

/// The figures of a report with their names and formulas.
enum Definitions {
  struct Entry {
    let name: String
    let figure: KeyPath<RunResult, Double?>
    let formula: String
    let meaning: String
  }

  static var all: [Entry] {
    [
      Entry(
        name: "ACC", figure: \.accuracy, formula: AccuracyFigure.averageAccuracy.definition,
        meaning: "How good the learner is at the end on everything it was taught."),
      Entry(
        name: "BWT", figure: \.backwardTransfer,
        formula: AccuracyFigure.backwardTransfer.definition,
        meaning: "How much later tasks changed the accuracy on earlier ones "
          + "(Lopez-Paz and Ranzato 2017); negative when it forgets."),
      Entry(
        name: "BWT over T", figure: \.backwardTransferOverT,
        formula: AccuracyFigure.backwardTransferOverT.definition,
        meaning:
          "The same sum as GEM's published code divides it; only to compare with such numbers."
      ),
      Entry(
        name: "FWT", figure: \.forwardTransfer, formula: AccuracyFigure.forwardTransfer.definition,
        meaning: "How much earlier tasks helped on a task before it was learned, against the "
          + "untrained network."),
      Entry(
        name: "forgetting", figure: \.forgetting, formula: AccuracyFigure.forgetting.definition,
        meaning: "How far a task has fallen from the best it was (Chaudhry et al. 2018)."),
      Entry(
        name: "learning accuracy", figure: \.learningAccuracy,
        formula: AccuracyFigure.learningAccuracy.definition,
        meaning: "How good the learner is on each task right after it (Riemer et al. 2019). Where "
          + "nodes learn in different orders, that is when the last of them has finished it."),
      Entry(
        name: "intransigence", figure: \.intransigence, formula: "1/T · Σ_i (J[T, i] − R[i, i])",
        meaning: "How much worse a new task is learned than by joint training J "
          + "(after Chaudhry et al. 2018)."),
    ]
  }

  /// How the transfer view reads the same run.
  static let transferView =
    "Transfer counts the last task only, R[T, T], and what learning the others first gained over a "
    + "fresh model, R[T, T] − I[T, T] with I an independent run of this comparison; the mean gain, "
    + "1/T · Σ_i (R[i, i] − I[i, i]), tells whether earlier tasks help later ones."

  /// A list of all, for the foot of a page.
  static var html: String {
    let figures = all.map {
      "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.meaning)) "
        + "<code>\(escaped($0.formula))</code></dd>"
    }
    let others = [("cost", CostTable.remark), ("transfer view", transferView)].map {
      "<dt>\($0.0)</dt><dd>\(escaped($0.1))</dd>"
    }
    let items = figures + others
    return "<dl>\(items.joined())</dl>"
  }
}
