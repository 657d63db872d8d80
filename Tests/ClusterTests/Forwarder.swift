import Foundation

/// Passes TCP connections on and keeps, or at least counts, the bytes of both directions.
final class Forwarder: @unchecked Sendable {
  // Sendable: what passes is behind a lock and all else is fixed at the start.
  private let listener: Listener
  private let keeps: Bool
  private let lock = NSLock()
  private var count = 0
  /// By connection and direction.
  private var streams: [Data] = []

  /// - Parameter keeps: Whether it keeps what passes.
  init(keeps: Bool = false) throws {
    self.keeps = keeps
    listener = try Listener()
  }

  var port: UInt16 { listener.port }
  var carriedCount: Int { lock.withLock { count } }

  /// Whether these bytes have passed, one after another.
  func hasCarried(_ bytes: Data) -> Bool {
    lock.withLock { streams.contains { $0.range(of: bytes) != nil } }
  }

  func forward(to port: UInt16) {
    let inbound = listener.descriptor
    Thread.detachNewThread { [self] in
      // The first attempts may come before the server listens; the client tries again.
      while true {
        let client = accept(inbound, nil, nil)
        guard client >= 0 else { return }
        guard let server = Listener.connect(to: port) else {
          close(client)
          continue
        }
        for (from, to) in [(client, server), (server, client)] {
          let stream = lock.withLock {
            streams.append(Data())
            return streams.count - 1
          }
          Thread.detachNewThread { self.pump(from, to, stream) }
        }
      }
    }
  }

  private func pump(_ from: Int32, _ to: Int32, _ stream: Int) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = read(from, &buffer, buffer.count)
      guard got > 0 else {
        shutdown(to, Int32(SHUT_WR))
        return
      }
      lock.withLock {
        count += got
        if keeps { streams[stream].append(contentsOf: buffer[..<got]) }
      }
      var sent = 0
      while sent < got {
        let now = buffer[sent..<got].withUnsafeBytes { write(to, $0.baseAddress, $0.count) }
        guard now > 0 else { return }
        sent += now
      }
    }
  }
}
