#!/usr/bin/env bash
# A run that is asked to stop (Ctrl-C, SIGTERM, SIGUSR1; alone and under mpirun) ends in order: the file is closed, one line
# says how to go on, the exit status is 75 where mpirun passes it on, and --resume finishes it with the same numbers.
set -um # with job control: without it a shell makes its background jobs ignore Ctrl-C
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "run_stop: $1" >&2; cat "$folder/log" >&2; exit 1; }

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
cat >"$folder/sweep.yaml" <<'YAML'
title: To be stopped
estimator: idle
idle: {seconds: 0.2}
run: {pack: 2}
grid: {seed: 0..47}
YAML
six="$many -n 6 $program" # the tasks only sleep
$six run "$folder/sweep.yaml" -o "$folder/whole.h5" -q || fail "undisturbed: exit status $?"

# Whoever starts the tests in the background of a script has them ignore Ctrl-C, and with them all that they start; infosweep
# leaves it at that.
listening="env --default-signal=INT"
$listening true 2>/dev/null || listening=

# start SECONDS COMMAND…: begins a run with tasks of this length and waits until status sees it with some of them done;
# fails if it ends before.
start() {
    local seconds=$1
    shift
    rm -f "$file"
    $listening "$@" run "$folder/sweep.yaml" -o "$file" -q --set "idle.seconds=$seconds" 2>"$folder/log" &
    started=$!
    while kill -0 "$started" 2>/dev/null; do
        "$program" status "$file" >"$folder/status" 2>/dev/null
        grep -q '[1-9][0-9]* done' "$folder/status" && grep -q '^running on .* of 48' "$folder/status" && return
        sleep 0.1
    done
    return 1
}

# stop SIGNAL STATUS COMMAND…: once some tasks are done. On a busy machine a run may be over before this script gets its
# turn: then another one has longer tasks.
stop() {
    local signal=$1 expected=$2 file="$folder/stopped.h5" seconds started status=0
    shift 2
    for seconds in 0.2 0.6 1.8 5.4; do
        if start $seconds "$@"; then kill "-$signal" "$started"; fi
        wait "$started"
        status=$?
        [ $status = 0 ] || break
    done
    [ "$status" = "$expected" ] || fail "$signal, $*: exit status $status, not $expected"
    [ "$(grep -c '^infosweep: .*with --resume goes on' "$folder/log")" = 1 ] || fail "$signal, $*: no line says how to go on"
    "$program" status "$file" >"$folder/status" || fail "$signal, $*: the file cannot be read"
    grep -q '^running' "$folder/status" && fail "$signal, $*: status sees a run that has ended"
    grep -q 'ended .*: stopped' "$folder/status" || fail "$signal, $*: the end is not noted: $(cat "$folder/status")"
    "$program" status --exit-code "$file" >/dev/null 2>&1
    [ $? = 75 ] || fail "$signal, $*: status does not say 75"
    $six run "$folder/sweep.yaml" -o "$file" -q --resume --set "idle.seconds=$seconds" 2>"$folder/log" ||
        fail "$signal, $*: resuming: exit status $?"
    same_bits "$folder/whole.h5" "$file" || fail "$signal, $*: the resumed file differs"
    "$program" status --exit-code "$file" >/dev/null || fail "$signal, $*: status does not say 0"
}

for signal in INT TERM; do stop $signal 75 "$program"; done
stop USR1 75 $many -n 2 "$program"
# mpirun turns Ctrl-C into SIGTERM, kills a second later and returns 1 whatever the ranks return
if $many --version 2>/dev/null | grep -q 'Open MPI'; then
    stop INT 1 $many -n 3 "$program"
else
    echo "skipped: not Open MPI: what its mpirun does on a signal"
fi
exit 0
