/// Which texts are whole numbers to every reader of YAML.
enum WholeNumber {
    /// Plain digits after an optional minus. A leading zero would mean an octal number
    /// to some readers, and a plus or an underscore nothing to others.
    static func isWritten(in text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let first = digits.first, digits.allSatisfy(isDigit) else { return false }
        return digits.count == 1 || first != UInt8(ascii: "0")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
