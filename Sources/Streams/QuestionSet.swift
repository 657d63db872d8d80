public import Tensors

/// Questions about stories, by numbers of words, in the lines of a ``TextShape``.
///
/// A sentence is held once, however often it is told, and a story once, however often it is asked
/// about: an example is its question, where its story begins, and how far it has been told. Only a
/// row of a batch has the whole table, of which all but a few lines are empty as a rule; that costs
/// a few hundred floats an example and lets a batch stay one block of rows of one length.
public struct QuestionSet: Examples {
  /// Number of words of each distinct line of text, and their numbers one after another.
  private struct Lines: Sendable {
    var ends: [Int32] = []
    var words: [UInt16] = []

    subscript(index: Int) -> ArraySlice<UInt16> {
      words[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }
  }

  /// Where an example's text is: in `lines` its question, in `told` its story so far.
  private struct Place: Sendable {
    let question: Int32
    let story: Range<Int32>
  }

  private let shapeOfText: TextShape
  private var lines = Lines()
  /// The sentences of all stories in their order: indices into `lines`.
  private var told: [Int32] = []
  private var places: [Place] = []
  /// By question: the number of its answer; once it is part of a data set, that of its class.
  public var labels: [Int32] = []
  /// By question: the number of its section.
  public private(set) var sections: [Int32] = []

  /// Most sentences of a story that are shown: the latest.
  public static let sentencesMaximum = 50

  /// Never `nil`; output units have not been numbered.
  public var text: TextShape? { shapeOfText }
  /// They are no images.
  public var shape: ImageShape? { nil }
  /// Of the whole table.
  public var inputCount: Int { shapeOfText.lineCount * shapeOfText.lineWidth }
  /// What is held of lines, stories and questions.
  public var byteCount: Int {
    2 * lines.words.count + 4 * (lines.ends.count + told.count) + 20 * places.count
  }

  /// Questions of several sections, one section after another. The label of a question is the
  /// number of its answer.
  ///
  /// - Parameters:
  ///   - parts: Each section's number and stories.
  ///   - text: Room for all of them.
  ///   - vocabulary: Has all words.
  public init(_ parts: [(section: Int, text: StoryText)], text: TextShape, _ vocabulary: Vocabulary)
  {
    shapeOfText = text
    var known: [[String]: Int32] = [:]
    func line(_ words: [String], _ lines: inout Lines) -> Int32 {
      if let number = known[words] { return number }
      let number = Int32(lines.ends.count)
      lines.words += words.map { UInt16(vocabulary.number(of: $0)) }
      lines.ends.append(Int32(lines.words.count))
      known[words] = number
      return number
    }
    var lines = Lines()
    for (section, text) in parts {
      let start = Int32(told.count)
      told += text.sentences.map { line($0, &lines) }
      for question in text.questions {
        let story = question.story
        places.append(
          Place(
            question: line(question.words, &lines),
            story: start + Int32(story.lowerBound)..<start + Int32(story.upperBound)))
        labels.append(Int32(vocabulary.number(of: question.answer)))
        sections.append(Int32(section))
      }
    }
    self.lines = lines
  }

  /// Writes the table of one question, the latest sentence first. O(`inputCount`).
  public func write(_ index: Int, through map: InputMap, to row: UnsafeMutablePointer<Float>) {
    precondition(labels.indices.contains(index), "the question is in the data set")
    let width = shapeOfText.lineWidth
    row.update(repeating: 0, count: inputCount)
    let place = places[index]
    write(place.question, to: row)
    let shown = place.story.suffix(shapeOfText.sentences)
    for (back, sentence) in shown.reversed().enumerated() {
      let line = row + (1 + back) * width
      write(told[Int(sentence)], to: line)
      line[shapeOfText.words] = Float(1 + back)
    }
  }

  private func write(_ line: Int32, to row: UnsafeMutablePointer<Float>) {
    for (index, word) in lines[Int(line)].enumerated() { row[index] = Float(word) }
  }

  /// Hands out the shape, labels and sections, and each example's lines.
  public func digest(_ update: (UnsafeRawBufferPointer) -> Void) {
    digestHead(update)
    sections.map(\.littleEndian).withUnsafeBytes { update($0) }
    for place in places {
      let all = [place.question] + place.story.map { told[Int($0)] }
      for line in all {
        let words = lines[Int(line)]
        var numbers = [UInt16(words.count).littleEndian]
        numbers += words.map(\.littleEndian)
        numbers.withUnsafeBytes { update($0) }
      }
      // No line has so many words.
      withUnsafeBytes(of: UInt16.max) { update($0) }
    }
  }
}
