import ArgumentParser
import Foundation
import Reports

/// Rebuilds the page from results.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rebuild report.html from result folders; several are compared.")

  @Argument(help: "Folders that `hebb run --output` made.") var folders: [String]

  @Option(help: "Where the page goes; the first folder's report.html otherwise.")
  var output: String?

  func validate() throws {
    if folders.isEmpty { throw ValidationError("name at least one result folder") }
  }

  func run() throws {
    var runs: [RunResult] = []
    for folder in folders { runs += try ResultFolder(folder).read() }
    let page = Data(ReportPage(RunResult.withIntransigence(runs)).html.utf8)
    let path = output ?? ResultFolder(folders[0]).file("report.html")
    let place = URL(fileURLWithPath: path)
    try ResultFolder(place.deletingLastPathComponent().path)
      .write(page, to: place.lastPathComponent)
    let screen = Screen(isQuiet: false)
    screen.write(Summary(runs, style: screen.style).text)
    screen.write("report: \(path)\n")
  }
}
