import Foundation

/// Keeps the beginning of a stream in memory and, if asked to, all of it in a
/// file as soon as the beginning is not all.
struct OutputKeeper: ~Copyable {
    private(set) var kept: [UInt8] = []
    private(set) var isTruncated = false
    private let limit: Int
    private let spillPath: String?
    private var spillRoom: Int
    private var spill: Int32 = -1

    init(limit: Int, spillPath: String?, spillLimit: Int) {
        (self.limit, self.spillPath, spillRoom) = (limit, spillPath, spillLimit)
    }

    deinit {
        if spill >= 0 { close(spill) }
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        if !isTruncated, bytes.count > limit - kept.count { overflow() }
        if isTruncated { write(bytes) }
        kept.append(contentsOf: bytes.prefix(limit - kept.count))
    }

    /// Opens the file and puts in it what came so far. A file that can't be
    /// opened loses no more than having none does: the result says truncated.
    private mutating func overflow() {
        isTruncated = true
        guard let spillPath else { return }
        spill = open(spillPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        let early = kept
        early.withUnsafeBytes { write($0) }
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = UnsafeRawBufferPointer(rebasing: bytes.prefix(spillRoom))
        while spill >= 0, !rest.isEmpty {
            let count = Foundation.write(spill, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return spillRoom = 0 }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            spillRoom -= count
        }
    }
}
