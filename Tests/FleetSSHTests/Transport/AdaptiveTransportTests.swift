import FleetSSH
import Synchronization
import Testing

struct AdaptiveTransportTests {
    /// Answers every line alike and counts them.
    final class Fixed: BastionTransport {
        let answer: Result<RemoteExit, TransportFailure>
        let count = Mutex(0)

        init(_ answer: Result<RemoteExit, TransportFailure>) { self.answer = answer }

        func run(
            _ line: String, stdin: [UInt8], into sink: any RemoteOutput
        ) async throws(TransportFailure) -> RemoteExit {
            count.withLock { $0 += 1 }
            return try answer.get()
        }
    }

    private struct Nowhere: RemoteOutput {
        func receive(_ bytes: [UInt8], from stream: RemoteStream) {}
    }

    private let unsupported = TransportFailure.notSent(
        SSHTrouble(.unsupported, "ams-jump offers only AES-GCM"))

    private func end(
        _ transport: AdaptiveTransport
    ) async -> Result<RemoteExit, TransportFailure> {
        do throws(TransportFailure) {
            return .success(try await transport.run("true", stdin: [], into: Nowhere()))
        } catch {
            return .failure(error)
        }
    }

    @Test func `what libssh2 can't do is done by OpenSSH, from then on`() async {
        let (first, other) = (Fixed(.failure(unsupported)), Fixed(.success(.exited(0))))
        let transport = AdaptiveTransport(first: first) { other }
        #expect(transport.choice == .libssh2)
        #expect(await end(transport) == .success(.exited(0)))
        #expect(await end(transport) == .success(.exited(0)))
        #expect(first.count.withLock(\.self) == 1)
        #expect(other.count.withLock(\.self) == 2)
        #expect(transport.choice == .openSSH(because: "ams-jump offers only AES-GCM"))
    }

    @Test(arguments: [
        TransportFailure.notSent(SSHTrouble(.unreachable, "no route")),
        .notSent(SSHTrouble(.hostKeyChanged, "another key")),
        .lost(SSHTrouble(.unsupported, "cut")), .cancelled,
    ])
    func `no other trouble goes another way`(failure: TransportFailure) async {
        let (first, other) = (Fixed(.failure(failure)), Fixed(.success(.exited(0))))
        let transport = AdaptiveTransport(first: first) { other }
        #expect(await end(transport) == .failure(failure))
        #expect(other.count.withLock(\.self) == 0)
        #expect(transport.choice == .libssh2)
    }

    @Test func `what is demanded beforehand never tries libssh2`() async {
        let (first, other) = (Fixed(.success(.exited(1))), Fixed(.success(.exited(0))))
        let transport = AdaptiveTransport(first: first, demands: ["ProxyCommand"]) { other }
        #expect(await end(transport) == .success(.exited(0)))
        #expect(first.count.withLock(\.self) == 0)
    }

    @Test func `without a program the reason is that there is none`() async {
        let missing = SSHTrouble(.unusable, "there is no ssh")
        let first = Fixed(.failure(unsupported))
        let transport = AdaptiveTransport(first: first) { () throws(SSHTrouble) in throw missing }
        #expect(await end(transport) == .failure(.notSent(missing)))
    }
}
