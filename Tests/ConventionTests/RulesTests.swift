import Foundation
import Testing

/// The rules themselves, on small samples: a rule that finds nothing anywhere protects nothing.
@Suite struct `A rule of the house` {
  private func lines(_ rule: (SourceFile) -> [Finding], _ text: String) -> [Int] {
    rule(SourceFile(path: "Sources/Room/File.swift", text: text)).map(\.line)
  }

  @Test func `finds long files and lines`() {
    let wide = String(repeating: "x", count: 101)
    #expect(lines(Rules.size, "let a = 1\n\(wide)\n\(wide.dropLast())\n") == [2])
    let line = "let a = 1\n"
    #expect(lines(Rules.size, String(repeating: line, count: 400)).isEmpty)
    #expect(lines(Rules.size, String(repeating: line, count: 401)) == [401])
  }

  @Test func `finds what is not pure, outside of comments, strings and longer words`() {
    let text = """
      let now = Date()
      // print(now)
      let a = "print(now)"
      let b = blueprint(now)
      print(b)
      let c = Float.random(in: 0...1)
      func d() async { }
      let e = "\\(print(1)) Date()" + x.shuffled()
      /* Task {
      } */ Task { }
      """
    #expect(lines(Rules.purity, text) == [1, 5, 6, 7, 8, 10])
  }

  @Test func `finds look-ups in the environment`() {
    let text = """
      let a = ProcessInfo.processInfo.environment
      let b = getenv("A")
      let environment = 1
      """
    #expect(lines(Rules.environment, text) == [1, 2])
  }

  @Test func `finds what is written past the screen`() {
    let text = """
      print(a)
      let b = printable(a) + blueprint(a)
      FileHandle.standardError.write(b)
      process.standardError = b
      """
    #expect(lines(Rules.output, text) == [1, 3])
  }

  @Test func `finds what is left to do`() {
    let todo = "TO" + "DO"
    let text =
      "// \(todo): later\nlet to\(todo)s = 1\nfatal" + "Error(\"not implemented\")\n"
      + "mkdtemp(\"hebb-XXXXXX\") // X" + "XX"
    #expect(lines(Rules.leftovers, text) == [1, 3, 4])
  }

  @Test func `finds paths of a machine`() {
    let path = "/wo" + "rk/"
    let text = "\(path)a\nlet a = \"\(path)b\"\nsrc\(path)c\nhttps://a.org\(path)d\n--out=\(path)e"
    #expect(lines(Rules.machinePaths, text) == [1, 2, 5])
  }

  @Test func `finds promises without a reason`() {
    let text = """
      final class A: @unchecked Sendable {}
      // Sendable: never written after init.
      final class B: @unchecked Sendable {}
      /// A class.
      final class C: @unchecked Sendable {}
      // The lock guards it.
      @frozen
      struct D: @unchecked Sendable {}
      nonisolated(unsafe) var e = 1  // Sendable: set once.
      nonisolated(unsafe) var f = 1
      struct G: @unchecked Sendable {
        // Sendable: immutable.
      }
      """
    #expect(lines(Rules.uncheckedPromises, text) == [1, 5, 10])
  }

  @Test func `finds public declarations without a comment`() {
    let text = """
      public import Foundation
      public struct A {
        public let a: Int
        public let b: Int
        /// Documented.
        // For the maintainer.
        public var c: Int { 1 }
        public var d: Int { 1 }
        public func e() {}
        // Not a doc comment.
        public static let f = 1
        /// Documented.
        @inlinable
        public mutating func g() {}
        public var description: String { "public func h()" }
        public static func == (a: A, b: A) -> Bool { true }
        private(set) public var i = 1
        init() {}
        public init(j: Int) {}
      }
      """
    #expect(lines(Rules.documentation, text) == [2, 8, 9, 11, 17, 19])
  }

  @Test func `finds long functions, and leaves what has no body`() {
    func body(_ count: Int) -> String { String(repeating: "  let a = \"}\"\n", count: count) }
    #expect(lines(Rules.functionLengths, "func a() {\n\(body(70))}\n").isEmpty)
    #expect(lines(Rules.functionLengths, "func a() {\n\(body(71))}\n") == [1])
    let spread =
      "struct S {\n  func a(\n    b: () -> Int = { 1 }\n  ) -> Int\n  {\n\(body(71))}\n}\n"
    #expect(lines(Rules.functionLengths, spread) == [2])
    let bodiless = "protocol P {\n  func a()\n  var b: Int { get }\n}\nlet c = {\n\(body(90))}\n"
    #expect(lines(Rules.functionLengths, bodiless).isEmpty)
    let delegating = "public init(a: Int) {\n  self.init()\n\(body(70))}\n"
    #expect(lines(Rules.functionLengths, delegating) == [1])
  }

  @Test func `finds types with too many stored properties`() {
    func type(_ count: Int) -> String {
      "struct A {\n" + String(repeating: "  public let a: Int\n", count: count)
        + "  static let b = 1\n  var c: Int { 1 }\n  var d: Int {\n    let e = 1\n    return e\n  }\n}\n"
    }
    #expect(lines(Rules.storedProperties, type(16)).isEmpty)
    #expect(lines(Rules.storedProperties, type(17)) == [1])
    let outer = "enum B {\n" + type(17) + "}\n"
    #expect(lines(Rules.storedProperties, outer) == [2])
  }

  @Test func `finds files that have no type of their name`() {
    #expect(lines(Rules.fileName, "struct Other {}\n") == [1])
    #expect(lines(Rules.fileName, "struct File {}\nstruct Other {}\n").isEmpty)
    #expect(lines(Rules.fileName, "func free() {}\nextension Other {}\n").isEmpty)
  }

  @Test func `finds comments that need their neighbours`() {
    let text = """
      /// Two.
      let a = 2
      /// The same, doubled.
      let b = 4
      /// A number:
      /// The same, doubled.
      let c = 4
      """
    #expect(lines(Rules.aloneUnderstood, text) == [3])
  }

  @Test func `finds arithmetic on vectors`() {
    let text = """
      let a = view.base[0]
      let b = work(view.base, count: 1)
      func c(_ d: UnsafeMutablePointer<Float>) {}
      """
    #expect(lines(Rules.vectorLoops, text) == [1, 3])
  }

  @Test func `finds names of methods`() {
    let text = """
      // "one" is a method
      let a = "one"
      let b = one + "ones"
      """
    #expect(lines({ Rules.names(["one", "two"], in: $0) }, text) == [2])
  }

  @Test func `reads code without comments and strings`() {
    let text = #"""
      let a = "x" + b // c
      let d = "\(e("f)")) g" + h
      /* i /* j */ k */ let l = #"m"n"# + o
      let p = """
        q "r" { // s
        """ + t
      let u = "\\" + v
      """#
    #expect(
      CodeOnly.lines(text.components(separatedBy: "\n")) == [
        #"let a = "" + b "#, #"let d = "" + h"#, #" let l = "" + o"#, #"let p = """#, "", " + t",
        #"let u = "" + v"#,
      ])
  }
}
