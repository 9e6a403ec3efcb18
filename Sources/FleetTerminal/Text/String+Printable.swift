extension String {
    /// The text on one line, with nothing in it that a terminal would obey.
    ///
    /// Names, reasons and output come from clusters and from people. An escape
    /// sequence among them could move the cursor, hide a failed cluster or
    /// retitle the window, and a mark that turns the writing direction could
    /// make a name look like another.
    var printable: String {
        if isPlainASCII { return self }
        var result = UnicodeScalarView()
        for scalar in unicodeScalars {
            // A mark with nothing before it would join whatever it is printed after.
            if result.isEmpty && scalar.columns == 0 && !scalar.isControl { continue }
            result.append(scalar.printable)
        }
        return String(result)
    }

    /// The text's lines, each printable. A line break at the end opens no line.
    var printableLines: [String] {
        var lines = split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String($0).printable }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { value < 0x20 || (0x7F..<0xA0).contains(value) }

    fileprivate var printable: Unicode.Scalar {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: " "
        case _ where isControl: "\u{FFFD}"
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
        default: self
        }
    }
}
