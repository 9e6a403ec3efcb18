extension StringProtocol {
    /// The text with its percent escapes resolved; an escape that is none stays as it is.
    ///
    /// - Parameter plusIsSpace: whether this is part of a query, where `+` stands for a space.
    /// - Returns: the decoded text; bytes that are no UTF-8 become U+FFFD.
    func percentDecoded(plusIsSpace: Bool = false) -> String {
        var decoded: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
