import Tensors
import Testing

@testable import Streams

@Suite struct `A text of stories` {
  private let text = """
    1 The cook went to the cellar.
    2 The maid went to the attic.
    3 Where is the cook?\tcellar\t1
    4 The cook went back to the attic.
    5 Where is the cook? \tAttic\t4 1
    1 Who has a lamp and a rope?\tmaid,cook\t
    2 Nobody sings.

    """

  private func sentence(_ text: String) -> String {
    do throws(DataError) {
      _ = try StoryText(text, file: "qa1_train.txt")
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test func `has questions with the sentences before them, story by story`() throws {
    let story = try StoryText(text, file: "f")
    #expect(story.sentences.count == 4)
    #expect(story.sentences[2] == ["the", "cook", "went", "back", "to", "the", "attic"])
    #expect(story.questions.map(\.words).first == ["where", "is", "the", "cook"])
    // Small letters, and an answer of several words is one.
    #expect(story.questions.map(\.answer) == ["cellar", "attic", "maid,cook"])
    #expect(story.questions.map(\.story) == [0..<2, 0..<3, 3..<3])
  }

  @Test func `is the same whatever supports its answers`() throws {
    let other = text.replacing("\t1\n", with: "\t7 8\n").replacing("\t4 1", with: "\t")
    #expect(try StoryText(other, file: "f") == StoryText(text, file: "f"))
    let windows = text.replacing("\n", with: "\r\n")
    #expect(windows != text)
    #expect(try StoryText(windows, file: "f") == StoryText(text, file: "f"))
  }

  @Test func `that is none is refused with its line`() {
    #expect(
      sentence("1 A b.\nA c.").hasPrefix(
        "qa1_train.txt, line 2 does not begin with the number of a line of a story"))
    #expect(
      sentence("1 A b.\n3 A c.")
        == "qa1_train.txt, line 2 has number 3 after 1; lines of a story count from 1 on")
    #expect(sentence("1 ?\tyes\t1").hasPrefix("qa1_train.txt, line 1 has no words"))
    #expect(sentence("1 Is it?\t \t1").hasPrefix("qa1_train.txt, line 1 has a question without"))
    #expect(sentence("1 It is.").hasPrefix("qa1_train.txt asks no question"))
    #expect(sentence("").hasPrefix("qa1_train.txt asks no question"))
  }
}

@Suite struct `Questions about stories` {
  private func set(_ train: String, _ test: String) throws -> DataSet {
    try DataSet(
      name: "toy",
      questions: [
        DataSet.QuestionSection(
          DataSet.Section(number: 4, name: "qa4", title: "first"),
          train: StoryText(train, file: "a"), test: StoryText(test, file: "b"))
      ])
  }

  private func row(_ examples: any Examples, _ index: Int) -> [Float] {
    var row = [Float](repeating: -1, count: examples.inputCount)
    let frame = InputMap.Frame(
      shape: ImageShape(examples.text ?? TextShape(sentences: 1, words: 1, vocabulary: 1)),
      padding: 0, normalization: .init())
    examples.write(index, through: .identity(frame), to: &row)
    return row
  }

