import FleetModel
import Foundation
import Testing

@testable import FleetSSH

struct SSHRouteTests {
    private let scratch: ScratchDirectory
    private let surroundings: SSHSurroundings

    init() throws {
        scratch = try ScratchDirectory()
        surroundings = SSHSurroundings(
            user: "ann", userID: 1_000, home: scratch.path, hostName: "desk.example.net",
            environment: [:])
    }

    @Test func `a bastion of a host alone is one hop with the usual files`() async throws {
        try scratch.write("", to: ".ssh/id_ed25519")
        let route = try await route(to: "fra", [Bastion("fra", host: "fra.example.net")])
        var hop = SSHHop(host: "fra.example.net", user: "ann")
        hop.knownHostsFiles = [
            "\(scratch.path)/.ssh/known_hosts", "\(scratch.path)/.ssh/known_hosts2",
            "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2",
        ]
        hop.identityFiles = ["\(scratch.path)/.ssh/id_ed25519"]
        #expect(route.hops == [hop])
    }

    @Test func `an alias takes everything from the configuration`() async throws {
        var bastion = Bastion("fra")
        bastion.sshAlias = "fra-prod"
        let route = try await route(
            to: "fra", [bastion],
            """
            Host fra-prod
                HostName 10.0.0.4
                Port 2222
                User deploy
                IdentityFile /k/id
                HostKeyAlias vault
                StrictHostKeyChecking accept-new
            """)
        let hop = route.destination
        #expect("\(hop)" == "deploy@10.0.0.4:2222")
        #expect((hop.alias, hop.hostKeyAlias) == ("fra-prod", "vault"))
        #expect((hop.identityFiles, hop.hostKeyPolicy) == (["/k/id"], .acceptNew))
        #expect(!hop.identitiesOnly)
    }

    @Test func `what the inventory says comes first`() async throws {
        var bastion = Bastion("fra", host: "fra", port: 22, user: "deploy")
        bastion.identityFiles = ["/i/id"]
        bastion.certificateFile = "/i/id-cert.pub"
        bastion.agentSocket = ""
        bastion.knownHostsFiles = ["/i/known_hosts"]
        bastion.hostKeyFingerprints = ["SHA256:x"]
        bastion.hostKeyPolicy = .strict
        let route = try await route(
            to: "fra", [bastion],
            """
            Port 2222
            User bob
            IdentityFile /k/%r
            CertificateFile /k/c
            IdentityAgent /k/agent
            UserKnownHostsFile /k/known_hosts
            StrictHostKeyChecking accept-new
            """)
        let hop = route.destination
        #expect("\(hop)" == "deploy@fra")
        #expect((hop.identityFiles, hop.certificateFiles) == (["/i/id"], ["/i/id-cert.pub"]))
        #expect(hop.identitiesOnly && hop.agentSocket == nil)
        #expect((hop.knownHostsFiles, hop.pins) == (["/i/known_hosts"], ["SHA256:x"]))
        #expect(hop.hostKeyPolicy == .strict)
    }

    @Test func `via leads through each bastion of the chain, and over ProxyJump`() async throws {
        let bastions = [
            Bastion("c", host: "c", via: "b"), Bastion("a", host: "a"),
            Bastion("b", host: "b", port: 2222, via: "a"),
        ]
        let route = try await route(
            to: "c", bastions,
            "Host c\nProxyJump other\nHost b\nProxyCommand nc\nHost a\nProxyJump gate")
        #expect(route.hops.map(\.description) == ["ann@gate", "ann@a", "ann@b:2222", "ann@c"])
        #expect(route.hops.allSatisfy { $0.needsOpenSSH == [] })
    }

