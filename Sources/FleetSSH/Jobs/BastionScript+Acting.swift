extension BastionScript {
    /// Starting, stopping and removing jobs, and telling which of it is asked for.
    static let acting = #"""
        # What is spooled is a file, for nobody may be left to feed a pipe.
        spool() {
            if [ "$1" -lt 0 ]; then
                exec 3</dev/null
                return 0
            fi
            file=$jobs/.in-$id.$$
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

        is_gone() { [ -e "$jobs/.gone-$id" ]; }

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
            eval 'set -- PATH="$PATH" @ALLOWED@' "$added" '"BELLWETHER_JOB=$job" "$path" "$@"'
            said=$(supervise "$job" "$deadline" "$grace" "$env" -i "$@" 2>/dev/null &)
            exec 3<&-
        }

        start() {
            id=$1 job=$jobs/$1. deadline=$2 grace=$3 kept=$4 patience=$5 size=$6
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
                ! is_gone || refuse gone
                spool "$size"
                shift
                launch "$@"
                # This start may have been so late that the job was over in the meantime.
                ! is_gone || refuse gone
            fi
            follow "$patience" "$grace"
            [ "$state" != unknown ] || refuse disk
            report "$kept"
        }

        now() { read -r now line </proc/uptime; }

        # Claims what was never started, as its guard would have; then it never will be.
        claim_first() {
            [ ! -e "$jobs/.gone-$1" ] || return 1
            read -r line </proc/self/stat
            pid=${line%% *}
            set -- ${line##*) }
            now
            set -C
            { echo "claim $pid ${20} $this_boot
        stop cancelled $now" >"${job}facts"; } 2>/dev/null
            claimed=$?
            set +C
            return $claimed
        }

        # The guard ends the command, and writes down what it kills. A guard that is dead,
        # or stuck, is stood in for.
        stop() {
            job=$jobs/$1. grace=$2 kept=$3 patience=$4
            look
            if [ "$state" = unknown ] && claim_first "$1"; then
                read_facts
                state=abandoned
            else
                [ ! -e "${job}facts" ] || true >"${job}cancel"
                look
                if [ "$state" = running ]; then
                    say killed
                    session=$child
                    [ -z "$child" ] || name_session echo
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

        # each COMMAND: runs it for every job, with $id and $job.
        each() {
            for facts in "$jobs"/*.facts; do
                job=${facts%facts} id=${facts##*/}
                id=${id%.facts}
                if [ -e "$facts" ]; then "$@"; fi
            done
        }

        tell() {
            look
            printf '%s %s\n' "$id" "$state"
        }

        # The facts go first: what is left by a crash in between is no job any more.
        discard() { rm -f "${job}facts" "${job}out" "${job}err" "${job}cancel"; }

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

        # collect_one MINUTES
        collect_one() {
            case $wanted in *" $id "*) return 0 ;; esac
            [ -n "$(find "${job}facts" -mmin "+$1")" ] || return 0
            look
            case $state in ended | abandoned | lost) discard ;; esac
        }

        # Files of a job that has no facts any more are garbage, too.
        collect_rest() {
            for file in "$jobs"/*.out "$jobs"/*.err "$jobs"/*.cancel; do
                [ -e "$file" ] && [ ! -e "${file%.*}.facts" ] || continue
                id=${file##*/} id=${id%.*}
                case $wanted in *" $id "*) continue ;; esac
                [ -z "$(find "$file" -mmin "+$1")" ] || rm -f "$file"
            done
        }

        # collect MINUTES [ID...]: the ids are wanted still.
        collect() {
            minutes=$1
            shift
            wanted=" $* "
            each collect_one "$minutes"
            collect_rest "$minutes"
            find "$jobs" -mindepth 1 -maxdepth 1 -name '.*' -mmin "+$minutes" \
                ! -path "$0" -exec rm -rf {} +
        }

        mark=$1 verb=$2
        shift 2
        jobs=${0%/*}
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
            job=$jobs/$1.
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
                job=$jobs/$id.
                acknowledge
            done
            say end acknowledged
            ;;
        collect)
            collect "$@"
            say end collected
            ;;
        esac
        exit 0

        """#.replacing("@ALLOWED@", with: AllowedVariables.shellWords)
}
