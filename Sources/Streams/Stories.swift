import Tensors

/// A data set of questions that needs no download: animals walk about, and each section asks
/// something else about it.
///
/// `where` asks where an animal is, `whether` if it is at a place (yes or no), `before` where it
/// was before it came to where it is, which takes two sentences. `where` and `before` have their
/// answers in common. A question is keyed by its section and number alone, so that a smaller set is
/// the beginning of a larger one, and equal on every machine.
public enum Stories {
  private static let animals = ["fox", "hare", "owl", "toad"]
  private static let places = ["barn", "mill", "pond", "wood"]
  private static let ways = ["runs to", "walks to", "goes to"]

  private static let seed: UInt64 = 0x7374_6F72_6965_73
  /// Test questions are numbered from a place that no training set reaches.
  private static let firstTestNumber = 1 << 24

  /// What a section asks, in the order of the sections' numbers from 1.
  private enum Sort: Int, CaseIterable {
    case `where` = 1
    case whether, before
  }

  /// The data set with so many questions of each section.
  ///
  /// - Parameters:
  ///   - trainPerSection: 8 to 2²⁴, of which each has all of its answers.
  ///   - testPerSection: 1 to 2²⁴.
  public static func dataSet(trainPerSection: Int = 400, testPerSection: Int = 100) -> DataSet {
    precondition((8...firstTestNumber).contains(trainPerSection), "8 to 2²⁴ training questions")
    precondition((1...firstTestNumber).contains(testPerSection), "1 to 2²⁴ test questions")
    do {
      return try DataSet(
        name: "stories",
        questions: Sort.allCases.map { sort throws(DataError) in
          DataSet.QuestionSection(
            DataSet.Section(number: sort.rawValue, name: "\(sort)", title: "\(sort)"),
            train: try text(sort, 0..<trainPerSection),
            test: try text(sort, firstTestNumber..<firstTestNumber + testPerSection))
        }, readingFactor: 1)
    } catch {
      preconditionFailure("stories are well formed: \(error)")
    }
  }

  private static func text(_ sort: Sort, _ numbers: Range<Int>) throws(DataError) -> StoryText {
    let lines = numbers.flatMap { number in
      var random = RandomStream(
        seed: seed, purpose: .story, node: sort.rawValue, step: number)
      return story(sort, &random)
    }
    return try StoryText(lines.joined(separator: "\n"), file: "\(sort)")
  }

  /// One story of two animals in three to six sentences, and its question.
  private static func story(_ sort: Sort, _ random: inout RandomStream) -> [String] {
    let pair = random.permutation(of: animals.count).prefix(2).map { animals[$0] }
    var visits: [[Int]] = [[], []]
    var lines: [String] = []
    for number in 1...3 + random.index(below: 4) {
      let who = random.index(below: 2)
      var place = random.index(below: places.count)
      if place == visits[who].last { place = (place + 1) % places.count }
      visits[who].append(place)
      let way = ways[random.index(below: ways.count)]
      lines.append("\(number) The \(pair[who]) \(way) the \(places[place]).")
    }
    // One of the two has moved twice at least.
    var who = random.index(below: 2)
    if visits[who].count < (sort == .before ? 2 : 1) { who = 1 - who }
    lines.append("\(lines.count + 1) " + question(sort, pair[who], visits[who], &random))
    return lines
  }

  /// A question about an animal, with its answer.
  private static func question(
    _ sort: Sort, _ animal: String, _ visits: [Int], _ random: inout RandomStream
  ) -> String {
    let place = visits[visits.count - 1]
    switch sort {
    case .where: return "Where is the \(animal)?\t\(places[place])\t"
    case .whether:
      let asked =
        random.index(below: 2) == 0
        ? place : (place + 1 + random.index(below: places.count - 1)) % places.count
      let answer = asked == place ? "yes" : "no"
      return "Is the \(animal) at the \(places[asked])?\t\(answer)\t"
    case .before:
      let last = visits[visits.count - 2]
      return "Where was the \(animal) before the \(places[place])?\t\(places[last])\t"
    }
  }
}
