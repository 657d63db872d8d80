import ArgumentParser
import Foundation
import Reports
import Running

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
    let path = output ?? ResultFolder(folders[0]).file("report.html")
    let place = URL(fileURLWithPath: path)
    let home = place.deletingLastPathComponent().path
    var runs: [RunResult] = []
    var files = PageFiles()
    for folder in folders.map(ResultFolder.init) {
      let own = try folder.read()
      files.append(folder.files(of: own), at: folder.path(from: home))
      runs += own
    }
    let page = ReportPage(RunResult.withIntransigence(runs), files: files)
    try ResultFolder(home).write(Data(page.html.utf8), to: place.lastPathComponent)
    let screen = Screen(isQuiet: false)
    screen.write(Summary(runs, style: screen.style).text)
    screen.write("report: \(path)\n")
  }
}
