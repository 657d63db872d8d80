import Testing

@testable import Tensors

@Suite struct `Vectors and views` {
  @Test func `a vector holds what it is made of, aligned for wide loads`() {
    #expect(Vector([1, 2, 3]).array == [1, 2, 3])
    #expect(Vector(repeating: 2, count: 3).array == [2, 2, 2])
    #expect(Vector(count: 2).array == [0, 0])
    #expect(Vector([]).array.isEmpty)
    for count in [0, 1, 5, 100] {
      #expect(Int(bitPattern: Vector(count: count).base) % 64 == 0)
    }
  }

  @Test func `a view shows a part and keeps the memory alive`() {
    var vector: Vector? = Vector([0, 1, 2, 3, 4, 5])
    weak let observer = vector
    let part = vector![1..<5][1..<3]
    vector = nil
    #expect(observer != nil)
    #expect(part.array == [2, 3])
    #expect(part[1] == 3)
    #expect(part.byteCount == 8)
  }

  @Test func `a copy is independent of its source`() {
    let source = Vector([1, 2, 3])
    let copy = Vector(copying: source[1..<3])
    source[1] = 9
    #expect(copy.array == [2, 3])
  }

  @Test func `a replacement touches only its place`() {
    let vector = Vector([0, 0, 0, 0])
    vector.replace(from: 1, with: Vector([7, 8]).view)
    #expect(vector.array == [0, 7, 8, 0])
  }

  @Test func `a layout places tensors one after another`() {
    let layout = ParameterLayout([("a", [2, 3]), ("b", [4]), ("c", [1, 1])])
    #expect(layout.tensors.map(\.range) == [0..<6, 6..<10, 10..<11])
    #expect(layout.tensors.map(\.name) == ["a", "b", "c"])
    #expect(layout.count == 11)
    #expect(ParameterLayout([]).count == 0)
  }

  @Test func `joined views follow one after another`() {
    let (a, b) = (Vector([1, 2, 3]), Vector([4]))
    #expect(Vector(joining: [a[1..<3], b.view, a[0..<0]]).array == [2, 3, 4])
    #expect(Vector(joining: []).count == 0)
  }

  @Test func `nothing outside of a vector can be reached`() async {
    await #expect(processExitsWith: .failure) { _ = Vector([1])[1] }
    await #expect(processExitsWith: .failure) { _ = Vector([1]).view[0..<2] }
    await #expect(processExitsWith: .failure) {
      Vector([1, 2]).replace(from: 1, with: Vector([1, 2]).view)
    }
  }
}
