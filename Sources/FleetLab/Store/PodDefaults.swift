import FleetModel

/// The defaults of pods and of the pod templates inside workloads.
enum PodDefaults {
    static func fill(_ pod: inout JSON) {
        pod.edit("spec") { fillSpec(&$0) }
        pod[path: ["status"]] = pod["status"] ?? [:]
        pod.edit("status") {
            $0.setDefault("phase", "Pending")
            $0.setDefault("qosClass", "BestEffort")
        }
    }

    static func fillTemplate(_ template: inout JSON) {
        template.setDefault("metadata", [:])
        template.edit("metadata") { $0.setDefault("creationTimestamp", nil) }
        template.edit("spec") { fillSpec(&$0) }
    }

    private static func fillSpec(_ spec: inout JSON) {
        spec.setDefault("restartPolicy", "Always")
        spec.setDefault("terminationGracePeriodSeconds", 30)
        spec.setDefault("dnsPolicy", "ClusterFirst")
        spec.setDefault("schedulerName", "default-scheduler")
        spec.setDefault("securityContext", [:])
        spec.editEach("initContainers") { fillContainer(&$0) }
        spec.editEach("containers") { fillContainer(&$0) }
        if let account = spec["serviceAccountName"] { spec.setDefault("serviceAccount", account) }
    }

    private static func fillContainer(_ container: inout JSON) {
        container.setDefault("resources", [:])
        container.setDefault("terminationMessagePath", "/dev/termination-log")
        container.setDefault("terminationMessagePolicy", "File")
        let image = container["image"]?.string ?? ""
        container.setDefault(
            "imagePullPolicy", isLatest(image) ? "Always" : "IfNotPresent")
        container.editEach("ports") { $0.setDefault("protocol", "TCP") }
    }

    /// Whether the image names no fixed tag, so that each start must look for a newer one.
    private static func isLatest(_ image: String) -> Bool {
        guard !image.contains("@") else { return false }
        let name = image.split(separator: "/").last ?? ""
        return !name.contains(":") || name.hasSuffix(":latest")
    }
}
