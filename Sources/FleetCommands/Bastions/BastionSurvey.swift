import FleetModel

/// What is asked of a bastion in one line, and what it answered.
struct BastionSurvey: Hashable, Sendable {
    /// Tools by name, with their path there.
    var tools: [String: String] = [:]
    var kubectlVersion: String?
    /// Contexts by kubeconfig; those of the usual one under "".
    var contexts: [String: [String]] = [:]
    /// Seconds since 1970 by the bastion's clock.
    var clock: Int64?
    /// Where the files of jobs are, or will be.
    var freeKilobytes: Int64?
    /// Whether logind ends what a user leaves running, as durable jobs are.
    var killsUserProcesses = false

    /// What durable jobs can't do without, and what takeovers run.
    static let neededTools = ["setsid", "sleep"]
    static let wantedTools = ["kubectl", "istioctl", "helm", "flux"]

    /// The question, for a bastion whose inventory may fix the paths of tools.
    static func command(for bastion: Bastion, kubeconfigs: [String]) -> Command {
        let jobs = bastion.jobsDirectory ?? "~/.bellwether/jobs"
        let tools = (neededTools + wantedTools).map { "\($0)=\(bastion.tools[$0] ?? $0)" }
        return Command(
            ["sh", "-c", script, "survey", jobs, "\(tools.count)"] + tools + kubeconfigs,
            place: .bastion(bastion.name), deadline: .seconds(30), isMutating: false,
            purpose: "look around")
    }

    private static let script = #"""
        echo "clock $(date +%s)"
        directory=$1
        shift
        case $directory in
            "~/"*) directory=$HOME/${directory#"~/"} ;;
        esac
        while [ -n "$directory" ] && ! [ -d "$directory" ]; do
            case $directory in
                */*) directory=${directory%/*} ;;
                *) directory= ;;
            esac
        done
        df -Pk "$directory/" | {
            read -r heading
            read -r device size used free rest
            echo "free $free"
        }
        count=$1
        shift
        kubectl=
        while [ "$count" -gt 0 ]; do
            path=$(command -v "${1#*=}") && echo "tool ${1%%=*} $path"
            [ "${1%%=*}" = kubectl ] && kubectl=$path
            shift
            count=$((count - 1))
        done
        if [ -n "$kubectl" ]; then
            "$kubectl" version --client 2>/dev/null | {
                read -r version
                echo "version $version"
            }
            for file in "" "$@"; do
                echo "kubeconfig $file"
                "$kubectl" config get-contexts -o name ${file:+"--kubeconfig=$file"} 2>/dev/null |
                    while read -r name; do echo "context $name"; done
            done
        fi

        # named LIST: whether the user is in it, quotes or not.
        named() {
            user=$(id -un)
            case " $(echo "$1" | tr -d '"') " in *" $user "*) return 0 ;; esac
            return 1
        }
        # logind itself knows best; else its files are read in their order.
        property() {
            busctl get-property org.freedesktop.login1 /org/freedesktop/login1 \
                org.freedesktop.login1.Manager "$1" 2>/dev/null
        }
        setting() {
            cat /etc/systemd/logind.conf /usr/lib/systemd/logind.conf.d/*.conf \
                /run/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf.d/*.conf 2>/dev/null |
                sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" | tail -n 1
        }
        kills=$(property KillUserProcesses)
        if [ -n "$kills" ]; then
            spared=$(property KillExcludeUsers) only=$(property KillOnlyUsers)
            only=${only#as } only=${only#[0-9]*}
        else
            kills=$(setting KillUserProcesses)
            spared=$(setting KillExcludeUsers) only=$(setting KillOnlyUsers)
            : "${spared:=root}"
        fi
        case $kills in
        "b true" | yes | true | on | 1)
            named "$spared" || { [ -n "$only" ] && ! named "$only"; } || echo kills
            ;;
        esac
        true
        """#

    /// Reads the answer; lines that say nothing known are left out.
    init(answer: String) {
        var kubeconfig = ""
        for line in answer.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let rest = words.count > 1 ? words[1] : ""
            switch words[0] {
            case "clock": clock = Int64(rest)
            case "free": freeKilobytes = Int64(rest)
            case "version": kubectlVersion = rest.isEmpty ? nil : rest
            case "kubeconfig": kubeconfig = rest
            case "context": contexts[kubeconfig, default: []].append(rest)
            case "kills": killsUserProcesses = true
            case "tool":
                let pair = rest.split(separator: " ", maxSplits: 1).map(String.init)
                if pair.count == 2 { tools[pair[0]] = pair[1] }
            default: break
            }
        }
    }

    /// The contexts of all kubeconfigs, each once, those of the usual one first.
    var allContexts: [String] {
        let names = contexts.sorted { $0.key < $1.key }.flatMap(\.value)
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The clusters whose context isn't in the kubeconfig that the inventory names.
    func clustersWithoutContext(_ clusters: [Cluster]) -> [Cluster] {
        guard tools["kubectl"] != nil else { return [] }
        return clusters.filter { cluster in
            !(contexts[cluster.kubeconfig ?? ""] ?? []).contains(cluster.context.rawValue)
        }
    }
}
