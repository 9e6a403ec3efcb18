/// How the messages of k8s.io/api look, as far as kubectl creates objects by them.
///
/// Since 1.32 its typed clients send protocol buffers (`kubectl create namespace`,
/// `auth can-i`, `create configmap`, `drain`). The numbers are those of the
/// `generated.proto` files.
enum ProtobufSchema {
    indirect enum Kind: Sendable {
        case string, bytes, number, flag, time, numberOrString
        case message([Int: Field])
        case list(Kind)
        case map(Kind)
    }

    struct Field: Sendable {
        var name: String
        var kind: Kind

        init(_ name: String, _ kind: Kind = .string) {
            self.name = name
            self.kind = kind
        }
    }

    /// The message of a kind; `nil` when it isn't known here.
    static func message(_ kind: String) -> [Int: Field]? { kinds[kind] }

    private static let kinds: [String: [Int: Field]] = [
        "ConfigMap": object([
            2: Field("data", .map(.string)), 3: Field("binaryData", .map(.bytes)),
            4: Field("immutable", .flag),
        ]),
        "DeleteOptions": deleteOptions,
        "Deployment": object([2: Field("spec", .message(deploymentSpec))]),
        "Eviction": object([2: Field("deleteOptions", .message(deleteOptions))]),
        "Namespace": object([
            2: Field("spec", .message([1: Field("finalizers", .list(.string))]))
        ]),
        "Secret": object([
            2: Field("data", .map(.bytes)), 3: Field("type"),
            4: Field("stringData", .map(.string)), 5: Field("immutable", .flag),
        ]),
        "SelfSubjectAccessReview": object([2: Field("spec", .message(accessSpec))]),
        "SelfSubjectRulesReview": object([2: Field("spec", .message([1: Field("namespace")]))]),
        "Service": object([2: Field("spec", .message(serviceSpec))]),
        "ServiceAccount": object([
            3: Field("imagePullSecrets", .list(.message([1: Field("name")]))),
            4: Field("automountServiceAccountToken", .flag),
        ]),
    ]

    private static func object(_ fields: [Int: Field]) -> [Int: Field] {
        fields.merging([1: Field("metadata", .message(metadata))]) { own, _ in own }
    }

    private static let metadata: [Int: Field] = [
        1: Field("name"), 2: Field("generateName"), 3: Field("namespace"), 5: Field("uid"),
        6: Field("resourceVersion"), 7: Field("generation", .number),
        8: Field("creationTimestamp", .time), 9: Field("deletionTimestamp", .time),
        10: Field("deletionGracePeriodSeconds", .number), 11: Field("labels", .map(.string)),
        12: Field("annotations", .map(.string)),
        13: Field("ownerReferences", .list(.message(ownerReference))),
        14: Field("finalizers", .list(.string)),
    ]

    private static let ownerReference: [Int: Field] = [
        1: Field("kind"), 3: Field("name"), 4: Field("uid"), 5: Field("apiVersion"),
        6: Field("controller", .flag), 7: Field("blockOwnerDeletion", .flag),
    ]

    private static let deleteOptions: [Int: Field] = [
        1: Field("gracePeriodSeconds", .number),
        2: Field("preconditions", .message([1: Field("uid"), 2: Field("resourceVersion")])),
        3: Field("orphanDependents", .flag), 4: Field("propagationPolicy"),
        5: Field("dryRun", .list(.string)),
    ]

    private static let accessSpec: [Int: Field] = [
        1: Field(
            "resourceAttributes",
            .message([
                1: Field("namespace"), 2: Field("verb"), 3: Field("group"), 4: Field("version"),
                5: Field("resource"), 6: Field("subresource"), 7: Field("name"),
            ])),
        2: Field("nonResourceAttributes", .message([1: Field("path"), 2: Field("verb")])),
    ]

    private static let serviceSpec: [Int: Field] = [
        1: Field(
            "ports",
            .list(
                .message([
                    1: Field("name"), 2: Field("protocol"), 3: Field("port", .number),
                    4: Field("targetPort", .numberOrString), 5: Field("nodePort", .number),
                    6: Field("appProtocol"),
                ]))),
        2: Field("selector", .map(.string)), 3: Field("clusterIP"), 4: Field("type"),
        10: Field("externalName"),
    ]

    private static let selector: [Int: Field] = [
        1: Field("matchLabels", .map(.string)),
        2: Field(
            "matchExpressions",
            .list(
                .message([
                    1: Field("key"), 2: Field("operator"), 3: Field("values", .list(.string)),
                ]))),
    ]

    private static let deploymentSpec: [Int: Field] = [
        1: Field("replicas", .number), 2: Field("selector", .message(selector)),
        3: Field(
            "template",
            .message([
                1: Field("metadata", .message(metadata)), 2: Field("spec", .message(podSpec)),
            ])),
        5: Field("minReadySeconds", .number), 6: Field("revisionHistoryLimit", .number),
        7: Field("paused", .flag), 9: Field("progressDeadlineSeconds", .number),
    ]

    private static let podSpec: [Int: Field] = [
        2: Field("containers", .list(.message(container))), 3: Field("restartPolicy"),
        4: Field("terminationGracePeriodSeconds", .number), 6: Field("dnsPolicy"),
        7: Field("nodeSelector", .map(.string)), 8: Field("serviceAccountName"),
    ]

    private static let container: [Int: Field] = [
        1: Field("name"), 2: Field("image"), 3: Field("command", .list(.string)),
        4: Field("args", .list(.string)), 5: Field("workingDir"),
        6: Field(
            "ports",
            .list(
                .message([
                    1: Field("name"), 2: Field("hostPort", .number),
                    3: Field("containerPort", .number), 4: Field("protocol"), 5: Field("hostIP"),
                ]))),
        7: Field("env", .list(.message([1: Field("name"), 2: Field("value")]))),
        14: Field("imagePullPolicy"),
    ]
}
