public import Experiments
import Foundation

extension MachineMemory {
  /// This machine's memory as far as this process may have it: a container or `ulimit -v` can leave
  /// it less than there is.
  public static var here: MachineMemory {
    let physical = Double(ProcessInfo.processInfo.physicalMemory)
    var memory = MachineMemory(total: physical, available: free ?? physical)
    if let group { memory = memory.limited(to: group) }
    var limit = rlimit()
    #if os(Linux)
      let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    #else
      let isKnown = getrlimit(RLIMIT_AS, &limit) == 0
    #endif
    if isKnown {
      memory = memory.limited(
        to: MachineMemory(total: Double(limit.rlim_cur), available: Double(limit.rlim_cur)))
    }
    return memory
  }

  private func limited(to other: MachineMemory) -> MachineMemory {
    MachineMemory(
      total: min(total, other.total), available: min(available, other.available))
  }

  /// Without taking it from anybody else, swapping included; only Linux says.
  private static var free: Double? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
      return nil
    }
    func kilobytes(_ name: String) -> Double? {
      text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Double($0) }
    }
    return kilobytes("MemAvailable").map { 1024 * ($0 + (kilobytes("SwapFree") ?? 0)) }
  }

  /// What the container may have; `nil` where there is none or it has no limit.
  private static var group: MachineMemory? {
    func number(_ name: String) -> Double? {
      let text = try? String(contentsOfFile: "/sys/fs/cgroup/\(name)", encoding: .utf8)
      return text.flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
    guard let limit = number("memory.max") else { return nil }
    return MachineMemory(total: limit, available: limit - (number("memory.current") ?? 0))
  }
}
