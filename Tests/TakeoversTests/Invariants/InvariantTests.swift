import FleetModel
import Testing

@testable import Takeovers

/// Each invariant: broken, not broken, and where there is nothing to compare.
@Suite struct InvariantTests {
    // MARK: - I1

    @Test func `I1 a webhook whose Service was pruned`() throws {
        let before = try World("40")
        var after = before
        after.remove("Service", "istiod", in: "istio-system")
        #expect(
            try after.violations(of: .webhooks, since: before) == [
                "I1: istio-sidecar-injector calls Service istio-system/istiod, which is gone"
            ])
        #expect(try before.violations(of: .webhooks, since: before).isEmpty)
        #expect(try after.violations(of: .webhooks, since: after).isEmpty, "as it was before")
    }

    @Test func `I1 without a look before counts in any case, unless somebody answers for it`()
        throws
    {
        var world = try World("40")
        #expect(try world.violations(of: .webhooks, since: nil).isEmpty)
        world.edit("MutatingWebhookConfiguration", "istio-revision-tag-default") {
            $0[path: ["webhooks"]] = .array(
                $0.items("webhooks").map { webhook in
                    var webhook = webhook
                    webhook[path: ["clientConfig", "caBundle"]] = ""
                    return webhook
                })
        }
        #expect(
            try world.violations(of: .webhooks, since: nil)
                == ["I1: istio-revision-tag-default has no caBundle"])
        var cluster = Cluster("cluster-1")
        cluster.waivers = ["P04": "it is being looked at"]
        #expect(
            try world.violations(of: .webhooks, since: nil, in: .gloo(cluster: cluster)).isEmpty)
    }

    @Test func `I1 leaves out what the removal of the old control plane leaves behind`() throws {
        let before = try World("40")
        var after = before
        after.remove("Service", "istiod", in: "istio-system")
        let place = Place.excusing(.oldWebhooks)
        #expect(try after.violations(of: .webhooks, since: before, at: place).isEmpty)
        after.remove("Service", "istiod-1-15", in: "istio-system")
        #expect(try after.violations(of: .webhooks, since: before, at: place).count == 2)
    }

    // MARK: - I2

    @Test func `I2 new pods that nobody injects any more`() throws {
        let before = try World("30")
        var after = before
        after.remove("MutatingWebhookConfiguration", "istio-sidecar-injector")
        #expect(
            try after.violations(of: .injection, since: before, at: .expecting(.old)) == [
                "I2: a new pod in bookinfo would not be injected: "
                    + "before, it would be injected by default 1.14.5"
            ])
        #expect(
            try before.violations(of: .injection, since: before, at: .expecting(.old)).isEmpty)
    }

    @Test func `I2 a second default injector before its time`() throws {
        let (before, after) = (try World("30"), try World("40"))
        #expect(
            try after.violations(of: .injection, since: before, at: .expecting(.old)) == [
                "I2: more than one injector answers in bookinfo: "
                    + "istio-revision-tag-default, istio-sidecar-injector"
            ])
        #expect(
            try after.violations(of: .injection, since: before, at: .expecting(.changing)).isEmpty)
    }

    @Test func `I2 the old injector comes back after the change`() throws {
        let (before, after) = (try World("60"), try World("40"))
        let words = try after.violations(of: .injection, since: before, at: .expecting(.new))
        #expect(words.count == 1 && words[0].hasPrefix("I2: more than one injector answers"))
        #expect(
            try after.violations(of: .injection, since: nil, at: .expecting(.new))
                == ["I2: a new pod in bookinfo would be injected by default 1.14.5"])
        #expect(try after.violations(of: .injection, since: nil, at: .expecting(.old)).isEmpty)
    }

    @Test func `I2 new pods that are not let in, in the server's words`() throws {
        let before = try World("30")
        var after = before
        after.remove("Deployment", "istiod", in: "istio-system")
        #expect(
            try after.violations(of: .injection, since: before, at: .expecting(.old)) == [
                "I2: no new pod is let into bookinfo: failed calling webhook "
                    + #""namespace.sidecar-injector.istio.io": no endpoints available for istiod"#
            ])
        #expect(try after.violations(of: .injection, since: after, at: .expecting(.old)).isEmpty)
    }

    @Test func `I2 says nothing of a namespace that was labelled anew`() throws {
        let before = try World("30")
        var after = before
        after.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio-injection": "enabled", "team": "books"]
        }
        after.remove("MutatingWebhookConfiguration", "istio-sidecar-injector")
        #expect(
            try after.violations(of: .injection, since: before, at: .expecting(.old)).isEmpty)
    }

    // MARK: - I3

    @Test func `I3 a pod that came up without its sidecar`() throws {
        let before = try World("30")
        var after = before
        after.stripSidecar(of: "reviews-v1")
        #expect(
            try after.violations(of: .sidecars, since: before) == [
                "I3: Deployment bookinfo/reviews-v1 lost its sidecars: 1 of 1 pods have none"
            ])
        #expect(try before.violations(of: .sidecars, since: before).isEmpty)
        #expect(try after.violations(of: .sidecars, since: after).isEmpty)
        #expect(try before.violations(of: .sidecars, since: after).isEmpty, "it gained one")
    }

    @Test func `I3 an owner that was scaled down has lost nothing`() throws {
        let before = try World("30")
        var after = before
        after.cluster.removeAll { $0["kind"] == "Pod" && $0.name.hasPrefix("reviews-v1") }
        #expect(try after.violations(of: .sidecars, since: before).isEmpty)
        after.remove("Deployment", "reviews-v1", in: "bookinfo")
        #expect(try after.violations(of: .sidecars, since: before).isEmpty)
    }

    // MARK: - I5

    @Test func `I5 another root of trust`() throws {
        let before = try World("30")
        var after = before
        after.edit("ConfigMap", "istio-ca-root-cert", in: "bookinfo") {
            $0[path: ["data", "root-cert.pem"]] = .string(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        }
        let words = try after.violations(of: .roots, since: before)
        #expect(
            words.count == 1
                && words[0].hasPrefix("I5: another root of trust than before in bookinfo: "))
        #expect(words[0].contains("CERTIFICATE_VERIFY_FAILED"))
        #expect(try before.violations(of: .roots, since: before).isEmpty)
        #expect(try after.violations(of: .roots, since: nil).isEmpty, "nothing to compare with")
    }

    @Test func `I5 a second root beside the first one is none the worse`() throws {
        let before = try World("30")
        var after = before
        after.edit("ConfigMap", "istio-ca-root-cert", in: "bookinfo") { map in
            let pem = map[path: ["data", "root-cert.pem"]]?.string ?? ""
            map[path: ["data", "root-cert.pem"]] = .string(
                pem + "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        }
        #expect(try after.violations(of: .roots, since: before).isEmpty)
        #expect(try before.violations(of: .roots, since: after).count == 1)
    }

    @Test func `I5 a namespace without its root, unless it is gone itself`() throws {
        let before = try World("30")
        var after = before
        after.remove("ConfigMap", "istio-ca-root-cert", in: "bookinfo")
        #expect(
            try after.violations(of: .roots, since: before)
                == ["I5: no root of trust any more in bookinfo"])
        after.remove("Namespace", "bookinfo")
        #expect(try after.violations(of: .roots, since: before).isEmpty)
    }

    // MARK: - I6

    @Test func `I6 a gateway without an address, an endpoint or a Service`() throws {
        let before = try World("30")
        let name = "Service istio-gateways/istio-eastwestgateway"
        var silent = before
        silent.edit("Service", "istio-eastwestgateway", in: "istio-gateways") {
            $0["status"] = [:]
        }
        #expect(
            try silent.violations(of: .gateways, since: before) == ["I6: \(name) has no address"])
        var empty = before
        empty.cluster.removeAll { $0["kind"] == "Pod" && $0.namespace == "istio-gateways" }
        #expect(
            try empty.violations(of: .gateways, since: before)
                == ["I6: \(name) has no ready endpoint"])
        var gone = empty
        gone.remove("Service", "istio-eastwestgateway", in: "istio-gateways")
        #expect(try gone.violations(of: .gateways, since: before) == ["I6: \(name) is gone"])
        #expect(try before.violations(of: .gateways, since: before).isEmpty)
        #expect(try gone.violations(of: .gateways, since: silent).isEmpty, "it served nobody")
    }

    @Test func `I6 a gateway at another address`() throws {
        let name = "istio-eastwestgateway"
        func world(at addresses: [String]) throws -> World {
            var world = try World("30")
            world.edit("Service", name, in: "istio-gateways") {
                $0[path: ["status", "loadBalancer", "ingress"]] = .array(
                    addresses.map { ["ip": .string($0)] })
            }
            return world
        }
        let before = try world(at: ["192.0.2.1", "192.0.2.2"])
        #expect(
            try world(at: ["192.0.2.3"]).violations(of: .gateways, since: before)
                == [
                    "I6: Service istio-gateways/\(name) is not at 192.0.2.1, 192.0.2.2 any more"
                ])
        #expect(try world(at: ["192.0.2.2"]).violations(of: .gateways, since: before).isEmpty)
    }

    @Test func `I6 lets the old gateways go where they are removed, and no others`() throws {
        let before = try World("30")
        var after = before
        after.remove("Service", "istio-eastwestgateway", in: "istio-gateways")
        let place = Place.excusing(.oldGateways)
        #expect(try after.violations(of: .gateways, since: before, at: place).isEmpty)
        after.remove("Service", "istio-eastwestgateway", in: "gloo-mesh-gateways")
        #expect(
            try after.violations(of: .gateways, since: before, at: place)
                == ["I6: Service gloo-mesh-gateways/istio-eastwestgateway is gone"])
    }

    @Test func `I6 without a look before wants the takeover's own gateways`() throws {
        var world = try World("30")
        let place = Place(injector: .same, exemptions: [], hasGateways: true)
        #expect(try world.violations(of: .gateways, since: nil, at: place).isEmpty)
        world.edit("Service", "istio-eastwestgateway", in: "gloo-mesh-gateways") {
            $0["status"] = [:]
        }
        #expect(try world.violations(of: .gateways, since: nil, at: place).count == 1)
        #expect(try world.violations(of: .gateways, since: nil, at: .anywhere).isEmpty)
    }

    // MARK: - I7

    @Test func `I7 a protected namespace that goes`() throws {
        let before = try World("30")
        var after = before
        after.remove("Namespace", "istio-system")
        after.edit("Namespace", "gm-iop-1-15") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(
            try after.violations(of: .namespaces, since: before) == [
                "I7: namespace istio-system is gone",
                "I7: namespace gm-iop-1-15 is being deleted",
            ])
        #expect(
            try after.violations(of: .namespaces, since: nil)
                == ["I7: namespace gm-iop-1-15 is being deleted"])
        #expect(try before.violations(of: .namespaces, since: before).isEmpty)
    }

    @Test func `I7 lets other namespaces go, and other revisions' of Gloo`() throws {
        var before = try World("30")
        before.cluster.append(["kind": "Namespace", "metadata": ["name": "gm-iop-1-13"]])
        var after = before
        for name in ["gm-iop-1-13", "bookinfo", "petstore", "istio-operator"] {
            after.remove("Namespace", name)
        }
        #expect(try after.violations(of: .namespaces, since: before).isEmpty)
    }

    // MARK: - I8

    @Test func `I8 a definition that is gone, by its name`() throws {
        var before = try World("30")
        before.cluster += [
            .definition("virtualservices.networking.istio.io"),
            .definition("istiooperators.install.istio.io"), .definition("carts.shop.example"),
        ]
        var after = before
        after.remove("CustomResourceDefinition", "carts.shop.example")
        #expect(try after.violations(of: .definitions, since: before).isEmpty)
        after.remove("CustomResourceDefinition", "istiooperators.install.istio.io")
        #expect(
            try after.violations(of: .definitions, since: before) == [
                "I8: definitions of Istio's resources are gone: istiooperators.install.istio.io, "
                    + "and every object of theirs"
            ])
        let place = Place.excusing(.operatorDefinition)
        #expect(try after.violations(of: .definitions, since: before, at: place).isEmpty)
        after.remove("CustomResourceDefinition", "virtualservices.networking.istio.io")
        #expect(try after.violations(of: .definitions, since: before, at: place).count == 1)
        #expect(try before.violations(of: .definitions, since: after).isEmpty)
        #expect(try after.violations(of: .definitions, since: nil).isEmpty)
    }
}
