extension JSON {
    /// The document a text holds, or `nil` when it holds none.
    ///
    /// Annotations and manifests carry JSON as text. One that is cut off or
    /// written by hand is ordinary, so it is a value too.
    public init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }

    /// The document in some bytes, or `nil` when they are none.
    public init?(parsing bytes: [UInt8]) {
        // What is wrong with it matters to nobody here.
        guard let document = try? JSONParser.parse(bytes) else { return nil }
        self = document
    }
}
