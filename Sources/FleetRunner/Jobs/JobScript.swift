import Foundation

/// The shell script that supervises one durable job, here and on bastions.
///
/// It is POSIX sh and tried with dash, bash and busybox. It needs `/proc` and
/// the tools `setsid` and `sleep` (with fractions). Docs/Commands.md draws who
/// watches whom and lists the facts it writes.
package enum JobScript {
    /// What the script exits with, where that tells more than the facts do.
    enum Exit {
        static let toolMissing: Int32 = 69
    }

    /// How many polls of the script's grace loop make a second.
    package static let pollsPerSecond = 20

    /// Writes the script where a shell can read it, unless it is there already;
    /// atomically, because a supervisor may be reading an earlier copy at this moment.
    static func install(at path: String) throws {
        guard SmallFile.read(path) != Array(text.utf8) else { return }
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// The script as a program of its own.
    package static let text =
        heading + functions + #"""
            exec 3<&0
            supervise "$@"

            """#

    private static let heading = #"""
        #!/bin/sh
        # Runs one command as a durable job: claimed once, in a session of its own,
        # what is known of it appended to a file, so that the command and the
        # knowledge of how it ended survive whoever started it.
        #
        #   sh runner.sh JOB DEADLINE GRACE TOOL [ARGUMENT...]
        #
        # JOB        what the paths of the job's files begin with, as /jobs/ID/
        # DEADLINE   seconds, more than 0, may have a fraction
        # GRACE      twentieths of a second between TERM and KILL
        # TOOL       an absolute path
        # stdin      the command's; a file, for nobody may be left to feed a pipe
        # stdout     gets nothing; at its end when the command is over and written down
        #
        # Facts, a line each, WHEN in seconds since the host started:
        #   claim PID STARTTIME BOOT | recorder PID STARTTIME | started WHEN | child PID
        #   stop REASON WHEN | killed PID NAME | ended STATUS WHEN | stopped WHEN
        # Exits 69 when a tool is missing, 75 when the job is claimed already.


        """#

    /// What the script is made of: ``supervise`` takes its words, and the command's
    /// stdin as descriptor 3.
    package static let functions = #"""
        now() { read -r now rest </proc/uptime; }
        note() { echo "$@" >>"$facts"; }

        # This very process: a pid alone might be another's tomorrow.
        identify() {
            read -r line </proc/self/stat
            pid=${line%% *}
            set -- ${line##*) }
            me="$pid ${20}"
        }

        # Whether a fact is known; its first word is then in $known.
        find_fact() {
            while read -r fact known rest; do
                [ "$fact" = "$1" ] && return 0
            done <"$facts"
            return 1
        }

        # Only what is over is acknowledged, and then its facts are removed; one more
        # note would bring them back.
        is_over() { [ ! -e "$facts" ] || find_fact ended; }

        # Whether the job was acknowledged before it was claimed here, where that can be.
        is_gone() { return 1; }

        # Signals every live process of the command's session. False if none is left.
        # Zombies don't count: in a container it may be long before they are reaped.
        signal() {
            left=1
            for stat in /proc/[0-9]*/stat; do
                read -r line <"$stat" || continue
                member=${line%% *}
                set -- "$1" ${line##*) }
                [ "$5" = "$session" ] || [ "$member" = "$session" ] || continue
                [ "$2" != Z ] || continue
                kill -s "$1" "$member"
                left=0
            done 2>/dev/null
            return $left
        }

        # name_session TELLER: tells of every live process of the command's session, by
        # its pid and name.
        name_session() {
            teller=$1
            for stat in /proc/[0-9]*/stat; do
                read -r line <"$stat" || continue
                pid=${line%% *} name=${line#*\(}
                name=${name%)*}
                set -- ${line##*) }
                [ "$4" = "$session" ] || [ "$pid" = "$session" ] || continue
                [ "$1" = Z ] || $teller "$pid" "$name"
            done 2>/dev/null
        }

        # signal_until_gone FIRST POLLS AGAIN: signals once with FIRST, then with AGAIN
        # until nothing is left or the polls are used up.
        signal_until_gone() {
            polls=$2
            while signal "$1" && [ "$polls" -gt 0 ]; do
                set -- "$3" "$2" "$3"
                sleep 0.05
                polls=$((polls - 1))
            done
        }

        # Starts the command and waits for it. Nothing ever signals the recorder, so
        # the status it writes is the command's own.
        record() {
            identify
            note "recorder $me"
            now
            note "started $now" || exit
            setsid "$@" <&3 >&4 2>&5 3<&- 4>&- 5>&- &
            child=$!
            note "child $child"
            exec 3<&- 4>&- 5>&-
            wait "$child"
            status=$?
            now
            # On a full disk the outcome waits for room.
            until note "ended $status $now"; do sleep 1; done
            # A timer that has run out may be another process by now. KILL, for a
            # TERM is swallowed while the timer is still becoming `sleep`.
            find_fact stop || kill -s KILL "$timer"
        }

        # Waits until the command has ended. False with a reason when it must be ended:
        # its deadline, a TERM from whoever cancels it, or that its recorder is gone.
        guard() {
            if [ -z "$reason" ]; then
                wait "$timer"
                [ $? -ne 0 ] || reason=deadline
            fi
            if is_over; then return 0; fi
            [ -z "$reason" ] || return 1
            # Somebody else stopped the timer; what is left to guard is the recorder.
            wait "$recorder"
            is_over && return 0
            reason=${reason:-orphaned}
            return 1
        }

        # The recorder may be just about to write down the child.
        find_session() {
            until find_fact child; do
                kill -s 0 "$recorder" 2>/dev/null || return 1
                sleep 0.05
            done
            session=$known
        }

        end_command() {
            now
            note "stop $reason $now"
            [ "$reason" = deadline ] || kill -s KILL "$timer"
            if find_session; then
                name_session "note killed"
                signal_until_gone TERM "$grace" 0
                signal_until_gone KILL 40 KILL
            fi
            now
            note "stopped $now"
        }

        # To be called in a process of its own, which guards the command. Its stdout ends
        # with the recorder.
        supervise() {
            job=$1 deadline=$2 grace=$3
            facts=${job}facts reason=
            shift 3
            for tool in setsid sleep; do
                command -v "$tool" >/dev/null || return 69
            done
            trap 'reason=${reason:-cancelled}' TERM
            identify
            read -r boot </proc/sys/kernel/random/boot_id
            set -C
            { echo "claim $me $boot" >"$facts"; } 2>/dev/null || facts=
            set +C
            [ -n "$facts" ] || return 75
            if is_gone; then
                rm -f "$facts"
                return 75
            fi
            if [ -e "${job}cancel" ]; then reason=cancelled; fi
            if [ -n "$reason" ]; then
                now
                note "stop $reason $now"
                return 0
            fi
            exec 4>"${job}out" 5>"${job}err"
            export BELLWETHER_JOB="$job"
            sleep "$deadline" 3<&- 4>&- 5>&- >/dev/null 2>&1 &
            timer=$!
            record "$@" 2>/dev/null &
            recorder=$!
            exec 3<&- 4>&- 5>&- >/dev/null
            guard || end_command
        }


        """#
}
