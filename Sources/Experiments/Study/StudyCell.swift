public import Reports
import Settings

/// One experiment of a study with one seed.
public struct StudyCell: Sendable, Hashable {
  /// Its value on each axis, as YAML.
  public let place: [String]
  /// Complete: nothing to compare, and the seed in it.
  public let experiment: Experiment
  /// The resolved experiment; reading it gives an equal one.
  public let yaml: String
  /// SHA-256 of ``yaml`` as 64 hexadecimal digits: what the cell is known by.
  public let hash: String
  /// For people: `ewc-rotated-seed2-` and the first twelve digits of the hash.
  public let name: String

  init(place: [String], axes: [String], experiment: Experiment) {
    self.place = place
    self.experiment = experiment
    yaml = experiment.resolvedYAML
    var text = yaml
    hash = text.withUTF8 { SHA256.hexDigest(of: UnsafeRawBufferPointer($0)) }
    let words = zip(axes, place).map(Self.word).filter { !$0.isEmpty }
    let readable = words.joined(separator: "-").prefix(60)
    name =
      (readable.isEmpty ? "" : readable + "-") + "seed\(experiment.seed)-"
      + hash.prefix(StudyFolder.digitCount)
  }

  /// A place on an axis as a part of a file's name: `ewc`, `beta0.1`.
  private static func word(axis: String, value: String) -> String {
    let isWord = value.first?.isLetter == true
    let key = axis.split(separator: ".").last.map(String.init) ?? axis
    let safe = (isWord ? value : key + value).map { character in
      character.isASCII && (character.isLetter || character.isNumber || character == ".")
        ? character : "_"
    }
    return String(safe)
  }

  /// What it found, for a study's result.
  ///
  /// - Parameter run: `nil` while the cell is missing.
  public func result(_ run: RunResult?, folder: String) -> StudyResult.Cell {
    StudyResult.Cell(
      hash: hash, folder: folder, place: place, seed: experiment.seed,
      settings: ExperimentFile.keys(of: experiment).map {
        StudyResult.Setting(key: $0.name, value: $0.write(experiment))
      },
      run: run)
  }
}
