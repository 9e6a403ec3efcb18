import FleetModel

/// A value and where it was written, while a configuration is still being put together.
struct Written<Value> {
    let value: Value
    let place: SourceLocation
}

extension Section {
    /// A line of text with its place.
    func written(_ key: Key) -> Written<String>? {
        text(key).map { Written(value: $0, place: place(of: key)) }
    }
}
