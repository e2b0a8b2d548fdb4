#!/usr/bin/env bash
# A job that is cancelled leaves a file that goes on, with the same bits and without suspects.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 20 2
alone "$work/sweep.yaml" "$work/alone.h5"
submit -N 2 --ntasks-per-node=2 -t 2 --signal=B:USR1@10 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$work/out.h5"
until_within 60 has_done "$work/out.h5" 20 || fail "does not begin"
scancel "$job"
follow 60 "$work/out.h5"
left=$((80 - $(count 'done' "$work/out.h5")))
[ "$left" -gt 0 ] || fail "was over before it was cancelled"
[ "$(restarts)" = 0 ] || fail "queued again"
"$INFOSWEEP" status "$work/out.h5"
mpirun --host localhost:2 -q "$INFOSWEEP" run "$work/sweep.yaml" -o "$work/out.h5" -q --resume --set idle.seconds=0 ||
    fail "does not go on"
same_bits "$work/alone.h5" "$work/out.h5" || fail "the numbers differ"
