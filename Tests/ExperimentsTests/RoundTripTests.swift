import Foundation
import Reports
import Tensors
import Testing

@testable import Experiments

/// Names of the worst kinds: single scalars and strings of them, drawn by seed.
private func names(seed: UInt64) -> [String] {
  let known = [
    "null", "~", "Null", "1e3", "0x1F", "yes", "No", "TRUE", ".inf", "-", "---", "?", "a: b",
    "a #b",
    " lead", "trail ", "\r\n", "a\r\nb", "\t", "\u{0}", "\u{FEFF}name", "\u{FEFF}\u{FEFF}",
    "\u{85}", "\u{2028}", "\\n",
    "\"", "'", "\\", "{a: b}", "[1]", "*x", "&x", "!!str", "%", "@", "`", "|", ">", "..", ".", "/",
    "../../x", "e\u{301}", "\u{301}", "\u{10FFFF}", "\u{FFFE}", "\u{E000}", "👩‍👩‍👧", "\u{202E}abc",
    "<b>", "a,b", "=1+1", String(repeating: "x y ", count: 400) + "x",
  ]
  var random = RandomStream(seed: seed, purpose: .subset)
  let drawn = (0..<60).map { _ -> String in
    var text = String.UnicodeScalarView()
    for _ in 0...Int(random.next() % 12) {
      // Half of them below U+0100, where most of the trouble is.
      let limit: UInt64 = random.next() % 2 == 0 ? 0x100 : 0x110000
      if let scalar = Unicode.Scalar(UInt32(random.next() % limit)) { text.append(scalar) }
    }
    return text.isEmpty ? "x" : String(text)
  }
  return known + drawn
}

private func scalars(_ text: String?) -> [UInt32]? { text?.unicodeScalars.map(\.value) }

/// The fields of a CSV file, by RFC 4180.
private func fields(_ text: String) -> [[String]] {
  var rows: [[String]] = [[]]
  var field = String.UnicodeScalarView()
  var isQuoted = false
  let all = Array(text.unicodeScalars)
  var place = 0
  while place < all.count {
    let scalar = all[place]
    let next = place + 1 < all.count ? all[place + 1] : nil
    switch scalar {
    case "\"" where isQuoted && next == "\"":
      field.append("\"")
      place += 1
    case "\"": isQuoted.toggle()
    case "," where !isQuoted, "\n" where !isQuoted:
      rows[rows.count - 1].append(String(field))
      field = String.UnicodeScalarView()
      if scalar == "\n" { rows.append([]) }
    default: field.append(scalar)
    }
    place += 1
  }
  rows.removeLast()
  return rows
}

@Suite struct `What is written` {
  @Test(arguments: 0..<5 as Range<UInt64>)
  func `reads back with any name in an experiment file and its arguments`(seed: UInt64) throws {
    for name in names(seed: seed) {
      var experiment = try Experiment(yaml: Experiment.defaultYAML, named: "e")
      experiment.name = name
      experiment.data.set = name
      let bytes = Array(experiment.resolvedYAML.utf8)
      let back = try Experiment(yaml: TextFile.text(bytes, named: "e"), named: "e")
      #expect(scalars(back.name) == scalars(name) && scalars(back.data.set) == scalars(name))
      #expect(back.resolvedYAML.utf8.elementsEqual(bytes))
      let sets = experiment.sets(from: Experiment())
      let again = try Experiment(yaml: "", named: "e", sets: sets)
      #expect(scalars(again.name) == scalars(name))
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `reads back with any name in results and tables`(seed: UInt64) throws {
    let names = names(seed: seed)
    var run = RunResult()
    run.classLabels = [1, 2, 4, 7]
    run.matrix = [[0.5], [0.5]]
    for name in names {
      run.name = name
      run.experiment = name
      run.taskNames = [name]
      let back = try ResultJSON.decode(ResultJSON.encode(run), file: "r")
      #expect(scalars(back[0].name) == scalars(name) && back[0].classLabels == [1, 2, 4, 7])
      #expect(scalars(back[0].experiment) == scalars(name))
      #expect(back[0].taskNames.map(scalars) == [scalars(name)])
    }
    run.taskNames = names
    run.matrix = Array(
      repeating: Array(repeating: 0.5, count: names.count), count: names.count + 1)
    let study = StudyResult(
      name: "s", title: "", command: "", file: "",
      axes: [StudyResult.Axis(name: "variant", values: names)], otherKeys: [], plots: [],
      cells: names.map {
        StudyResult.Cell(hash: "h", folder: "f", place: [$0], seed: 1, settings: [], run: nil)
      })
    let rows = fields(StudyCSV(study).text)
    #expect(rows.dropFirst().map { scalars($0[0]) } == names.map(scalars))
    let folder = try Folder()
    try ResultFolder(folder.path).write(run)
    let matrix = fields(try String(contentsOfFile: folder.path + "/matrix.csv", encoding: .utf8))
    #expect(matrix[0].dropFirst().map(scalars) == names.map { scalars("task \($0)") })
  }

  @Test func `reads back with any number of layers in a calibration`() throws {
    for count in [1, 180, 240, 400] {
      let experiment = try Experiment(
        yaml:
          "model: {hidden: [\(Array(repeating: "12345", count: count).joined(separator: ","))]}",
        named: "e")
      let workload = try Workload(experiment, data: DataSource.load(experiment, folder: nil))
      var calibration = Calibration()
      calibration.enter(MeasuredCosts(), for: workload)
      let back = try Calibration(yaml: calibration.yaml, named: "c")
      #expect(back.costs(of: workload) == calibration.costs(of: workload), "\(count)")
      #expect(back.costs(of: workload) != nil)
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `goes into one folder whatever its name is, and shows no control character`(
    seed: UInt64
  ) throws {
    let folder = try Folder()
    for name in names(seed: seed) {
      let part = ResultFolder.name(for: name)
      #expect(!part.isEmpty && part != "." && part != ".." && part.utf8.count <= 100)
      #expect(!part.contains("/") && !part.hasPrefix("."))
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(part)", withIntermediateDirectories: true)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1, "\(part)")
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(part)")
      for text in [part, printable(name)] {
        #expect(
          text.unicodeScalars.allSatisfy {
            ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
              $0.properties.generalCategory)
          })
      }
    }
    #expect(ResultFolder.name(for: "split MNIST_2.b") == "split MNIST_2.b")
    #expect(ResultFolder.name(for: "a/b") == "a-b" && ResultFolder.name(for: "..") == "unnamed")
  }
}