    @Test func `each jump host has its own configuration`() async throws {
        let route = try await route(
            to: "fra", [Bastion("fra", host: "fra")],
            """
            Host fra
                ProxyJump bob@one:2201,two
            Host one
                HostName 10.0.0.1
                User eve
                ProxyJump zero
            Host two
                HostName 10.0.0.2
                User deploy
                ProxyJump never
            """)
        #expect(
            route.hops.map(\.description)
                == ["ann@zero", "bob@10.0.0.1:2201", "deploy@10.0.0.2", "ann@fra"])
        #expect(route.hops.allSatisfy { $0.alias == nil })
    }

    @Test func `what only ssh can do is left to its own files, by the host's name`() async throws {
        let route = try await route(
            to: "fra", [Bastion("fra", host: "fra")],
            "Host fra\nProxyJump gate\nHost gate\nProxyCommand nc %h %p")
        #expect(route.hops.map(\.alias) == ["gate", nil])
        #expect(route.hops.map(\.needsOpenSSH) == [["ProxyCommand"], []])
    }

    @Test func `one private address behind two gateways is two routes`() async throws {
        let bastions = ["ams", "nyc"].flatMap { gate in
            [
                Bastion(BastionName(gate), host: gate),
                Bastion(BastionName("\(gate)-vault"), host: "10.0.0.4", via: BastionName(gate)),
            ]
        }
        let (one, two) = try await (
            route(to: "ams-vault", bastions), route(to: "nyc-vault", bastions)
        )
        #expect(one.destination == two.destination)
        #expect(one != two)
    }

    @Test(arguments: [
        ("a", "", "the way to \"a\" leads in a circle: a → b → a"),
        ("x", "Host x\nProxyJump y\nHost y\nProxyJump x", "in a circle: x → y → x"),
        ("x", "Host *\nProxyJump gate", "in a circle: x → gate → gate"),
        ("x", "ProxyJump a@b:0", "`ProxyJump a@b:0` of \"x\" can't be read"),
        ("x", "ProxyJump a,,b", "`ProxyJump a,,b` of \"x\" can't be read"),
        ("lost", "", "bastion \"nowhere\" isn't in the inventory"),
    ])
    func `a way that leads nowhere is refused`(
        name: BastionName, text: String, words: String
    ) async throws {
        let bastions = [
            Bastion("a", host: "a", via: "b"), Bastion("b", host: "b", via: "a"),
            Bastion("x", host: "x"), Bastion("lost", host: "l", via: "nowhere"),
        ]
        do throws(SSHTrouble) {
            _ = try await route(to: name, bastions, text)
            Issue.record("There is no way to \(name).")
        } catch {
            #expect(error.kind == .unusable)
            #expect(error.reason.contains(words))
        }
    }

    @Test(
        arguments: [
            ("a", "a", nil, nil), ("b@a:2222", "a", "b", 2_222), ("a:22", "a", nil, 22),
            ("[::1]:2222", "::1", nil, 2_222), ("::1", "::1", nil, nil),
            ("ssh://b@a:2222/", "a", "b", 2_222), ("b@c@a", "a", "b@c", nil),
        ] as [(String, String, String?, Int?)])
    func `a jump host is read as ssh reads it`(
        text: String, host: String, user: String?, port: Int?
    ) {
        #expect(JumpHost(text[...])?.query == SSHQuery(host, user: user, port: port))
    }

    @Test(arguments: ["", "a:", "a:0", "a:65536", "a:x", "[a", "[a]x", "-a", "@a", "a b", "-l@a"])
    func `what is no jump host is refused`(text: String) {
        #expect(JumpHost(text[...]) == nil)
    }

    // MARK: - Reasons

    @Test(arguments: [("ed25519", true), ("rsa", true), ("ecdsa", false)])
    func `a certificate that libssh2 can't offer needs OpenSSH`(
        type: String, needsIt: Bool
    ) async throws {
        let (key, authority) = try (
            HostKeyPair(type, in: scratch), HostKeyPair("ed25519", in: scratch)
        )
        let signed = try Program.run(
            "/usr/bin/ssh-keygen", ["-q", "-s", authority.path, "-I", "x", "\(key.path).pub"],
            in: scratch)
        #expect(signed.status == 0)
        var bastion = Bastion("fra", host: "fra")
        bastion.identityFiles = [key.path]
        let hop = try await route(to: "fra", [bastion]).destination
        #expect(hop.needsOpenSSH.isEmpty != needsIt)
        if needsIt { #expect(hop.needsOpenSSH[0].contains("-cert.pub is of type")) }
    }

    @Test func `a security key alone needs OpenSSH`() async throws {
        let blob = "sk-ssh-ed25519@openssh.com".wireString + [UInt8](1...32).wireString
        let text = "sk-ssh-ed25519@openssh.com \((blob + "ssh:".wireString).base64)"
        try scratch.write(text, to: "sk.pub")
        var bastion = Bastion("fra", host: "fra", identityFiles: ["\(scratch.path)/sk"])
        let alone = try await route(to: "fra", [bastion]).destination
        #expect(
            alone.needsOpenSSH == ["\(scratch.path)/sk is of type sk-ssh-ed25519@openssh.com"])
        bastion.identityFiles.append(try HostKeyPair("ed25519", in: scratch).path)
        #expect(try await route(to: "fra", [bastion]).destination.needsOpenSSH == [])
    }

    @Test func `a host of which only an RSA key is known needs OpenSSH`() async throws {
        let key = try HostKeyPair("rsa", in: scratch).key
        try scratch.write("fra \(key.text)\n", to: "known_hosts")
        var bastion = Bastion("fra", host: "fra")
        bastion.knownHostsFiles = ["\(scratch.path)/known_hosts"]
        let hop = try await route(to: "fra", [bastion]).destination
        #expect(hop.needsOpenSSH == ["only an RSA host key is known of fra"])
    }

    @Test func `algorithms that libssh2 doesn't have need OpenSSH`() async throws {
        let hop = try await route(
            to: "fra", [Bastion("fra", host: "fra")],
            "Ciphers aes256-gcm@openssh.com\nMACs hmac-sha2-256,hmac-sha2-256-etm@openssh.com"
        ).destination
        #expect(hop.needsOpenSSH == ["Ciphers aes256-gcm@openssh.com"])
        #expect(hop.alias == nil)
    }

    private func route(
        to name: BastionName, _ bastions: [Bastion], _ text: String = ""
    ) async throws(SSHTrouble) -> SSHRoute {
        let file: String
        do {
            file = try scratch.write(text, to: "config")
        } catch {
            throw SSHTrouble(.unusable, "\(error)")
        }
        let resolver = SSHConfigurationResolver(
            bastions: bastions,
            source: OwnSSHConfiguration(surroundings: surroundings, file: file),
            surroundings: surroundings)
        return try await resolver.route(to: name)
    }
}
