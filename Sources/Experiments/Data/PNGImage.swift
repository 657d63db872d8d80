import CPNG
import Streams
import Tensors

/// Reads PNG images of any depth, palette, transparency and interlacing.
///
/// Grey stays one channel, all else becomes three. Pixels are bytes as they stand in the file,
/// without gamma; 16 bits are rounded to 8, and what is transparent lies on black.
enum PNGImage {
  /// The shape of an image, from the beginning of its file.
  ///
  /// - Throws: `DataError` when it is broken or larger than ``DataLimits`` allow.
  static func shape(of bytes: [UInt8], file: String) throws(DataError) -> ImageShape {
    var shape = hebb_png_shape()
    try check(file) { message in
      hebb_png_measure(
        bytes, bytes.count, UInt32(DataLimits.sideMaximum), &shape, message)
    }
    return ImageShape(
      channels: Int(shape.channels), height: Int(shape.height), width: Int(shape.width))
  }

  /// Appends the pixels of an image: channel after channel, each row by row.
  ///
  /// - Parameter shape: What ``shape(of:file:)`` says of the same bytes.
  /// - Throws: `DataError` when the file is broken; then nothing is appended.
  static func append(
    _ bytes: [UInt8], shape: ImageShape, file: String, to pixels: inout [UInt8]
  ) throws(DataError) {
    let start = pixels.count
    pixels.append(contentsOf: repeatElement(0, count: shape.count))
    do {
      try check(file) { message in
        pixels.withUnsafeMutableBufferPointer { pixels in
          hebb_png_decode(
            bytes, bytes.count, UInt32(DataLimits.sideMaximum),
            pixels.baseAddress.map { $0 + start },
            message)
        }
      }
    } catch {
      pixels.removeLast(shape.count)
      throw error
    }
  }

  /// - Parameter read: Returns 0 when all is well, or leaves libpng's words.
  private static func check(
    _ file: String, _ read: (UnsafeMutablePointer<CChar>) -> Int32
  ) throws(DataError) {
    var message = [CChar](repeating: 0, count: Int(HEBB_PNG_MESSAGE_SIZE))
    var status: Int32 = 0
    message.withUnsafeMutableBufferPointer { message in
      if let base = message.baseAddress { status = read(base) }
    }
    guard status != 0 else { return }
    let words = String(
      decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw DataError(
      "\(file) is no PNG image that can be read (\(words)); save it again or take it out")
  }
}
