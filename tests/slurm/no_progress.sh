#!/usr/bin/env bash
# A task longer than the limit: the job ends after FRUITLESS runs that finished nothing, and says so.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 3 200
export FRUITLESS=3
submit -n 2 -t 1 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$work/out.h5"
follow 200 "$work/out.h5"
[ "$(exit_status)" = 75 ] || fail "exit status $(exit_status), not 75"
grep 'not queued again' "$work"/job*.log || fail "does not say why"
[ "$(count 'done' "$work/out.h5")" = 6 ] || fail "the short tasks are not done"
