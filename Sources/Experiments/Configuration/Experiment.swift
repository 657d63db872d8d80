public import Compression
public import Consolidation
public import Methods
public import Models
public import Roles
public import Settings
public import Streams
import Tensors
public import Updates

/// One experiment: everything that a run depends on besides the data files and the program.
///
/// It is read from a YAML file (see ``init(yaml:named:sets:)``); every key has a default, and
/// `cluster/experiments/reference.yaml` lists them all.
public struct Experiment: Sendable, Hashable {
  public var name = "glyphs"
  public var seed: UInt64 = 1
  public var data = Data()
  public var stream = Stream()
  public var model = Model()
  public var optimizer = Optimizer()
  /// Examples of a step over all workers together.
  public var batch = 128
  public var method = MethodChoice(EWC())
  /// Methods to run one after another and compare; empty: just `method`.
  public var compare: [MethodChoice] = []
  /// λ of methods that are given none.
  public var strengths = Strengths()
  public var penalty = Penalty()
  public var cluster = Cluster()
  public var placement = Placement()
  public var arrival = Arrival()
  public var communication = Link()
  public var simulation = Simulation()

  /// The default experiment.
  public init() {}

  /// Which data, and how pixels become inputs.
  public struct Data: Sendable, Hashable {
    /// `glyphs`, or the name of a folder of IDX files.
    public var set = "glyphs"
    public var mean = 0.0
    public var deviation = 1.0
    /// Labels of which no example is trained.
    public var trainingWithout: [Int] = []
  }

  /// The task stream.
  public struct Stream: Sendable, Hashable {
    /// Whose examples a batch is drawn from.
    public enum Batches: String, Sendable, Hashable, CaseIterable {
      case node, global
    }

    /// How tasks differ, with the settings of that.
    public var kind = Chosen<any StreamKind>(SplitStream())
    public var tasks = 5
    /// In which order the tasks come.
    public var order = StreamOrder.given
    public var scenario = Scenario.domain
    public var lossClasses = StreamSpecification.LossClasses.all
    public var padding = 0
    public var examplesPerTask: Int?
    public var testExamplesPerTask: Int?
    public var epochs = 4
    /// Evaluate all tasks every so many steps; `nil`: at boundaries only.
    public var evaluationEverySteps: Int?
    /// Steps per task; when given, `epochs` does not count.
    public var iterations: Int?
    /// Whether each worker has batches of its own examples, or all compute their parts of one.
    public var batches = Batches.node
  }

  /// The network.
  public struct Model: Sendable, Hashable {
    /// Which, with its settings.
    public var kind = Chosen<any NetworkKind>(Perceptron())
    public var initialization = Initialization.pytorch

    /// The network for data of a shape.
    ///
    /// - Throws: `DataError` when it takes words and these are none, or the reverse.
    package func network(for shape: DataShape) throws(DataError) -> any Network {
      guard kind.value.readsText == (shape.example.text != nil) else {
        throw DataError(
          kind.value.readsText
            ? "model.kind \(kind.name) answers questions about texts, but the data have none; use "
              + "data.set=stories or model.kind=mlp"
            : "model.kind \(kind.name) takes quantities, but the data are texts; use "
              + "model.kind=memory-network")
      }
      return kind.value.network(for: shape.example, outputs: shape.outputs)
    }

    /// What training begins with at each stage, if that is another network.
    package func opening(for shape: DataShape) -> Opening? {
      kind.value.opening(for: shape.example, outputs: shape.outputs)
    }
  }

  /// The optimiser at the servers, and clipping at the workers.
  public struct Optimizer: Sendable, Hashable {
    /// How the rate changes.
    public enum Schedule: String, Sendable, Hashable, CaseIterable {
      case constant, step, cosine, milestones
    }

    /// The update rule.
    public var kind = OptimizerSpecification.Kind.adam
    public var rate = 0.001
    public var momentum = 0.9
    public var beta1 = 0.9
    public var beta2 = 0.999
    public var epsilon = 1e-8
    public var schedule = Schedule.constant
    public var scheduleEvery = 1000
    public var scheduleFactor = 0.1
    public var scheduleSteps = 1000
    public var scheduleFloor = 0.0
    public var scheduleAt: [Int] = []
    public var scheduleFactors: [Double] = []
    public var resetAtBoundary = false
    /// Largest norm of a worker's gradient; `nil`: any.
    public var clip: Double?
  }

