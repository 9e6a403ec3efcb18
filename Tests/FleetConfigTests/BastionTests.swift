import FleetConfig
import FleetModel
import Testing

struct BastionTests {
    private static let print = "SHA256:uNiVztksCsDhcc0u9e8BrrwXVSDqQGLbEE8mQ9uTvXw"

    @Test func `every key of a bastion is read`() throws {
        let bastion = try bastion(
            """
            name: near
            host: n.example.net
            port: 2222
            user: deploy
            identityFiles: [~/.ssh/id, key]
            certificateFile: key-cert.pub
            agent: /run/agent.sock
            via: far
            knownHosts: [~/.ssh/known_hosts, hosts]
            hostKey: [\(Self.print), ssh-ed25519 \(Self.print)]
            hostKeyPolicy: strict
            maxConnections: 32
            channelsPerConnection: 100
            environment: {HTTPS_PROXY: "http://p:3128", _x1: a b}
            tools: {kubectl: /opt/bin/kubectl, helm: helm-3}
            jobsDirectory: ~/jobs
            """)
        var expected = Bastion(
            "near", host: "n.example.net", port: 2222, user: "deploy",
            identityFiles: ["/home/deploy/.ssh/id", "/work/key"], via: "far")
        (expected.certificateFile, expected.agentSocket) = ("/work/key-cert.pub", "/run/agent.sock")
        expected.knownHostsFiles = ["/home/deploy/.ssh/known_hosts", "/work/hosts"]
        expected.hostKeyFingerprints = [Self.print, "ssh-ed25519 \(Self.print)"]
        expected.hostKeyPolicy = .strict
        (expected.maxConnections, expected.channelsPerConnection) = (32, 100)
        expected.environment = ["HTTPS_PROXY": "http://p:3128", "_x1": "a b"]
        expected.tools = ["kubectl": "/opt/bin/kubectl", "helm": "helm-3"]
        expected.jobsDirectory = "~/jobs"
        #expect(bastion == expected)
    }

    @Test func `a bastion of an alias alone leaves the rest to the SSH configuration`() throws {
        var expected = Bastion("near")
        expected.sshAlias = "near.prod"
        #expect(try bastion("{name: near, ssh: near.prod}") == expected)
    }

    @Test func `one known hosts file and one host key need no list`() throws {
        let bastion = try bastion(
            "{name: near, host: n, knownHosts: ~/k, hostKey: \(Self.print)}")
        #expect(bastion.knownHostsFiles == ["/home/deploy/k"])
        #expect(bastion.hostKeyFingerprints == [Self.print])
    }

    @Test(arguments: [("none", ""), ("~/a.sock", "/home/deploy/a.sock"), ("a", "/work/a")])
    func `an agent is a socket or none`(written: String, socket: String) throws {
        let bastion = try bastion("{name: near, host: n, agent: \(written)}")
        #expect(bastion.agentSocket == socket)
    }

    @Test func `a cluster takes tools of its own, then its bastion's, then the defaults`() throws {
        let files = MemoryFiles([
            "fleet.yaml": """
            defaults: {bastion: b, tools: {kubectl: /1, helm: /1, flux: /1}}
            bastions: [{name: b, host: b, tools: {kubectl: /2, helm: /2}}]
            clusters: [{name: a, tools: {kubectl: /3}}, {name: d, bastion: none}]
            """
        ])
        let clusters = try InventoryReader(files: files).read("fleet.yaml").value.clusters
        #expect(clusters[0].tools == ["kubectl": "/3", "helm": "/2", "flux": "/1"])
        #expect(clusters[1].tools == ["kubectl": "/1", "helm": "/1", "flux": "/1"])
    }

