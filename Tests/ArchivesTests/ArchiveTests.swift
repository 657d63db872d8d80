import CKernels
import Tensors
import Testing

@testable import Archives

/// A state with a part of each kind.
private struct State: Saved, Equatable {
  static let unsaved = ["limit"]
  let limit = 3
  var count = 0
  var loss: Float? = nil
  var names: [String] = []
  var ranks: [[Int]] = []
  var clocks: [UInt64?] = []
  var isOpen = false
  var ratio = 0.0

  func save(to archive: inout Archive) {
    archive.put("count", count)
    archive.put("loss", loss)
    archive.put("names", names)
    archive.put("ranks", ranks)
    archive.put("clocks", clocks)
    archive.put("isOpen", isOpen)
    archive.put("ratio", ratio)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    count = try reader.take("count")
    loss = try reader.take("loss")
    names = try reader.take("names")
    ranks = try reader.take("ranks")
    clocks = try reader.take("clocks", count: clocks.isEmpty ? nil : clocks.count)
    isOpen = try reader.take("isOpen")
    ratio = try reader.take("ratio")
  }
}

private let full = State(
  count: -7, loss: -0.0, names: ["", "θ*"], ranks: [[], [1, .min]], clocks: [nil, .max],
  isOpen: true, ratio: .infinity)

private func archive(_ state: State) -> Archive {
  var archive = Archive()
  archive.put("vector", Vector([1, .nan, -0.0]).view)
  archive.put("state", state: state)
  archive.put("bytes", bytes: [0, 255])
  archive.put("empty", Vector(count: 0).view)
  return archive
}

@Suite struct ArchiveTests {
  @Test func whatIsSavedComesBackToTheBit() throws {
    var reader = ArchiveReader(archive(full).bytes)
    let vector = try reader.take("vector", count: 3)
    #expect(vector.array.map(\.bitPattern) == [1, .nan, -0.0].map(\Float.bitPattern))
    var state = State()
    try reader.take("state", into: &state)
    #expect(state == full && state.loss?.sign == .minus)
    #expect(try reader.take(bytes: "bytes") == [0, 255])
    #expect(try reader.take("empty", count: 0).count == 0)
    #expect(reader.isAtEnd)
  }

  @Test func anArchiveOfVectorsHoldsThemWithoutACopy() {
    let vector = Vector([1, 2, 3])
    var archive = Archive()
    archive.put("vector", vector.view)
    let held = archive.pieces.compactMap { piece -> VectorView? in
      if case .floats(let view) = piece { view } else { nil }
    }
    #expect(held.map(\.base) == [UnsafePointer(vector.base)])
    #expect(archive.byteCount == archive.bytes.count)
  }

  @Test func everyPrefixIsRefused() {
    let bytes = archive(full).bytes
    for length in 0..<bytes.count {
      #expect(throws: ArchiveError.self, "\(length) bytes") {
        var reader = ArchiveReader(bytes, in: 0..<length)
        _ = try reader.take("vector", count: 3)
        var state = State()
        try reader.take("state", into: &state)
        _ = try reader.take(bytes: "bytes")
        _ = try reader.take("empty", count: 0)
      }
    }
  }

  @Test func anotherNameKindOrLengthIsRefused() {
    var archive = Archive()
    archive.put("one", 1)
    archive.put("list", [1, 2])
    let bytes = archive.bytes
    #expect(throws: ArchiveError.self) {
      var reader = ArchiveReader(bytes)
      _ = try reader.take("two", as: Int.self)
    }
    #expect(throws: ArchiveError.self) {
      var reader = ArchiveReader(bytes)
      _ = try reader.take("one", as: Double.self)
    }
    #expect(throws: ArchiveError("lists 2 where the plan has 3 (at list)")) {
      var reader = ArchiveReader(bytes)
      _ = try reader.take("one", as: Int.self)
      _ = try reader.take("list", as: [Int].self, count: 3)
    }
  }

  @Test func aCountBeyondTheBytesTakesNoMemory() {
    var archive = Archive()
    archive.put("vector", Vector(count: 0).view)
    var bytes = archive.bytes
    // The count of floats, 2⁶² − 1.
    for place in bytes.count - 8..<bytes.count { bytes[place] = 0xFF }
    bytes[bytes.count - 1] = 0x3F
    #expect(throws: ArchiveError.self) {
      var reader = ArchiveReader(bytes)
      _ = try reader.take("vector", as: VectorView.self)
    }
  }
}

@Suite struct CutPartTests {
  private let part = CutPart(mark: 77, cut: 3, node: "worker 1")

  @Test func thePartComesBack() throws {
    let bytes = part.encode(archive(full))
    var reader = try part.decode(bytes)
    #expect(try reader.take("vector", count: 3).count == 3)
    var ways: [UInt8] = []
    let (count, checksum) = part.write(archive(full)) { ways += $0 }
    #expect(ways == bytes && count == bytes.count)
    #expect(throws: Never.self) { try part.decode(bytes, checksum: checksum) }
    #expect(throws: ArchiveError.self) { try part.decode(bytes, checksum: checksum ^ 1) }
  }

  @Test func everyTornFileAndEveryFlippedBitIsRefused() {
    var archive = Archive()
    archive.put("vector", Vector([1, 2]).view)
    let bytes = part.encode(archive)
    for length in 0..<bytes.count {
      #expect(throws: ArchiveError.self) { try part.decode(Array(bytes.prefix(length))) }
    }
    #expect(throws: ArchiveError.self) { try part.decode(bytes + [0]) }
    for bit in 0..<8 * bytes.count {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: ArchiveError.self) { try part.decode(damaged) }
    }
  }

  @Test(arguments: [
    (CutPart(mark: 78, cut: 3, node: "worker 1"), "is of another run"),
    (CutPart(mark: 77, cut: 2, node: "worker 1"), "is of another cut"),
    (CutPart(mark: 77, cut: 3, node: "worker 10"), "is of another node"),
  ])
  func aForeignOrStalePartIsRefused(_ wanted: CutPart, _ sentence: String) {
    #expect(throws: ArchiveError(sentence)) { try wanted.decode(part.encode(Archive())) }
  }

  /// The check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms.
  @Test func theChecksumIsTheStandardOne() {
    var sum: UInt64 = 0
    let bytes = Array("123456789".utf8)
    bytes.withUnsafeBytes { sum = hebb_crc64(0, $0.baseAddress, 9) }
    #expect(sum == 0x995D_C9BB_DF19_39FA)
    let whole = (0..<100).map { UInt8($0) }
    var split: UInt64 = 0
    for byte in whole { withUnsafeBytes(of: byte) { split = hebb_crc64(split, $0.baseAddress, 1) } }
    #expect(whole.withUnsafeBytes { hebb_crc64(0, $0.baseAddress, 100) } == split)
  }
}
