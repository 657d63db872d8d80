import Testing

@testable import Launch

@Suite struct `Crash report` {
  private static let backtrace = [
    "*** Signal 4: Backtracing from 0x55b8d14494b0... done ***",
    "*** Program crashed: Illegal instruction at 0x000055b8d14494b0 ***",
    "Platform: x86_64 Linux (Debian GNU/Linux 12 (bookworm))",
    "Thread 0 \"hebb\" crashed:",
    "0  0x000055b8d14494b0 specialized Vector.subscript.getter + 832 in hebb",
    "1 [ra] 0x00007f6b0 main + 12 in hebb", "Registers:", "rax 0x7ffffffffffffffa  9223372036",
    "Backtrace took 0.00s",
  ]

  @Test func `names what happened and where if the trap said nothing`() {
    #expect(
      CrashReport(["a warning before"] + Self.backtrace)?.sentence
        == "Illegal instruction in specialized Vector.subscript.getter + 832 in hebb")
  }

  @Test func `repeats what the trap said`() {
    let message = "hebb/Vector.swift:12: Fatal error: the weights must fill the shard"
    #expect(CrashReport([message] + Self.backtrace)?.sentence == message)
    #expect(
      CrashReport([message, "Current stack trace:", "0 libswiftCore.so 0x00007f swift + 33"])?
        .sentence == message)
  }

  @Test func `is none where nothing crashed`() {
    #expect(CrashReport(["hebb: worker 0 found no coordinator"]) == nil)
    #expect(CrashReport(["*** Program crashed: Aborted at 0x0 ***"])?.sentence == "Aborted")
  }
}
