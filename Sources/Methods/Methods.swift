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
  ]

  /// What `method.name` chooses from.
  public static let catalog = Catalog<Chosen<any Method>>(all)
}
