import Foundation

/// Where the figures come from.
enum Machine {
    static var words: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let memory = ProcessInfo.processInfo.physicalMemory >> 30
        return "\(cores) cores (\(processor)), \(memory) GiB, load \(load)"
    }

    /// The load averages over 1, 5 and 15 minutes.
    static var load: String {
        text(at: "/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")
    }

    private static var processor: String {
        let line = text(at: "/proc/cpuinfo").split(separator: "\n")
            .first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last ?? "unknown"
        return name.trimmingCharacters(in: .whitespaces)
    }

    private static func text(at path: String) -> String {
        // Not to be had on every system; the report then says less.
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
