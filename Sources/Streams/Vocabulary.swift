/// All words of a data set, numbered from 1 in the order of the alphabet.
///
/// It is made from all sections, training and test, before the first is trained: otherwise it would
/// grow with each task, and the network with it.
public struct Vocabulary: Sendable, Hashable {
  /// In the order of their numbers, from 1.
  public let words: [String]
  private let numbers: [String: Int]

  /// Most words that there may be: their numbers have 16 bits.
  public static let countMaximum = 65_534

  /// - Parameter texts: All texts of the data set.
  public init(_ texts: [StoryText]) {
    var all = Set<String>()
    for text in texts {
      for sentence in text.sentences { all.formUnion(sentence) }
      for question in text.questions {
        all.formUnion(question.words)
        all.insert(question.answer)
      }
    }
    words = all.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    numbers = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0 + 1) })
  }

  /// Different words.
  public var count: Int { words.count }

  /// The number of one of its words.
  public func number(of word: String) -> Int {
    guard let number = numbers[word] else { preconditionFailure("\(word) is one of the words") }
    return number
  }
}
