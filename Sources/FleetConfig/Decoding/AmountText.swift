import FleetModel

/// Amounts as people write them: `10` clusters or `20%` of them.
enum AmountText {
    enum Reading: Equatable {
        case amount(Amount)
        /// A number or percentage that is too small or too large.
        case outOfRange
        case neither
    }

    static func parse(_ node: YAMLNode, atLeast least: Int) -> Reading {
        guard let text = node.text else { return .neither }
        guard text.hasSuffix("%") else {
            guard WholeNumber.isWritten(in: text) else { return .neither }
            guard let count = Int(text), count >= least else { return .outOfRange }
            return .amount(.count(count))
        }
        let digits = String(text.dropLast())
        guard WholeNumber.isWritten(in: digits) else { return .neither }
        guard let percent = Int(digits), percent >= least, percent <= 100 else {
            return .outOfRange
        }
        return .amount(.percent(percent))
    }
}

extension Section {
    /// A number or a percentage, either at least so much.
    func amount(_ key: Key, atLeast least: Int) -> Amount? {
        node(key).flatMap { Amount.read($0, key: key.rawValue, atLeast: least, log: log) }
    }
}

extension Amount {
    static func read(
        _ node: YAMLNode, key: String, atLeast least: Int, log: MistakeLog
    ) -> Amount? {
        switch AmountText.parse(node, atLeast: least) {
        case .amount(let amount): return amount
        case .outOfRange: log.note(.amountOutOfRange(key, atLeast: least, got: node))
        case .neither:
            log.note(.wrongType(key, should: "a number or a percentage", got: node))
        }
        return nil
    }
}
