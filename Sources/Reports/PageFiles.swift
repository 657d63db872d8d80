import Foundation

/// The files that a page leads to, as paths from where the page is.
public struct PageFiles: Sendable, Hashable {
  /// Of all its runs together.
  public var shared: [String] = []
  /// Of each run.
  public var ofRuns: [[String]] = []

  /// None.
  public init() {}

  func ofRun(_ index: Int) -> [String] { ofRuns.indices.contains(index) ? ofRuns[index] : [] }

  /// Adds those of further runs, which lie elsewhere.
  ///
  /// - Parameter path: From the page to them; empty where they lie beside it.
  public mutating func append(_ files: PageFiles, at path: String) {
    func moved(_ file: String) -> String { path.isEmpty ? file : "\(path)/\(file)" }
    shared += files.shared.map(moved)
    ofRuns += files.ofRuns.map { $0.map(moved) }
  }
}

extension ResultFolder {
  /// Which of the files that a page links to are there: of one run in the folder itself, of
  /// several also in the folder of each.
  ///
  /// - Parameter runs: The folder's runs, in their order.
  public func files(of runs: [RunResult]) -> PageFiles {
    var files = PageFiles()
    if let folders = runFolders, folders.count == runs.count {
      files.shared = found(in: "")
      files.ofRuns = folders.map { found(in: "\($0)/") }
    } else if runs.count == 1 {
      files.ofRuns = [found(in: "")]
    } else {
      files.ofRuns = runs.map { _ in [] }
    }
    return files
  }

  private func found(in subfolder: String) -> [String] {
    Self.fileNames.filter { $0 != "report.html" }.map { subfolder + $0 }
      .filter { FileManager.default.fileExists(atPath: file($0)) }
  }

  /// The way from another folder to this one, as it stands in a link.
  public func path(from other: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    }
    let (here, there) = (parts(path), parts(other))
    let common = zip(here, there).prefix { $0 == $1 }.count
    return (there.dropFirst(common).map { _ in ".." } + here.dropFirst(common))
      .joined(separator: "/")
  }
}
