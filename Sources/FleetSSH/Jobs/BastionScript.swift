/// The shell script that a bastion keeps durable jobs with.
///
/// One file in the jobs directory, written once and never changed: its name tells
/// its contents, so that coordinators of different versions get along.
enum BastionScript {
    static let name = ".bellwether-\(fingerprint).sh"

    /// FNV-1a of the text, in hex. It tells versions of ours apart; it is no
    /// protection from anybody, and need not be: the directory is private.
    private static let fingerprint: String = {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }()
}
