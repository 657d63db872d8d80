import Experiments
import Foundation
import Reports
import Tensors
import ZeroMQTransport

extension Provenance {
  /// This program on this machine, now.
  static var here: Provenance {
    var provenance = machine
    provenance.date = ISO8601DateFormatter().string(from: Date())
    return provenance
  }

  private static let machine: Provenance = {
    var provenance = Provenance()
    provenance.hebb = ThisProgram.version
    provenance.commit = ThisProgram.commit
    provenance.host = hostName
    provenance.system = systemName
    provenance.processor = processorName
    provenance.cores = ProcessInfo.processInfo.activeProcessorCount
    provenance.blas = MatrixLibrary.description.trimmingCharacters(in: .whitespaces)
    provenance.blasKernels = [MatrixLibrary.kernel]
    provenance.libzmq = Context.libraryVersion
    provenance.libsodium = SHA256.libraryVersion
    provenance.sqlite = StudyDatabase.libraryVersion
    return provenance
  }()

  /// Its name here; nobody else is asked for it.
  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    return gethostname(&name, name.count - 1) == 0 ? text(name) : ""
  }

  private static var systemName: String {
    var names = utsname()
    guard uname(&names) == 0 else { return ProcessInfo.processInfo.operatingSystemVersionString }
    func field<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { text($0.map { CChar(bitPattern: $0) }) }
    }
    let kernel = [field(names.sysname), field(names.release), field(names.machine)]
    return ProcessInfo.processInfo.operatingSystemVersionString + ", "
      + kernel.joined(separator: " ")
  }

  private static var processorName: String? {
    #if os(macOS)
      var name = [CChar](repeating: 0, count: 256)
      var byteCount = name.count - 1
      let status = sysctlbyname("machdep.cpu.brand_string", &name, &byteCount, nil, 0)
      return status == 0 ? text(name) : nil
    #else
      let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
      return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    #endif
  }

  /// Up to the first zero.
  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
