/// What a result was made with: the program, the machine, the libraries.
public struct Provenance: Sendable, Hashable {
  /// Version of hebb.
  public var hebb = ""
  /// 40 hexadecimal digits of the commit that it was built from, with `-dirty` where files had been
  /// changed; `nil` where that is not known.
  public var commit: String?
  /// ``currentFigures`` of the program.
  public var figuresVersion = Provenance.currentFigures
  /// When the run began: ISO 8601 in UTC, to the second.
  public var date = ""
  public var host = ""
  /// `Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64`.
  public var system = ""
  /// `nil` where the system does not say.
  public var processor: String?
  public var cores = 0
  /// Name and version of the matrix library, as it tells them itself.
  public var blas = ""
  /// The code that it chose for the processors of those who computed, each once: `SkylakeX`.
  public var blasKernels: [String] = []
  public var libzmq = ""
  public var libsodium = ""
  public var sqlite = ""
  /// Whether what nodes said over tcp was encrypted; `nil` where they said nothing over tcp, and in
  /// results from before it was written.
  public var isEncrypted: Bool?

  /// Of nothing yet.
  public init() {}

  /// Raised whenever the same experiment and data come to other bits, in the weights or in any
  /// figure: studies run their cells anew then. Results from before it was written have none.
  public static let currentFigures = 1

  /// All of it but the date, for people.
  var line: String {
    let program = "hebb \(hebb)" + (commit.map { " (\($0.prefix(12)))" } ?? "")
    let machine = [processor, cores == 1 ? "1 core" : "\(cores) cores"].compactMap(\.self)
    let kernels = blasKernels.isEmpty ? "" : ", kernel \(blasKernels.joined(separator: " and "))"
    let library = blas.split(separator: " ").prefix(2).joined(separator: " ")
    let links = isEncrypted.map { $0 ? ["encrypted"] : ["not encrypted"] } ?? []
    return
      ([
        program, host, system, machine.joined(separator: ", "), library + kernels,
        "libzmq \(libzmq), libsodium \(libsodium), SQLite \(sqlite)",
      ] + links).joined(separator: " · ")
  }
}

extension Provenance: Codable {
  enum CodingKeys: String, CodingKey {
    case hebb, commit, date, host, system, processor, cores, blas, libzmq, libsodium, sqlite
    case figuresVersion = "figures_version"
    case blasKernels = "blas_kernels"
    case isEncrypted = "encrypted"
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(hebb, forKey: .hebb)
    try values.encode(commit, forKey: .commit)
    try values.encode(figuresVersion, forKey: .figuresVersion)
    try values.encode(date, forKey: .date)
    try values.encode(host, forKey: .host)
    try values.encode(system, forKey: .system)
    try values.encode(processor, forKey: .processor)
    try values.encode(cores, forKey: .cores)
    try values.encode(blas, forKey: .blas)
    try values.encode(blasKernels, forKey: .blasKernels)
    try values.encode(libzmq, forKey: .libzmq)
    try values.encode(libsodium, forKey: .libsodium)
    try values.encode(sqlite, forKey: .sqlite)
    try values.encode(isEncrypted, forKey: .isEncrypted)
  }
}

extension [Provenance] {
  /// The foot of a page: what its results were made with, each that differs on a line of its own.
  var html: String {
    var lines: [String] = []
    var known: Set<String> = []
    for provenance in self where known.insert(provenance.line).inserted {
      lines.append("<p class=\"soft\">\(escaped("\(provenance.date) · \(provenance.line)"))</p>")
    }
    return lines.isEmpty ? "" : "<footer>\(lines.joined())</footer>"
  }

  /// A sentence where equal seeds need not give equal bits, because kernels differ.
  var kernelRemark: String? {
    let kernels = Set(flatMap(\.blasKernels)).sorted()
    guard kernels.count > 1 else { return nil }
    return "these figures were computed with different kernels of the matrix library "
      + "(\(kernels.joined(separator: ", "))), so equal seeds need not give equal bits"
  }
}