  /// How forgetting is fought, and when.
  public struct MethodChoice: Sendable, Hashable {
    /// When a stage is consolidated, and whether all workers meet there.
    public enum Consolidate: String, Sendable, Hashable, CaseIterable {
      case onGlobalBoundary = "on-global-boundary"
      case onWorkerBoundary = "on-worker-boundary"
      case every, never
    }

    /// Which method, with its settings.
    public var chosen: Chosen<any Method>
    public var consolidate = Consolidate.onGlobalBoundary
    /// `every`: steps between two provisional importances of a worker.
    public var consolidateEvery = 100

    /// Consolidates where all workers meet.
    public init(_ method: some Method) { chosen = Chosen(method) }

    /// The method with its settings.
    public var value: any Method { chosen.value }
    /// What files call it.
    public var name: String { chosen.name }
    /// λ of λ/2 Σ Ω (θ − θ*)²; 0 for a method without a penalty.
    public var strength: Double { value.penalty?.strength ?? 0 }
  }

  /// How the penalty enters a step.
  public struct Penalty: Sendable, Hashable {
    public var form = PenaltyForm.gradient
    public var site = PenaltySite.server
    /// Whether it waits where a gradient is zero.
    public var isLazy = false
  }

  /// The processes.
  public struct Cluster: Sendable, Hashable {
    /// How local processes talk.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
      case ipc, tcp
    }

    /// When a step is applied, and who waits for whom.
    public enum Consistency: String, Sendable, Hashable, CaseIterable {
      case bsp, ssp, asp, local
    }

    /// Which kernels of the matrix library the workers may compute with.
    public enum Kernels: String, Sendable, Hashable, CaseIterable {
      case same, any
    }

    /// How much a stale gradient counts.
    public enum StalenessWeight: String, Sendable, Hashable, CaseIterable {
      case none, inverse
    }

