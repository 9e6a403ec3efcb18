import FleetModel

/// What `istioctl analyze -o json` found.
///
/// As text it exits with 79 when it finds something; with `-o json` every version from 1.14 on
/// exits with 0 all the same. Neither is a failure of the tool.
struct AnalysisReport: Hashable, Sendable {
    let messages: [Message]

    struct Message: Hashable, Sendable, CustomStringConvertible {
        let code: String
        let level: String
        /// The object it is about, such as `VirtualService bookinfo/reviews`.
        let origin: String
        let text: String

        var isError: Bool { level == "Error" }
        /// What it is known again by: the words may change with the tool.
        var key: String { "\(code) \(origin)" }
        var description: String { "\(code) \(origin): \(text)" }
    }

    /// `nil` when it is no answer at all.
    init?(_ report: ToolReport) {
        guard report.exit == 0 || report.exit == Self.foundSomething else { return nil }
        let isEmpty = report.stdout.allSatisfy(\.isWhitespace)
        guard let document = isEmpty ? JSON.null : JSON(parsing: report.stdout),
            let items = document.isNull ? [] : document.array
        else { return nil }
        messages = items.map { item in
            Message(
                code: item["code"]?.string ?? "", level: item["level"]?.string ?? "",
                origin: item["origin"]?.string ?? "", text: item["message"]?.string ?? "")
        }
    }

    var errors: [Message] { messages.filter(\.isError) }

    private static let foundSomething = 79
}
