import FleetModel

/// The jobs directory of a bastion, as a word of its shell.
struct JobsPlace: Hashable, Sendable {
    let word: String

    /// An absolute path, or one below the user's home; `nil` is the usual one.
    init(_ directory: String?) {
        let path = directory ?? ".bellwether/jobs"
        if path.hasPrefix("/") {
            word = path.shellQuoted
        } else {
            let below = path.hasPrefix("~/") ? String(path.dropFirst(2)) : path
            word = #""$HOME"/"# + below.shellQuoted
        }
    }

    var script: String { "\(word)/\(BastionScript.name)" }
}

extension JobsPlace {
    /// A line that asks something of the script, or says that it isn't there.
    func line(_ mark: LineMark, _ words: [String], stdin: [UInt8] = []) -> ShellLine {
        let start = "[ -s \(script) ] && exec sh \(script) \(mark.word)"
        let absent = #"; printf '\036%s begin\n\036%s end absent\n' "#
        return ShellLine(
            mark, start, readingWords: "\(start) words", words: words,
            rest: absent + "\(mark.word) \(mark.word)", stdin: stdin)
    }

    /// A line that writes the script where it belongs: whole, or not at all.
    func installation(_ mark: LineMark) -> ShellLine {
        let text = Array(BastionScript.text.utf8)
        let line = """
            umask 077; printf '\\036%s begin\\n' \(mark.word); new=\(word)/.new-$$; \
            mkdir -p \(word) && [ -O \(word) ] && chmod 700 \(word) && cat >"$new" && \
            [ $(($(wc -c <"$new"))) -eq \(text.count) ] && mv -f "$new" \(script); \
            printf '\\036%s end %s\\n' \(mark.word) $?
            """
        return ShellLine(mark, line, stdin: text)
    }
}
