public import Settings

/// The list of methods.
public enum Methods {
  /// A line for each, in the order in which messages list them; the first one does nothing.
  public static let all: [any Method.Type] = [
    Plain.self,
    Joint.self,
    Independent.self,
    L2.self,
    EWC.self,
    MAS.self,
    SI.self,
    FedCurv.self,
    RWalk.self,
    SCP.self,
    Replay.self,
    GEM.self,
    AGEM.self,
    LwF.self,
    GenerativeReplay.self,
    ICaRL.self,
    BiC.self,
    PrototypeReadout.self,
    Distill.self,
    Hebb.self,
    Competitive.self,
    Associative.self,
  ]

  /// What `method.name` chooses from.
  public static let catalog = Catalog<Chosen<any Method>>(all, composition: composition)

  /// What stands between the names of methods that are combined.
  public static let plus: Character = "+"

  /// Makes `replay+ewc` of two methods of the list.
  private static let composition = Catalog<Chosen<any Method>>.Composition {
    (name) throws(SettingError) in
    try Combined.kind(named: name)
  } name: {
    $0.value(as: Combined.self)?.word
  }
}
