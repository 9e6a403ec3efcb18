import FleetModel

/// The loop of a POSIX shell that runs many lines of one channel.
///
/// Requests come on its stdin, a heading each, then what it announces:
///
/// ```
/// run NUMBER NEWLINES SIZE [START]   a line, of so many newlines, then SIZE bytes of
///                                    stdin and a newline; with START, what `start` said
///                                    goes before it
/// start NEWLINES                     what lines from now on may begin with
/// look NUMBER                        asks for the first output of a line that runs
/// forget NUMBER...                   removes what is left of lines that are over
/// ```
///
/// What it tells has marked headings: `ready` or `unfit TOOL` at first; then for a line
/// its output after `out NUMBER` and `err`, and at last `over NUMBER STATUS`. What was
/// looked for comes after `out NUMBER` too, and ends with `looked NUMBER`. A line whose
/// output has no room is `refused` before it runs.
///
/// Each line gets a login shell in a session of its own, as from sshd, so that what ends
/// one by its process group ends no other. Its output goes to files, for the channel is
/// one, and nothing of two lines may mix: only the teller writes to it. A request that is
/// cut short is not run. When stdin ends, what runs goes on, as it does when a channel
/// closes.
enum DispatchScript {
    static func line(_ mark: LineMark) -> String {
        "exec sh -c \(text.shellQuoted) bellwether \(mark.word)"
    }

    private static let text = #"""
        mark=$1
        unfit() {
            printf '\036%s unfit %s\n' "$mark" "$1"
            exit 0
        }
        for tool in setsid mkfifo mkdir rm cat head dd; do
            command -v "$tool" >/dev/null || unfit "$tool"
        done
        dd iflag=fullblock count=0 </dev/null 2>/dev/null || unfit dd
        folder=${TMPDIR:-/tmp}/.bellwether-$mark
        mkdir -m 700 "$folder" && mkfifo "$folder/news" || unfit folder
        exec 2>/dev/null 7<>"$folder/news"
        printf '\036%s err\n' "$mark" >"$folder/err"
        newline='
        '

        # Tells what has become of lines; nobody else writes to stdout. News that end
        # without a quit mean that the shell above was killed, and its last line is over.
        teller() {
            exec <"$folder/news" 7>&-
            trap '' PIPE
            while read -r news id status; do
                case $news in
                over)
                    if [ -s "$folder/$id.out" ] || [ -s "$folder/$id.err" ]; then
                        printf '\036%s out %s\n' "$mark" "$id"
                        cat "$folder/$id.out" "$folder/err" "$folder/$id.err"
                    fi
                    printf '\036%s over %s %s\n' "$mark" "$id" "$status"
                    ;;
                look)
                    printf '\036%s out %s\n' "$mark" "$id"
                    [ ! -s "$folder/$id.out" ] || head -c 4096 "$folder/$id.out"
                    printf '\036%s looked %s\n' "$mark" "$id"
                    ;;
                refused) printf '\036%s refused %s\n' "$mark" "$id" ;;
                quit) return ;;
                esac
            done
            rm -rf "$folder"
        }

        # take NEWLINES: so many lines and one more, joined, in $text.
        take() {
            IFS= read -r text || return 1
            while [ "$1" -gt 0 ]; do
                IFS= read -r more || return 1
                text=$text$newline$more
                set -- "$(($1 - 1))"
            done
        }

        # spool SIZE: the bytes of a line's stdin and a newline, which is missing if the
        # bytes are not all there.
        spool() {
            dd bs="$1" count=1 iflag=fullblock of="$folder/$id.in" && read -r more
        }

        # launch ID NEWLINES SIZE [START]
        launch() {
            id=$1 input=/dev/null
            take "$2" || return 1
            if [ -n "$4" ]; then text=$start$text; fi
            if [ "$3" -gt 0 ]; then
                input=$folder/$id.in
                spool "$3" || return 1
            fi
            if true >"$folder/$id.out" && true >"$folder/$id.err" && [ -e "$input" ]; then
                {
                    setsid "${SHELL:-/bin/sh}" -c "$text" <"$input" >"$folder/$id.out" \
                        2>"$folder/$id.err" 7>&-
                    echo "over $id $?" >&7
                } &
                eval "process$id=\$!"
            else
                echo "refused $id" >&7
            fi
        }

        forget() {
            files=
            for id; do
                eval "wait \$process$id; unset process$id"
                files="$files $id.out $id.err $id.in"
            done
            (cd "$folder" && exec rm -f $files)
        }

        teller &
        printf '\036%s ready\n' "$mark"
        while read -r verb words; do
            case $verb in
            run) launch $words || break ;;
            start)
                take "$words" || break
                start=$text
                ;;
            look) echo "look $words" >&7 ;;
            forget) forget $words ;;
            esac
        done
        echo quit >&7
        rm -rf "$folder"
        """#
}
