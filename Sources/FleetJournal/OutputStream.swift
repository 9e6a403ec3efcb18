/// One of the two streams a command writes to, or what was killed with it.
public enum OutputStream: String, Hashable, Sendable, CaseIterable {
    case stdout
    case stderr
    /// Not written by the command: the processes that were ended with it, a line each.
    case killed
}
