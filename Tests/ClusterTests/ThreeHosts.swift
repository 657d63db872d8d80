import Foundation

/// Three hosts a, b and c on one machine, on a network of their own: 10.77.0.1 to 3 and fd77::1 to
/// 3; a is called `coordinator.test`, too.
///
/// Each is a network namespace, and all of it, the names of the namespaces included, lies in
/// namespaces of mounts and processes that end with the script, however it ends.
enum ThreeHosts {
  /// What has to be there for it.
  static let need = "needs ip (iproute2), unshare, nsenter and the right to make network namespaces"

  static let arePossible: Bool = {
    let trial = try? run("on a bash -c ': < /dev/null'", in: NSTemporaryDirectory())
    if trial?.status == 0 { return true }
    print("no test of three hosts: \(need)")
    return false
  }()

  /// Runs a script of bash that has `on HOST COMMAND…` and `$hebb`.
  ///
  /// - Parameter folder: For a file of this network's names.
  static func run(_ script: String, in folder: String) throws -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let user = geteuid() == 0 ? [] : ["--user", "--map-root-user"]
    process.arguments =
      ["unshare"] + user + [
        "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c",
        network + script, "hosts", Program.url.path, folder,
      ]
    // So that paths are those of the README.
    process.currentDirectoryURL = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  private static let network = """
    set -eu
    hebb=$1 folder=$2
    on() { nsenter --net="/run/netns/$1" "${@:2}"; }
    # The names of the namespaces are seen in here alone.
    mount -t tmpfs none /run
    ip netns add switch
    on switch ip link add bridge type bridge
    on switch ip link set bridge up
    number=0
    for host in a b c; do
      number=$((number + 1))
      ip netns add $host
      on switch ip link add to-$host type veth peer name eth0 netns $host
      on switch ip link set to-$host master bridge up
      on $host ip link set lo up
      on $host ip address add 10.77.0.$number/24 dev eth0
      on $host ip address add fd77::$number/64 dev eth0 nodad
      on $host ip link set eth0 up
    done
    printf '%s\\n' '127.0.0.1 localhost' '10.77.0.1 coordinator.test' > "$folder/hosts"
    mount --bind "$folder/hosts" /etc/hosts

    """
}