  @Test func `are lines of word numbers, the latest sentence first`() throws {
    let data = try set("1 B a.\n2 C c.\n3 A b c?\tb\t\n4 A.\n5 D?\tc\t", "1 A?\tx\t")
    #expect(data.vocabulary == ["a", "b", "c", "d", "x"])
    #expect(data.train.text == TextShape(sentences: 3, words: 3, vocabulary: 5))
    #expect(data.train.inputCount == 16)
    #expect(
      row(data.train, 0) == [1, 2, 3, 0, /**/ 3, 3, 0, 1, /**/ 2, 1, 0, 2, /**/ 0, 0, 0, 0])
    #expect(
      row(data.train, 1) == [4, 0, 0, 0, /**/ 1, 0, 0, 1, /**/ 3, 3, 0, 2, /**/ 2, 1, 0, 3])
    #expect(row(data.test, 0) == [1] + [Float](repeating: 0, count: 15))
    // Classes are answers, that which only a test question has among them.
    #expect(data.labels == [2, 3, 5] && data.classNames == ["b", "c", "x"])
    #expect(data.train.labels == [0, 1] && data.test.labels == [2])
    #expect(data.train.sections == [4, 4])
    #expect(data.train.kindWords == "questions of up to 3 words about up to 3 sentences")
    #expect(data.remark == "toy: stream.sections names its sections by these numbers: 4 first")
  }

  @Test func `show the last fifty sentences`() throws {
    let story = (1...60).map { "\($0) w\($0 % 10)." }.joined(separator: "\n")
    let data = try set(story + "\n61 Q?\ta\t", "1 Q?\ta\t")
    #expect(data.train.text?.sentences == 50)
    let lines = row(data.train, 0)
    // w0 is number 3, after a and q.
    #expect(lines[2..<4] == [3, 1] && lines[100..<102] == [4, 50])
  }

  @Test func `differ in their fingerprints where anything differs`() throws {
    func digest(_ train: String) throws -> [UInt8] {
      var bytes: [UInt8] = []
      try set(train, "1 A b c?\tb\t\n1 A?\tc\t").train.digest { bytes += $0 }
      return bytes
    }
    let texts = [
      "1 A b.\n2 C?\tb\t", "1 B a.\n2 C?\tb\t", "1 A b.\n2 C?\tc\t", "1 A b.\n2 B?\tb\t",
      "1 A.\n2 B.\n3 C?\tb\t", "1 A b.\n2 A b.\n3 C?\tb\t",
    ]
    #expect(try Set(texts.map(digest)).count == texts.count)
    #expect(try digest(texts[0]) == digest(texts[0]))
  }
}

@Suite struct `Noise in times` {
  private let text = TextShape(sentences: 12, words: 2, vocabulary: 3)

  private func times(_ count: Int, share: Double, example: Int = 0, step: Int = 0) -> [Int] {
    var row = [Float](repeating: 0, count: 13 * 3)
    for sentence in 0..<count { row[(1 + sentence) * 3 + 2] = Float(1 + sentence) }
    TimeNoise(share: share, text: text, seed: 1)?
      .disturb(&row, example: example, stage: 0, step: step)
    #expect(row[2] == 0 && (count..<12).allSatisfy { row[(1 + $0) * 3 + 2] == 0 })
    return (0..<count).map { Int(row[(1 + $0) * 3 + 2]) }
  }

  @Test(arguments: 1...12)
  func `keeps the order, and moves no time by more than the blanks`(count: Int) {
    let blanks = Int((0.3 * Double(count)).rounded(.up))
    for step in 0..<50 {
      let times = times(count, share: 0.3, step: step)
      for (index, time) in times.enumerated() {
        #expect((index + 1...min(12, index + 1 + blanks)).contains(time))
        if index > 0 { #expect(time > times[index - 1] || time == 12) }
      }
    }
  }

  /// Of two sentences and one blank the three arrangements come up a third each.
  @Test func `deals blanks evenly`() {
    var counts: [[Int]: Int] = [:]
    for step in 0..<3000 { counts[times(2, share: 0.5, step: step), default: 0] += 1 }
    #expect(Set(counts.keys) == [[1, 2], [1, 3], [2, 3]])
    for count in counts.values { #expect((900...1100).contains(count)) }
  }

  @Test func `is the same for the same example and step`() {
    let one = (0..<20).map { times(9, share: 0.3, example: 4, step: $0) }
    #expect(one == (0..<20).map { times(9, share: 0.3, example: 4, step: $0) })
    #expect(one != (0..<20).map { times(9, share: 0.3, example: 5, step: $0) })
    #expect(TimeNoise(share: 0, text: text, seed: 1) == nil)
  }
}
