/// How a question about a text lies in a row of a batch: a table of word numbers.
///
/// Its first line is the question, each further one a sentence of the text, the latest first. A
/// line has room for the words of the longest sentence and ends with a time: how many sentences
/// back it is, counted from the question, which itself is at 0. Words are numbered from 1; 0 is no
/// word, and a line at time 0 that is not the question's is no sentence.
public struct TextShape: Sendable, Hashable, Codable {
  /// Most sentences that are shown of a text, ≥ 1.
  public let sentences: Int
  /// Words of the longest sentence, ≥ 1.
  public let words: Int
  /// Different words, ≥ 1: the largest number of a word.
  public let vocabulary: Int
  /// By output unit: the word that it stands for. Empty before a stream has numbered them.
  public let answers: [Int]

  /// - Parameters:
  ///   - sentences: Most that are shown of a text, ≥ 1.
  ///   - words: Of the longest sentence, ≥ 1.
  ///   - vocabulary: Different words, ≥ 1.
  ///   - answers: By output unit, words in `1...vocabulary`.
  public init(sentences: Int, words: Int, vocabulary: Int, answers: [Int] = []) {
    precondition(sentences >= 1 && words >= 1 && vocabulary >= 1, "a text has a word")
    self.sentences = sentences
    self.words = words
    self.vocabulary = vocabulary
    self.answers = answers
  }

  /// Lines of the table: the question and the sentences.
  public var lineCount: Int { 1 + sentences }
  /// Numbers of a line: words and a time.
  public var lineWidth: Int { words + 1 }

  /// This shape with the words that output units stand for.
  public func with(answers: [Int]) -> TextShape {
    TextShape(sentences: sentences, words: words, vocabulary: vocabulary, answers: answers)
  }

  /// Whether it fits a table and itself: what came in a message may be anything.
  func fits(height: Int, width: Int) -> Bool {
    let counts = [sentences, words, vocabulary]
    return counts.allSatisfy { (1...1 << 20).contains($0) } && height == lineCount
      && width == lineWidth && answers.allSatisfy { (1...vocabulary).contains($0) }
  }
}
