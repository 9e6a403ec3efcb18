/// A colour or weight of text, of the sixteen every terminal has.
///
/// Meaning never rests on the ink alone: whoever sees no colour reads the
/// symbol or the word beside it.
enum Ink: Hashable, Sendable {
    case plain, bold, faint, red, green, yellow, cyan

    /// The parameter of the SGR sequence (ECMA-48, 8.3.117), if one is needed.
    var code: Int? {
        switch self {
        case .plain: nil
        case .bold: 1
        case .faint: 2
        case .red: 31
        case .green: 32
        case .yellow: 33
        case .cyan: 36
        }
    }
}
