extension RunResult {
  /// The lie detectors: is the penalty there, where it should be, and stable?
  public struct Diagnostics: Sendable, Hashable {
    /// λ of the penalty λ/2 · Σ Ω (θ − θ*)².
    public var strength = 0.0
    /// `gradient` or `proximal`; empty without a penalty.
    public var form = ""
    public var boundaries: [Consolidation] = []
    /// By stage that was trained after another: what came back, as far as a method brings anything.
    public var activity: [Activity] = []
    /// Coordinates with ηλU > 2 at the last boundary, where the explicit form diverges.
    public var divergingCoordinates = 0
    /// What came of references; `nil` where none were pushed.
    public var projection: Projection?
    public var refusedMessages = 0
    public var duplicatePushes = 0
    /// Sentences for people.
    public var notes: [String] = []

    /// Nothing to tell.
    public init() {}
  }

  /// How often, and how far, steps were turned by references.
  public struct Projection: Sendable, Hashable {
    /// Steps that had references.
    public var steps: Int
    /// Those whose direction was another than the gradient.
    public var projected: Int
    /// Degrees between gradient and direction, over these; `nil` without any.
    public var meanAngle: Double?

    /// - Parameters:
    ///   - steps: Steps that had references.
    ///   - projected: Those whose direction was another than the gradient.
    ///   - meanAngle: Degrees between the two, over these; `nil` without any.
    public init(steps: Int, projected: Int, meanAngle: Double?) {
      self.steps = steps
      self.projected = projected
      self.meanAngle = meanAngle
    }
  }

  /// The penalty around the end of one task.
  public struct Consolidation: Sendable, Hashable {
    public var task: String
    /// Σ Ω of the task.
    public var importanceSum: Double
    /// Σ U of all tasks so far.
    public var foldedSum: Double
    /// ‖λ(Uθ − V)‖ just before the task is folded.
    public var penaltyGradientBefore: Double
    /// ‖λ(Uθ − V)‖ just after the task is folded.
    public var penaltyGradientAfter: Double
    /// Norm of the newest term's own gradient at its anchor: exactly 0, or something is wrong.
    public var newestTermAtAnchor: Double
    /// ηλU over the coordinates; the explicit form needs it below 2.
    public var curvatureMedian: Double
    public var curvature99: Double
    public var curvatureMaximum: Double
    public var divergingCoordinates: Int
    public var exampleCount: Int
    public var layers: [LayerImportance]
    /// Of the weights that are its anchor; `nil` in results of earlier versions.
    public var version: Int?

    /// What one consolidation was; names and units are those of the properties.
    public init(
      task: String, importanceSum: Double, foldedSum: Double, penaltyGradientBefore: Double,
      penaltyGradientAfter: Double, newestTermAtAnchor: Double, curvatureMedian: Double,
      curvature99: Double, curvatureMaximum: Double, divergingCoordinates: Int,
      exampleCount: Int, layers: [LayerImportance], version: Int? = nil
    ) {
      self.task = task
      self.importanceSum = importanceSum
      self.foldedSum = foldedSum
      self.penaltyGradientBefore = penaltyGradientBefore
      self.penaltyGradientAfter = penaltyGradientAfter
      self.newestTermAtAnchor = newestTermAtAnchor
      self.curvatureMedian = curvatureMedian
      self.curvature99 = curvature99
      self.curvatureMaximum = curvatureMaximum
      self.divergingCoordinates = divergingCoordinates
      self.exampleCount = exampleCount
      self.layers = layers
      self.version = version
    }
  }

  /// Σ Ω of one tensor and its mean over the tensor's elements.
  public struct LayerImportance: Sendable, Hashable {
    public var name: String
    public var sum: Double
    public var mean: Double

    /// - Parameters:
    ///   - name: Of the tensor.
    ///   - sum: Σ Ω over its weights.
    ///   - mean: Their mean.
    public init(name: String, sum: Double, mean: Double) {
      self.name = name
      self.sum = sum
      self.mean = mean
    }
  }
}
