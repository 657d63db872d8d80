/// The page of one run, or of several compared: one self-contained HTML file without scripts.
public struct ReportPage: Sendable {
  private let runs: [RunResult]

  /// - Parameter runs: At least one.
  public init(_ runs: [RunResult]) { self.runs = runs }

  /// The file's text.
  public var html: String { "<!doctype html><title>Hebb</title>" + runs.map(\.method).joined() }
}
