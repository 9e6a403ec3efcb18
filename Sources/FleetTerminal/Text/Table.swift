/// Rows under titles, in columns as wide as what they hold.
public struct Table: Sendable {
    let columns: [Column]
    var rows: [[Line]]

    /// Blank columns between two columns of the table.
    static let gap = 2
    /// A column is never squeezed below this, so that its cells still say something.
    static let leastWidth = 6

    public struct Column: Hashable, Sendable {
        let title: String
        let alignment: Alignment

        public init(_ title: String, _ alignment: Alignment = .left) {
            (self.title, self.alignment) = (title, alignment)
        }
    }

    /// To which side the cells of a column go: words left, numbers right.
    public enum Alignment: Hashable, Sendable {
        case left, right
    }

    init(_ columns: [Column], rows: [[Line]]) {
        (self.columns, self.rows) = (columns, rows)
    }

    /// A row may be shorter than the table; cells beyond its last column are not shown.
    public init(_ columns: [Column], rows: [[String]]) {
        self.init(columns, rows: rows.map { $0.map { Line($0) } })
    }

    /// The table with its titles, no line wider than asked if the style cuts them.
    ///
    /// Where the width does not suffice, the widest columns of words give way first.
    public func draw(width: Int, style: Style) -> [String] {
        lines(width: width, style: style).text(width: width, style: style)
    }

    func lines(width: Int, indent: Int = 0, style: Style) -> [Line] {
        let titles = columns.map { Line($0.title, .faint) }
        let natural = naturalWidths
        let widths = style.cutsLines ? squeezed(natural, to: width - indent) : natural
        return ([titles] + rows).map { cells in
            row(cells, widths, style).indented(by: indent)
        }
    }
}

extension Table {
    /// Whether something of it is lost when it is drawn.
    func isCut(width: Int, indent: Int, style: Style) -> Bool {
        let gaps = Self.gap * max(0, columns.count - 1)
        return style.cutsLines && naturalWidths.reduce(gaps + indent, +) > width
    }

    private var naturalWidths: [Int] {
        columns.indices.map { index in
            rows.reduce(columns[index].title.columns) { widest, row in
                index < row.count ? max(widest, row[index].columns) : widest
            }
        }
    }

    private func squeezed(_ natural: [Int], to width: Int) -> [Int] {
        var widths = natural.map { min($0, max(width, Self.leastWidth)) }
        let gaps = Self.gap * max(0, columns.count - 1)
        var excess = widths.reduce(gaps, +) - width
        let flexible = columns.indices.filter { columns[$0].alignment == .left }
        while excess > 0, let widest = flexible.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.leastWidth
        {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func row(_ cells: [Line], _ widths: [Int], _ style: Style) -> Line {
        var line = Line()
        for (index, cell) in cells.prefix(columns.count).enumerated() {
            if index > 0 { line += .blanks(Self.gap) }
            let cell = cell.fitted(to: widths[index], style: style)
            let isLast = index == cells.count - 1
            switch columns[index].alignment {
            case .right: line += cell.paddedAhead(to: widths[index])
            case .left: line += isLast ? cell : cell.padded(to: widths[index])
            }
        }
        return line
    }
}