    @Test(arguments: [
        ("{name: none, host: a}", "a bastion can't be called `none`"),
        ("{name: a}", "bastion \"a\" needs the key `host` or `ssh`"),
        ("{name: a, host: b, ssh: c}", "bastion \"a\" has both `host` and `ssh`, and each says"),
        ("{name: a, host: -oProxyCommand=x}", "`host` should have no blank in it and no `-`"),
        ("{name: a, ssh: b c}", "`ssh` should have no blank in it and no `-` in front"),
        ("{name: a, host: b, user: -l}", "`user` should have no blank in it and no `-` in front"),
        ("{name: a, host: b, port: 0}", "`port` should be from 1 to 65535, got: 0"),
        ("{name: a, host: b, port: 65536}", "`port` should be from 1 to 65535, got: 65536"),
        ("{name: a, host: b, agnt: c}", "bastion \"a\" has no key `agnt`"),
        ("{name: a, host: b, via: c}", "bastion \"a\" names bastion \"c\", which isn't"),
        ("{name: a, host: b, hostKeyPolicy: no}", "`hostKeyPolicy` should be `strict` or"),
        ("{name: a, host: b, maxConnections: 33}", "`maxConnections` should be from 1 to 32"),
        ("{name: a, host: b, channelsPerConnection: 0}", "`channelsPerConnection` should be"),
        ("{name: a, host: b, environment: {A-B: c}}", "a variable's name should be letters"),
        ("{name: a, host: b, environment: {1A: c}}", "a variable's name should be letters"),
        ("{name: a, host: b, environment: [c]}", "`environment` should be a mapping"),
        ("{name: a, host: b, tools: {kubectl: bin/k}}", "`kubectl` should be an absolute path on"),
        ("{name: a, host: b, tools: {kubectl: ~/k}}", "`kubectl` should be an absolute path on"),
        ("{name: a, host: b, jobsDirectory: jobs}", "`jobsDirectory` should be an absolute path"),
        ("{name: a, host: b, hostKey: 16:27:ac}", "`hostKey` should be a fingerprint such as"),
        ("{name: a, host: b, hostKey: [SHA256:abc]}", "`hostKey` should be a fingerprint such as"),
        ("{name: a, host: b, hostKey: ssh-dss \(print)}", "`hostKey` should be a fingerprint"),
        (
            "{name: a, host: b, hostKey: \(print), hostKeyPolicy: accept-new}",
            "bastion \"a\" has a `hostKey`, which leaves nothing for `hostKeyPolicy` to accept"
        ),
    ])
    func `what can't be is said in one clause`(entry: String, problem: String) throws {
        let complaint = Complaint.inventory("clusters: [{name: x}]\nbastions: [\(entry)]")
        #expect(try #require(complaint).contains("error: \(problem)"))
        #expect(complaint?.contains("mistakes in") == false)
    }

    @Test func `a bastion without a way to it is placed and answered`() {
        #expect(
            Complaint.inventory("clusters: [{name: x}]\nbastions:\n  - name: a") == """
                error: bastion "a" needs the key `host` or `ssh`
                  at fleet.yaml:3:5
                hint: `host` is a name or an address to dial, `ssh` a host of ~/.ssh/config
                """)
    }

    @Test func `a fingerprint of another kind is placed and answered`() {
        #expect(
            Complaint.inventory(
                "clusters: [{name: x}]\nbastions: [{name: a, host: b, hostKey: MD5:16}]") == """
                    error: `hostKey` should be a fingerprint such as `SHA256:` and 43 characters, \
                    got: "MD5:16"
                      at fleet.yaml:2:40
                    hint: print those of a host with `ssh-keyscan HOST | ssh-keygen -lf -`, \
                    and compare them with what its console shows
                    """)
    }

    private func bastion(_ entry: String) throws -> Bastion {
        let lines = entry.split(separator: "\n").map { "    \($0)" }
        let text =
            lines.count == 1
            ? "bastions: [\(entry), {name: far, host: f}]"
            : "bastions:\n  -\n\(lines.joined(separator: "\n"))\n  - {name: far, host: f}"
        let files = MemoryFiles(["fleet.yaml": "clusters: [{name: x}]\n\(text)"])
        return try InventoryReader(files: files).read("fleet.yaml").value.bastions[0]
    }
}
