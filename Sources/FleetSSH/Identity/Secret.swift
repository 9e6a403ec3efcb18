import CSSH2

/// A passphrase, or what else no log may show.
///
/// Its bytes are wiped when the last one to hold it lets go.
public struct Secret: Sendable {
    private final class Storage: @unchecked Sendable {
        // Written once, before anybody else sees it, and wiped when nobody does.
        private var bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        deinit {
            bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        }

        func read<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
            try body(bytes)
        }
    }

    private let storage: Storage

    public init(_ bytes: [UInt8]) { storage = Storage(bytes) }

    func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
        try storage.read(body)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "[REDACTED]" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
