// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// A room of the house. `dependsOn` is the import table: arrows point down only.
func room(
  _ name: String, dependsOn rooms: [String] = [], _ packages: [Target.Dependency] = [],
  resources: [Resource] = [], exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: rooms.map { .byName(name: $0) } + packages, exclude: exclude,
    resources: resources,
    swiftSettings: settings)
}

func tests(_ name: String, of rooms: [String], _ packages: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name, dependencies: rooms.map { .byName(name: $0) } + packages, swiftSettings: settings)
}

let package = Package(
  name: "hebb",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "hebb", targets: ["hebb"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CZeroMQ", providers: [.apt(["libzmq3-dev"]), .brew(["zeromq"])]),
    .systemLibrary(
      name: "CBLAS", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CSodium", providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels"),
    .target(name: "CPlatform"),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),

    room("Tensors", dependsOn: ["CKernels", "CBLAS"]),
    room("Archives", dependsOn: ["Tensors", "CKernels"]),
    room("Metrics"),
    room("Settings"),
    room("Models", dependsOn: ["Settings", "Tensors", "CKernels"]),
    room("Streams", dependsOn: ["Settings", "Tensors", "CKernels"]),
    room("Updates", dependsOn: ["Settings", "Archives", "Tensors", "CKernels"]),
    room("Consolidation", dependsOn: ["Updates", "Archives", "Tensors", "CKernels"]),
    room("Compression", dependsOn: ["Settings", "Archives", "Tensors", "CKernels"]),
    room(
      "Methods",
      dependsOn: ["Settings", "Archives", "Models", "Streams", "Consolidation", "Tensors"]),
    room(
      "Roles",
      dependsOn: [
        "Compression", "Consolidation", "Updates", "Models", "Metrics", "Archives", "Tensors",
      ]),
    room("Wire", dependsOn: ["Roles", "Tensors"]),
    room("Simulation", dependsOn: ["Wire", "Roles", "Archives", "Tensors"]),
    room(
      "ZeroMQTransport",
      dependsOn: ["Wire", "Roles", "Archives", "Tensors", "CZeroMQ", "CPlatform"]),
    room("Launch", dependsOn: ["CPlatform"]),
    room(
      "Reports", dependsOn: ["Streams", "Metrics"],
      [.product(name: "GRDB", package: "GRDB.swift")]),
    room(
      "Experiments",
      dependsOn: [
        "Reports", "Roles", "Methods", "Compression", "Consolidation", "Updates", "Streams",
        "Models", "Metrics", "Archives", "Settings", "Tensors", "CZlib", "CPNG", "CSodium",
      ],
      [.product(name: "Yams", package: "Yams")],
      // A link to cluster/: what is there comes with the program.
      resources: [.embedInCode("Bundled/experiments"), .embedInCode("Bundled/studies")],
      exclude: ["Bundled/README.md", "Bundled/RESULTS.md"]),
    room(
      "Training",
      dependsOn: [
        "Experiments", "Roles", "Methods", "Consolidation", "Updates", "Streams", "Models",
        "Archives", "Tensors",
      ]),
    room(
      "Running",
      dependsOn: [
        "Training", "Experiments", "Reports", "Launch", "ZeroMQTransport", "Simulation",
        "Roles", "Methods", "Consolidation", "Updates", "Streams", "Metrics", "Archives",
        "Tensors", "CPlatform",
      ],
      [.product(name: "Logging", package: "swift-log")]),
    room(
      "Benchmarks",
      dependsOn: [
        "Running", "Training", "Experiments", "Reports", "Launch", "ZeroMQTransport",
        "Simulation", "Roles", "Consolidation", "Updates", "Compression", "Streams",
        "Models", "Tensors", "CPlatform",
      ]),
    .executableTarget(
      name: "hebb",
      dependencies: [
        "Benchmarks", "Running", "Training", "Experiments", "Reports", "Launch",
        "ZeroMQTransport", "Roles", "Streams", "Tensors", "CPlatform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    tests("TensorsTests", of: ["Tensors"]),
    tests("ArchivesTests", of: ["Archives", "Tensors", "CKernels"]),
    tests("MetricsTests", of: ["Metrics"]),
    tests("SettingsTests", of: ["Settings"]),
    tests("ModelsTests", of: ["Models", "Tensors"]),
    tests("StreamsTests", of: ["Streams", "Settings", "Tensors"]),
    tests("UpdatesTests", of: ["Updates", "Archives", "Tensors"]),
    tests("CompressionTests", of: ["Compression", "Archives", "Tensors"]),
    tests("ConsolidationTests", of: ["Consolidation", "Updates", "Archives", "Tensors"]),
    tests(
      "MethodsTests",
      of: ["Methods", "Consolidation", "Models", "Streams", "Settings", "Tensors"]),
    tests(
      "RolesTests",
      of: [
        "Roles", "Compression", "Consolidation", "Updates", "Models", "Metrics", "Archives",
        "Tensors",
      ]),
    tests("WireTests", of: ["Wire", "Roles", "Models", "Tensors"]),
    tests(
      "ReportsTests", of: ["Reports", "Streams", "Metrics"],
      [.product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "ExperimentsTests",
      of: [
        "Training", "Experiments", "Reports", "Roles", "Methods", "Consolidation", "Updates",
        "Streams", "Models", "Metrics", "Settings", "Tensors",
      ]),
    tests(
      "SimulationTests",
      of: [
        "Running", "Training", "Simulation", "Experiments", "Reports", "Roles", "Methods",
        "Compression", "Updates", "Archives", "Consolidation", "Streams", "Models", "Metrics",
        "Settings", "Tensors",
      ]),
    tests(
      "ClusterTests",
      of: [
        "hebb", "Running", "Training", "ZeroMQTransport", "Simulation", "Wire", "Roles",
        "Experiments", "Reports", "Consolidation", "Updates", "Streams", "Metrics", "Settings",
        "Tensors", "CZeroMQ", "CBLAS",
      ]),
    tests("ConventionTests", of: []),
    tests("LaunchTests", of: ["Launch", "CPlatform"]),
  ],
  swiftLanguageModes: [.v6]
)
