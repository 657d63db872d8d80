/// Everything that a run found: the content of `result.json`, schema 1.
///
/// Accuracies are fractions in 0…1 and figures that follow from them lie in -1…1; absent figures
/// are null. A key keeps its meaning as long as `schema` stays the same.
///
/// The file is flat, and so it reads here: what belongs to a part is a member of the whole.
@dynamicMemberLookup
public struct RunResult: Sendable, Hashable {
  /// What was run, and with what.
  public var identity = Identity()
  /// The matrix R, and what is derived from it.
  public var scores = Scores()
  /// What it took: bytes, steps, time.
  public var costs = Costs()
  /// What happened while it ran, how it ended, and what it left.
  public var course = Course()

  /// An empty result to fill in.
  public init() {}

  /// Whether anything was measured; the untrained network comes first.
  public var hasBegun: Bool { self.matrix.contains { $0.contains { $0 != nil } } }

  /// A member of ``identity``.
  public subscript<Value>(dynamicMember member: WritableKeyPath<Identity, Value>) -> Value {
    get { identity[keyPath: member] }
    set { identity[keyPath: member] = newValue }
  }

  /// A member of ``scores``.
  public subscript<Value>(dynamicMember member: WritableKeyPath<Scores, Value>) -> Value {
    get { scores[keyPath: member] }
    set { scores[keyPath: member] = newValue }
  }

  /// A member of ``costs``.
  public subscript<Value>(dynamicMember member: WritableKeyPath<Costs, Value>) -> Value {
    get { costs[keyPath: member] }
    set { costs[keyPath: member] = newValue }
  }

  /// A member of ``course``.
  public subscript<Value>(dynamicMember member: WritableKeyPath<Course, Value>) -> Value {
    get { course[keyPath: member] }
    set { course[keyPath: member] = newValue }
  }
}

extension RunResult: Codable {
  public func encode(to encoder: any Encoder) throws {
    try identity.encode(to: encoder)
    try scores.encode(to: encoder)
    try costs.encode(to: encoder)
    try course.encode(to: encoder)
  }

  public init(from decoder: any Decoder) throws {
    identity = try Identity(from: decoder)
    scores = try Scores(from: decoder)
    costs = try Costs(from: decoder)
    course = try Course(from: decoder)
  }
}
