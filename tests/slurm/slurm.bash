# Sourced by the cases of check.sh: submits jobs and follows them. Each case works in $folder/CASE.
# shellcheck shell=bash
. tests/end_to_end/same_bits.bash
name=$(basename "$0" .sh)
work=${folder:?check.sh runs this}/$name

# Says what the job and the last run left, and fails.
fail() {
    echo "$name: $1" >&2
    tail -n 25 "$work"/job*.log >&2
    exit 1
}

# A sweep of networks and of tasks that wait: make_sweep FILE SEEDS SECONDS-TO-WAIT; 4 tasks for each seed, of which two wait.
make_sweep() {
    cat >"$1" <<YAML
title: Networks, and tasks that wait
data: {kind: gate, samples: 2000}
model: {kind: mlp, hidden: [25, 15]}
train: {epochs: 10}
idle: {seconds: $3}
run: {pack: 2, margin_seconds: 5}
grid:
  estimator: [idle, rine]
  gate: [unq, rdn]
  seed: 1..$2
YAML
}

# The same undisturbed, on one rank: alone SWEEP OUTPUT. How long a task waits is no part of what it gives.
alone() {
    "$INFOSWEEP" run "$1" -o "$2" -q --set idle.seconds=0 || fail "the undisturbed run fails"
}

# submit SBATCH-OPTION… SCRIPT SWEEP…: leaves the number of the job in $job
submit() {
    job=$(sbatch --parsable --output="$work/job.%j.log" "$@") || fail "sbatch refuses"
    job=${job%%;*}
}

state() { squeue -h -t all -j "$job" -o %T 2>/dev/null | sort -u | xargs; }
restarts() { scontrol show job "$job" | sed -n 's/.* Restarts=\([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum + 0 }'; }
exit_status() { scontrol show job "$job" | sed -n 's/.* ExitCode=\([0-9]*\):.*/\1/p' | sort -n | tail -n 1; }
node() { "${starter:?}" "$@" >/dev/null 2>&1; }

# Of a result file: cells with an OUTCOME, and runs that it remembers.
count() {
    "$INFOSWEEP" status "$2" 2>/dev/null | grep -m 1 -E '^[0-9]+ tasks?:' | grep -o -E "[0-9]+ $1" | grep -o -E '^[0-9]+' ||
        echo 0
}
runs() { "$INFOSWEEP" status "$1" 2>/dev/null | sed -n 's/^run \([0-9]*\):.*/\1/p' | grep . || echo 0; }

has_ended() { # all tasks of an array
    local each
    for each in $(state); do
        case $each in
        COMPLETED | FAILED | CANCELLED | TIMEOUT | NODE_FAIL | OUT_OF_MEMORY) ;;
        *) return 1 ;;
        esac
    done
    [ -n "${each:-}" ]
}

# until_within SECONDS COMMAND…: waits until it succeeds; fails when that takes longer
until_within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.5
    done
}

has_done() { [ "$(count 'done' "$1")" -ge "$2" ]; } # FILE COUNT

# Waits for the end of the job, at most SECONDS, and tells each change: follow SECONDS FILE
follow() {
    local end=$((SECONDS + $1)) said='' now
    while :; do
        now="$(state), restarts $(restarts), runs $(runs "$2")"
        [ "$now" = "$said" ] || echo "  $(date +%T) $now, done $(count 'done' "$2")"
        said=$now
        ! has_ended || break
        [ $SECONDS -lt $end ] || { scancel "$job"; fail "does not end in $1 s: $now"; }
        sleep 1
    done
    echo "  exit status $(exit_status), $(restarts) restarts, $(runs "$2") runs, $(count 'done' "$2") done"
}

# The last run, with --display-map, had two ranks on each node: on_both_nodes FILE
on_both_nodes() {
    local log
    log=$(find "$1.logs" -name 'run-*.log' | sort -V | tail -n 1)
    [ "$(grep -c 'Data for node: n[12].*Num procs: 2' "$log")" = 2 ] || fail "not two ranks on each node: $(grep node "$log")"
}
