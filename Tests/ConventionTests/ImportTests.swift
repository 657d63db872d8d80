import Foundation
import Testing

@Suite struct `The import table` {
  @Test func `points down only, and drivers know nothing of each other`() {
    for (index, room) in ImportTable.order.enumerated() {
      let rooms = (ImportTable.modules[room] ?? []).intersection(ImportTable.order)
      #expect(rooms.isSubset(of: ImportTable.order[..<index]), "\(room) imports what is above it")
      if ImportTable.drivers.contains(room) {
        #expect(rooms.isDisjoint(with: ImportTable.drivers), "\(room) imports a driver")
      }
      if ImportTable.pure.contains(room) {
        #expect(rooms.isSubset(of: ImportTable.pure), "\(room) imports a room that is not pure")
        #expect(ImportTable.toolchain[room] == nil, "\(room) is pure")
      }
    }
    #expect(Set(ImportTable.modules.keys) == Set(ImportTable.order))
  }

  @Test func `is the one of Package_swift`() throws {
    let manifest = try String(
      contentsOf: House.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let declared = ImportTable.declared(in: manifest.components(separatedBy: "\n"))
    #expect(Set(declared.keys) == Set(ImportTable.order))
    for room in ImportTable.order {
      let expected = ImportTable.modules[room] ?? []
      let found = declared[room] ?? []
      let (more, less) = (found.subtracting(expected), expected.subtracting(found))
      #expect(
        more.isEmpty && less.isEmpty,
        """
        Package.swift: \(room) should not depend on \(more.sorted()) and should on \
        \(less.sorted()); the table is in ImportTable.swift
        """)
    }
  }

  @Test func `is kept by every file`() throws {
    var findings: [Finding] = []
    for source in try House.sources() {
      let allowed = try #require(
        ImportTable.mayImport(source.room),
        "\(source.path): the room \(source.room) is not in ImportTable.swift")
      for (index, code) in source.code.enumerated() {
        guard let module = ImportTable.module(importedBy: code), !allowed.contains(module) else {
          continue
        }
        findings.append(
          Finding(
            path: source.path, line: index + 1,
            remark: "\(source.room) may not import \(module), only \(allowed.sorted())"))
      }
    }
    #expect(findings.isEmpty, "\(findings.listing)")
  }

  @Test(arguments: [
    ("import Foundation", "Foundation"), ("public import Roles", "Roles"),
    ("@testable import Launch", "Launch"), ("@_exported public import struct A.B", "A"),
    ("  import FoundationNetworking", "FoundationNetworking"), ("important import", nil),
    ("let import = 1", nil), ("", nil),
  ])
  func `sees through the forms of an import`(line: String, module: String?) {
    #expect(ImportTable.module(importedBy: line) == module)
  }

  @Test func `reads a manifest`() {
    let manifest = """
      func room(_ name: String, dependsOn rooms: [String] = []) -> Target { }
      targets: [
        room("A"), room("B", dependsOn: ["A", "CB"]),
        room(
          "C", dependsOn: ["A"], [.product(name: "Yams", package: "yaml")]),
        .executableTarget(
          name: "d", dependencies: ["C", .product(name: "P", package: "q")], swiftSettings: s),
        tests("DTests", of: ["d"]),
      ]
      """
    #expect(
      ImportTable.declared(in: manifest.components(separatedBy: "\n")) == [
        "A": [], "B": ["A", "CB"], "C": ["A", "Yams"], "d": ["C", "P"],
      ])
  }
}
