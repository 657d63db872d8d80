import Foundation
import Running

extension Screen {
  /// - Parameter isQuiet: Nothing is shown but why a command ends and what it is there for.
  init(isQuiet: Bool) {
    self.init(isQuiet: isQuiet, environment: ProcessInfo.processInfo.environment)
  }
}
