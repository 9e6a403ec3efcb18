/// The keys of a takeover file.
enum TakeoverKey: String, ConfigurationKey {
    case takeover, runbook, revision, version, oldRevision, parameters, manifests
}
