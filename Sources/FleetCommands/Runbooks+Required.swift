import FleetModel
import Takeovers

extension Runbooks {
    /// - Throws: which ones there are, when there is none of that name.
    static func required(_ name: String) throws(UsageError) -> any Runbook.Type {
        guard let runbook = named(name) else {
            throw .unknownRunbook(name, known: names)
        }
        return runbook
    }
}
