import CJQ
import FleetModel

/// One compiled program of libjq, which is for one caller at a time.
struct Program: ~Copyable {
    private let state: OpaquePointer

    init(_ text: String, _ variables: [String: JSON]) throws(PredicateMistake) {
        state = try Self.compiled(text, variables)
    }

    private static func compiled(
        _ text: String, _ variables: [String: JSON]
    ) throws(PredicateMistake) -> OpaquePointer {
        guard let state = jq_init() else { throw PredicateMistake(reason: "out of memory") }
        let complaints = Complaints()
        jq_set_error_cb(
            state, Complaints.take, Unmanaged.passUnretained(complaints).toOpaque())
        // 1.6 leaves both as the memory was, and calls them.
        jq_set_input_cb(state, nil, nil)
        jq_set_debug_cb(state, nil, nil)
        // Without a list of folders libjq trips over `import`.
        jq_set_attr(state, jv_string("JQ_LIBRARY_PATH"), jv_array())
        let isProgram = jq_compile_args(state, text, value(of: .object(variables))) != 0
        // Nobody listens any more: what a program says later is in its outputs.
        jq_set_error_cb(state, { _, message in jv_free(message) }, nil)
        guard isProgram else {
            var failed: OpaquePointer? = state
            jq_teardown(&failed)
            throw PredicateMistake(reason: complaints.summary)
        }
        return state
    }

    deinit {
        var state: OpaquePointer? = state
        jq_teardown(&state)
    }

    func answer(on document: JSON) -> Predicate.Answer {
        let value = Self.value(of: document)
        guard jv_get_kind(value) != JV_KIND_INVALID else { return .failed(Self.words(of: value)) }
        jq_start(state, value, 0)
        let watchdog = Watchdog(state)
        let output = jq_next(state)
        guard watchdog.leave() else {
            jv_free(output)
            return .failed("it took longer than \(Watchdog.patience.short)")
        }
        return Self.answer(output)
    }

    private static func value(of document: JSON) -> jv {
        let text = document.description
        return text.withCString { jv_parse_sized($0, Int32(text.utf8.count)) }
    }

    private static func answer(_ output: jv) -> Predicate.Answer {
        switch jv_get_kind(output) {
        case JV_KIND_INVALID:
            let words = words(of: output)
            return words.isEmpty ? .no : .failed(words)
        case JV_KIND_FALSE, JV_KIND_NULL:
            jv_free(output)
            return .no
        default:
            jv_free(output)
            return .yes
        }
    }

    /// The message of an invalid value, which is used up; empty when it has none.
    private static func words(of invalid: jv) -> String {
        let message = jv_invalid_get_msg(invalid)
        defer { jv_free(message) }
        switch jv_get_kind(message) {
        case JV_KIND_NULL: return ""
        case JV_KIND_STRING: return String(cString: jv_string_value(message))
        default:
            let dump = jv_dump_string(jv_copy(message), 0)
            defer { jv_free(dump) }
            return String(cString: jv_string_value(dump))
        }
    }
}

/// What libjq says of a text that it can't compile.
private final class Complaints {
    private var lines: [String] = []

    static let take: @convention(c) (UnsafeMutableRawPointer?, jv) -> Void = { object, message in
        guard let object else { return jv_free(message) }
        let line = jq_format_error(message)
        defer { jv_free(line) }
        guard jv_get_kind(line) == JV_KIND_STRING else { return }
        Unmanaged<Complaints>.fromOpaque(object).takeUnretainedValue()
            .lines.append(String(cString: jv_string_value(line)))
    }

    /// The first complaint in one line; the last only counts them.
    var summary: String {
        let words = (lines.first ?? "it is no jq program").split(whereSeparator: \.isWhitespace)
        return words.joined(separator: " ")
    }
}
