import FleetModel

/// One request that the lab was asked, and what came of it.
public struct RequestRecord: Hashable, Sendable {
    /// Counts the requests of the whole lab, from one on.
    public var sequence: Int
    /// When it came, in milliseconds since 1970, by the wall clock.
    public var time: Int64
    /// Empty for requests to the lab itself.
    public var cluster: String
    public var method: String
    /// The path below the cluster's own, with its query.
    public var target: String
    public var userAgent: String
    /// The HTTP status; zero when no answer was given.
    public var status: Int
    /// Whether it changed anything that is stored.
    public var hasMutated: Bool
    /// What it was about, when it wrote.
    public var object: ObjectKey?
    /// Tells two bodies apart (FNV-1a, in hexadecimal); empty when there was none.
    public var bodyDigest: String

    /// The record as one line of JSON.
    public var line: String { document.description }

    private var document: JSON {
        var document: JSON = [
            "sequence": .int(Int64(sequence)), "time": .int(time), "cluster": .string(cluster),
            "method": .string(method), "target": .string(target), "userAgent": .string(userAgent),
            "status": .int(Int64(status)), "mutated": .bool(hasMutated),
            "bodyDigest": .string(bodyDigest),
        ]
        if let object { document["object"] = .string(object.description) }
        return document
    }

    /// The FNV-1a hash of a body: enough to see that two are the same, not to prove it.
    static func digest(of body: [UInt8]) -> String {
        guard !body.isEmpty else { return "" }
        let hash = body.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
