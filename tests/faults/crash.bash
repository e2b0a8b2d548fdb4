# Sourced by the scripts about tasks that take their process down (program.c): makes $folder, and a sweep of 16 tasks in packs of
# four, of which task 5 is the culprit. Their numbers are those of $folder/whole.h5.
# shellcheck shell=bash

many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/tests/faults/infosweep
folder=$(mktemp -d)
trace=$folder/trace file=$folder/out.h5
ulimit -c 0
fail() { echo "$(basename "$0" .sh): ${way:-}${ranks:+ on $ranks ranks}: $1" >&2; tail -n 30 "$folder/log" "$trace" >&2; exit 1; }

cat >"$folder/sweep.yaml" <<'YAML'
title: Some tasks take their process down
estimator: crash
crash: {seconds: 0.01, culprits: [5]}
run: {pack: 4, tick_seconds: 0.01}
grid: {seed: 0..15}
YAML

# infosweep_on RANKS COMMAND…; 0: without mpirun
infosweep_on() {
    local ranks=$1
    shift
    if [ "$ranks" = 0 ]; then "$program" "$@"; else $many -n "$ranks" "$program" "$@"; fi
}

run() { # RANKS OPTIONS…
    local ranks=$1
    shift
    infosweep_on "$ranks" run "$folder/sweep.yaml" -o "$file" -q --set "crash.trace=$trace" "$@" >"$folder/log" 2>&1
}

# What the trace tells, from line $since on.
since=1
events() { tail -n +$since "$trace" | grep -c "^$1"; }
begun() { tail -n +$since "$trace" | awk '$1 == "begins" { print $2 }' | sort -n | xargs; }
from_here() { since=$(($(wc -l <"$trace") + 1)); }
afresh() { rm -f "$file" "$file".* "$trace"; touch "$trace"; since=1; }

# until_end RANKS OPTIONS…: runs and resumes until nobody dies; returns the exit status of the last run. At most a dozen times:
# nothing here takes more.
until_end() {
    local before status
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        before=$(grep -c '^dies' "$trace")
        run "$@" --resume 2>/dev/null
        status=$?
        [ "$(grep -c '^dies' "$trace")" != "$before" ] || return $status
    done
    fail 'dies and dies'
}

count() { "$program" status "$file" | grep -o "[0-9]* $1" | head -n 1 | grep -o '^[0-9]*'; } # OUTCOME: cells that have it

"$program" run "$folder/sweep.yaml" -o "$folder/whole.h5" -q --set crash.culprits=[] 2>"$folder/log" || fail 'undisturbed'
