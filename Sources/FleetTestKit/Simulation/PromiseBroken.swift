/// A promise every run makes to its operator, seen broken.
public struct PromiseBroken: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
