#!/usr/bin/env bash
# Two runs on one result file: the second waits for the first, up to ten seconds; goes on with what the first leaves when that
# ends, is killed, or lives on only as ranks whose mpirun was killed; and otherwise refuses, naming host and process.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/tests/faults/infosweep # whose tasks may have another length when a sweep is resumed
folder=$(mktemp -d)
first='' holder='' patient=''
trap 'kill -9 $first $holder $patient 2>/dev/null; rm -rf "$folder"' EXIT
fail() { echo "fault_two_runs: $1" >&2; head -n 30 "$folder"/*.log >&2; exit 1; }

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
cat >"$folder/sweep.yaml" <<'YAML'
title: Wanted twice
estimator: crash
run: {pack: 1, tick_seconds: 0.02, crash_limit: 0}
grid: {seed: 0..19}
YAML
"$program" run "$folder/sweep.yaml" -o "$folder/whole.h5" -q || fail "undisturbed: exit status $?"

# first NAME COMMAND…: a run into NAME.h5 that would take for ever; returns when it has the file
first() {
    local name=$1
    shift
    "$@" run "$folder/sweep.yaml" -o "$folder/$name.h5" -q --set crash.seconds=600 2>"$folder/$name.first.log" &
    first=$!
    until [ -e "$folder/$name.h5.live" ]; do
        kill -0 "$first" 2>/dev/null || fail "$name: the first run ends early"
        sleep 0.05
    done
}
second() { # NAME COMMAND…
    local name=$1
    shift
    "$@" run "$folder/sweep.yaml" -o "$folder/$name.h5" --resume 2>"$folder/$name.log"
}
second_goes_on() { # NAME RUN
    wait "$2" || fail "$1: the second run: exit status $?"
    same_bits "$folder/whole.h5" "$folder/$1.h5" || fail "$1: the numbers differ"
    [ -z "$(find "$folder" -name "$1.h5.*")" ] || fail "$1: left behind: $(ls "$folder")"
}

# Another run has the file for longer than anybody waits.
refused() {
    local began=$SECONDS status lines
    second long "$program"
    status=$?
    lines=$(grep -c '^infosweep: ' "$folder/long.log")
    [ $status = 2 ] || echo "exit status $status, not 2"
    [ $((SECONDS - began)) -ge 9 ] || echo "refuses after $((SECONDS - began)) s"
    [ "$lines" = 1 ] || echo "$lines lines"
    grep '^infosweep: ' "$folder/long.log" | grep "long.h5" | grep "$1" | grep -q "$(hostname)" || echo "does not name who has the file"
}
first long "$program"
holder=$first
refused "$holder" >"$folder/refused" & # ten seconds, in which the others go on
patient=$!

# The first one ends in order while the second waits.
first ends $many -n 2 "$program"
second ends $many -n 2 "$program" &
waiting=$!
until grep -qi 'wait' "$folder/ends.log" 2>/dev/null; do
    kill -0 $waiting 2>/dev/null || fail 'the second run does not wait'
    sleep 0.05
done
kill -TERM "$first"
second_goes_on ends $waiting

# It is killed; and mpirun is, whose ranks live on for a second or two.
first killed "$program"
kill -KILL "$first"
second killed $many -n 2 "$program" &
second_goes_on killed $!
first launcher $many -n 3 "$program"
kill -KILL "$first"
second launcher $many -n 2 "$program" &
second_goes_on launcher $!

wait $patient
patient=
[ ! -s "$folder/refused" ] || fail "another run for long: $(cat "$folder/refused")"
kill -0 "$holder" 2>/dev/null || fail 'the refused run disturbed the other one'
first=
kill -TERM "$holder"
wait "$holder"
status=$?
holder=
[ $status = 75 ] || fail 'the run that was not disturbed does not end in order'
exit 0
