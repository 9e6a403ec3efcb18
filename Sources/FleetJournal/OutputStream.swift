/// One of the two streams a command writes to.
public enum OutputStream: String, Hashable, Sendable, CaseIterable {
    case stdout
    case stderr
}
