#!/usr/bin/env bash
# Rank 0 writes for the ranks of two nodes, started by mpirun and by srun: the same bits.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 20 0.2
alone "$work/sweep.yaml" "$work/alone.h5"
for LAUNCHER in mpirun srun; do
    export LAUNCHER LAUNCHER_OPTIONS
    file=$work/$LAUNCHER.h5 LAUNCHER_OPTIONS=--mpi=pmix
    [ $LAUNCHER = srun ] || LAUNCHER_OPTIONS=--display-map # the log tells where ranks are
    submit -N 2 --ntasks-per-node=2 -t 2 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$file" --set store.writer=rank0
    follow 120 "$file"
    [ "$(exit_status)" = 0 ] || fail "$LAUNCHER: exit status $(exit_status)"
    [ $LAUNCHER = srun ] || on_both_nodes "$file"
    "$INFOSWEEP" status "$file" | grep -q ' 4 ranks' || fail "$LAUNCHER: not on 4 ranks"
    [ "$(count 'done' "$file")" = 80 ] || fail "$LAUNCHER: not all is done"
    same_bits "$work/alone.h5" "$file" || fail "$LAUNCHER: the numbers differ"
done
