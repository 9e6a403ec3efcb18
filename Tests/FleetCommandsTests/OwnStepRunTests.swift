import Foundation
import Testing

extension CommandLineTests {
    /// A team's own steps, on real API calls.
    @Suite(.serialized) struct OwnStepRunTests {
        private let takeover = """
            takeover: notes
            runbook: own
            steps:
              - name: wait-for-nodes
                phase: prepare
                observe: {get: /api/v1/nodes, expect: .items | length > 0}
              - name: leave-a-note
                title: leave a note in the cluster
                phase: takeover
                observe:
                  get: /api/v1/namespaces/default/configmaps/note
                  expect: .data.who == "it's us" and .data.cluster == $cluster
                act:
                  run: [kubectl, apply, -f, -]
                  stdin: |
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: note, namespace: default}
                    data: {who: "it's us", cluster: "${cluster}", run: "${run}"}
              - name: write-it-down
                after: takeover/leave-a-note
                where: local
                observe:
                  run: [cat, "notes/${cluster}"]
                act:
                  run: [sh, -c, 'mkdir -p notes && echo "$0" > "notes/$1"', "it's done", "${cluster}"]
            """

        @Test(.lab(clusters: 2)) func `are rolled across the fleet, once`() async throws {
            try await Project.onLab([1, 2]) { project, lab in
                try project.write(takeover, to: "Policies/Takeovers/notes.yaml")
                let explained = try await project.run(
                    "plan", "notes", "--policy", "lab", "--explain", Flock.name(2))
                #expect(explained.exit == 0, "\(explained.story)")
                #expect(explained.output.contains("cluster: \"\(Flock.name(2))\""))
                let first = try await project.lead("run", "notes", "--policy", "lab").end()
                #expect(first.exit == 0, "\(first.story)")
                for number in [1, 2] {
                    let note = try await project.run(
                        "exec", Flock.name(number), "--format", "json", "--", "kubectl", "get",
                        "configmap", "note", "-o", "jsonpath={.data.cluster}")
                    #expect(note.output.contains("\"stdout\":\"\(Flock.name(number))\""))
                }
                try await expectNothingLeft(project, lab)
            }
        }

        private func expectNothingLeft(_ project: Project, _ lab: Lab) async throws {
            let moment = try lab.moment()
            let again = try await project.lead("run", "notes", "--policy", "lab").end()
            #expect(again.exit == 0, "\(again.story)")
            let changing = try again.lines.map(RunEvent.init).filter { $0.changed == true }
            #expect(Set(changing.compactMap(\.step)).isSubset(of: ["lock", "unlock"]))
            #expect(try lab.changes(of: [1, 2].map(Flock.name), since: moment).isEmpty)
        }

        @Test(.lab(clusters: 2)) func `halt the fleet when the canary's fails`() async throws {
            try await Project.onLab([1, 2]) { project, lab in
                let failing = takeover.replacing("kubectl, apply, -f, -", with: "kubectl, apply")
                try project.write(failing, to: "Policies/Takeovers/notes.yaml")
                let run = try await project.lead("run", "notes", "--policy", "lab").end()
                #expect(run.exit == 4, "\(run.story)")
                #expect(try lab.changes(of: [Flock.name(2)]).isEmpty)
            }
        }
    }
}
