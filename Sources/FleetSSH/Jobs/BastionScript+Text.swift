import FleetRunner

extension BastionScript {
    /// The whole script. What supervises a job is a function of it: a fork of the
    /// shell that starts the job saves its host three programs.
    static let text = heading + JobScript.text + "}\n\n" + verbs

    private static let heading = #"""
        #!/bin/sh
        # Durable jobs of a bastion: what is asked of them over SSH, and who watches them.
        #
        #   sh SCRIPT MARK VERB [WORD...]
        #
        # MARK  what sections of the output begin with, after a byte 036
        #
        # start ID DEADLINE GRACE KEPT PATIENCE SIZE SEARCH ADDED TOOL [ARGUMENT...]
        #     starts a job, unless it was started before, and waits until it is over
        # follow ID KEPT PATIENCE     waits, for PATIENCE seconds at most
        # stop ID GRACE KEPT PATIENCE ends a job, or sees to it that it never starts
        # list                        all jobs, a line each: id and state
        # acknowledge ID...           removes jobs that are over
        # collect MINUTES             removes what is over and older than that
        # words                       takes the verb and its words from a line of stdin
        #
        # GRACE in twentieths of a second; KEPT and SIZE, of stdin, in bytes, SIZE -1
        # for none; SEARCH a path to find TOOL on, or empty; ADDED variables, quoted.
        # Files of a job: facts, out, err, cancel. A job that is acknowledged leaves
        # .gone-ID behind: a start on its way for long must not start it again.

