public import Foundation
import FleetModel

/// A fleet that was recorded: a file of objects for each of its clusters.
public struct RecordedFleet: Hashable, Sendable {
    /// The management clusters first.
    public let clusters: [LabCluster]
    public let kind: LabKind

    /// Reads a directory with a file for each cluster, such as `cluster-1.json`, or the file of
    /// one, which is then called `edge-01`.
    ///
    /// What Gloo's management plane is found in is a management cluster. Where there is none an
    /// empty one takes its place.
    ///
    /// - Throws: ``RecordingProblem`` with the file that can't be used.
    public init(at url: URL, seed: UInt64) throws(RecordingProblem) {
        let recordings = try Self.files(at: url)
        let managers = recordings.filter(\.recording.isManagement)
        let workloads = recordings.filter { !$0.recording.isManagement }
        guard !workloads.isEmpty else {
            throw RecordingProblem("there is no workload cluster", at: url.path)
        }
        var clusters = managers.map {
            LabCluster(recorded: $0.recording, name: $0.name, management: nil, seed: seed)
        }
        if clusters.isEmpty {
            clusters = [LabCluster(recorded: nil, name: "mgmt-1", management: nil, seed: seed)]
        }
        for (name, recording) in workloads {
            let manager = managers.first { $0.recording.registered.contains(name) }?.name
            clusters.append(
                LabCluster(
                    recorded: recording, name: name, management: manager ?? clusters[0].name,
                    seed: seed, isCanary: name == workloads[0].name))
        }
        self.clusters = clusters
        kind = managers.isEmpty ? workloads[0].recording.kind : .gloo
    }

    private typealias Named = (name: String, recording: Recording)

    private static func files(at url: URL) throws(RecordingProblem) -> [Named] {
        guard url.pathExtension != "json" else { return [("edge-01", try recording(at: url))] }
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw RecordingProblem("there is no such directory", at: url.path)
        }
        // A directory that can't be listed has no files to name.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        let files = names.filter { $0.hasSuffix(".json") }.sorted()
        guard !files.isEmpty else {
            throw RecordingProblem("there are no files of clusters, NAME.json", at: url.path)
        }
        var recordings: [Named] = []
        for file in files {
            let name = String(file.dropLast(".json".count))
            guard NameRules.isSubdomain(name) else {
                throw RecordingProblem("\(name.jsonQuoted) can't be a cluster's name", at: file)
            }
            recordings.append((name, try recording(at: url.appending(path: file))))
        }
        return recordings
    }

    private static func recording(at file: URL) throws(RecordingProblem) -> Recording {
        guard let data = try? Data(contentsOf: file) else {
            throw RecordingProblem("it can't be read", at: file.path)
        }
        let document: JSON
        do {
            document = try JSONParser.parse(Array(data))
        } catch {
            throw RecordingProblem("it is no JSON: \(error)", at: file.path)
        }
        do throws(RecordingProblem) {
            return try Recording(document)
        } catch {
            throw error.at(file.path)
        }
    }
}
