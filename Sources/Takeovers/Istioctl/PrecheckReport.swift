import FleetModel

/// What `istioctl x precheck` found.
///
/// It exits with 1 on any warning, colours its words even when nobody sees them, and up to 1.14
/// says that all is well although it could not look.
struct PrecheckReport: Hashable, Sendable {
    let messages: [AnalysisReport.Message]
    /// Why it is worth nothing; `nil` when it is.
    let trouble: String?

    init(_ report: ToolReport) {
        let lines = report.words.split(whereSeparator: \.isNewline)
            .map { String($0).withoutColours }
        messages = lines.compactMap(AnalysisReport.Message.init)
        let blind = lines.first { $0.contains("failed to get config dump") }
        trouble =
            blind ?? (report.exit != 0 && messages.isEmpty ? report.lastLine.withoutColours : nil)
    }
}

extension AnalysisReport.Message {
    /// Reads `Warning [IST0139] (MutatingWebhookConfiguration x) Webhook overlaps with others`.
    fileprivate init?(_ line: String) {
        guard let level = ["Error", "Warning", "Info"].first(where: { line.hasPrefix("\($0) [") }),
            let end = line.firstIndex(of: "]")
        else { return nil }
        let code = line[..<end].dropFirst(level.count + 2)
        let rest = line[end...].dropFirst().drop { $0 == " " }
        guard rest.first == "(", let close = rest.firstRange(of: ") ") else {
            self.init(code: String(code), level: level, origin: "", text: String(rest))
            return
        }
        self.init(
            code: String(code), level: level,
            origin: String(rest[..<close.lowerBound].dropFirst()),
            text: String(rest[close.upperBound...]))
    }
}

extension String {
    /// The string without the sequences by which terminals change colour.
    fileprivate var withoutColours: String {
        var (text, isSequence) = ("", false)
        for character in self {
            if character == "\u{1B}" {
                isSequence = true
            } else if !isSequence {
                text.append(character)
            } else if character.isLetter {
                isSequence = false
            }
        }
        return text
    }
}
