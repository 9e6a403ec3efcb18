package import FleetModel

extension CommandID {
    /// Why the id can't name a durable job, or `nil` when it can.
    package var objection: String? {
        let bytes = rawValue.utf8
        let isName =
            !bytes.isEmpty && bytes.first != UInt8(ascii: ".")
            && bytes.count <= longest && bytes.allSatisfy(allowed.contains)
        return isName ? nil : "\(rawValue.quoted) can't be a command's id"
    }
}

/// The bytes an id may be made of; it becomes the name of a directory.
private let allowed = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".utf8)

/// File names end at 255 bytes, and a discarded job's gets longer.
private let longest = 200
