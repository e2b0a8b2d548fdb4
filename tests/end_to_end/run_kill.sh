#!/usr/bin/env bash
# Killed with SIGKILL at random moments, all of it or one rank, and resumed: nothing done is lost, and the bits are those of
# an undisturbed run. KILLS=20 for more of it.
set -u
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
fail() { echo "run_kill: $1" >&2; exit 1; }
trap 'rm -rf "$folder"' EXIT

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
kills=${KILLS:-3}
RANDOM=${SEED:-1}
cat >"$folder/sweep.yaml" <<'YAML'
title: To be killed
estimator: rine
data: {kind: gate, samples: 4000}
model: {kind: mlp, hidden: [25, 15]}
train: {epochs: 30}
run: {pack: 2, tick_seconds: 0.02, sync_seconds: 0.1}
grid:
  gate: [unq, and, rdnxor]
  beta: [0, 5]
  seed: 0..9
YAML
file=$folder/killed.h5

done_cells() { "$program" report "$file" --csv 2>/dev/null | grep -c ',done,'; }

# The process and all below it. The ranks live on for about a second when mpirun dies.
family() {
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do family "$child"; done
}
alive() { for process in "$@"; do kill -0 "$process" 2>/dev/null && return 0; done; return 1; }

# Starts a run on 1 to 3 ranks and kills it after 0.3 to 2 s: mpirun and all ranks at once, mpirun alone, or one rank.
kill_one() {
    local ranks=$((RANDOM % 3 + 1)) way=$((RANDOM % 3)) mode=--resume members victim
    [ -f "$file" ] || mode=--force
    $many -n "$ranks" "$program" run "$folder/sweep.yaml" -o "$file" $mode -q >"$folder/log" 2>&1 &
    local started=$!
    sleep "$(awk -v r=$RANDOM 'BEGIN { print 0.3 + 1.7 * r / 32768 }')"
    members=$(family "$started")
    case $way in
    0) victim=$members ;;
    1) victim=$started ;;
    2) victim=$(echo "$members" | tail -n 1) ;;
    esac
    kill -9 $victim 2>/dev/null
    wait "$started" 2>/dev/null
    for _ in $(seq 100); do alive $members || break; sleep 0.1; done
    alive $members && fail "ranks outlive their killing by ten seconds"
    echo "killed on $ranks ranks, way $way: $(grep -m 1 infosweep: "$folder/log")"
}

"$program" run "$folder/sweep.yaml" -o "$folder/undisturbed.h5" -q || fail "undisturbed: exit status $?"
tasks=60 before=0
for _ in $(seq "$kills"); do
    kill_one
    if [ -f "$file" ]; then
        "$program" status "$file" >"$folder/status" || fail "after a kill the file cannot be read"
        grep -q '^running' "$folder/status" && fail "status sees a run that was killed"
        now=$(done_cells)
        [ "$now" -ge "$before" ] || fail "$before tasks were done, now $now are"
        before=$now
        echo "  $now of $tasks done"
    fi
    if [ "$before" = $tasks ]; then # nothing left to disturb: once more from the start
        same_bits "$folder/undisturbed.h5" "$file" || fail "a killed and resumed run differs"
        rm -f "$file"
        before=0
    fi
done

mode=--resume
[ -f "$file" ] || mode=--force
$many -n 2 "$program" run "$folder/sweep.yaml" -o "$file" $mode -q || fail "resumed: exit status $?"
[ "$(done_cells)" = $tasks ] || fail "not all is done in the end"
same_bits "$folder/undisturbed.h5" "$file" || fail "a killed and resumed run differs"
[ -z "$(find "$folder" -name 'killed.h5.*')" ] || fail "left behind: $(cd "$folder" && echo killed.h5.*)"
exit 0
