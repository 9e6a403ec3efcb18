import FleetModel

/// Where readers note mistakes and go on, so that all of them come out together.
///
/// A class, because one log is shared by everything that reads a configuration.
/// It never leaves the task that made it.
final class MistakeLog {
    private(set) var mistakes: [ConfigurationMistake] = []

    var isEmpty: Bool { mistakes.isEmpty }

    func note(_ mistake: ConfigurationMistake) { mistakes.append(mistake) }

    func note(_ more: [ConfigurationMistake]) { mistakes += more }

    /// Throws everything noted so far, if anything was.
    func throwIfAny() throws(ConfigurationErrors) {
        if !mistakes.isEmpty { throw ConfigurationErrors(mistakes) }
    }
}
