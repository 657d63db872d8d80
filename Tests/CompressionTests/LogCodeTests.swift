import CKernels
import Tensors
import Testing

@testable import Compression

@Suite struct `Logarithmic bytes` {
  @Test(arguments: [0.001, 1, 10, 25, 39.9])
  func `keep the relative error that they promise`(octaves: Double) throws {
    var draws = stream(1)
    for peak in [1e-12, 1, 1e30] {
      let x = Vector(
        (0..<2000).map { index in
          let share = index == 0 ? 0 : index == 1 ? 1 : Double(draws.uniform())
          return Float(peak * hebb_exp(-share * octaves * 0.6931471805599453))
        })
      let y = try Codec.log8.decoded(x)
      let bound = hebb_pow(2, octaves / 508) - 1 + 2e-7
      for (value, result) in zip(x.array, y.array) {
        #expect(abs(Double(result) / Double(value) - 1) <= bound)
      }
      #expect(y[0] == x[0] && y[1] == x[1])
    }
  }

  @Test func `keep zero, the smallest and the largest`() throws {
    let x: [Float] = [0, 3, 0, 0.0001, 7000, -0.0]
    let y = try Codec.log8.decoded(Vector(x)).array
    #expect(y[0] == 0 && y[2] == 0 && y[5] == 0 && y[3] == 0.0001 && y[4] == 7000)
    #expect(try Codec.log8.decoded(Vector([5])).array == [5])
    #expect(try Codec.log8.decoded(Vector([0, 5, 5])).array == [0, 5, 5])
    #expect(try Codec.log8.decoded(Vector([0x1p-149, 0x1p-148])).array == [0x1p-149, 0x1p-148])
    let ends: [Float] = [0x1p-20 * .greatestFiniteMagnitude, .greatestFiniteMagnitude]
    #expect(try Codec.log8.decoded(Vector(ends)).array == ends)
  }

  @Test func `take what is far below the largest for zero or the least level`() throws {
    let least: Float = 0x1p-40
    let y = try Codec.log8.decoded(Vector([1, least, least * 0.75, least * 0.25, 1e-30]))
    #expect(y.array == [1, least, least, 0, 0])
  }

  @Test func `refuse a negative value`() {
    #expect(throws: CodecError.negative(index: 1)) {
      try Codec.log8.payload(Vector([1, -1e-30]))
    }
  }

  @Test func `are monotone`() throws {
    let x = importances(1000, seed: 3).array.sorted()
    let y = try Codec.log8.decoded(Vector(x)).array
    #expect(zip(y, y.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
