/// What carries a session's bytes: a socket, or a channel of another session.
@SSHLoop
protocol Carrier: AnyObject {
    /// How long a byte takes there and back, as far as connecting told.
    var roundTrip: Duration { get }

    /// From now on feeds the session, and is asked to carry what it sends.
    func serve(_ session: Session)

    /// Sends of the session's outbox what there is room for; the rest later.
    func flush()

    /// Gives up the connection. The session isn't told.
    func close()
}
