import Archives
import Roles

/// How a cluster with faults writes its cuts: in the background, so that processes can die before.
extension SimulatedCluster {
  /// A node's part, or the list of all, is written a moment later.
  mutating func begin(writing content: PendingWrite.Content, cut: Int, at place: Int) {
    guard let injection else { return }
    let index = index(of: ids[place])
    let number = injection.launcher.processes[index].number
    let write = PendingWrite(
      content: content, cut: cut, index: index, number: number, place: place)
    queue.add(.news(.written(injection.enter(write))), of: 0, at: now.later(by: 3_000))
  }

  /// Writes it, if the process is still there.
  mutating func finish(writing serial: Int) {
    guard let injection, let write = injection.writes[serial] else { return }
    let process = injection.launcher.processes[write.index]
    if process.number == write.number, let until = process.pausedUntil {
      queue.add(.news(.written(serial)), of: 0, at: until)
      return
    }
    injection.writes[serial] = nil
    guard process.number == write.number, process.isUp, let store = injection.store else { return }
    switch write.content {
    case .list(let entries): store.complete(cut: write.cut, entries)
    case .part(let archive):
      guard let outcome = store.write(archive, cut: write.cut, of: ids[write.place]) else { return }
      pass(.input(.saved(outcome, cut: write.cut)), to: write.place)
    }
  }

  /// The launcher waits for what it is writing before it looks for the last cut.
  mutating func finishWritingOfLauncher() {
    guard let injection else { return }
    for serial in injection.writes.keys.sorted() where injection.writes[serial]?.index == 0 {
      finish(writing: serial)
    }
  }
}

/// A file of a cut that is being written.
struct PendingWrite {
  enum Content {
    case part(Archive)
    case list([CutEntry])
  }

  let content: Content
  let cut: Int
  /// Of the node, and which of its processes and lives it is.
  let index: Int
  let number: Int
  let place: Int
}
