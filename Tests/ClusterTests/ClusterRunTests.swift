import Foundation
import Reports
import Testing

extension Processes {
  @Suite(.serialized) struct `A cluster of processes` {
    private func result(_ arguments: [String]) throws -> RunResult {
      let scratch = Scratch()
      let run = try Program(arguments + ["--output", scratch.file("out"), "--quiet"])
      #expect(run.status == 0, "\(run.errors)")
      return try #require(try ResultFolder(scratch.file("out")).read().first)
    }

    @Test(arguments: ["ipc", "tcp"])
    func `ends on the same weights for any number of servers and as the simulator`(
      transport: String
    ) throws {
      let base = quick + ["--set", "method.name=ewc", "--workers", "2"]
      let simulated = try result(["simulate"] + base)
      #expect(simulated.weightsSha256?.count == 64)
      for servers in ["1", "2", "3"] {
        let run = try result(
          ["run"] + base + ["--servers", servers, "--set", "cluster.transport=\(transport)"])
        #expect(run.weightsSha256 == simulated.weightsSha256)
        #expect(run.matrix == simulated.matrix)
        #expect(run.provenance?.isEncrypted == (transport == "tcp" ? true : nil))
      }
      #expect(try leftovers().isEmpty)
    }

    @Test(arguments: [
      ["penalty.at=worker", "communication.importance=log8", "communication.gate=0.01"],
      [
        "communication.push-codec=top-k", "communication.push-selection=movable",
        "communication.pull-codec=top-k", "communication.pull-residual=drop",
      ],
      [
        "cluster.consistency=local", "cluster.local-steps=3", "method.name=fedcurv",
        "communication.push-codec=power-sgd",
      ],
      [
        "method.name=replay+ewc", "method.memory=30", "stream.batches=global",
        "placement.kind=dirichlet-by-class",
      ],
      ["method.name=lwf+mas", "method.temperature=3"],
      [
        "method.name=generative-replay+ewc", "method.generator-hidden=[16]", "method.latents=4",
        "stream.scenario=class",
      ],
      [
        "method.name=gem", "method.memories=6", "optimizer.kind=sgd", "optimizer.rate=0.1",
        "communication.push-codec=fp16",
      ],
    ]) func `that holds, gates or codes ends where the simulator ends`(sets: [String]) throws {
      let base =
        quick + ["--workers", "3", "--servers", "2"]
        + (["method.name=ewc"] + sets).flatMap { ["--set", $0] }
      let (run, simulated) = (try result(["run"] + base), try result(["simulate"] + base))
      #expect(run.weightsSha256?.count == 64 && run.weightsSha256 == simulated.weightsSha256)
      #expect(run.communication.push == simulated.communication.push)
      #expect(run.communication.pull == simulated.communication.pull)
      #expect(run.communication.importance == simulated.communication.importance)
      let tasks = simulated.communication.byTask.filter { $0.task != nil }
      #expect(run.communication.byTask.filter { $0.task != nil } == tasks && !tasks.isEmpty)
      #expect(run.diagnostics.activity == simulated.diagnostics.activity)
      #expect(run.kept == simulated.kept && (run.kept?.total ?? 0) > 0)
    }

    @Test(arguments: ["ipc", "tcp"])
    func `counts the same data bytes as the simulator`(transport: String) throws {
      let base =
        quick + ["--set", "method.name=mas", "--workers", "3"]
        + ["--set", "cluster.transport=\(transport)"]
      let simulated = try result(["simulate"] + base)
      let run = try result(["run"] + base)
      #expect(run.communication.push == simulated.communication.push)
      #expect(run.communication.pull == simulated.communication.pull)
      #expect(run.communication.importance == simulated.communication.importance)
      #expect(run.communication.importance.payloadBytes > 0)
    }

    @Test func `writes all result files and a page without scripts`() throws {
      let scratch = Scratch()
      let out = scratch.file("out")
      let run = try Program(["run", "--output", out] + quick)
      #expect(run.status == 0, "\(run.errors)")
      for method in ["none", "ewc", "mas", "joint"] {
        for name in [
          "experiment.yaml", "result.json", "matrix.csv", "events.jsonl", "weights.safetensors",
        ] {
          #expect(FileManager.default.fileExists(atPath: "\(out)/\(method)/\(name)"))
        }
      }
      let page = try String(contentsOfFile: out + "/report.html", encoding: .utf8)
      #expect(page.contains("<svg") && !page.contains("<script") && !page.contains("http"))
      #expect(!run.output.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
      #expect(run.output.contains("ACC") && run.output.contains("report: "))
      let rebuilt = try Program(["report", out, "--output", scratch.file("again.html")])
      #expect(rebuilt.status == 0)
      // From another place the way to the files is longer.
      let again = try String(contentsOfFile: scratch.file("again.html"), encoding: .utf8)
      #expect(page.contains("href=\"mas/weights.safetensors\"") && again != page)
      #expect(again.replacing("href=\"out/", with: "href=\"") == page)
    }