    /// Worker processes.
    public var workers = 4
    public var servers = 2
    public var consistency = Consistency.bsp
    /// SSP: steps a worker may be ahead of the slowest.
    public var stalenessBound = 3
    /// BSP: pushes of a step that are not waited for.
    public var drop = 0
    /// local: steps between two pushes.
    public var localSteps = 4
    /// local: the servers' rate for the mean way of the workers.
    public var outerRate = 1.0
    /// local: the servers' momentum for it (Nesterov's).
    public var outerMomentum = 0.0
    public var stalenessWeight = StalenessWeight.none
    /// λ of delay compensation.
    public var delayCompensation = 0.0
    public var transport = Transport.ipc
    public var kernels = Kernels.same
    /// How long nodes wait for each other.
    public var timeouts = Timeouts()
    /// How many times as long a worker's work takes.
    public var factors = Factors.listed([])
    /// What is done so that a run survives the loss of processes.
    public var recovery = Recovery()
  }

  /// Which examples a worker gets.
  public struct Placement: Sendable, Hashable {
    /// The rules.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      case iid, shards
      case dirichletByClass = "dirichlet-by-class"
      case dirichletByNode = "dirichlet-by-node"
      case classesPerNode = "classes-per-node"
      case quantityDirichlet = "quantity-dirichlet"
      case featureNoise = "feature-noise"
    }

    /// The rule, and the numbers that the rules take.
    public var kind = Kind.iid
    public var beta = 0.5
    public var minimum = 1
    public var balance = false
    public var alpha = 1.0
    public var shards = 2
    public var classes = 2
    public var sigma = 0.1
  }

  /// What a worker gets when.
  public struct Arrival: Sendable, Hashable {
    /// The order of its tasks.
    public enum Order: String, Sendable, Hashable, CaseIterable {
      case shared, rotated, permuted, owned, lists
    }

    /// When it begins.
    public enum Onset: String, Sendable, Hashable, CaseIterable {
      case sync, offset, poisson
    }

    /// How sharp boundaries are.
    public enum Boundary: String, Sendable, Hashable, CaseIterable {
      case hard, blurry
    }

    /// The order of its tasks, and the numbers that go with it.
    public var order = Order.shared
    public var by = 1
    public var lists: [[Int]] = []
    public var onset = Onset.sync
    public var offset = 10
    public var rate = 0.1
    public var boundary = Boundary.hard
    public var disjoint = 0.5
    public var mixture = 0.1
  }

  /// How vectors travel.
  public struct Link: Sendable, Hashable {
    /// How a vector is written.
    public enum Codec: String, Sendable, Hashable, CaseIterable {
      case none, fp16, bf16, int8, int4, ternary, sign, threshold
      case topK = "top-k"
      case randomK = "random-k"
      case powerSGD = "power-sgd"
    }

    /// How an importance is written.
    public enum Importance: String, Sendable, Hashable, CaseIterable {
      case fp32, fp16, log8
    }

    /// Which values top-k takes.
    public enum Selection: String, Sendable, Hashable, CaseIterable {
      case magnitude, movable
    }

    /// One direction.
    public struct Coding: Sendable, Hashable {
      public var codec = Codec.none
      /// Share of values that top-k and random-k keep.
      public var density = 0.01
      /// How sparse codecs write them.
      public var values = ValueFormat.fp32
      /// Values that share a scale.
      public var bucket = 512
      public var rank = 2
      public var threshold = 0.001

      /// Everything as it is.
      public init() {}
    }

    /// Gradients, and the answers to them.
    public var push = Coding()
    public var pull = Coding()
    /// Whether a worker keeps what its codec leaves out.
    public var feedback = true
    /// μ of momentum correction.
    public var momentum = 0.0
    public var masking = false
    /// Largest norm of a worker's gradient before it is encoded.
    public var clip: Double?
    /// Steps until the density is reached; `nil`: at once.
    public var warmUp: Int?
    public var residual = ErrorFeedback.Boundary.keep
    public var selection = Selection.magnitude
    /// Whether workers compute at what they have not pushed yet, too.
    public var overlay = false
    /// ηλU above which a place is not pushed; `nil`: all are.
    public var gate: Double?
    /// Changes that a server keeps.
    public var ring = 16
    public var pullResidual = ErrorFeedback.Boundary.keep
    public var importance = Importance.fp32
  }

  /// What things cost on the simulator's virtual clock.
  public struct Simulation: Sendable, Hashable {
    /// How latencies are drawn.
    public enum Latency: String, Sendable, Hashable, CaseIterable {
      case uniform, exponential
    }

    /// How many processors the nodes have.
    public enum Cores: Sendable, Hashable {
      /// As many as this machine, for all of them: what a local cluster of processes has.
      case calibrated
      /// One for each node.
      case unlimited
      /// So many for all of them.
      case shared(Int)
    }

    /// Whether anything takes virtual time.
    public enum Clock: String, Sendable, Hashable, CaseIterable {
      case costs, free
    }

    /// What workers send in the simulator's one process.
    public enum Vectors: String, Sendable, Hashable, CaseIterable {
      case automatic, kept, again
    }

    /// Whether anything takes time at all.
    public var clock = Clock.costs
    /// Of one gradient; a cost that is `nil` is looked up in a calibration of this machine.
    public var stepMilliseconds: Double?
    /// Of a slice of an evaluation, and of an importance pass.
    public var sliceMilliseconds: Double?
    public var importanceMilliseconds: Double?
    public var stragglerShare = 0.0
    public var stragglerFactor = 4.0
    /// Triples of worker, start and length in seconds.
    public var pauses: [[Double]] = []
    public var latency = Latency.uniform
    public var latencyMinimumMilliseconds: Double?
    public var latencyMaximumMilliseconds: Double?
    public var megabytesPerSecond: Double?
    public var messageMicroseconds: Double?
    public var serverNanosecondsPerByte: Double?
    public var cores = Cores.unlimited
    /// Workers that compute; the others use their gradients. `nil`: all.
    public var computingWorkers: Int?
    public var vectors = Vectors.automatic

    /// All costs are looked up, and nothing goes wrong.
    public init() {}
  }
}
