#!/usr/bin/env bash
# A clock that jumps by a day in the middle of a run, forward and back: the run ends as ever, with the same numbers, whatever
# its time limit; status sees it run, and for how long; nobody mistakes its lock for one that was left.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
started=
trap '[ -n "$started" ] && kill -9 "$started"; rm -rf "$folder"' EXIT
fail() { echo "fault_clock: $1" >&2; cat "$folder/log" "$folder/status" >&2; exit 1; }

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
${CC:-cc} -shared -fPIC -o "$folder/clock.so" tests/faults/clock.c 2>"$folder/log" ||
    { echo "skipped: no compiler for a clock that jumps"; exit 0; }
cat >"$folder/sweep.yaml" <<'YAML'
title: While the clock jumps
estimator: idle
idle: {seconds: 0.1}
run: {pack: 2, sync_seconds: 0.2}
grid: {seed: 0..59}
YAML
jumping="env LD_PRELOAD=$folder/clock.so CLOCK_SHIFT=$folder/shift ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0"
file=$folder/jumped.h5

jump() { echo "$1" >"$folder/shift.new" && mv "$folder/shift.new" "$folder/shift"; }
jump 86400
moved=$($jumping date +%s)
[ "$moved" -gt $(($(date +%s) + 80000)) ] || { echo "skipped: the clock cannot be made to jump here"; exit 0; }
rm "$folder/shift"

# Once more after each jump status sees the run, and that no day has gone by.
watch() {
    local wanted=$1
    while kill -0 "$started" 2>/dev/null; do
        if $jumping "$program" status "$file" >"$folder/status" 2>&1 && grep -q '^running on' "$folder/status"; then
            grep '^running on' "$folder/status" | grep -qE '[0-9] [dh] ' && fail "status counts the jump: $wanted"
            return 0
        fi
        sleep 0.1
    done
    return 1
}

# run TASK-SECONDS: succeeds when status saw the run before and after each jump; a busy machine may need longer tasks
run() {
    rm -f "$folder/shift" "$file"
    $many -n 2 $jumping "$program" run "$folder/sweep.yaml" -o "$file" --time-limit 2h --set "idle.seconds=$1" \
        2>"$folder/log" &
    started=$!
    watch 'before' && jump 86400 && watch 'a day on' && jump -86400 && watch 'a day back'
    local seen=$?
    wait "$started" || fail "exit status $?"
    started=
    return $seen
}

saw=no
for seconds in 0.1 0.4 1.6; do
    if run $seconds; then saw=yes; break; fi
done
[ $saw = yes ] || fail 'status never saw the run after a jump'
grep -qE '^[0-9]+ tasks in .*[0-9] [dh] ' "$folder/log" && fail 'the run counts the jump'
"$program" status --exit-code "$file" >"$folder/status" || fail 'not all is done'
grep -q '^running' "$folder/status" && fail 'status sees a run that has ended'
[ -z "$(find "$folder" -name 'jumped.h5.*')" ] || fail 'left behind'
rm "$folder/shift"
"$program" run "$folder/sweep.yaml" -o "$folder/whole.h5" -q --set idle.seconds=0 || fail 'undisturbed'
same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
exit 0
