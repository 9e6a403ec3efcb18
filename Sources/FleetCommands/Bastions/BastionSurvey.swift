import FleetModel

/// What is asked of a bastion in one line, and what it answered.
struct BastionSurvey: Hashable, Sendable {
    /// Tools by name, with their path there.
    var tools: [String: String] = [:]
    var kubectlVersion: String?
    var contexts: [String] = []
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
                "$kubectl" config get-contexts -o name ${file:+"--kubeconfig=$file"} 2>/dev/null |
                    while read -r name; do echo "context $name"; done
            done
        fi
        loginctl show-user "$(id -u)" 2>/dev/null | grep -q '^Linger=yes' ||
            grep -qs '^KillUserProcesses=yes' /etc/systemd/logind.conf && echo kills
        true
        """#

    /// Reads the answer; lines that say nothing known are left out.
    init(answer: String) {
        for line in answer.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let rest = words.count > 1 ? words[1] : ""
            switch words[0] {
            case "clock": clock = Int64(rest)
            case "free": freeKilobytes = Int64(rest)
            case "version": kubectlVersion = rest.isEmpty ? nil : rest
            case "context" where !contexts.contains(rest): contexts.append(rest)
            case "kills": killsUserProcesses = true
            case "tool":
                let pair = rest.split(separator: " ", maxSplits: 1).map(String.init)
                if pair.count == 2 { tools[pair[0]] = pair[1] }
            default: break
            }
        }
    }
}

extension BastionSurvey {
    /// What would go wrong on this bastion, each with what to do about it.
    func warnings(clusters: [Cluster], skew: Duration?) -> [String] {
        obstacles(clusters: clusters, skew: skew)
            + (killsUserProcesses
                ? ["logind ends what a user leaves running: run `loginctl enable-linger`"] : [])
    }

    /// Those of them over which nothing is started there.
    func obstacles(clusters: [Cluster], skew: Duration?) -> [String] {
        var obstacles = Self.neededTools.filter { tools[$0] == nil }.map {
            "it has no `\($0)`, which durable commands need: install util-linux and coreutils"
        }
        if tools["kubectl"] == nil, !clusters.isEmpty {
            obstacles.append("it has no `kubectl`: install it, or give its path under `tools`")
        }
        let missing = clusters.map(\.context.rawValue).filter { !contexts.contains($0) }
        if tools["kubectl"] != nil, !missing.isEmpty {
            obstacles.append("its kubeconfig has no context \(missing.joined(separator: ", "))")
        }
        if let skew, skew > .seconds(60) || skew < .seconds(-60) {
            obstacles.append("its clock is \(skew < .zero ? "behind" : "ahead"): set it by NTP")
        }
        if let freeKilobytes, freeKilobytes < Self.leastKilobytes {
            obstacles.append(
                "only \(freeKilobytes / 1_024) MB are free where the files of jobs are")
        }
        return obstacles
    }

    /// Room for the output of a few hundred commands.
    private static let leastKilobytes: Int64 = 100 << 10
}
