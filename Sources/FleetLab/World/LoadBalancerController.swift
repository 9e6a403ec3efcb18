import FleetModel

/// Gives Services of type LoadBalancer an address, after a while or never.
struct LoadBalancerController: Controller {
    let watches: Set<String> = ["services"]

    /// The Services that it was said of why they wait, by uid: said once is enough.
    private var refused: Set<String> = []

    mutating func reconcile(_ scene: inout Scene) {
        for service in scene.list("services") where !service.isTerminating {
            guard service[path: ["spec", "type"]]?.string == "LoadBalancer",
                Self.addresses(of: service).isEmpty
            else { continue }
            guard !scene.faults.withholdsAddresses else {
                refuse(service, &scene)
                continue
            }
            let delay = scene.duration(scene.pace.loadBalancer, service.uid)
            guard scene.waits.isOver(service.uid, after: delay) else { continue }
            let address = freeAddress(for: service, &scene)
            let key = ObjectKey("services", namespace: service.namespace, name: service.name)
            scene.update(key, status: true) {
                $0[path: ["status", "loadBalancer", "ingress"]] = [["ip": .string(address)]]
            }
        }
    }

    /// In the words of MetalLB, whose pool is empty.
    private mutating func refuse(_ service: JSON, _ scene: inout Scene) {
        guard refused.insert(service.uid).inserted else { return }
        let name = "\(service.namespace)/\(service.name)"
        EventRecorder.warn(
            about: service, "AllocationFailed",
            "Failed to allocate IP for \(name.jsonQuoted): no available IPs",
            by: "metallb-controller", &scene)
    }

    private static func addresses(of service: JSON) -> [String] {
        (service[path: ["status", "loadBalancer", "ingress"]]?.array ?? []).compactMap {
            $0["ip"]?.string ?? $0["hostname"]?.string
        }
    }

    /// An address of 198.18.0.0/15, the range for tests of networks (RFC 2544).
    private func freeAddress(for service: JSON, _ scene: inout Scene) -> String {
        let taken = Set(scene.list("services").flatMap(Self.addresses))
        var chance = scene.chance(scene.store.cluster + service.uid)
        // Nearly always the first try will do; the bound keeps it from ever hanging.
        for _ in 0..<1000 {
            let parts = [18...19, 0...255, 1...254].map { chance.number(in: $0) }
            let address = "198.\(parts[0]).\(parts[1]).\(parts[2])"
            if !taken.contains(address) { return address }
        }
        return "198.19.255.255"
    }
}
