extension Experiment {
  /// What `hebb run` runs without arguments: five tasks of two glyphs each, four methods side by
  /// side.
  public static let defaultYAML = """
    # The default experiment: five tasks of two glyphs each, all answered by the same two outputs.
    name: glyphs
    seed: 1
    data: {set: glyphs}
    stream: {kind: split, tasks: 5, scenario: domain, epochs: 6}
    model: {hidden: [100, 100]}
    optimizer: {kind: adam, rate: 0.001}
    batch: 128
    cluster: {workers: 4, servers: 2}
    evaluation: {every-steps: 10}
    compare:
      - {name: none}
      - {name: ewc, lambda: 1000}
      - {name: mas, lambda: 1}
      - {name: joint}

    """
}
