/// The signs a view is drawn with. Each is one column wide, but for the ellipsis.
struct Symbols: Hashable, Sendable {
    let done: String
    let running: String
    let failed: String
    let waiting: String
    let ellipsis: String
    /// Stands where there is nothing to say.
    let nothing: String
    let barDone: String
    let barRunning: String
    let barFailed: String
    let barLeft: String
    let rule: String

    static let unicode = Symbols(
        done: "✔", running: "▶", failed: "✗", waiting: "◌", ellipsis: "…", nothing: "–",
        barDone: "█", barRunning: "▒", barFailed: "✗", barLeft: "░", rule: "│")

    static let ascii = Symbols(
        done: "+", running: ">", failed: "x", waiting: ".", ellipsis: "...", nothing: "-",
        barDone: "#", barRunning: ">", barFailed: "x", barLeft: ".", rule: "|")
}
