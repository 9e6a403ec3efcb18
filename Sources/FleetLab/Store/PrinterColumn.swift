/// A column of a kind's table, as a CustomResourceDefinition declares it.
public struct PrinterColumn: Hashable, Sendable {
    public var name: String
    /// `string`, `integer`, `number`, `boolean` or `date`.
    public var type: String
    /// Where the cell's value is, in kubectl's JSONPath, such as `.spec.replicas`.
    public var path: String
    /// Zero is always shown; anything above only by `-o wide`.
    public var priority: Int

    public init(name: String, type: String, path: String, priority: Int = 0) {
        self.name = name
        self.type = type
        self.path = path
        self.priority = priority
    }
}
