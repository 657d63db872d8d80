import Roles
import Running
import ZeroMQTransport

/// A node of the round-trip measurement, as a process of its own.
public struct RoundTripNode: Sendable {
  /// What a node is there for.
  public enum Kind: String, Sendable {
    /// A server, a worker, or one end of a bare exchange.
    case serve, work, bare
  }

  private let kind: Kind
  private let endpoint: String
  private let bind: String
  private let count: Int
  private let stepCount: Int
  private let keys: String?

  /// - Parameters:
  ///   - kind: What it is there for.
  ///   - endpoint: The coordinator's, or that of the bare exchange.
  ///   - bind: Where a server listens.
  ///   - count: Floats of the vector.
  ///   - stepCount: Round trips.
  ///   - keys: The folder of the keys with which worker and server talk; `nil`: plainly.
  public init(
    _ kind: Kind, endpoint: String, bind: String, count: Int, stepCount: Int, keys: String?
  ) {
    self.keys = keys
    self.kind = kind
    self.endpoint = endpoint
    self.bind = bind
    self.count = count
    self.stepCount = stepCount
  }

  /// Takes part until the measurement is over.
  ///
  /// - Throws: What is wrong with an endpoint.
  public func run() throws {
    let endpoint = try Endpoint(endpoint)
    let node = kind == .work ? NodeID.worker(0) : .server(0)
    let context = Context(try keys.map { try KeyFolder($0).security(of: node) } ?? .thisMachine)
    switch kind {
    case .bare: try BareExchange.serve(endpoint, count: count, roundTrips: stepCount)
    case .work: try take(WorkerRole(rank: 0), part: endpoint, context, listener: nil)
    case .serve:
      let listener = Socket(.router, in: context)
      let place = try listener.bind(Endpoint(bind))
      try take(
        ServerRole(rank: 0, endpoint: place), part: endpoint, context, listener: listener)
    }
  }

  private func take(
    _ role: some Role, part coordinator: Endpoint, _ context: Context, listener: Socket?
  ) throws {
    let performer = BenchPerformer(
      BenchCluster(shards: [0..<count], workerCount: 1, stepCount: stepCount))
    var loop = try RoleLoop(
      role, performer: performer, context: context, listener: listener, coordinator: coordinator,
      identity: NodeProcess.identity
    ) { _, _ in }
    _ = loop.run()
  }
}
