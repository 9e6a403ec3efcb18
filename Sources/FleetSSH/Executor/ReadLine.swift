import FleetModel

/// The lines by which a command that only reads is run and stopped.
enum ReadLine {
    /// Runs a command as a child of a shell that says who leads it, before it
    /// begins, and how it ended. TERM is for the command: the shell stays to tell.
    ///
    /// Variables are `NAME=VALUE`; they come on top of the allow-list.
    static func run(
        _ command: [String], variables: [String], stdin: [UInt8], mark: LineMark
    ) -> ShellLine {
        let environment =
            #"exec env -i PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}" "#
            + ([AllowedVariables.shellWords] + variables.map(\.shellQuoted))
            .joined(separator: " ")
        let start = { (script: String) in
            "\(environment) sh -c \(script.shellQuoted) bellwether \(mark.word)"
        }
        var line = ShellLine(
            mark, start(runner), readingWords: start(wordReader + runner), words: command,
            stdin: stdin)
        line.marksStderr = true
        return line
    }

    /// Ends the group that a read's first section names, if it is still that one.
    ///
    /// Polls are the twentieths of a second between TERM and KILL.
    static func stop(_ leader: ReadLeader, polls: Int64, mark: LineMark) -> ShellLine {
        let words = "\(leader.pid) \(leader.startTime) \(leader.group) \(polls)"
        var line = ShellLine(
            mark, "exec sh -c \(stopper.shellQuoted) bellwether \(mark.word) \(words)")
        line.isUrgent = true
        return line
    }

    private static let wordReader = #"""
        n='
        '
        mark=$1
        IFS= read -r words || exit
        eval "set -- $mark $words"

        """#

    private static let runner = #"""
        mark=$1 tool=$2
        shift 2
        path=
        try() { [ ! -f "$1" ] || [ ! -x "$1" ] || path=$1; }
        case $tool in
        /*) try "$tool" ;;
        */*) try "$PWD/$tool" ;;
        ?*)
            set -f
            IFS=:
            for folder in $PATH; do
                case $path$folder in /*) ;; *) continue ;; esac
                [ -n "$path" ] || try "$folder/$tool"
            done
            unset IFS
            set +f
            ;;
        esac
        stat() { leader="$$ ${20} $3"; }
        read -r line </proc/self/stat
        stat ${line##*) }
        printf '\036%s begin %s\n' "$mark" "$leader"
        printf '\036%s begin\n' "$mark" >&2
        exec 3>&2 2>/dev/null
        trap : TERM
        if [ -n "$path" ]; then
            "$path" "$@" 2>&3 3>&-
            status=$?
        else
            status=missing
        fi
        printf '\036%s end\n' "$mark" >&3
        printf '\036%s end %s\n' "$mark" "$status"
        """#

    private static let stopper = #"""
        mark=$1 leader=$2 started=$3 group=$4 polls=$5
        printf '\036%s begin\n' "$mark"
        identity() { found=${20}; }
        found=
        if read -r line </proc/$leader/stat; then identity ${line##*) }; fi
        members() {
            left=
            for stat in /proc/[0-9]*/stat; do
                read -r line <"$stat" || continue
                name=${line#*\(}
                member="${line%% *} ${name%)*}"
                set -- ${line##*) }
                [ "$3" = "$group" ] && [ "$1" != Z ] && [ "$1" != X ] || continue
                left="$left$member
        "
            done
            [ -n "$left" ]
        }
        if [ "$found" = "$started" ] && members; then
            printf '\036%s killed\n%s' "$mark" "$left"
            kill -s TERM -- "-$group"
            while members && [ "$polls" -gt 0 ]; do
                sleep 0.05
                polls=$((polls - 1))
            done
            if [ -n "$left" ]; then
                kill -s KILL -- "-$group"
                polls=40
                while members && [ "$polls" -gt 0 ]; do
                    sleep 0.05
                    polls=$((polls - 1))
                done
            fi
        fi 2>/dev/null
        printf '\036%s end\n' "$mark"
        """#
}

/// The shell that leads a read's process group, told apart from any later one.
struct ReadLeader: Hashable, Sendable {
    let pid: Int32
    let startTime: UInt64
    let group: Int32

    /// Reads the heading of a read's first section.
    init?(_ words: [String]) {
        guard words.count == 4, words[0] == "begin", let pid = Int32(words[1]), pid > 1,
            let startTime = UInt64(words[2]), let group = Int32(words[3]), group > 1
        else { return nil }
        (self.pid, self.startTime, self.group) = (pid, startTime, group)
    }
}
