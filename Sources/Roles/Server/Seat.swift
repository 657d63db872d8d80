import Archives
import Compression
import Tensors

/// What a server knows of one worker.
struct Seat: Sendable {
  /// Through which peer the worker speaks, and in which of its lives.
  struct Contact: Sendable {
    let peer: Peer
    let incarnation: UInt32
  }

  /// `nil` until the worker's first pull.
  private(set) var contact: Contact?
  /// Of what it said last: the stage to which answers belong.
  var stage = 0
  /// The version of the weights that it holds, if that is known.
  var heldVersion: UInt64?
  /// The weights it was sent last, kept only for delay compensation.
  var sent: [VectorView]?
  /// Which version of the broadcast penalty it was told; 0 for none.
  var penaltyVersion = 0
  /// By block: the mask that its pushes have.
  var masks: [Mask?]

  /// Nobody has taken it.
  init(masks: [Mask?]) { self.masks = masks }

  /// Why a peer is not the worker in whose name it speaks; `nil` if it is. A worker makes itself
  /// known by a first pull that knows the run's number.
  func strangeness(of message: Message, from peer: Peer) -> String? {
    let asks = message.kind == .pull || message.kind == .inspect
    let stranger = "a peer that is not \(message.sender) speaks in its name"
    guard let contact else { return asks ? nil : stranger }
    if contact.peer == peer, contact.incarnation == message.incarnation { return nil }
    return asks
      ? "rank \(message.sender.rank) is taken: there already is a \(message.sender)" : stranger
  }

  /// The worker sits here from now on.
  mutating func admit(_ message: Message, from peer: Peer) {
    contact = Contact(peer: peer, incarnation: message.incarnation)
  }
}

extension Seat: Saved {
  /// A worker that goes on from a cut makes itself known anew.
  static let unsaved = ["contact"]

  func save(to archive: inout Archive) {
    archive.put("stage", stage)
    archive.put("heldVersion", heldVersion)
    archive.put("hasSent", sent != nil)
    archive.put("sent", sent ?? [])
    archive.put("penaltyVersion", penaltyVersion)
    archive.put("masks", masks)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    stage = try reader.take("stage")
    heldVersion = try reader.take("heldVersion", as: UInt64?.self)
    let hasSent = try reader.take("hasSent", as: Bool.self)
    let blocks = try reader.take("sent", as: [VectorView].self)
    sent = hasSent ? blocks : nil
    penaltyVersion = try reader.take("penaltyVersion")
    masks = try reader.take("masks", as: [Mask?].self, count: masks.count)
  }
}
