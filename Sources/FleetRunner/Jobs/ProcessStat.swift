import Foundation

/// The parts of `/proc/PID/stat` that tell whether a process lives, and with whom.
struct ProcessStat: Hashable, Sendable {
    let startTime: UInt64
    let group: Int32
    /// A zombie or one being removed.
    let isDead: Bool

    /// Reads the kernel's words; `nil` when there is no such process.
    init?(of pid: Int32) {
        guard let bytes = SmallFile.read("/proc/\(pid)/stat", limit: 4_096) else { return nil }
        self.init(line: String(decoding: bytes, as: UTF8.self))
    }

    /// The name in parentheses may itself hold spaces and parentheses, so the
    /// fields are counted from the last one that closes.
    init?(line: String) {
        guard let nameEnd = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: nameEnd)...].split(separator: " ")
        guard fields.count > 19, let group = Int32(fields[2]), let startTime = UInt64(fields[19])
        else { return nil }
        (self.startTime, self.group) = (startTime, group)
        isDead = ["Z", "X", "x"].contains(fields[0])
    }

    /// Every process of this host that is not dead, in the order of the pids.
    static func ofLiving() -> [(pid: Int32, stat: ProcessStat)] {
        // Without a readable /proc there are no processes to be seen.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).sorted().compactMap { pid in
            ProcessStat(of: pid).flatMap { $0.isDead ? nil : (pid, $0) }
        }
    }
}