        # Always in a process of its own, which it ends.
        supervise() {

        """#

    private static let verbs = #"""
        say() { printf '\036%s %s\n' "$mark" "$*"; }

        refuse() {
            say end refused "$@"
            exit 0
        }

        # is_alive PID STARTTIME
        is_alive() {
            [ -n "$2" ] || return 1
            read -r line </proc/"$1"/stat || return 1
            started_at=$2
            set -- ${line##*) }
            [ "${20}" = "$started_at" ] && [ "$1" != Z ] && [ "$1" != X ]
        } 2>/dev/null

        # A line cut short, by a full disk or a power cut, counts as not written. Shells
        # read byte by byte, so the lines are kept for the report.
        read_facts() {
            claim= boot= recorder= started= child= stop= ended= stopped= lines=
            while read -r fact first second third; do
                lines="$lines$fact $first $second $third
        "
                case $fact in
                claim) claim="$first $second" boot=$third ;;
                recorder) recorder="$first $second" ;;
                started) started=yes ;;
                child) child=$first ;;
                stop) [ -n "$ended" ] || stop=$first ;;
                ended) ended=$first ;;
                stopped) stopped=yes ;;
                esac
            done <"$directory/facts"
        }

        # The state as Docs/Commands.md has it. Looking for processes is left for last.
        judge() {
            if [ -n "$ended" ] && [ -z "$stop" ]; then
                state=ended
                return 0
            fi
            guarded= recorded=
            if [ "$boot" = "$this_boot" ]; then
                if [ -z "$stopped" ] && is_alive $claim; then guarded=yes; fi
                if is_alive $recorder; then recorded=yes; fi
            fi
            if [ -z "$claim" ]; then
                state=claimed
            elif [ -n "$ended" ]; then
                state=ended
                if [ -n "$guarded" ]; then state=running; fi
            elif [ -n "$recorded" ]; then
                state=running
            elif [ -z "$recorder$started" ]; then
                state=abandoned
                if [ -n "$guarded" ]; then state=running; fi
            elif [ -z "$guarded" ]; then
                state=lost
            else
                state=orphaned
                if [ -n "$stop" ]; then state=running; fi
            fi
        }

        # When its supervisors are dead the facts are read once more: they may have
        # written the end between the first reading and their own.
        look() {
            state=unknown
            [ -e "$directory/facts" ] || return 0
            read_facts
            judge
            case $state in
            lost | abandoned | orphaned)
                read_facts
                judge
                ;;
            esac
            if [ "$state" = lost ] && [ -n "$(marked)" ]; then state=orphaned; fi
        } 2>/dev/null

        # What of a job's command outlived its supervisors, by the mark in its environment.
        marked() { grep -lzxF "BELLWETHER_JOB=$directory" /proc/[0-9]*/environ 2>/dev/null; }

        signal_marked() {
            for file in $(marked); do
                file=${file#/proc/}
                kill -s "$1" "${file%%/*}" 2>/dev/null
            done
        }

        # Nobody is left to learn how the command ends, and it must not work on.
        put_down() {
            signal_marked TERM
            polls=$1
            while [ -n "$(marked)" ] && [ "$polls" -gt 0 ]; do
                sleep 0.05
                polls=$((polls - 1))
            done
            signal_marked KILL
            sleep 0.05
            look
            if [ "$state" = orphaned ]; then state=lost; fi
        }

        # pause HUNDREDTHS: at first short, later ever longer.
        pause() {
            if [ "$1" -lt 20 ]; then
                length=2 word=0.02
            elif [ "$1" -lt 200 ]; then
                length=10 word=0.1
            else
                length=50 word=0.5
            fi
            sleep "$word"
        }

        # follow SECONDS GRACE: waits until the job is over. A claim is one write
        # away from being filled, so one that stays empty was never begun.
        follow() {
            waited=0
            while :; do
                look
                case $state in
                claimed) if [ "$waited" -ge 500 ]; then state=abandoned; fi ;;
                orphaned) put_down "$2" ;;
                esac
                case $state in claimed | running) ;; *) return 0 ;; esac
                [ "$waited" -lt "$(($1 * 100))" ] || return 0
                pause "$waited"
                waited=$((waited + length))
            done
        }

        # Both streams one byte longer than what is kept, to tell that there was more.
        report() {
            if [ "$state" != unknown ]; then
                say facts
                printf '%s' "$lines"
            fi
            if [ "$state" = ended ]; then
                for stream in out err; do
                    say "$stream"
                    [ ! -s "$directory/$stream" ] || head -c "$(($1 + 1))" "$directory/$stream"
                done
            fi 2>/dev/null
            say end "$state"
        }

        # What is spooled is a file, for nobody may be left to feed a pipe.
        spool() {
            if [ "$1" -lt 0 ]; then
                exec 3</dev/null
                return 0
            fi
            file=$directory/.in-$$
            cat >"$file" || refuse disk
            if [ "$(($(wc -c <"$file")))" -ne "$1" ]; then
                rm -f "$file"
                refuse short
            fi
            exec 3<"$file"
            rm -f "$file"
        }

        # find_tool NAME: its absolute path in $path, empty when there is none.
        find_tool() {
            path=
            case $1 in
            /*) [ ! -f "$1" ] || [ ! -x "$1" ] || path=$1 ;;
            */*) find_tool "$PWD/$1" ;;
            ?*)
                set -f
                IFS=:
                for folder in $search; do
                    case $folder in /*) ;; *) continue ;; esac
                    [ -f "$folder/$1" ] && [ -x "$folder/$1" ] || continue
                    path=$folder/$1
                    break
                done
                unset IFS
                set +f
                ;;
            esac
        }

        # launch ADDED TOOL [ARGUMENT...]: returns when the supervisor has written down
        # how the command ended, or is dead. `env` would take a path with a `=` in it
        # for a variable.
        launch() {
            added=$1
            shift 2
            case $path in
            *=*)
                set -- -c 'exec "$0" "$@"' "$path" "$@"
                path=/bin/sh
                ;;
            esac
            eval 'set -- PATH="$PATH" @ALLOWED@' "$added" '"BELLWETHER_JOB=$directory" "$path" "$@"'
            said=$(
                supervise "$directory" "$deadline" "$grace" "$env" -i "$@" \
                    <&3 3<&- 2>/dev/null &
            )
            exec 3<&-
        }

        start() {
            directory=$jobs/$1 deadline=$2 grace=$3 kept=$4 patience=$5 size=$6
            id=$1
            shift 6
            look
            if [ "$state" = unknown ]; then
                for tool in setsid sleep env head cat; do
                    command -v "$tool" >/dev/null || refuse tool "$tool"
                done
                PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}
                search=$PATH
                find_tool env
                env=$path search=${1:-$PATH}
                find_tool "$3"
                [ -n "$path" ] || refuse missing
                [ -d "$directory" ] || mkdir "$directory" || [ -d "$directory" ] || refuse disk
                [ ! -e "$jobs/.gone-$id" ] || refuse gone
                spool "$size"
                shift
                launch "$@"
                look
                [ "$state" != unknown ] || refuse disk
            fi
            follow "$patience" "$grace"
            report "$kept"
        }

        now() { read -r now line </proc/uptime; }

        # Claims what was never started, as its guard would have; then it never will be.
        claim_first() {
            [ ! -e "$jobs/.gone-$1" ] || return 1
            [ -d "$directory" ] || mkdir "$directory" || [ -d "$directory" ] || refuse disk
            read -r line </proc/self/stat
            pid=${line%% *}
            set -- ${line##*) }
            now
            set -C
            { echo "claim $pid ${20} $this_boot
        stop cancelled $now" >"$directory/facts"; } 2>/dev/null
            claimed=$?
            set +C
            return $claimed
        }

        # Names the processes of the command's session, before they go.
        name_session() {
            say killed
            [ -n "$child" ] || return 0
            for stat in /proc/[0-9]*/stat; do
                read -r line <"$stat" || continue
                pid=${line%% *} name=${line#*\(}
                name=${name%)*}
                set -- ${line##*) }
                [ "$4" = "$child" ] || [ "$pid" = "$child" ] || continue
                [ "$1" = Z ] || printf '%s %s\n' "$pid" "$name"
            done 2>/dev/null
        }

        # The guard ends the command. A guard that is dead, or stuck, is stood in for.
        stop() {
            directory=$jobs/$1 grace=$2 kept=$3 patience=$4
            look
            if [ "$state" = unknown ] && claim_first "$1"; then
                read_facts
                state=abandoned
            else
                [ ! -d "$directory" ] || true >"$directory/cancel"
                look
                if [ "$state" = running ]; then
                    name_session
                    ! is_alive $claim || kill -s TERM "${claim%% *}"
                fi
                follow "$patience" "$grace"
                if [ "$state" = running ]; then
                    put_down "$grace"
                    follow 5 "$grace"
                fi
            fi
            report "$kept"
        }

        # each COMMAND: runs it for every job, with $id and $directory.
        each() {
            for directory in "$jobs"/*; do
                id=${directory##*/}
                if [ -d "$directory" ]; then "$@"; fi
            done
        }

        tell() {
            look
            printf '%s %s\n' "$id" "$state"
        }

        discard() {
            mv "$directory" "$jobs/.discarded-$id.$$" && rm -rf "$jobs/.discarded-$id.$$"
        }

        # The mark of what is gone comes first: see the files of a job.
        acknowledge() {
            look
            case $state in
            ended | abandoned | lost)
                true >"$jobs/.gone-$id"
                discard
                ;;
            esac
        }

        # collect_one MINUTES: a directory in which nothing was claimed is garbage too.
        collect_one() {
            [ -n "$(find "$directory" -prune -mmin "+$1")" ] || return 0
            look
            case $state in ended | abandoned | lost | unknown) discard ;; esac
        }

        collect() {
            each collect_one "$1"
            find "$jobs" -mindepth 1 -maxdepth 1 -name '.*' -mmin "+$1" \
                ! -path "$0" -exec rm -rf {} +
        }

        mark=$1 verb=$2
        shift 2
        jobs=${0%/*}
        umask 077
        say begin
        if [ "$verb" = words ]; then
            n='
        '
            IFS= read -r line || refuse short
            eval "set -- $line"
            verb=$1
            shift
        fi
        read -r this_boot </proc/sys/kernel/random/boot_id || refuse proc
        case $verb in
        start) start "$@" ;;
        stop) stop "$@" ;;
        follow)
            directory=$jobs/$1
            follow "$3" 40
            report "$2"
            ;;
        list)
            say jobs
            each tell
            say end listed
            ;;
        acknowledge)
            for id; do
                directory=$jobs/$id
                acknowledge
            done
            say end acknowledged
            ;;
        collect)
            collect "$1"
            say end collected
            ;;
        esac
        exit 0

        """#.replacing("@ALLOWED@", with: AllowedVariables.shellWords)
}
