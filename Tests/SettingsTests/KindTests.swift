import Settings
import Testing

private protocol Shape: Selectable {
  var area: Double { get }
}

private struct Square: Shape {
  static let name = "square"
  static let keys: [Key<Square>] = [.number("side", \.side, .positive, "Of all four.")]
  var side = 2.0
  var area: Double { side * side }
}

private struct Rectangle: Shape {
  static let name = "rectangle"
  static let keys: [Key<Rectangle>] = [
    Key.number("side", \.side, .positive, "The longer one.").bound,
    .number("other", \.other, .positive, "The shorter one."),
  ]
  var side = 3.0
  var other = 2.0
  var area: Double { side * other }
}

private enum Route: Hashable {
  case straight
  case detour(Int)

  static let catalog = Catalog<Route>([
    Kind("straight", .straight),
    Kind("detour", 5, [.integer("miles", \.self, 1...9, "Of it.")]) {
      .detour($0)
    } take: {
      if case .detour(let miles) = $0 { miles } else { nil }
    },
  ])
}

private struct Walk: Equatable {
  enum Pace: String, CaseIterable {
    case stroll, run
  }
  var pace = Pace.stroll
  var laps = 1

  static let catalog = Catalog<Walk>(
    \.pace, [.run: [.integer("laps", \.laps, 1...10, "How many.")]])
}

private func setting(_ key: String, _ word: String) -> Setting {
  Setting(key: key, value: .word(word))
}

@Suite struct `A catalog` {
  private static let shapes: [any Shape.Type] = [Square.self, Rectangle.self]
  private let catalog = Catalog<Chosen<any Shape>>(Self.shapes)

  @Test func `of a family of types chooses by name, with defaults, and reads into the type`() throws
  {
    #expect(catalog.names == ["square", "rectangle"])
    var shape = Chosen<any Shape>(Square())
    #expect(catalog.kind(of: shape).name == "square" && shape.value.area == 4)
    let rectangle = try #require(catalog["rectangle"])
    rectangle.choose(&shape)
    #expect(shape.name == "rectangle" && shape.value.area == 6)
    try rectangle["other"]?.read(&shape, setting("shape.other", "0.5"))
    #expect(shape.value.area == 1.5 && rectangle["other"]?.write(shape) == "0.5")
    #expect(rectangle["side"]?.isBound == true && catalog["square"]?["side"]?.isBound == false)
    #expect(catalog["circle"] == nil && rectangle["radius"] == nil)
  }

  @Test func `compares what was chosen by type and settings`() {
    var wide = Square()
    wide.side = 3
    let all = [Chosen<any Shape>(Square()), Chosen(wide), Chosen(Rectangle())]
    #expect(Set(all).count == 3)
    #expect(all[0] == Chosen(Square()) && all[0] != all[1] && all[1] != all[2])
  }

  @Test func `of an enumeration reads into the settings of a case`() throws {
    var route = Route.straight
    let detour = try #require(Route.catalog["detour"])
    #expect(Route.catalog.kind(of: route).name == "straight" && !detour.isChosen(route))
    detour.choose(&route)
    #expect(route == .detour(5))
    try detour["miles"]?.read(&route, setting("miles", "9"))
    #expect(route == .detour(9) && detour["miles"]?.write(route) == "9")
    #expect(throws: SettingError("miles is \"10\"; it must be a whole number from 1 to 9")) {
      try detour["miles"]?.read(&route, setting("miles", "10"))
    }
  }

  @Test func `of words leaves the fields of other kinds as they are`() throws {
    var walk = Walk()
    let run = try #require(Walk.catalog["run"])
    #expect(
      Walk.catalog.names == ["stroll", "run"] && Walk.catalog["stroll"]?.keys.isEmpty == true)
    run.choose(&walk)
    try run["laps"]?.read(&walk, setting("laps", "4"))
    Walk.catalog["stroll"]?.choose(&walk)
    #expect(walk == Walk(pace: .stroll, laps: 4))
  }

  @Test func `keeps its keys as those of a part of something larger`() throws {
    struct Journey {
      var route = Route.straight
    }
    let kind = try #require(Route.catalog["detour"]).of(\Journey.route, prefix: "journey.")
    var journey = Journey()
    kind.choose(&journey)
    try kind["journey.miles"]?.read(&journey, setting("journey.miles", "2"))
    #expect(journey.route == .detour(2) && kind.isChosen(journey))
  }
}
