import Experiments

extension Experiment {
  /// Whether a run of it ends on the same bits whoever is how fast.
  var isRepeatable: Bool {
    switch cluster.consistency {
    case .local: true
    case .bsp: cluster.drop == 0
    case .ssp, .asp: false
    }
  }
}
