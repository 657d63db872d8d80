import Tensors

extension DataSet {
  /// A section of a data set of questions.
  public struct QuestionSection: Sendable {
    let section: Section
    let train: StoryText
    let test: StoryText

    /// - Parameters:
    ///   - train: Stories for training.
    ///   - test: Stories for testing.
    public init(_ section: Section, train: StoryText, test: StoryText) {
      self.section = section
      self.train = train
      self.test = test
    }
  }

  /// Questions about stories, in sections. A class is an answer; its label is the answer's number
  /// in the vocabulary, and an answer that only test questions have is a class, too.
  ///
  /// - Parameter sections: At least one.
  /// - Throws: ``DataError`` when there are more words, or longer sentences, than can be numbered.
  public init(
    name: String, questions sections: [QuestionSection], readingFactor: Double = 2
  ) throws(DataError) {
    let texts = sections.flatMap { [$0.train, $0.test] }
    let vocabulary = Vocabulary(texts)
    let longest = texts.flatMap(\.questions).map(\.story.count).max() ?? 1
    let text = TextShape(
      sentences: max(1, min(longest, QuestionSet.sentencesMaximum)),
      words: texts.flatMap { $0.sentences + $0.questions.map(\.words) }.map(\.count).max() ?? 1,
      vocabulary: vocabulary.count)
    guard vocabulary.count <= Vocabulary.countMaximum, text.words <= 1000 else {
      throw DataError(
        "data set \(name) has \(vocabulary.count) different words and sentences of up to "
          + "\(text.words); at most \(Vocabulary.countMaximum) words can be numbered, and a "
          + "sentence has at most 1000")
    }
    func part(_ text: TextShape, _ stories: KeyPath<QuestionSection, StoryText>) -> QuestionSet {
      QuestionSet(
        sections.map { (section: $0.section.number, text: $0[keyPath: stories]) }, text: text,
        vocabulary)
    }
    let words = vocabulary.words.enumerated().map { ($0 + 1, $1) }
    try self.init(
      name: name, train: part(text, \.train), test: part(text, \.test),
      words: Dictionary(uniqueKeysWithValues: words), sections: sections.map(\.section),
      vocabulary: vocabulary.words, asksUnseen: true, readingFactor: readingFactor)
  }
}
