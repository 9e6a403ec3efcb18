import Foundation

/// A self-signed root as istiod makes it, but for the signature: it is a well-formed
/// certificate whose serial number follows from a seed, and that nothing could verify.
///
/// Fingerprints are all that a takeover compares, and they differ from cluster to cluster.
struct RootCertificate: Sendable {
    let pem: String

    init(seed: UInt64) {
        var bytes = [UInt8](Data(base64Encoded: Self.template) ?? Data())
        var chance = Chance(seed: seed)
        for index in Self.serial where bytes.indices.contains(index) {
            bytes[index] = UInt8(chance.number(in: 0...255))
        }
        let lines = Self.wrapped(Data(bytes).base64EncodedString())
        pem = "-----BEGIN CERTIFICATE-----\n\(lines)-----END CERTIFICATE-----\n"
    }

    /// Where the serial number is, but for its first byte, which keeps it positive.
    private static let serial = 16..<35

    private static func wrapped(_ text: String) -> String {
        var rest = text[...]
        var lines = ""
        while !rest.isEmpty {
            lines += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return lines
    }

    /// `O=cluster.local`, P-256, made for the lab; its key was thrown away.
    private static let template = """
        MIIBhDCCASugAwIBAgIUIj3tvKh6vIWmQ4B0t4zSZ6dUw+4wCgYIKoZIzj0EAwIw\
        GDEWMBQGA1UECgwNY2x1c3Rlci5sb2NhbDAeFw0yNjExMjEwMDMyNDBaFw0zNjEx\
        MTgwMDMyNDBaMBgxFjAUBgNVBAoMDWNsdXN0ZXIubG9jYWwwWTATBgcqhkjOPQIB\
        BggqhkjOPQMBBwNCAARCXKZwfE6JL2WWnS+j48sUVg693sev2eGhE7tA4U4Rd3YX\
        YngFlXGKmKxU45uh/QovT6dXNbRTSyo84t59gbJSo1MwUTAdBgNVHQ4EFgQUvbb4\
        qlbz/pA1lR1SXc1G9dAIF1IwHwYDVR0jBBgwFoAUvbb4qlbz/pA1lR1SXc1G9dAI\
        F1IwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAKjAX8iBN9oWAQ\
        K6YYay1v52dun7aGHTI5qAoJlpUkxgIgT95j/zzXRkwaA5tlzwC5AtC9uOMmTiW6\
        /ibM07NpW/0=
        """
}
