#!/usr/bin/env bash
# Four parts of a sweep as an array leave one file, with the bits of one undisturbed run.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 20 0.2
alone "$work/sweep.yaml" "$work/alone.h5"
submit --array=1-4 -n 2 -t 2 jobscripts/array.sbatch "$work/sweep.yaml" -o "$work/out.h5"
follow 200 "$work/out.h5"
for part in 1 2 3 4; do
    echo "  part $part: $(count 'done' "$work/out.shard-$part-of-4.h5") done in $(runs "$work/out.shard-$part-of-4.h5") runs"
done
[ "$(exit_status)" = 0 ] || fail "exit status $(exit_status)"
[ "$(count 'done' "$work/out.h5")" = 80 ] || fail "not all is done"
same_bits "$work/alone.h5" "$work/out.h5" || fail "the numbers differ"
