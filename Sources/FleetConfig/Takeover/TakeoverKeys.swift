/// The keys of a takeover file.
enum TakeoverKey: String, ConfigurationKey {
    case takeover, runbook, revision, version, oldRevision, parameters, manifests, steps
}

/// The keys of a step that a takeover adds.
enum OwnStepKey: String, ConfigurationKey {
    case name, title, phase, before, after, `where`, observe, act, timeout, poll, interrupt
}

/// The keys of the question whether such a step is done.
enum OwnQuestionKey: String, ConfigurationKey {
    case get, run, stdin, expect
}

/// The keys of what such a step does.
enum OwnActionKey: String, ConfigurationKey {
    case run, stdin, deadline
}
