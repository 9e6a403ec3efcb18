import Foundation
import Testing

extension CommandLineTests {
    /// The lab as an OpenShift: with its constraints, and with a stand-in for its client.
    @Suite(.serialized) struct OpenShiftTests {
        private static let cluster = Flock.name(1)

        @Test(.lab(clusters: 1)) func `pods of the new mesh may run before there are any`()
            async throws
        {
            try await Project.onLab([1], policy: Project.gatedPolicy) { project, lab in
                let plain = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(plain.exit == 0, "\(plain.story)")
                try await prepare(project, lab)
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 4, "\(run.story)")
                #expect(try await project.status().state == "awaitingApproval")
                let groups = try await lab.kubectl(
                    Self.cluster, "get", "clusterrolebinding", "system:openshift:scc:anyuid", "-o",
                    "jsonpath={.subjects[*].name}")
                for space in ["istio-system", "gm-iop-1-25", "gloo-mesh-gateways", "petstore"] {
                    #expect(groups.contains("system:serviceaccounts:\(space)"), "\(groups)")
                }
                let networks = try await lab.kubectl(
                    Self.cluster, "-n", "petstore", "get",
                    "network-attachment-definitions.k8s.cni.cncf.io", "-o", "name")
                #expect(networks.contains("istio-cni"))
            }
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

        /// `oc [FLAGS] adm policy add-scc-to-group anyuid GROUP…`, by kubectl.
        private static let client = """
            #!/bin/sh
            set -e
            flags=
            while [ "$1" != adm ]; do flags="$flags $1"; shift; done
            [ "$2 $3 $4" = "policy add-scc-to-group anyuid" ]
            shift 4
            {
              echo 'apiVersion: rbac.authorization.k8s.io/v1'
              echo 'kind: ClusterRoleBinding'
              echo 'metadata: {name: "system:openshift:scc:anyuid"}'
              echo 'roleRef:'
              echo '  apiGroup: rbac.authorization.k8s.io'
              echo '  kind: ClusterRole'
              echo '  name: system:openshift:scc:anyuid'
              echo 'subjects:'
              for group; do
                echo "- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: '$group'}"
              done
            } | kubectl $flags apply --validate=false -f -

            """
    }
}
