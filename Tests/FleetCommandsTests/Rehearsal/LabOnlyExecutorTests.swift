import FleetModel
import FleetRunner
import Synchronization
import Testing

@testable import FleetCommands

/// A rehearsal reaches nothing but its lab.
struct LabOnlyExecutorTests {
    private let lab = Cluster("edge-01", context: "prod", kubeconfig: "/lab/edge-01")

    private func isRun(_ argv: [String], at place: Command.Place = .local) async -> Bool {
        let witness = Witness()
        let executor = LabOnlyExecutor(witness, kubeconfigs: ["/lab/edge-01"])
        let command = Command(argv, place: place, isMutating: true)
        let result = await executor.run(command, id: "1")
        #expect(result.succeeded == witness.hasRun)
        let reading = await executor.read(command, id: "2")
        #expect(reading.succeeded == result.succeeded)
        return witness.hasRun
    }

    @Test func `what carries the lab's kubeconfig is run`() async {
        #expect(await isRun(lab.kubectl(["get", "pods"])))
        #expect(await isRun(lab.kubectl(["apply", "--server-side", "-f", "-"])))
        #expect(await isRun(lab.helm(["upgrade", "istiod", "/charts/istiod"])))
        #expect(await isRun(ClusterTool.istioctl.argv(["analyze"], on: lab)))
    }

    @Test func `what might reach another server is not`() async {
        let real = Cluster("edge-01", context: "prod", kubeconfig: "/home/ada/.kube/config")
        #expect(await !isRun(real.kubectl(["get", "pods"])))
        #expect(await !isRun(Cluster("edge-01").kubectl(["get", "pods"])))
        #expect(await !isRun(lab.kubectl(["get", "pods", "--kubeconfig", "/real"])))
        #expect(await !isRun(lab.kubectl(["get", "pods", "--server=https://10.0.0.1"])))
        #expect(await !isRun(lab.kubectl(["get", "pods", "-shttps://10.0.0.1"])))
        #expect(await !isRun(lab.helm(["list", "--kube-apiserver", "https://10.0.0.1"])))
        #expect(await !isRun(lab.kubectl(["get", "pods"]), at: .bastion("jump")))
    }

    @Test(arguments: [["commit-values"], ["sh", "-c", "kubectl delete ns x"], ["kubectl"]])
    func `other programs are not`(argv: [String]) async {
        #expect(await !isRun(argv))
    }
}

private final class Witness: CommandExecutor {
    private let runs = Mutex(0)
    var hasRun: Bool { runs.withLock { $0 > 0 } }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        runs.withLock { $0 += 1 }
        return CommandResult(.exited(0))
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate { .unknown }
    func acknowledge(_ id: CommandID, at place: Command.Place) async {}
}
