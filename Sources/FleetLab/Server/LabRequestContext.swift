import Hummingbird
import NIOCore

/// What a request brings along besides its words: the connection it came by.
struct LabRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Cuts the connection without an answer.
    func hangUp() async {
        // It may be closed already, which is what was wanted.
        try? await channel.close()
    }
}
