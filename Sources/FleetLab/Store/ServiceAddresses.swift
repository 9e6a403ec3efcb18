/// Hands out cluster IPs of 10.96.0.0/16 and node ports, as an API server does.
struct ServiceAddresses: Sendable {
    // The first addresses belong to `kubernetes` (.1) and DNS (.10).
    private var nextAddress = 0x0100
    private var nextPort = 30_000

    /// A free address; after 65,000 Services the range starts over.
    mutating func address(taken: Set<String>) -> String {
        for _ in 0..<0xFF00 {
            let candidate = "10.96.\(nextAddress >> 8).\(nextAddress & 0xFF)"
            nextAddress = nextAddress == 0xFFFE ? 0x0100 : nextAddress + 1
            if !taken.contains(candidate) { return candidate }
        }
        return "10.96.255.255"
    }

    /// A free port of 30000 to 32767.
    mutating func port(taken: Set<Int>) -> Int {
        for _ in 0..<2768 {
            let candidate = nextPort
            nextPort = nextPort == 32_767 ? 30_000 : nextPort + 1
            if !taken.contains(candidate) { return candidate }
        }
        return 32_767
    }
}
