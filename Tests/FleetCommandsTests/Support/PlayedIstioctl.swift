import Foundation

/// An istioctl that a script plays, since none can be installed where the tests run.
///
/// It does on the lab, through the real kubectl, what istioctl 1.28 does: the same arguments,
/// output, questions and exit statuses, as far as takeovers use them.
struct PlayedIstioctl {
    private let folder: URL

    init(beside lab: Lab) throws {
        folder = lab.directory.appending(path: "istioctl")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.script.utf8).write(to: folder.appending(path: "istioctl"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: path)
    }

    var path: String { folder.appending(path: "istioctl").path }

    /// What it was called with, one call per line.
    func calls() throws -> [String] {
        let file = folder.appending(path: "calls")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static let script = #"""
        #!/bin/sh
        # Plays istioctl 1.28 on a lab.
        here=$(dirname "$0")
        echo "$*" >> "$here/calls"
        kube=; revision=; dry=; yes=; verb=
        while [ $# -gt 0 ]; do
            case $1 in
                --kubeconfig|--context) kube="$kube $1 $2"; shift ;;
                --revision) revision=$2; shift ;;
                --set) revision=${2#revision=}; shift ;;
                --readiness-timeout|--failure-threshold|-o) shift ;;
                -f) [ "$2" = - ] || exit 64; shift ;;
                --dry-run) dry=1 ;;
                -y) yes=1 ;;
                -A|--remote=false) ;;
                -*) echo "Error: unknown flag: $1" >&2; exit 64 ;;
                *) verb="$verb$1 " ;;
            esac
            shift
        done
        k() { kubectl $kube --request-timeout=30s "$@"; }
        labels="istio.io/rev=$revision"
        labels="$labels,operator.istio.io/component in (Pilot,IngressGateways,EgressGateways,Cni,Ztunnel)"

        objects() {
            for kind in deployments.apps daemonsets.apps services configmaps serviceaccounts \
                rolebindings.rbac.authorization.k8s.io roles.rbac.authorization.k8s.io \
                poddisruptionbudgets.policy horizontalpodautoscalers.autoscaling \
                mutatingwebhookconfigurations.admissionregistration.k8s.io \
                validatingwebhookconfigurations.admissionregistration.k8s.io \
                clusterroles.rbac.authorization.k8s.io \
                clusterrolebindings.rbac.authorization.k8s.io
            do
                k get "$kind" -A -l "$labels" --ignore-not-found \
                    -o go-template='{{range .items}}{{.apiVersion}} {{.kind}} {{.metadata.name}} {{with .metadata.namespace}}{{.}}{{end}}
        {{end}}' || return 1
            done
        }

        proxies() {
            k get pods -A -o go-template='{{range .items}}{{$pod := .metadata}}{{if eq .status.phase "Running"}}{{with .metadata.annotations}}{{with index . "sidecar.istio.io/status"}}{{$pod.name}}.{{$pod.namespace}} {{.}}
        {{end}}{{end}}{{end}}{{end}}' | grep "\"revision\":\"$revision\"" | cut -d " " -f 1
        }

        uninstall() {
            if ! k get mutatingwebhookconfigurations -l "istio.io/rev=$revision" -o name | grep -q .; then
                echo "Error: could not find target revision" >&2; exit 1
            fi
            list=$(objects) || { echo "Error: could not list revisions" >&2; exit 1; }
            left=$(proxies)
            if [ -n "$left" ]; then
                echo "There are still $(echo "$left" | wc -l) proxies pointing to the control plane revision $revision"
                echo "$left"
                echo "If you proceed with the uninstall, these proxies will become detached from any control plane and will not function correctly."
                if [ -z "$dry$yes" ]; then
                    printf "Proceed? (y/N) "
                    read -r answer || answer=
                    [ "$answer" = y ] || { echo "Cancelled."; exit 1; }
                fi
            fi
            echo "$list" | while read -r version kind name space; do
                [ -n "$name" ] || continue
                case $version in */*) ;; *) version=/$version ;; esac
                object="$version, Kind=$kind/$name.$space"
                if [ -n "$dry" ]; then
                    echo "Not pruning object $object because of dry run."
                else
                    k ${space:+-n "$space"} delete "$kind" "$name" --wait=false > /dev/null || exit 1
                    echo "  Removed $object."
                fi
            done || exit 1
            echo "✔ Uninstall complete" >&2
        }

        case $verb in
            "version ") echo '{"clientVersion":{"version":"1.28.0"}}' ;;
            "install ")
                [ "$revision" = 1-28 ] && [ -n "$yes" ] && grep -q '"profile":"minimal"' || exit 64
                k apply -f "$here/objects.json" >&2 || exit 1
                k -n istio-system rollout status deployment/istiod-1-28 --timeout=60s >&2 || exit 1
                echo "✔ Istiod installed" >&2 ;;
            "uninstall ") uninstall ;;
            "analyze ") echo "[]"; echo "✔ No validation issues found when analyzing all namespaces." >&2 ;;
            "x precheck ") echo "✔ No issues found when checking the cluster." >&2 ;;
            *) echo "Error: unknown command \"$verb\" for \"istioctl\"" >&2; exit 64 ;;
        esac

        """#
}