    @Test func `prints only the result with --json and nothing with --quiet`() throws {
      let scratch = Scratch()
      let single = quick + ["--set", "method.name=none"]
      let json = try Program(["run", "--json", "--output", scratch.file("a")] + single)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(object?["schema"] as? Int == 1)
      #expect(object?["backward_transfer"] is Double)
      #expect(object?["intransigence"] is NSNull)
      let quiet = try Program(["run", "--quiet", "--output", scratch.file("b")] + single)
      #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
    }

    @Test func `says what it was made with`() throws {
      let scratch = Scratch()
      let program = try Program(["--version"])
      #expect(program.status == 0 && program.output.hasPrefix("0.1.0"), "\(program.output)")
      let run = try result(["run", "--set", "method.name=none", "--workers", "2"] + quick)
      let made = try #require(run.provenance)
      #expect(made.hebb == "0.1.0" && made.figuresVersion == Provenance.currentFigures)
      #expect(made.date.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
      #expect(!made.host.isEmpty && made.cores >= 1 && made.blas.contains("OpenBLAS"))
      #expect(made.blasKernels.count == 1)
      for version in [made.libzmq, made.libsodium, made.sqlite] {
        #expect(version.wholeMatch(of: /\d+\.\d+\.\d+/) != nil, "\(version)")
      }
      #expect(run.dataSha256?.count == 64 && run.isRepeatable == true)

      // Whoever builds it may leave the commit beside it.
      let (copy, commit) = (scratch.file("hebb"), String(repeating: "0123456789", count: 4))
      try FileManager.default.copyItem(atPath: Program.url.path, toPath: copy)
      for (note, told) in [
        (commit, " (\(commit))"), (commit + "-dirty", " (\(commit)-dirty)"), ("?", ""),
      ] {
        _ = try scratch.write(note + "\n", to: "hebb-commit")
        let line = try Program(shell: "'\(copy)' --version")
        #expect(line.output == "0.1.0\(told)\n", "\(line.errors)")
      }
    }

    #if arch(x86_64)
      @Test func `whose kernels differ is refused, or told of where that is wanted`() throws {
        for (sets, status) in [([], Int32(8)), (["--set", "cluster.kernels=any"], 0)] {
          let scratch = Scratch()
          let endpoint = "ipc://" + scratch.file("c")
          let nodes = [
            ["work", "--rank", "0"], ["work", "--rank", "1"],
            ["serve", "--rank", "0", "--bind", "ipc://" + scratch.file("s")],
          ].map { Program.make($0 + ["--coordinator", endpoint]).0 }
          for (node, kernel) in zip(nodes, ["Haswell", "Nehalem", "Nehalem"]) {
            node.environment = ProcessInfo.processInfo.environment
              .merging(["OPENBLAS_CORETYPE": kernel]) { $1 }
            try node.run()
          }
          let conducted = try Program(
            [
              "coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--set",
              "method.name=none", "--workers", "2", "--servers", "1",
            ] + sets + quick)
          for node in nodes { node.waitUntilExit() }
          #expect(conducted.status == status, "\(conducted.errors)")
          guard status == 0 else {
            #expect(conducted.errors.contains("multiplies with the kernel"))
            #expect(conducted.errors.contains("Haswell") && conducted.errors.contains("Nehalem"))
            continue
          }
          let run = try ResultFolder(scratch.file("out")).read()[0]
          #expect(run.provenance?.blasKernels == ["Haswell", "Nehalem"])
          #expect(conducted.output.contains("different kernels of the matrix library"))
        }
      }
    #endif

    @Test func `repeats itself from its own resolved experiment`() throws {
      let scratch = Scratch()
      let first = try Program(
        ["run", "--output", scratch.file("a"), "--quiet", "--set", "method.name=si"] + quick)
      #expect(first.status == 0)
      let again = try Program([
        "run", scratch.file("a") + "/experiment.yaml", "--output", scratch.file("b"), "--quiet",
      ])
      #expect(again.status == 0)
      let results = try ["a", "b"].map { try ResultFolder(scratch.file($0)).read()[0] }
      #expect(results[0].weightsSha256 == results[1].weightsSha256)
    }

    @Test func `started node by node in any order it gives the same weights`() throws {
      let scratch = Scratch()
      let endpoint = "ipc://" + scratch.file("c")
      let single = quick + ["--set", "method.name=none", "--workers", "2", "--servers", "1"]
      // The workers come first, the coordinator last.
      let children = [
        Program.make(["work", "--coordinator", endpoint, "--rank", "1"]),
        Program.make(["work", "--coordinator", endpoint, "--rank", "0"]),
        Program.make([
          "serve", "--coordinator", endpoint, "--rank", "0", "--bind", "ipc://" + scratch.file("s"),
        ]),
      ]
      for child in children { try child.0.run() }
      let conducted = try Program(
        ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + single)
      #expect(conducted.status == 0, "\(conducted.errors)")
      for child in children {
        child.0.waitUntilExit()
        #expect(child.0.terminationStatus == 0)
      }
      let simulated = try result(["simulate"] + single)
      #expect(
        try ResultFolder(scratch.file("out")).read()[0].weightsSha256 == simulated.weightsSha256)
    }
  }
}
