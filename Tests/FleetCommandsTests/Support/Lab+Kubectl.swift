import Foundation
import Testing

extension Lab {
    /// Has a CronJob of `telemetry` run now, as a Job of that name.
    func run(_ job: String, of cronJob: String, on cluster: String) async throws {
        let words = ["create", "job", job, "--from=cronjob/\(cronJob)"]
        let text = try await kubectl(
            cluster, ["-n", "telemetry"] + words + ["--dry-run=client", "-o", "json"])
        _ = try await kubectl(cluster, "create", "--validate=false", "-f", "-", input: text)
    }

    /// Asks the real kubectl.
    func kubectl(_ cluster: String, _ words: String..., input: String = "") async throws -> String {
        try await kubectl(cluster, words, input: input)
    }

    private func kubectl(
        _ cluster: String, _ words: [String], input: String = ""
    ) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["kubectl", "--kubeconfig", kubeconfig.path, "--context", cluster] + words
        let (stdin, stdout) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (stdin, stdout)
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "kubectl \(words)")
        return String(decoding: output, as: UTF8.self)
    }
}
