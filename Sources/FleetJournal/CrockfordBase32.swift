/// Crockford's base 32: digits and capitals without I, L, O and U, so that an
/// id survives being read over the phone.
///
/// The alphabet and the forgiving reading are those of
/// <https://www.crockford.com/base32.html>.
enum CrockfordBase32 {
    /// The bytes five bits at a time, most significant first, the last group
    /// filled up with zeros.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (pending, count) = (0, 0)
        for byte in bytes {
            (pending, count) = (pending << 8 | Int(byte), count + 8)
            while count >= 5 {
                count -= 5
                text.append(alphabet[pending >> count & 31])
            }
            pending &= 1 << count - 1
        }
        if count > 0 { text.append(alphabet[pending << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// What somebody meant who wrote small letters, or an O for a zero.
    static func normalized(_ text: String) -> String {
        String(
            text.uppercased().map { character in
                switch character {
                case "O": "0"
                case "I", "L": "1"
                default: character
                }
            })
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
