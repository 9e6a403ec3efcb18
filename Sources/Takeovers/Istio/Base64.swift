/// The bytes that a text in base 64 (RFC 4648, with padding) stands for; `nil` when it
/// is none. Certificates come so, and nothing else that we read.
func base64Decoded(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    let padding = digits.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard digits.count.isMultiple(of: 4), padding < 3 else { return nil }
    var bytes: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for digit in digits.dropLast(padding) {
        guard let value = base64Values[digit] else { return nil }
        bits = bits << 6 | value
        count += 6
        guard count >= 8 else { continue }
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
}

private let base64Values: [UInt8: UInt32] = {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    return Dictionary(uniqueKeysWithValues: digits.enumerated().map { ($1, UInt32($0)) })
}()
