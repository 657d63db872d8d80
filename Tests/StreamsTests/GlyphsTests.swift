import Streams
import Tensors
import Testing

@Suite struct `Glyph images` {
  private static let data = Glyphs.dataSet(trainPerClass: 40, testPerClass: 10)
  private static let golden: [UInt64] = [
    0x9292_A34A_F1D1_FA6A, 0x2BC6_1CFD_AF8B_19D2, 0x0F9F_FF63_8723_3DF2, 0x5BF9_352F_05FC_DECE,
    0x64DB_A367_BC2E_34B6, 0xEA7B_2A2D_3A05_7FF9, 0x1103_861C_144F_1FF9, 0x8260_7D38_0EFC_9EC9,
    0x0C10_02D2_7BB5_E8F0, 0x78BD_C3B7_5F2C_17F0,
  ]
  private static let size = Glyphs.side * Glyphs.side

  private static func image(_ set: any Examples, _ index: Int) -> ArraySlice<UInt8> {
    set.pixels[index * size..<(index + 1) * size]
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  @Test func `are as many as were asked for, classes in turn`() {
    let data = Self.data
    #expect(data.classCount == 10 && data.train.shape == ImageShape(height: 28, width: 28))
    #expect(data.train.labels == (0..<400).map { Int32($0 % 10) })
    #expect(data.test.labels == (0..<100).map { Int32($0 % 10) })
  }

  // Bytes that anyone's results rest on: a change here changes every number made with glyphs.
  @Test(arguments: zip(0..<10, golden))
  func `never change`(label: Int, expected: UInt64) {
    #expect(Self.hash(Self.image(Self.data.train, label)) == expected)
  }

  @Test func `of a smaller set are the beginning of a larger one`() {
    let small = Glyphs.dataSet(trainPerClass: 3, testPerClass: 2)
    #expect(small.train.pixels == Array(Self.data.train.pixels.prefix(30 * Self.size)))
    #expect(small.test.pixels == Array(Self.data.test.pixels.prefix(20 * Self.size)))
  }

  @Test func `are all different`() {
    let all =
      (0..<400).map { Self.hash(Self.image(Self.data.train, $0)) }
      + (0..<100).map { Self.hash(Self.image(Self.data.test, $0)) }
    #expect(Set(all).count == 500)
  }

  @Test func `have ink in the middle and paper at the corners`() {
    for index in 0..<400 {
      let image = Array(Self.image(Self.data.train, index))
      #expect(image.count { $0 > 150 } > 20, "image \(index) has ink")
      #expect(image.count { $0 > 150 } < 350, "image \(index) has paper")
      for corner in [0, 27, 27 * 28, 27 * 28 + 27] { #expect(image[corner] < 150) }
    }
  }

  @Test func `can be learned, but not by looking at the mean alone`() {
    let (train, test) = (Self.data.train, Self.data.test)
    var means = Array(repeating: [Float](repeating: 0, count: Self.size), count: 10)
    for index in 0..<train.count {
      for (place, pixel) in Self.image(train, index).enumerated() {
        means[index % 10][place] += Float(pixel) / 40
      }
    }
    let correct = (0..<test.count).count { index in
      let image = Self.image(test, index)
      let distances = means.map { mean in
        zip(mean, image).reduce(Float(0)) { $0 + ($1.0 - Float($1.1)) * ($1.0 - Float($1.1)) }
      }
      return distances.firstIndex(of: distances.min() ?? 0) == index % 10
    }
    #expect((50...97).contains(correct), "chance is 10 of 100")
  }
}
