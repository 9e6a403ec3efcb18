extension Unicode.Scalar {
    /// How many columns of a terminal the scalar takes on its own: 0, 1 or 2.
    ///
    /// What Unicode calls ambiguous counts as one, as it does in every terminal
    /// that is not set up for CJK.
    var columns: Int {
        switch value {
        case 0x20..<0x7F: 1
        case ..<0x20, 0x7F..<0xA0: 0
        case 0x1160...0x11FF: 0  // Hangul vowels and finals join the initial before them.
        case _ where isWide || properties.isEmojiPresentation: 2
        default: takesNoRoom ? 0 : 1
        }
    }

    private var takesNoRoom: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        case .format: value != 0xAD  // Terminals show the soft hyphen.
        default: false
        }
    }

    private var isWide: Bool {
        guard value >= 0x1100 else { return false }
        return wideRanges.contains { $0.contains(value) }
    }
}

/// The ranges of East Asian Width W and F (Unicode Standard Annex 11), without
/// the emoji, which the standard library knows.
private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
]
