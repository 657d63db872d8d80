import Roles

/// The processes of a cluster under a launcher that starts them again, as `hebb run` does: which
/// life of each is under way, and the numbers that lives and conducts have.
struct SimulatedLauncher {
  struct Process {
    /// The life under way, or the last one, as a place in the list of nodes.
    var place: Int
    /// Processes of this node so far: tells whether news are of this one.
    var number = 0
    var isUp = true
    /// When the launcher sees that it has ended.
    var seenAt = Instant.zero
    /// Lives before the one under way.
    var incarnation: UInt32 = 0
    /// It was killed by a fault.
    var isCrashed = false
    /// Inputs of all its lives.
    var inputCount = 0
    /// How long after its death it is there again, in microseconds.
    var back = 20_000
    /// It stands still from when until when, and this waits for it.
    var pausedFrom = Instant.zero
    var pausedUntil: Instant?
    var held: [Happening] = []
    /// What others have sent that wait for a connection.
    var waiting: [Happening] = []
    /// Nanoseconds by which its clock is behind: who was away accuses nobody.
    var behind: Int64 = 0
  }

  /// A longer absence does not count, in nanoseconds: as for a node under the wall clock.
  private static let gapMaximum: Int64 = 1_000_000_000

  /// By index of the node; the coordinator's is the launcher itself.
  var processes: [Process]
  /// By place: the number of the process that it is a life of.
  private var numbers: [Int]
  /// By place of a listening node and index of another one: the place of its life.
  private var admitted: [[Int: Int]]
  /// The number of the conduct under way.
  private(set) var run: UInt64 = 1
  /// Conducts before it, since the launcher was started.
  private(set) var conduct: UInt32 = 0
  private(set) var restartsLeft: Int
  private let restarts: Int

  init(nodeCount: Int, restarts: Int) {
    self.restarts = restarts
    restartsLeft = restarts
    processes = (0..<nodeCount).map { Process(place: $0) }
    numbers = Array(repeating: 0, count: nodeCount)
    admitted = Array(repeating: [:], count: nodeCount)
  }

  // MARK: Conducts

  /// A node is lost: another conduct of the run follows.
  mutating func beginConduct() {
    run += 1
    conduct += 1
    restartsLeft -= 1
  }

  /// The launcher itself has been started again.
  mutating func beginAnew() {
    // Any other number: nobody is left who knows the one before.
    run += 1 << 32
    conduct = 0
    restartsLeft = restarts
  }

  // MARK: Lives

  /// A life begins at a place.
  mutating func live(_ index: Int, at place: Int, incarnation: UInt32) {
    processes[index].place = place
    processes[index].isUp = true
    processes[index].isCrashed = false
    processes[index].incarnation = incarnation
    numbers.append(processes[index].number)
    admitted.append([:])
  }

  /// Nodes that have ended, as far as the launcher has seen.
  func ended(at now: Instant) -> [Int] {
    processes.indices.filter { !processes[$0].isUp && processes[$0].seenAt <= now }
  }

  /// A process is no more; what is heard of it later is not of the next one.
  ///
  /// - Parameter moment: When the launcher sees it.
  mutating func end(_ index: Int, seenAt moment: Instant) {
    processes[index].seenAt = moment
    processes[index].number += 1
    processes[index].isUp = false
    processes[index].pausedUntil = nil
    processes[index].held = []
  }

  /// Whether a place was a life of the process that is up.
  func isOfProcess(_ index: Int, _ place: Int) -> Bool {
    processes[index].isUp && numbers[place] == processes[index].number
  }

  // MARK: Clocks

  mutating func pause(_ index: Int, from moment: Instant, until end: Instant) {
    if processes[index].pausedUntil == nil { processes[index].pausedFrom = moment }
    processes[index].pausedUntil = max(processes[index].pausedUntil ?? end, end)
  }

  /// It stands still no longer.
  ///
  /// - Returns: What has waited for it.
  mutating func wake(_ index: Int, at now: Instant) -> [Happening] {
    let gap = now.nanoseconds - processes[index].pausedFrom.nanoseconds
    processes[index].behind += max(0, gap - Self.gapMaximum)
    processes[index].pausedUntil = nil
    defer { processes[index].held = [] }
    return processes[index].held
  }

  /// The moment that it is for a node.
  func moment(_ now: Instant, of index: Int) -> Instant {
    Instant(nanoseconds: now.nanoseconds - processes[index].behind)
  }

  /// When a moment of a node's clock comes.
  func deadline(_ moment: Instant, of index: Int) -> Instant {
    Instant(nanoseconds: moment.nanoseconds + processes[index].behind)
  }

  // MARK: Connections

  mutating func admit(_ peer: Peer, as index: Int, at place: Int) {
    admitted[place][index] = Self.place(of: peer)
  }

  /// Where the peer is that a node has admitted; `nil` for none.
  func place(admittedBy node: Int, as index: Int) -> Int? { admitted[node][index] }

  /// A route that no other life has.
  static func peer(at place: Int) -> Peer {
    Peer(route: withUnsafeBytes(of: UInt32(place).littleEndian) { [1] + Array($0) })
  }

  static func place(of peer: Peer) -> Int? {
    guard peer.route.count == 5 else { return nil }
    return peer.route.dropFirst().reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
