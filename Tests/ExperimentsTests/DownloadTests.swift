import Foundation
import Streams
import Testing

@testable import Experiments

/// Answers every request on a port of the loopback address with the same bytes.
private final class Server: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init(answering bytes: [UInt8]) throws {
    #if os(Linux)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    self.descriptor = descriptor
    port = UInt16(bigEndian: address.sin_port)
    Thread {
      while true {
        let peer = accept(descriptor, nil, nil)
        guard peer >= 0 else { return }
        var request = [UInt8](repeating: 0, count: 4096)
        _ = read(peer, &request, request.count)
        _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        close(peer)
      }
    }.start()
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}

@Suite struct `A download` {
  private static let hasCurl = ["/usr/bin/curl", "/bin/curl", "/usr/local/bin/curl"]
    .contains { FileManager.default.isExecutableFile(atPath: $0) }

  private func answer(_ head: String, _ body: String) -> [UInt8] {
    Array("HTTP/1.1 \(head)\r\nConnection: close\r\n\r\n\(body)".utf8)
  }

  private func outcome(_ address: String, atMost limit: Int = 100) throws -> String {
    switch try Download(of: address, from: address).run(atMost: limit, { _ in }) {
    case .success(let data): "got \(String(decoding: data, as: UTF8.self))"
    case .failure(let problem): problem.reason
    }
  }

  @Test(.enabled(if: hasCurl, "curl is not here")) func `comes from a server by curl`() throws {
    let server = try Server(answering: answer("200 OK", "the file"))
    #expect(try outcome("http://127.0.0.1:\(server.port)/f[1].gz") == "got the file")
    #expect(
      try outcome("http://127.0.0.1:\(server.port)/f", atMost: 7)
        == "more than the 7 bytes that it should have")
    let missing = try Server(answering: answer("404 Not Found", ""))
    #expect(try outcome("http://127.0.0.1:\(missing.port)/f").contains("404"))
  }

  @Test func `comes from a file without curl`() throws {
    let folder = try Folder()
    let place = try folder.write(Array("abc".utf8), to: "f")
    #expect(try outcome("file://\(place)") == "got abc")
    #expect(try outcome("file://\(place)x").contains("there is no such file"))
    #expect(
      try outcome("file://\(place)", atMost: 2) == "more than the 2 bytes that it should have")
  }

  @Test(arguments: ["mirror", "ftp://x/y", "--output=x", "", "scp://h/f"])
  func `needs an address that can be fetched from`(place: String) {
    #expect(
      throws: DataError("\(place) is no address; write it as https://… or file://…")
    ) { try Download(of: "\(place)/f", from: place) }
  }
}
