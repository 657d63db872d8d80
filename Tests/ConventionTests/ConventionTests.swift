import Testing

/// The rules of the house, read from the sources. A finding names its file and line.
@Suite struct `The house` {
  private func check(
    _ files: [SourceFile], _ rule: (SourceFile) -> [Finding],
    at location: SourceLocation = #_sourceLocation
  ) {
    let findings = files.flatMap(rule)
    #expect(findings.isEmpty, "\(findings.listing)", sourceLocation: location)
  }

  @Test func `pure rooms know no clock, no randomness of the system, no threads`() throws {
    try check(House.sources().filter { ImportTable.pure.contains($0.room) }, Rules.purity)
  }

  @Test func `files have at most 400 lines of at most 100 columns`() throws {
    try check(House.sources(), Rules.size)
  }

  @Test func `functions have at most 70 lines`() throws {
    try check(House.sources(), Rules.functionLengths)
  }

  @Test func `nothing is left to do`() throws {
    try check(House.texts(), Rules.leftovers)
  }

  @Test func `no path of a machine stands in a file`() throws {
    try check(House.texts(), Rules.machinePaths)
  }

  @Test func `environment variables are read at the command line only`() throws {
    try check(House.sources().filter { $0.room != "hebb" }, Rules.environment)
  }

  @Test func `standard output and error are written in one place`() throws {
    let place = "Sources/Running/StandardStreams.swift"
    try check(House.sources().filter { $0.path != place }, Rules.output)
    #expect(try House.sources().contains { $0.path == place })
  }

  @Test func `an unchecked promise gives its reason`() throws {
    try check(House.sources(), Rules.uncheckedPromises)
  }

  @Test func `every public declaration is documented`() throws {
    try check(House.sources(), Rules.documentation)
  }

  @Test func `types have at most 16 stored properties`() throws {
    try check(House.sources(), Rules.storedProperties)
  }

  @Test func `a file is named after a type in it`() throws {
    try check(House.sources(), Rules.fileName)
  }

  @Test func `a doc comment is understood without its neighbours`() throws {
    try check(House.sources(), Rules.aloneUnderstood)
  }

  @Test func `roles leave arithmetic on vectors to the rooms below`() throws {
    try check(House.sources().filter { $0.room == "Roles" }, Rules.vectorLoops)
  }

  @Test func `the name of a method stands in its own room`() throws {
    let sources = try House.sources()
    let names = sources.filter { $0.room == "Methods" }.flatMap(\.lines).compactMap {
      $0.firstMatch(of: /static let name = "([\w-]+)"/).map { String($0.output.1) }
    }
    #expect(Set(names).isSuperset(of: ["none", "ewc", "scp"]))
    // A bundled study has the name of the method that it is about; none is a word of its own, and
    // one method is called as the program is.
    let others = sources.filter {
      $0.room != "Methods" && $0.path != "Sources/Experiments/Files/Bundled.swift"
    }
    check(others) { Rules.names(names.filter { !["none", "hebb"].contains($0) }, in: $0) }
  }

  @Test func `is where these tests look`() throws {
    #expect(try House.texts().contains { $0.path == "Tests/ConventionTests/House.swift" })
    #expect(try House.texts().contains { $0.path == "scripts/test" })
  }

  @Test func `the page of the house has a row for each room`() throws {
    let page = try #require(try House.texts().first { $0.path == "Sources/README.md" })
    let rooms = page.lines.drop { $0 != "## Rooms" }.prefix { !$0.hasPrefix("From ") }
      .compactMap { $0.firstMatch(of: /^\| `(\w+)` \|/).map { String($0.output.1) } }
    #expect(Set(rooms) == Set(ImportTable.order) && rooms.count == ImportTable.order.count)
  }
}
