#!/usr/bin/env bash
# Rank 0 writes for the ranks of two nodes: the same bits.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 20 0.2
alone "$work/sweep.yaml" "$work/alone.h5"
export LAUNCHER_OPTIONS=--display-map # the log tells where ranks are
submit -N 2 --ntasks-per-node=2 -t 2 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$work/out.h5" --set store.writer=rank0
follow 120 "$work/out.h5"
[ "$(exit_status)" = 0 ] || fail "exit status $(exit_status)"
on_both_nodes "$work/out.h5"
[ "$(count 'done' "$work/out.h5")" = 80 ] || fail "not all is done"
same_bits "$work/alone.h5" "$work/out.h5" || fail "the numbers differ"
