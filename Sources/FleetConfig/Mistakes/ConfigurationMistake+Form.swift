import FleetModel

/// Mistakes in the form of a file: not readable, not text, not the YAML we take.
extension ConfigurationMistake {
    static func unreadable(
        _ path: String, because reason: String, namedAt location: SourceLocation? = nil,
        others: [String] = []
    ) -> Self {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let nearest = NearestWord.to(name, among: others)
        let known = others.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        let elsewhere = "name the directory with Inventory/ and Policies/ by `--project`"
        return Self(
            "\(path.quoted) can't be read: \(reason)", at: location,
            hint: nearest.map { "did you mean `\($0)`?" }
                ?? (others.isEmpty
                    ? (location == nil ? elsewhere : nil)
                    : "the directory has \(known)"))
    }

    static func noConfigurationFiles(in directory: String) -> Self {
        Self(
            "\(directory.quoted) has no file that ends in `.yaml` or `.yml`", at: nil,
            hint: "write one that lists the fleet under `clusters:`")
    }

    static func tooManyFiles(in directory: String, limit: Int) -> Self {
        Self(
            "\(directory.quoted) has more than \(limit) files", at: nil,
            hint: "put several into one")
    }

    static func tooLarge(bytes: Int, limit: Int, at location: SourceLocation) -> Self {
        Self(
            "the file has \(bytes) bytes, more than the \(limit) that are read", at: location,
            hint: "split it into several files of the same directory")
    }

    static func notUTF8(at location: SourceLocation) -> Self {
        Self("the file isn't UTF-8 text", at: location, hint: "save it as UTF-8")
    }

    static func controlCharacter(_ scalar: Unicode.Scalar, at location: SourceLocation) -> Self {
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        return Self(
            "the control character U+\(padded) can't be used in YAML", at: location,
            hint: "remove it")
    }

    static func empty(at location: SourceLocation) -> Self {
        Self("the file is empty", at: location, hint: "fill it, or remove it")
    }

    static func anotherDocument(at location: SourceLocation) -> Self {
        Self(
            "the file has more than one YAML document", at: location,
            hint: "put what follows `---` into a file of its own")
    }

    static func syntax(_ problem: String, at location: SourceLocation) -> Self {
        Self("this isn't YAML: \(problem)", at: location)
    }

    static func tab(at location: SourceLocation) -> Self {
        Self("a tab can't indent YAML", at: location, hint: "indent with spaces")
    }

    static func aliases(at location: SourceLocation) -> Self {
        Self(
            "YAML aliases such as `*name` can't be used", at: location,
            hint: "write the value out, or put it in quotes if `*` is meant as text")
    }

    static func anchor(_ name: String, at location: SourceLocation) -> Self {
        Self(
            "the YAML anchor \("&\(name)".quoted) can't be used", at: location,
            hint: "write the value out in each place that needs it")
    }

    static func mergeKey(at location: SourceLocation) -> Self {
        Self(
            "the YAML merge key `<<` can't be used", at: location,
            hint: "write the merged keys out")
    }

    static func tag(_ name: String, at location: SourceLocation) -> Self {
        Self("the YAML tag \(name.quoted) can't be used", at: location, hint: "remove it")
    }

    static func keyIsNoText(at location: SourceLocation) -> Self {
        Self("a key should be text, got: a list or a mapping", at: location)
    }

    static func tooDeep(limit: Int, at location: SourceLocation) -> Self {
        Self("this is nested deeper than the \(limit) levels that are read", at: location)
    }

    static func tooManyValues(limit: Int, at location: SourceLocation) -> Self {
        Self(
            "the file has more than the \(limit) values that are read", at: location,
            hint: "split it into several files of the same directory")
    }
}
