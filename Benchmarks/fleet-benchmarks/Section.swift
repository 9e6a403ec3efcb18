/// One table of the report, in Markdown, so that the README can hold it as it is.
struct Section: Sendable {
    let title: String
    let columns: [String]
    private(set) var rows: [[String]] = []
    private(set) var remarks: [String] = []

    init(_ title: String, columns: [String]) { (self.title, self.columns) = (title, columns) }

    mutating func add(_ cells: String...) { rows.append(cells) }
    mutating func remark(_ words: String) { remarks.append(words) }

    var text: String {
        let lines = [columns, columns.map { _ in "---" }] + rows
        let widths = columns.indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        let table = lines.map { cells in
            "| "
                + zip(cells, widths).map { cell, width in
                    cell + String(repeating: " ", count: width - cell.count)
                }.joined(separator: " | ") + " |"
        }
        return (["### \(title)", ""] + table + [""] + remarks.map { "- \($0)" })
            .joined(separator: "\n") + "\n"
    }
}
