import FleetModel

/// API paths to read, written as `kubectl get --raw` takes them.
///
/// Lists are asked for in pages; whoever reads them joins the pages.
enum APIPath {
    static let version = "/version"
    static let pods = list("/api/v1/pods")
    static let namespaces = list("/api/v1/namespaces")
    static let services = list("/api/v1/services")
    static let deployments = list("/apis/apps/v1/deployments")
    static let replicaSets = list("/apis/apps/v1/replicasets")
    static let statefulSets = list("/apis/apps/v1/statefulsets")
    static let daemonSets = list("/apis/apps/v1/daemonsets")
    static let mutatingWebhooks = list(
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations")
    static let validatingWebhooks = list(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations")
    static let definitions = list(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
    static let istioOperators = list("/apis/install.istio.io/v1alpha1/istiooperators")
    static let rootCertificates = list("/api/v1/configmaps", labels: "istio.io/config=true")

    static let authorizationPolicies = list("/apis/security.istio.io/v1beta1/authorizationpolicies")
    static let networkPolicies = list("/apis/networking.k8s.io/v1/networkpolicies")
    static let virtualServices = list("/apis/networking.istio.io/v1beta1/virtualservices")
    static let gateways = list("/apis/networking.istio.io/v1beta1/gateways")
    static let peerAuthentications = list("/apis/security.istio.io/v1beta1/peerauthentications")
    static let failedCreations = "/api/v1/events?fieldSelector=reason%3DFailedCreate&limit=500"

    /// Newest first: a server that lacks the first may serve the second.
    static let endpointSlices = [
        list("/apis/discovery.k8s.io/v1/endpointslices"),
        list("/apis/discovery.k8s.io/v1beta1/endpointslices"),
    ]
    static let disruptionBudgets = [
        list("/apis/policy/v1/poddisruptionbudgets"),
        list("/apis/policy/v1beta1/poddisruptionbudgets"),
    ]
    static let replicationControllers = list("/api/v1/replicationcontrollers")
    static let argoRollouts = list("/apis/argoproj.io/v1alpha1/rollouts")
    static let deploymentConfigs = list("/apis/apps.openshift.io/v1/deploymentconfigs")
    static let clusterRoleBindings = list("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings")
    /// What only an OpenShift serves.
    static let openShift = "/apis/security.openshift.io/v1"
    static let workloadGroups = [
        list("/apis/networking.istio.io/v1beta1/workloadgroups"),
        list("/apis/networking.istio.io/v1alpha3/workloadgroups"),
    ]
    static let workloadEntries = [
        list("/apis/networking.istio.io/v1beta1/workloadentries"),
        list("/apis/networking.istio.io/v1alpha3/workloadentries"),
    ]
    static let jobs = list("/apis/batch/v1/jobs")
    static let cronJobs = [list("/apis/batch/v1/cronjobs"), list("/apis/batch/v1beta1/cronjobs")]

    static func securityContextConstraint(_ name: String) -> String {
        "\(openShift)/securitycontextconstraints/\(name)"
    }

    static func namespace(_ name: String) -> String { "/api/v1/namespaces/\(name)" }

    static func pods(in namespace: String) -> String {
        list("/api/v1/namespaces/\(namespace)/pods")
    }

    static func replicaSets(in namespace: String) -> String {
        list("/apis/apps/v1/namespaces/\(namespace)/replicasets")
    }

    /// The templates that StatefulSets and DaemonSets have had, those with some labels.
    static func controllerRevisions(in namespace: String, labels: [String: String]) -> String {
        let selector = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return list(
            "/apis/apps/v1/namespaces/\(namespace)/controllerrevisions",
            labels: selector.isEmpty ? nil : selector.joined(separator: ","))
    }

    static func pod(_ name: String, in namespace: String) -> String {
        "/api/v1/namespaces/\(namespace)/pods/\(name)"
    }

    static func configMap(_ name: String, in namespace: String) -> String {
        "/api/v1/namespaces/\(namespace)/configmaps/\(name)"
    }

    static func lease(_ name: String, in namespace: String) -> String {
        "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases/\(name)"
    }

    /// An object of the Gloo management plane.
    static func gloo(_ plural: String, _ name: String, in namespace: String) -> String {
        "/apis/admin.gloo.solo.io/v2/namespaces/\(namespace)/\(plural)/\(name)"
    }

    static func glooList(_ plural: String, in namespace: String) -> String {
        list("/apis/admin.gloo.solo.io/v2/namespaces/\(namespace)/\(plural)")
    }

    /// A whole list, or the part of it that carries some labels.
    static func list(_ path: String, labels: String? = nil) -> String {
        let selector = labels.map { "labelSelector=\($0.percentEncoded)&" } ?? ""
        return "\(path)?\(selector)limit=500"
    }
}

extension String {
    /// The string as one value of a query: all but RFC 3986's unreserved bytes escaped.
    var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            let scalar = Unicode.Scalar(byte)
            if unreserved.contains(byte) {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}

private let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
