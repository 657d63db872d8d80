/// Stories with questions, as a file of the bAbI tasks has them.
///
/// A line is `NUMBER sentence.` or `NUMBER question?`, a tab, the answer, a tab and the numbers of
/// the lines that support it. Number 1 begins a new story. What supports an answer is left alone:
/// a network is to find it. Words are in small letters and without `.` and `?`; an answer of
/// several words joined by commas is one word.
///
/// - Source: Weston et al. 2015 (Towards AI-complete question answering), and its data's README.
public struct StoryText: Sendable, Hashable {
  /// What is asked after some sentences of a story.
  public struct Question: Sendable, Hashable {
    public let words: [String]
    public let answer: String
    /// The sentences of the story so far, in their order: indices into ``StoryText/sentences``.
    public let story: Range<Int>
  }

  /// The sentences of all stories that are no questions, by words.
  public private(set) var sentences: [[String]] = []
  public private(set) var questions: [Question] = []

  /// - Parameters:
  ///   - text: Of the file.
  ///   - file: Its name, for errors.
  /// - Throws: ``DataError`` that names the line.
  public init(_ text: String, file: String) throws(DataError) {
    var storyStart = 0
    var last = 0
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let place = "\(file), line \(index + 1)"
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[0]), number >= 1 else {
        throw DataError(
          "\(place) does not begin with the number of a line of a story; write it as in "
            + "\"1 Mary moved to the bathroom.\"")
      }
      guard number == 1 || number == last + 1 else {
        throw DataError(
          "\(place) has number \(number) after \(last); lines of a story count from 1 on")
      }
      if number == 1 { storyStart = sentences.count }
      last = number
      let fields = parts[1].split(separator: "\t", omittingEmptySubsequences: false)
      let words = Self.words(fields[0])
      guard !words.isEmpty else {
        throw DataError("\(place) has no words; write a sentence or a question after its number")
      }
      guard fields.count > 1 else {
        sentences.append(words)
        continue
      }
      let answer = Self.trimmed(fields[1])
      guard !answer.isEmpty else {
        throw DataError("\(place) has a question without an answer; write it after a tab")
      }
      questions.append(
        Question(words: words, answer: answer, story: storyStart..<sentences.count))
    }
    guard !questions.isEmpty else {
      throw DataError("\(file) asks no question; a question's line has tabs around its answer")
    }
  }

  private static func words(_ text: Substring) -> [String] {
    text.split(separator: " ").map { word in
      String(word.filter { !".?".contains($0) }).lowercased()
    }.filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.filter { $0 != " " }).lowercased()
  }
}
