import FleetModel
import Testing

@testable import Takeovers

@Suite struct AnalysisReportTests {
    private let text = """
        [
        \t{
        \t\t"code": "IST0101",
        \t\t"documentationUrl": "https://istio.io/x",
        \t\t"level": "Error",
        \t\t"message": "Referenced gateway not found: \\"edge\\"",
        \t\t"origin": "VirtualService bookinfo/reviews"
        \t},
        \t{"code": "IST0102", "level": "Info", "message": "m", "origin": "Namespace default"}
        ]
        """

    /// With `-o json` it is 0 whatever was found; as text it would be 79.
    @Test(arguments: [0, 79])
    func `what was found is no failure of the tool`(exit: Int) throws {
        let report = try #require(AnalysisReport(ToolReport(exit: exit, stdout: text)))
        #expect(report.messages.map(\.code) == ["IST0101", "IST0102"])
        #expect(report.errors.map(\.key) == ["IST0101 VirtualService bookinfo/reviews"])
    }

    @Test(arguments: ["", "\n", "null\n", "[]\n"])
    func `nothing found is an answer`(stdout: String) throws {
        #expect(try #require(AnalysisReport(ToolReport(exit: 0, stdout: stdout))).messages == [])
    }

    @Test(
        arguments: [
            ToolReport(exit: 1, stdout: "[]"), ToolReport(exit: 64, stderr: "unknown flag"),
            ToolReport(exit: 0, stdout: "{}"), ToolReport(exit: 0, stdout: "Info [IST0102]"),
        ])
    func `anything else is none`(report: ToolReport) { #expect(AnalysisReport(report) == nil) }

    @Test func `precheck is read through its colours`() {
        let report = PrecheckReport(
            ToolReport(
                exit: 1,
                stdout: "\u{1B}[1;31mError\u{1B}[0m [IST0139] (Mutating x) Overlaps with y\n"
                    + "\u{1B}[33mWarning\u{1B}[0m [IST0136] Annotation is alpha\n",
                stderr: "Error: Issues found when checking the cluster."))
        #expect(report.trouble == nil)
        #expect(
            report.messages == [
                AnalysisReport.Message(
                    code: "IST0139", level: "Error", origin: "Mutating x", text: "Overlaps with y"),
                AnalysisReport.Message(
                    code: "IST0136", level: "Warning", origin: "", text: "Annotation is alpha"),
            ])
    }

    @Test func `a precheck that could not look is not taken for a good one`() {
        let fine = "✔ No issues found when checking the cluster."
        #expect(PrecheckReport(ToolReport(exit: 0, stderr: fine)).trouble == nil)
        let blind = "Error: failed to get config dump"
        #expect(PrecheckReport(ToolReport(exit: 0, stdout: fine, stderr: blind)).trouble == blind)
        let words = "Error: unknown command"
        #expect(PrecheckReport(ToolReport(exit: 64, stderr: words)).trouble == words)
    }
}
