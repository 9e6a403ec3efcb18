import Foundation

/// Who and where we are.
enum Host {
    static var name: String { ProcessInfo.processInfo.hostName }

    /// The operator, as the journal names them: `ada@bastion`.
    static var operatorName: String { "\(NSUserName())@\(name)" }
}
