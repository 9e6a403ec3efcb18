#!/bin/sh
# Starts four sshds on loopback and runs a line over them, several times in turn with
# ours and with another program that takes the same options as ours.
#   compare.sh OURS [C-FLOOR [ROUNDS [IN-FLIGHT [LINES]]]]
set -eu
ours=$1 floor=${2:-} rounds=${3:-5} inflight=${4:-8} lines=${5:-2000}
port=${PORT:-2222} hosts=127.0.0.11,127.0.0.12,127.0.0.13,127.0.0.14
dir=$(mktemp -d) pids=
trap 'for p in $pids; do kill "$p"; done; rm -rf "$dir"' EXIT
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
ssh-keygen -q -t ed25519 -N '' -f "$dir/client"
for host in $(echo $hosts | tr , ' '); do
    cat >"$dir/$host.conf" <<CONF
ListenAddress $host:$port
HostKey $dir/host
AuthorizedKeysFile $dir/client.pub
UsePAM no
StrictModes no
PidFile none
SetEnv SHLVL=1
MaxSessions 300
MaxStartups 300
LogLevel ERROR
CONF
    /usr/sbin/sshd -D -e -f "$dir/$host.conf" &
    pids="$pids $!"
done
sleep 1
user=$(id -un)
for round in $(seq "$rounds"); do
    if [ -n "$floor" ]; then
        "$floor" -H $hosts -p "$port" -u "$user" -k "$dir/client" -K "$inflight" -n "$lines"
    fi
    "$ours" "$dir/client" "$user" "$port" $hosts "$inflight" "$lines"
done
