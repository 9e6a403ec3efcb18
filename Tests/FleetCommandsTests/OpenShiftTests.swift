import Foundation
import Testing

extension CommandLineTests {
    /// The lab as an OpenShift: with its constraints, and with a stand-in for its client.
    @Suite(.serialized) struct OpenShiftTests {
        private static let cluster = Flock.name(1)

        @Test(.lab(clusters: 1))
        func `a takeover completes, and when it is run again there is nothing to change`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                let plain = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(plain.exit == 0, "\(plain.story)")
                try await prepare(project, lab)
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 0, "\(run.story)")
                try await project.expectSidecars(of: "1-25", on: [1])
                let groups = try await lab.kubectl(
                    Self.cluster, "get", "clusterrolebinding", "system:openshift:scc:anyuid", "-o",
                    "jsonpath={.subjects[*].name}")
                for space in ["istio-system", "gm-iop-1-25", "gloo-mesh-gateways"] {
                    #expect(groups.contains("system:serviceaccounts:\(space)"), "\(groups)")
                }
                #expect(!groups.contains("petstore"), "the test's right was taken back: \(groups)")
                let changes = try lab.changes(of: [Self.cluster]).compactMap(\.object)
                let network = changes.firstIndex {
                    $0.contains("network-attachment-definitions") && $0.contains("petstore")
                }
                #expect(network != nil, "\(changes)")
                try await expectNothingMore(project, lab)
            }
        }

        private func expectNothingMore(_ project: Project, _ lab: Lab) async throws {
            let moment = try lab.moment()
            let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
            let again = try await project.lead("run", plan).end()
            #expect(again.exit == 0, "\(again.story)")
            #expect(try lab.changes(of: [Self.cluster], since: moment).isEmpty)
        }

        private func prepare(_ project: Project, _ lab: Lab) async throws {
            for objects in [Self.definitions, Self.constraint] {
                _ = try await lab.kubectl(
                    Self.cluster, "apply", "--validate=false", "-f", "-", input: objects)
            }
            let client = try project.writeScript(Self.client, to: "oc")
            try project.edit(
                "Inventory/lab.yaml", "defaults:\n", "defaults:\n  tools: {oc: \(client)}\n")
            try project.edit(
                "Policies/Takeovers/lab.yaml", "gateways: none",
                "gateways: none\n  platform: openshift")
            let manifest = "Policies/Takeovers/manifests/istiod.yaml"
            try project.edit(manifest, "profile: minimal", "profile: openshift")
            let text = try project.text(of: manifest)
            try project.write(
                text.replacing(/( *)components:\n/) {
                    "\($0.1)components:\n\($0.1)  cni: {enabled: true}\n"
                }, to: manifest)
        }

        private static func definition(
            _ group: String, _ plural: String, _ kind: String, _ scope: String
        )
            -> String
        {
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: \(plural).\(group)}
            spec:
              group: \(group)
              names: {kind: \(kind), plural: \(plural)}
              scope: \(scope)
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """
        }

        private static let definitions = [
            definition(
                "security.openshift.io", "securitycontextconstraints",
                "SecurityContextConstraints", "Cluster"),
            definition(
                "k8s.cni.cncf.io", "network-attachment-definitions",
                "NetworkAttachmentDefinition", "Namespaced"),
        ].joined(separator: "\n---\n")

        private static let constraint = """
            apiVersion: security.openshift.io/v1
            kind: SecurityContextConstraints
            metadata: {name: anyuid}
            groups: [system:cluster-admins]
            """

        /// `oc [FLAGS] adm policy add-scc-to-group|remove-scc-from-group anyuid GROUP…`, by
        /// kubectl.
        private static let client = """
            #!/bin/sh
            set -e
            flags=
            while [ "$1" != adm ]; do flags="$flags $1"; shift; done
            verb=$3
            case "$2 $verb $4" in
            "policy add-scc-to-group anyuid" | "policy remove-scc-from-group anyuid") shift 4 ;;
            *) exit 64 ;;
            esac
            binding=system:openshift:scc:anyuid
            kept=$(kubectl $flags get clusterrolebinding "$binding" --ignore-not-found \\
              -o 'jsonpath={.subjects[*].name}')
            for group; do
              kept=$(for each in $kept; do [ "$each" = "$group" ] || echo "$each"; done)
              [ "$verb" = remove-scc-from-group ] || kept="$kept $group"
            done
            {
              echo 'apiVersion: rbac.authorization.k8s.io/v1'
              echo 'kind: ClusterRoleBinding'
              echo "metadata: {name: '$binding'}"
              echo 'roleRef:'
              echo '  apiGroup: rbac.authorization.k8s.io'
              echo '  kind: ClusterRole'
              echo "  name: '$binding'"
              echo 'subjects:'
              for group in $kept; do
                echo "- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: '$group'}"
              done
            } | kubectl $flags apply --validate=false -f -

            """
    }
}
