import FleetModel
import Testing

@testable import Takeovers

@Suite struct CallAnswerTests {
    private func answer(_ message: String) throws -> CallAnswer {
        let pod = Pod([
            "status": [
                "containerStatuses": [
                    ["name": "istio-proxy", "state": ["running": [:]]],
                    [
                        "name": "curl",
                        "state": ["terminated": ["exitCode": 0, "message": .string(message)]],
                    ],
                ]
            ]
        ])
        return try #require(CallAnswer(of: pod))
    }

    private static let passed = "HTTP/1.1 404 Not Found\n\nHTTP 404\nenvoy yes\nexit 0\n"
    private static let local = "no healthy upstream\nHTTP 503\nenvoy no\nexit 0\n"
    private static let untrusted =
        "TLS error: OPENSSL_internal:CERTIFICATE_VERIFY_FAILED\nHTTP 503\nenvoy no\nexit 0\n"
    private static let reset =
        "curl: (56) Recv failure: Connection reset by peer\nHTTP 000\nenvoy no\nexit 56\n"
    private static let unknown =
        "curl: (6) Could not resolve host: petstore.petstore\nHTTP 000\nenvoy no\nexit 6\n"

    @Test(arguments: [
        (passed, nil),
        (local, "HTTP 503, not from the server, curl exit 0"),
        (
            untrusted,
            "CERTIFICATE_VERIFY_FAILED: the two revisions do not trust one another; compare "
                + "their roots and trust domains"
        ),
        (reset, "curl: (56) Recv failure: Connection reset by peer"),
        ("HTTP 500\nenvoy yes\nexit 0", "HTTP 500, curl exit 0"),
        ("", "HTTP 0, not from the server, curl exit 0"),
    ])
    func `a call that should pass passes only by a sidecar, to the server`(
        message: String, complaint: String?
    ) throws {
        #expect(try answer(message).complaint(about: .oldToNew) == complaint)
    }

    @Test(arguments: [
        (reset, nil),
        (passed, "got in: HTTP 404, so mutual TLS is not enforced"),
        (unknown, "proves nothing: curl: (6) Could not resolve host: petstore.petstore"),
        ("", "proves nothing: HTTP 0, not from the server, curl exit 0"),
    ])
    func `the control is refused by the server, and by nobody else`(
        message: String, complaint: String?
    ) throws {
        for call in [TestCall.withoutSidecar, .withoutSidecarToOld] {
            #expect(try answer(message).complaint(about: call) == complaint)
        }
    }

    @Test func `there is no answer before the container has ended`() {
        let statuses: JSON = [["name": "curl", "state": ["running": [:]]]]
        #expect(CallAnswer(of: Pod(["status": ["containerStatuses": statuses]])) == nil)
        #expect(CallAnswer(of: Pod([:])) == nil)
    }
}
