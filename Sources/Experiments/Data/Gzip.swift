import CZlib
import Foundation
import Streams

/// Reads gzip files.
enum Gzip {
  /// Whether bytes begin like a gzip file.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Inflates a whole file; its checksum and length are verified.
  ///
  /// - Throws: ``DataError`` when it is corrupt or cut off.
  static func inflate(_ compressed: [UInt8], file: String) throws(DataError) -> [UInt8] {
    var stream = z_stream()
    // 16 + the largest window: expect a gzip header and check its trailer.
    guard
      inflateInit2_(
        &stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw DataError("\(file) cannot be read: zlib does not start") }
    defer { inflateEnd(&stream) }
    var input = compressed
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var status = Z_OK
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      while status == Z_OK {
        let capacity = chunk.count
        let produced = chunk.withUnsafeMutableBufferPointer { chunk -> Int in
          stream.next_out = chunk.baseAddress
          stream.avail_out = UInt32(capacity)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return capacity - Int(stream.avail_out)
        }
        output += chunk.prefix(produced)
      }
    }
    switch status {
    case Z_STREAM_END: return output
    case Z_BUF_ERROR:
      throw DataError("\(file) is a gzip file that ends too early; fetch it again")
    default: throw DataError("\(file) is a corrupt gzip file; fetch it again")
    }
  }
}
