import Settings
import Testing

private func setting(_ word: String) -> Setting { Setting(key: "a.b", value: .word(word)) }

@Suite struct `A setting` {
  @Test func `is read as what it should be`() throws {
    #expect(try setting("1_000").integer(1...2000) == 1000)
    #expect(try setting("-2.5e-1").number(NumberRange(-1...1)) == -0.25)
    #expect(try setting("18446744073709551615").seed() == .max)
    #expect(try setting("true").flag() && !setting("false").flag())
    #expect(try setting("none").optional("none", or: .seed) { 1 } == nil)
    let list = Setting(key: "a.b", value: .list([.list([.word("1"), .word("2")]), .list([])]))
    #expect(try list.lists(of: 0...9, "lists") == [[1, 2], []])
  }

  @Test(
    arguments: [
      ("3", "a.b is \"3\"; it must be a whole number from 4 to 9"),
      ("9.0", "a.b is \"9.0\"; it must be a whole number from 4 to 9"),
      ("", "a.b is \"\"; it must be a whole number from 4 to 9"),
    ])
  func `that is not says so in one sentence`(word: String, sentence: String) {
    #expect(throws: SettingError(sentence)) { try setting(word).integer(4...9) }
  }

  @Test func `of some words names the one that was meant`() {
    #expect(
      throws: SettingError("a.b is \"taks\"; it must be one of task, all; did you mean \"task\"?")
    ) {
      try setting("taks").word(of: ["task", "all"])
    }
    let mapping = Setting(key: "a.b", value: .mapping([]))
    #expect(throws: SettingError("a.b is a mapping; it must be one of task, all")) {
      try mapping.word(of: ["task", "all"])
    }
  }

  @Test func `says what is taken instead of its word`() {
    #expect(throws: SettingError("a.b is \"x\"; it must be none or a whole number from 1 to 3")) {
      _ = try setting("x").optional("none", or: .whole(1...3)) { () throws(SettingError) in
        try setting("x").integer(1...3)
      }
    }
  }

  @Test func `zero may stand below the ends of a range`() {
    #expect(NumberRange.notNegative.contains(0) && !NumberRange.notNegative.contains(1e-40))
    #expect(!NumberRange.positive.contains(0) && !NumberRange.fraction.contains(.nan))
  }

  @Test func `is written as it reads back`() {
    #expect(shortest(3) == "3" && shortest(1e-7) == "1e-07" && shortest(1e17) == "1e+17")
    #expect(
      quoted("a b") == "a b" && quoted("no") == "\"no\"" && quoted("a: \"b\"") == "\"a: \\\"b\\\"\""
    )
    #expect(quoted("\u{7}") == "\"\\u0007\"")
  }

  @Test func `words are enumerated as in a sentence`() {
    #expect(enumeration([]) == "" && enumeration(["a"]) == "a")
    #expect(enumeration(["a", "b"]) == "a and b" && enumeration(["a", "b", "c"]) == "a, b and c")
  }
}
