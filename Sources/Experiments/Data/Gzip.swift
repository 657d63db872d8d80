import CZlib
import Foundation
import Streams

/// Reads gzip files as gunzip does: of one member or several, and whatever stands behind the last.
enum Gzip {
  /// Whether bytes begin like a gzip file.
  static func isGzip(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Inflates a whole file; checksum and length of every member are verified.
  ///
  /// - Parameter limit: Inflating stops, and fails, at more bytes than this.
  /// - Throws: ``DataError`` when it is corrupt, cut off or too large.
  static func inflate(
    _ compressed: [UInt8], file: String, atMost limit: Int = DataLimits.byteCountMaximum
  ) throws(DataError) -> [UInt8] {
    var stream = z_stream()
    // 16 + the largest window: expect a gzip header and check its trailer.
    guard
      inflateInit2_(
        &stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw DataError("\(file) cannot be read: zlib does not start") }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    let status = compressed.withUnsafeBufferPointer { input in
      inflateMembers(of: input, &stream, into: &output, atMost: limit)
    }
    guard output.count <= limit else {
      throw DataError(
        "\(file) holds more than \(limit >> 20) MB, too much for a data set; fetch it again")
    }
    switch status {
    case Z_STREAM_END: return output
    case Z_BUF_ERROR:
      throw DataError("\(file) is a gzip file that ends too early; fetch it again")
    default: throw DataError("\(file) is a corrupt gzip file; fetch it again")
    }
  }

  /// - Returns: zlib's last word, `Z_STREAM_END` when all is well.
  private static func inflateMembers(
    of input: UnsafeBufferPointer<UInt8>, _ stream: inout z_stream, into output: inout [UInt8],
    atMost limit: Int
  ) -> Int32 {
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    // How much zlib has been given; it counts in 32 bits.
    var given = 0
    while output.count <= limit {
      if stream.avail_in == 0, let base = input.baseAddress {
        let count = min(input.count - given, 1 << 30)
        stream.next_in = UnsafeMutablePointer(mutating: base + given)
        stream.avail_in = UInt32(count)
        given += count
      }
      var status = Z_OK
      let capacity = chunk.count
      let produced = chunk.withUnsafeMutableBufferPointer { chunk -> Int in
        stream.next_out = chunk.baseAddress
        stream.avail_out = UInt32(capacity)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        return capacity - Int(stream.avail_out)
      }
      output += chunk.prefix(produced)
      if status == Z_STREAM_END {
        // Padding and garbage behind the last member are no part of the file.
        guard isGzip(input[(given - Int(stream.avail_in))...]) else { return status }
        status = inflateReset(&stream)
      }
      guard status == Z_OK else { return status }
    }
    return Z_OK
  }
}
