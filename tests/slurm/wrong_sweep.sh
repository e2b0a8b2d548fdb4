#!/usr/bin/env bash
# A wrong sweep file ends with status 2 at once, and is not queued again.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 3 0
sed -i 's/^estimator.*//; s/hidden: .*25/hidden: [-25/' "$work/sweep.yaml"
submit -n 2 -t 1 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$work/out.h5"
follow 60 "$work/out.h5"
[ "$(exit_status)" = 2 ] || fail "exit status $(exit_status), not 2"
[ "$(restarts)" = 0 ] || fail "queued again"
[ ! -e "$work/out.h5" ] || fail "leaves a file"
grep -q 'hidden' "$work"/job*.log || fail "the log does not say what is wrong"

# neither is a sweep file that is not there
submit -n 2 -t 1 jobscripts/sweep.sbatch "$work/none.yaml" -o "$work/out.h5"
follow 60 "$work/out.h5"
[ "$(exit_status)" = 2 ] || fail "no sweep file: exit status $(exit_status), not 2"
[ "$(restarts)" = 0 ] || fail "no sweep file: queued again"
