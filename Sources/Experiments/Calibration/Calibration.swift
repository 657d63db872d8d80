import Settings
import Yams

/// What has been measured on a machine: costs by the name of their workload, in the order in which
/// they were measured first.
public struct Calibration: Sendable, Hashable {
  /// One workload.
  public struct Entry: Sendable, Hashable {
    public let workload: String
    public var costs: MeasuredCosts
  }

  /// Each workload once.
  public private(set) var entries: [Entry] = []

  /// Nothing has been measured.
  public init() {}

  /// The costs of a workload, if they have been measured.
  public func costs(of workload: Workload) -> MeasuredCosts? {
    entries.first { $0.workload == workload.name }?.costs
  }

  /// Enters a measurement in place of an earlier one; other entries stay. Its figures get the
  /// digits that the file has, so that whoever looks them up now finds what others find later.
  public mutating func enter(_ costs: MeasuredCosts, for workload: Workload) {
    var costs = costs
    for (_, field) in MeasuredCosts.fields {
      costs[keyPath: field] = costs[keyPath: field].measured
    }
    if let index = entries.firstIndex(where: { $0.workload == workload.name }) {
      entries[index].costs = costs
    } else {
      entries.append(Entry(workload: workload.name, costs: costs))
    }
  }

  // MARK: Its file

  /// The file's text.
  public var yaml: String {
    var lines = ["# What work and messages cost on this machine, as hebb calibrate measured it."]
    for entry in entries {
      let name = quoted(entry.workload)
      // YAML takes a longer key only where it is marked as one.
      lines += name.count <= 1000 ? ["\(name):"] : ["? \(name)", ":"]
      for (name, field) in MeasuredCosts.fields {
        lines.append("  \(name): \(shortest(entry.costs[keyPath: field].measured))")
      }
      lines.append("  cores: \(entry.costs.cores)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads a file's text.
  ///
  /// - Parameter file: Its name, for errors.
  /// - Throws: ``ConfigurationError``: one sentence with file and line, and the remedy.
  public init(yaml: String, named file: String) throws {
    let root: Node?
    do {
      root = try YAMLText.root(yaml, file: file)
    } catch {
      throw ConfigurationError("\(error)" + Self.remedy)
    }
    guard let root else { return }
    guard case .mapping(let mapping) = root else {
      throw ConfigurationError("\(file): this is no calibration\(Self.remedy)")
    }
    for part in try FileSetting.entries(of: mapping, file: file) {
      guard case .mapping(let figures) = part.node else {
        throw part.error("\(part.key) has no figures\(Self.remedy)")
      }
      entries.append(
        Entry(
          workload: part.key,
          costs: try Self.costs(
            try FileSetting.entries(of: figures, file: file), of: part)))
    }
  }

  private static let remedy = "; remove the file and run hebb calibrate again"

  private static func costs(_ settings: [FileSetting], of part: FileSetting) throws -> MeasuredCosts
  {
    var costs = MeasuredCosts()
    func setting(_ name: String) throws -> FileSetting {
      guard let setting = settings.first(where: { $0.key == name }) else {
        throw part.error("\(part.key) has no \(name)\(remedy)")
      }
      return setting
    }
    for (name, field) in MeasuredCosts.fields {
      if field == \.localStepMilliseconds, !settings.contains(where: { $0.key == name }) {
        // Measured before local steps were: nearly the same.
        costs.localStepMilliseconds = costs.stepMilliseconds
        continue
      }
      let range = field == \.megabytesPerSecond ? NumberRange.bandwidth : .measurement
      costs[keyPath: field] = try setting(name).read { (setting) throws(SettingError) in
        try setting.number(range)
      }
    }
    costs.cores = try setting("cores").read { (setting) throws(SettingError) in
      try setting.integer(ExperimentFile.coreCounts)
    }
    return costs
  }
}
