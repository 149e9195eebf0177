// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
/// For what talks to people rather than works through thousands of objects: small beats fast.
let small: [SwiftSetting] =
  strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]
/// Each module's folder explains itself to people, not to the compiler.
let readme = ["README.md"]

let package = Package(
  name: "kmf",
  products: [
    .executable(name: "kmf", targets: ["kmf"]),
    .library(name: "ManifestSyntax", targets: ["ManifestSyntax"]),
    .library(name: "ManifestSchema", targets: ["ManifestSchema"]),
    .library(name: "ManifestModel", targets: ["ManifestModel"]),
    .library(name: "ManifestMerge", targets: ["ManifestMerge"]),
    .library(name: "ManifestRules", targets: ["ManifestRules"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CSchemas", exclude: readme),
    .target(
      name: "ManifestSyntax", dependencies: ["CLibYAML"], exclude: readme, swiftSettings: strict,
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "ManifestSchema", dependencies: ["ManifestSyntax", "CSchemas"], exclude: readme,
      swiftSettings: strict),
    .target(
      name: "ManifestModel", dependencies: ["ManifestSyntax", "ManifestSchema"], exclude: readme,
      swiftSettings: strict),
    .target(
      name: "ManifestMerge", dependencies: ["ManifestSyntax", "ManifestSchema"], exclude: readme,
      swiftSettings: strict),
    .target(
      name: "ManifestRules", dependencies: ["ManifestSyntax", "ManifestSchema", "ManifestModel"],
      exclude: readme, swiftSettings: strict),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "ClusterStore", exclude: readme, swiftSettings: strict),
    .target(
      name: "StoreSQLite", dependencies: ["ClusterStore", "CSQLite"], exclude: readme,
      swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "ClusterControl",
      dependencies: ["ClusterStore", "ManifestModel", "ManifestSchema", "ManifestSyntax"],
      exclude: readme, swiftSettings: strict),
    .target(
      name: "ClusterEngine",
      dependencies: ["ClusterControl", "ManifestSchema", "ManifestSyntax"],
      exclude: readme, swiftSettings: strict),
    .target(
      name: "ClusterAPI",
      dependencies: [
        "ManifestSyntax", "ManifestSchema", "ManifestModel", "ManifestMerge", "ManifestRules",
        "ClusterStore", "ClusterControl",
      ],
      exclude: readme, swiftSettings: strict),
    .target(
      name: "ClusterPlan",
      dependencies: [
        "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterStore", "ManifestMerge",
        "ManifestModel", "ManifestRules", "ManifestSchema", "ManifestSyntax",
      ],
      exclude: readme, swiftSettings: strict),
    .target(
      name: "ControlPlane",
      dependencies: [
        "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterStore", "ManifestSchema",
        "ManifestSyntax",
      ],
      exclude: readme, swiftSettings: strict),
    .target(
      name: "InputFiles", dependencies: ["ManifestSyntax"], exclude: readme, swiftSettings: strict),
    .target(
      name: "ObjectPrinting", dependencies: ["ManifestSyntax", "ManifestSchema"], exclude: readme,
      swiftSettings: strict),
    .executableTarget(
      name: "kmf",
      dependencies: [
        "ClusterPlan", "ManifestMerge",
        "ManifestSyntax", "ManifestSchema", "ManifestRules", "InputFiles", "ClusterStore",
        "StoreSQLite", "ClusterAPI", "ClusterControl", "ClusterEngine", "ControlPlane",
        "ObjectPrinting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: readme,
      swiftSettings: small),
    .executableTarget(
      name: "kmf-generate", dependencies: ["ManifestSyntax", "ManifestSchema", "ManifestRules"],
      exclude: readme, swiftSettings: strict),
    .target(name: "CBaseline", dependencies: ["CLibYAML"], exclude: readme),
    .executableTarget(
      name: "kmf-bench",
      dependencies: [
        "CBaseline", "CSQLite", "ManifestSyntax", "ManifestSchema", "ManifestRules", "InputFiles",
        "ClusterStore", "ClusterControl", "ClusterEngine", "ClusterAPI", "StoreSQLite",
      ],
      exclude: readme, swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    .testTarget(
      name: "GoldenTests", dependencies: ["ManifestRules", "ManifestSyntax"], swiftSettings: strict),
    .testTarget(
      name: "InputFilesTests", dependencies: ["InputFiles", "ManifestSyntax"],
      swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["kmf"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["ClusterStore", "StoreSQLite", "kmf"],
      swiftSettings: strict),
    .target(name: "CStoreFaults", dependencies: ["CSQLite"], exclude: readme),
    .executableTarget(
      name: "store-torture", dependencies: ["CStoreFaults", "ClusterStore", "StoreSQLite"],
      exclude: readme, swiftSettings: strict),
    .testTarget(
      name: "StoreContractTests",
      dependencies: ["CSQLite", "ClusterStore", "StoreSQLite", "store-torture"],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterControlTests",
      dependencies: [
        "ClusterControl", "ClusterStore", "ManifestModel", "ManifestSchema", "ManifestSyntax",
        "TestRecordings",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterEngineTests",
      dependencies: [
        "ClusterControl", "ClusterEngine", "ManifestMerge", "ManifestSchema", "ManifestSyntax",
        "TestRecordings",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterAPITests",
      dependencies: [
        "ClusterAPI", "ClusterControl", "ClusterStore", "ManifestMerge", "ManifestSchema",
        "ManifestSyntax", "kmf-conformance",
        "TestRecordings",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterPlanTests",
      dependencies: [
        "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterPlan", "ClusterStore",
        "ControlPlane", "ManifestMerge", "ManifestRules", "ManifestSchema", "ManifestSyntax",
        "TestRecordings",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ControlPlaneTests",
      dependencies: [
        "ClusterAPI", "ClusterControl", "ClusterEngine", "ClusterStore", "ControlPlane",
        "ManifestSchema", "ManifestSyntax", "StoreSQLite",
      ],
      swiftSettings: strict),
    .target(
      name: "TestRecordings", dependencies: ["ManifestSyntax"], path: "Tests/TestRecordings",
      swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
    .executableTarget(
      name: "kmf-conformance",
      dependencies: [
        "ClusterAPI", "ClusterStore", "InputFiles", "ManifestMerge", "ManifestSyntax",
        "ManifestSchema", "ManifestRules",
      ],
      exclude: readme, swiftSettings: strict),
    .testTarget(
      name: "ManifestSyntaxTests", dependencies: ["ManifestSyntax"], swiftSettings: strict),
    .testTarget(
      name: "ObjectPrintingTests", dependencies: ["ManifestSyntax", "ObjectPrinting"],
      swiftSettings: strict),
    .testTarget(
      name: "ManifestSchemaTests",
      dependencies: ["ManifestSchema", "ManifestSyntax", "TestRecordings"],
      swiftSettings: strict),
    .testTarget(
      name: "ManifestMergeTests",
      dependencies: ["ManifestMerge", "ManifestSchema", "ManifestSyntax", "TestRecordings"],
      swiftSettings: strict),
    .testTarget(
      name: "ManifestModelTests",
      dependencies: ["ManifestModel", "ManifestSchema", "ManifestSyntax", "kmf-generate"],
      swiftSettings: strict),
    .testTarget(
      name: "ManifestRulesTests",
      dependencies: ["ManifestRules", "ManifestSchema", "ManifestSyntax", "TestRecordings"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
