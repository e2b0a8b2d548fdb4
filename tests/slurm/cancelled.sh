#!/usr/bin/env bash
# A job that is cancelled stays so: submitted again, it goes on to the same bits.
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
# mpirun leaves the ranks a second to close the file, which on a busy machine may be too little; nothing depends on it
"$INFOSWEEP" status "$work/out.h5" | grep -q 'ended .*: stopped' || echo "  the run was killed before it had ended in order"
submit -N 2 --ntasks-per-node=2 -t 2 --signal=B:USR1@10 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$work/out.h5"
follow 60 "$work/out.h5"
[ "$(exit_status)" = 0 ] || fail "submitted again, it does not go on: exit status $(exit_status)"
[ "$(runs "$work/out.h5")" = 2 ] || fail "$(runs "$work/out.h5") runs, not two"
same_bits "$work/alone.h5" "$work/out.h5" || fail "the numbers differ"
