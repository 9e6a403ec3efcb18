import Foundation

/// Whom a line of a known hosts file is about: patterns, or one name behind a hash.
enum KnownHostNames: Hashable, Sendable {
    case patterns(PatternList)
    case hashed(salt: [UInt8], digest: [UInt8])

    /// Takes the first field of a line; `nil` when it is a hash that can't be one.
    init?(_ field: ArraySlice<UInt8>) {
        guard field.first == UInt8(ascii: "|") else {
            self = .patterns(PatternList(commaSeparated: field.map(\.lowercased)))
            return
        }
        let parts = field.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].elementsEqual("1".utf8),
            let salt = Self.decode(parts[2]), let digest = Self.decode(parts[3])
        else { return nil }
        self = .hashed(salt: salt, digest: digest)
    }

    /// Salt and digest have the length of a SHA-1 digest.
    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let bytes = Data(base64Encoded: Data(text)), bytes.count == 20 else { return nil }
        return Array(bytes)
    }

    /// Whether a name is meant; it is in small letters, as ``KnownHosts`` asks.
    func match(_ name: String) -> Bool {
        switch self {
        case .patterns(let patterns): patterns.matches(name.utf8)
        case .hashed(let salt, let digest):
            Digests.hmacSHA1(Array(name.utf8), key: salt) == digest
        }
    }
}
