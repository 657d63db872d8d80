import Methods
import Models
import Settings
import Streams
import Testing

@Suite struct `Methods that are combined` {
  private func choose(_ name: String) throws -> Chosen<any Method> {
    var chosen = Chosen<any Method>(Plain())
    try #require(try Methods.catalog.kind(named: name)).choose(&chosen)
    return chosen
  }

  private func sentence(_ name: String) -> String {
    do throws(SettingError) {
      return try Methods.catalog.kind(named: name) == nil ? "nothing" : "accepted"
    } catch {
      return error.description
    }
  }

  @Test func `fill the slots of both`() throws {
    let both = try choose("replay+ewc")
    #expect(both.name == "replay+ewc")
    #expect(both.value.label == "replay + ewc" && both.value.title == "Replay + EWC")
    #expect(both.value.memory == Replay().memory && both.value.rehearsal == Replay().rehearsal)
    #expect(both.value.penalty?.strength == EWC().strength && both.value.distillation == nil)
    let other = try choose("lwf+mas")
    #expect(other.value.distillation == LwF().distillation && other.value.memory == nil)
    #expect(other.value.penalty?.strength == MAS().strength)
    let again = try choose("replay+ewc")
    #expect(both != other && both == again)
  }

  @Test func `say how scores become answers if one of them does`() throws {
    let both = try choose("icarl+ewc")
    #expect(both.value.readout is NearestMean && both.value.penalty?.strength == EWC().strength)
    #expect(both.value.memory == ICaRL().memory && both.value.title == "iCaRL + EWC")
    #expect(try choose("replay+ewc").value.readout == nil)
    #expect(sentence("bic+lwf").contains("which both hold the network to other answers"))
    #expect(sentence("icarl+joint").contains("it is a way to train by itself"))
  }

  @Test func `have the keys of both, each for its own part`() throws {
    let kind = try #require(try Methods.catalog.kind(named: "replay+ewc"))
    #expect(
      kind.keys.map(\.name)
        == (Methods.catalog["replay"]?.keys.map(\.name) ?? [])
        + (Methods.catalog["ewc"]?.keys.map(\.name) ?? []))
    #expect(kind["lambda"]?.isBound == true)
    var chosen = try choose("replay+ewc")
    try kind["memory"]?.read(&chosen, Setting(key: "memory", value: .word("12")))
    try kind["lambda"]?.read(&chosen, Setting(key: "lambda", value: .word("7")))
    #expect(chosen.value.memory?.capacity == .total(12) && chosen.value.penalty?.strength == 7)
    #expect(kind["memory"]?.write(chosen) == "12" && kind["lambda"]?.write(chosen) == "7")
    #expect(Methods.catalog.kind(of: chosen).name == "replay+ewc" && kind.isChosen(chosen))
    #expect(Methods.catalog["lwf+ewc"]?.isChosen(chosen) == false)
  }

  @Test func `are refused where two do the same`() {
    #expect(
      sentence("ewc+mas")
        == "method.name combines ewc and mas, which both hold weights by a penalty; choose one of "
        + "them")
    #expect(sentence("replay+replay").contains("which both say which examples stay"))
  }

  @Test func `are refused where one is a way to train by itself`() {
    for name in ["joint+ewc", "ewc+independent", "none+ewc", "hebb+replay", "mas+competitive"] {
      #expect(sentence(name).contains("it is a way to train by itself; drop it"))
    }
  }

  @Test func `are refused where a part is no method`() {
    #expect(sentence("replay+ewx").contains("there is no method \"ewx\""))
    #expect(sentence("replay+ewx").hasSuffix("did you mean \"ewc\"?"))
    #expect(sentence("replay+").contains("there is no method \"\""))
    #expect(sentence("ewx") == "nothing")
  }

  /// Keys of one name would be read by one part and never reach the other.
  @Test func `have no key in common`() throws {
    for first in Methods.catalog.names {
      for second in Methods.catalog.names where sentence("\(first)+\(second)") == "accepted" {
        let names = try #require(Methods.catalog["\(first)+\(second)"]).keys.map(\.name)
        #expect(Set(names).count == names.count, "\(first)+\(second)")
      }
    }
  }
}
