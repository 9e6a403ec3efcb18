extension BastionScript {
    /// How a job stands, waiting for its end, and saying what came of it.
    static let looking = #"""
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
            done <"${job}facts"
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
            [ -e "${job}facts" ] || return 0
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
        marked() { grep -lzxF "BELLWETHER_JOB=$job" /proc/[0-9]*/environ 2>/dev/null; }

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
                    [ ! -s "$job$stream" ] || head -c "$(($1 + 1))" "$job$stream"
                done
            fi 2>/dev/null
            say end "$state"
        }


        """#
}
