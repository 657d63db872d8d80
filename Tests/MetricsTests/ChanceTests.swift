import Testing

@testable import Metrics

@Suite struct `Chance level` {
  @Test func `is one over the classes that compete`() {
    #expect(Chance(classCount: 2).level == 0.5)
    #expect(Chance(classCount: 10).level == 0.1)
  }

  /// Of 10,000 examples with two classes the standard error is 0.005.
  @Test func `reaches three standard errors to both sides`() {
    #expect(isAtChance(accuracy: 0.5149, classes: 2, examples: 10_000))
    #expect(!isAtChance(accuracy: 0.5151, classes: 2, examples: 10_000))
    #expect(isAtChance(accuracy: 0.4851, classes: 2, examples: 10_000))
    #expect(!isAtChance(accuracy: 0.4849, classes: 2, examples: 10_000))
  }

  /// Of 900 examples with ten classes the standard error is 0.01.
  @Test func `narrows with the number of examples`() {
    #expect(isAtChance(accuracy: 0.129, classes: 10, examples: 900))
    #expect(!isAtChance(accuracy: 0.131, classes: 10, examples: 900))
    #expect(!isAtChance(accuracy: 0.129, classes: 10, examples: 90_000))
  }

  @Test func `explains whatever is not above guessing`() {
    let chance = Chance(classCount: 10)
    #expect(chance.explains(0, exampleCount: 900))
    #expect(!isAtChance(accuracy: 0, classes: 10, examples: 900))
    #expect(chance.explains(0.129, exampleCount: 900))
    #expect(!chance.explains(0.131, exampleCount: 900))
  }

  @Test func `a single class is always guessed`() {
    #expect(isAtChance(accuracy: 1, classes: 1, examples: 5))
  }
}
