#!/usr/bin/env bash
# A run that has a time limit begins nothing that would not end in time, says why it ends, exits with 75, and goes on from
# there; short tasks still run where a long one has no more room.
set -u
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "run_limit: $1" >&2; cat "$folder/log" >&2; exit 1; }

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
unset SLURM_JOB_END_TIME
cat >"$folder/sweep.yaml" <<'YAML'
title: Long and short tasks
estimator: idle
run: {pack: 1, margin_seconds: 1}
grid: {seconds: [60, 0.05], seed: 0..3}
YAML
file=$folder/limited.h5
count() { "$program" status "$file" | grep -o "[0-9]* $1" | grep -o '^[0-9]*'; }

for ranks in 1 2; do
    rm -f "$file"
    $many -n $ranks "$program" run "$folder/sweep.yaml" -o "$file" --time-limit 30s 2>"$folder/log"
    status=$?
    [ $status = 75 ] || fail "$ranks ranks: exit status $status, not 75"
    [ "$(count done)" = 4 ] || fail "$ranks ranks: the short tasks did not run: $("$program" status "$file")"
    [ "$(count pending)" = 4 ] || fail "$ranks ranks: long tasks were begun: $("$program" status "$file")"
    grep -q '^infosweep: .*time.*with --resume goes on' "$folder/log" || fail "$ranks ranks: the line does not say why"
    "$program" status --exit-code "$file" >/dev/null 2>&1
    [ $? = 75 ] || fail "$ranks ranks: status does not say 75"
done

# no attempt is counted for what was not begun, and what had no time runs when there is some
set -- --set 'seconds=[0.1, 0.05]'
$many -n 2 "$program" run "$folder/sweep.yaml" -o "$folder/short.h5" -q "$@" --time-limit 10m || fail "with time enough"
"$program" run "$folder/sweep.yaml" -o "$folder/alone.h5" -q "$@" || fail "without a limit"
same_bits "$folder/short.h5" "$folder/alone.h5" || fail "a limit changes what is computed"

# an allocation that has ended
SLURM_JOB_END_TIME=1000000000 "$program" run "$folder/sweep.yaml" -o "$folder/late.h5" -q "$@" 2>"$folder/log"
[ $? = 75 ] || fail "a run in an allocation that has ended"
"$program" run "$folder/sweep.yaml" -o "$folder/late.h5" -q "$@" --resume || fail "it does not go on"
same_bits "$folder/late.h5" "$folder/alone.h5" || fail "a run that went on differs"

"$program" run "$folder/sweep.yaml" -o "$folder/none.h5" --time-limit 30 2>"$folder/log"
[ $? = 2 ] || fail "a bare number is taken for a time"
[ ! -e "$folder/none.h5" ] || fail "a refused run writes"
exit 0
