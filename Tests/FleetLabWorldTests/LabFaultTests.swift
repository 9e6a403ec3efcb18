import FleetModel
import Testing

@testable import FleetLab

/// Faults as operators write them.
@Suite struct LabFaultTests {
    @Test(
        arguments: [
            ("slow", LabFault.slow(milliseconds: 2000)),
            ("ilm-unhealthy", .glooUnhealthy(seconds: 60)),
            ("ilm-failed", .glooFailure(state: "FAILED")),
            ("image-pull-back-off", .imagePullBackOff(image: "-solo")),
            ("helm-release-fails", .releaseFails(release: "istiod")),
            ("helm-release-stalls", .releaseStalls(release: "bigbang")),
            ("permission-denied", .permissionDenied(resource: "*")),
            ("injector-down", .injectorDown(revision: nil)),
            ("workload-never-ready", .workloadNeverReady(owner: "shop/cart", crashes: false)),
            ("requests-fail", .requestsFail(owner: "shop/cart")),
        ] as [(String, LabFault)])
    func `what a fault isn't told is as its help says`(name: String, fault: LabFault) throws {
        #expect(try LabFault(name: name, firstWorkload: "shop/cart") == fault)
    }

    @Test(
        arguments: [
            (
                "workload-never-ready", ["owner": "a/b", "crashes": "true"],
                .workloadNeverReady(owner: "a/b", crashes: true)
            ),
            ("requests-fail", ["owner": "a/b"], .requestsFail(owner: "a/b")),
            ("injector-down", ["revision": "1-15"], .injectorDown(revision: "1-15")),
            ("slow", ["milliseconds": "86400000"], .slow(milliseconds: 86_400_000)),
            ("ilm-unhealthy", ["seconds": "1"], .glooUnhealthy(seconds: 1)),
        ] as [(String, [String: String], LabFault)])
    func `what a fault is told counts`(
        name: String, parameters: [String: String], fault: LabFault
    ) throws {
        let read = try LabFault(name: name, parameters: parameters, firstWorkload: "shop/cart")
        #expect(read == fault)
        #expect(try LabFault(name: fault.name, parameters: fault.parameters) == fault)
    }

    @Test(arguments: ["0", "86400001", "1.5", ""])
    func `a number has its bounds`(text: String) {
        #expect(throws: StatusError.self) {
            try LabFault(name: "slow", parameters: ["milliseconds": text])
        }
    }
}
