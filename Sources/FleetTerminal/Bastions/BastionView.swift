public import FleetModel

/// What `bastion check` found out about one bastion.
public enum BastionView {
    /// Values are printed whole: a fingerprint that is cut proves nothing.
    public static func draw(
        _ bastion: BastionName, findings: [(name: String, value: String)], failure: String?,
        warnings: [String], style: Style
    ) -> [String] {
        let width = findings.reduce(0) { max($0, $1.name.columns) }
        let rows = findings.map { finding in
            Line(finding.name, .faint).padded(to: width).indented(by: 2) + "  " + finding.value
        }
        let trouble = (failure.map { [Line($0, .red)] } ?? []) + warnings.map { Line($0, .yellow) }
        let lines =
            [Line(bastion.rawValue, .bold) + "  " + verdict(failure, warnings)] + rows
            + trouble.map { Line("\(style.symbols.failed) ").indented(by: 2) + $0 }
        return lines.map { $0.text(style) } + [""]
    }

    private static func verdict(_ failure: String?, _ warnings: [String]) -> Line {
        if failure != nil { return Line("can't be used", .red) }
        return warnings.isEmpty ? Line("is well", .green) : Line("needs care", .yellow)
    }
}
