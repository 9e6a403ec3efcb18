import FleetModel
import Testing

@testable import FleetTerminal

struct ExplainViewTests {
    let patch = Command(
        ["kubectl", "--context", "edge-02", "patch", "ilm", "solo", "-p", #"{"a": "it's"}"#],
        stdin: #"{"spec":{"items":[1,{}],"token":"hush hush"}}"#, place: .bastion("ams-jump"),
        isMutating: true, redactions: ["hush hush"], purpose: "name the default revision")

    func explained(_ preview: StepPreview, hold: Duration = .zero) -> ExplainedStep {
        ExplainedStep(
            phase: "takeover",
            Step(
                StepOutline("activate", title: "hand over", interrupt: .finishOrRollBack),
                timeout: .minutes(5), poll: .milliseconds(2_500), hold: hold, preview: preview,
                observe: { _ in .done("") }))
    }

    func draw(
        _ preview: StepPreview, hold: Duration = .zero, width: Int = 60
    ) -> [String] {
        ExplainView.draw(
            .sample, cluster: "edge-02", steps: [explained(preview, hold: hold)], width: width,
            style: .plain)
    }

    @Test func `a step is explained whole, from what is read to how it is undone`() {
        let preview = StepPreview(
            reads: [
                .path("/api/v1/pods?limit=500", on: .cluster), .path("/apis", on: .management),
            ],
            acts: [patch], proof: "a dry-run of a pod is injected by revision 1-25 everywhere",
            compensation: [Command(["true"], deadline: .minutes(5), isMutating: false)])
        #expect(
            draw(preview).joined(separator: "\n") == #"""
                edge-02: istio-1-25, context edge-02, through ams-jump
                Nothing has been run. What only the cluster knows stands
                between < and >.

                Phase takeover

                1. activate: hand over (is finished once begun)
                   time   at most 5m, a look every 2s
                   reads  GET /api/v1/pods?limit=500
                   reads  GET /apis (on mgmt-1)
                   runs   name the default revision:
                          changes, through ams-jump, at most 1m
                          kubectl --context edge-02 patch ilm solo -p '{"a": "it'\''s"}'
                          stdin:
                            {
                              "spec": {
                                "items": [
                                  1,
                                  {}
                                ],
                                "token": "[REDACTED]"
                              }
                            }
                   proof  a dry-run of a pod is injected by revision 1-25
                          everywhere
                   undo   only reads, runs here, at most 5m
                          true
                """#)
    }

    @Test func `what may be run for a cluster that it fails on is shown, too`() {
        let mend = Command(["kubectl", "mend"], isMutating: true, purpose: "mend it")
        let preview = StepPreview(acts: [patch], remedies: [mend], proof: "")
        let lines = draw(preview)
        #expect(lines.contains { $0.hasPrefix("   mends  mend it: changes") })
        #expect(lines.contains("          kubectl mend"))
        let text = ExplainJSON.text(.sample, cluster: "edge-02", steps: [explained(preview)])
        let told = JSON(parsing: text)?["steps"]?.array?.first?["remedies"]?.array?.first
        #expect(told?["argv"] == ["kubectl", "mend"])
    }

    @Test func `how a step may be left is never cut`() {
        let lines = draw(StepPreview(proof: ""), width: 40)
        #expect(lines.contains("1. activate: hand over"))
        #expect(lines.contains("   (is finished once begun)"))
    }

    @Test func `a step that only looks says so`() {
        #expect(draw(StepPreview(proof: "it is well")).contains("   acts   nothing to run"))
    }

    @Test func `what a step watches gives it more time, and that shows`() {
        let lines = draw(StepPreview(proof: ""), hold: .minutes(10), width: 100)
        let time = "at most 5m, a look every 2s; 10m longer while something is watched"
        #expect(lines.contains("   time   \(time)"))
    }

    @Test func `a secret with a quote in it is not shown in its quoted form either`() {
        var command = patch
        command.argv = ["login", "it's me"]
        command.redactions = ["it's me"]
        let lines = draw(StepPreview(acts: [command], proof: ""))
        #expect(lines.contains("          login '[REDACTED]'"))
    }

    @Test func `an explanation is JSON without secrets, too`() {
        let preview = StepPreview(
            reads: [.path("/apis", on: .management)], acts: [patch], proof: "it answers")
        let text = ExplainJSON.text(
            .sample, cluster: "edge-02",
            steps: [explained(preview, hold: .minutes(10))])
        let explained = JSON(parsing: text)?["steps"]?.array?.first
        #expect(explained?["timeout"] == 300)
        #expect(explained?["poll"] == 2.5)
        #expect(explained?["hold"] == 600)
        let act = explained?["acts"]?.array?.first
        #expect(explained?["reads"]?.array?.first?["path"] == "/apis")
        #expect(act?["argv"]?.array?.first == "kubectl")
        #expect(act?["bastion"] == "ams-jump")
        #expect(act?["stdin"]?.string?.contains("[REDACTED]") == true)
        #expect(!text.contains("hush hush"))
    }

    @Test func `a word with a line break stays the word it is when copied`() {
        var command = patch
        command.argv = ["sh", "-c", "true\n  false"]
        let lines = draw(StepPreview(acts: [command], proof: ""))
        let first = lines.firstIndex(of: "          sh -c 'true") ?? 0
        #expect(lines[first + 1] == "  false'")
    }

    @Test(arguments: [
        "", "plain text", "{", "{\"a\":1}}", "{a: b c}", "[1,]", "[tru]", "\"a\"", "[\"a\nb\"]",
        "{\"a\":1}\n---\n{\"b\":2}", String(repeating: "[", count: 5_000),
    ])
    func `a text that is no JSON document is left alone`(text: String) {
        #expect(IndentedJSON(text)?.lines == nil)
    }

    @Test func `a JSON document keeps its order, its numbers and its strings`() {
        let text = #" {"b": 1.50, "a":[ ], "c":"x \" , {"} "#
        #expect(
            IndentedJSON(text)?.lines == [
                "{", "  \"b\": 1.50,", "  \"a\": [],", "  \"c\": \"x \\\" , {\"", "}",
            ])
    }
}
