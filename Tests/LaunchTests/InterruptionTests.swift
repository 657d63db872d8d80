import Foundation
import Testing

@testable import Launch

/// Whether a descriptor becomes readable within a time.
private func isReadable(_ descriptor: Int32, withinMilliseconds milliseconds: Int32 = 0) -> Bool {
  var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return poll(&item, 1, milliseconds) == 1
}

// Signals and what a process does about its parent belong to a whole process, so each of these
// tests has one of its own.
@Suite struct Interruptions {
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `wake a poll loop, even if the parent had them blocked`(signal: Int32) async {
    await #expect(processExitsWith: .success) { [signal] in
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      let interruption = Interruption()
      #expect(!isReadable(interruption.descriptor))
      // To this very thread, which could not hear it if it were still blocked.
      pthread_kill(pthread_self(), signal)
      #expect(isReadable(interruption.descriptor, withinMilliseconds: 5_000))
      #expect(interruption.read() == signal)
      #expect(!isReadable(interruption.descriptor))
    }
  }

  @Test func `end the process at the second Ctrl-C`() async {
    await #expect(processExitsWith: .exitCode(128 + SIGINT)) {
      let interruption = Interruption()
      kill(getpid(), SIGINT)
      guard isReadable(interruption.descriptor, withinMilliseconds: 5_000) else { exit(1) }
      kill(getpid(), SIGINT)
      usleep(5_000_000)
      exit(2)
    }
  }

  @Test func `of a dead parent, one for each of its threads, count as one`() async {
    await #expect(processExitsWith: .success) {
      let interruption = Interruption()
      for _ in 0..<3 { kill(getpid(), SIGTERM) }
      #expect(isReadable(interruption.descriptor, withinMilliseconds: 5_000))
      #expect(interruption.read() == SIGTERM)
    }
  }

  @Test func `do not come from a broken pipe`() async {
    await #expect(processExitsWith: .success) {
      let interruption = Interruption()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      #expect(write(ends[1], "x", 1) == -1 && errno == EPIPE)
      #expect(!isReadable(interruption.descriptor))
    }
  }

  @Test func `have names for people`() {
    #expect(Interruption.name(SIGINT) == "Ctrl-C" && Interruption.name(64) == "signal 64")
  }

  @Test func `come from a parent's death, which a child can see coming`() async {
    await #expect(processExitsWith: .success) {
      #expect(Parent.dieWith(getppid()))
      #expect(!Parent.dieWith(getpid()))
      #expect(!Parent.isGone(getppid()))
      #expect(Parent.isGone(getpid()))
    }
  }
}

@Suite struct `A mailbox` {
  @Test func `keeps the order and wakes as long as there is something`() {
    let mailbox = Mailbox<Int>()
    #expect(!isReadable(mailbox.descriptor) && mailbox.next() == nil)
    for item in 0..<100 { mailbox.post(item) }
    for item in 0..<100 {
      #expect(isReadable(mailbox.descriptor))
      #expect(mailbox.next() == item)
    }
    #expect(!isReadable(mailbox.descriptor) && mailbox.next() == nil)
  }

  @Test func `loses nothing that many threads say`() {
    let mailbox = Mailbox<Int>()
    for thread in 0..<4 {
      Thread.detachNewThread { for item in 0..<500 { mailbox.post(thread * 500 + item) } }
    }
    var heard: [Int] = []
    while heard.count < 2_000, isReadable(mailbox.descriptor, withinMilliseconds: 5_000) {
      if let item = mailbox.next() { heard.append(item) }
    }
    #expect(heard.sorted() == Array(0..<2_000))
    for thread in 0..<4 {
      let own = heard.filter { $0 / 500 == thread }
      #expect(own == own.sorted())
    }
  }
}
