#!/usr/bin/env bash
# Four parts of a sweep as an array, one of which is queued again in the middle, leave one file, with the bits of one
# undisturbed run. A part that is submitted alone has to be told of how many it is.
set -u
. tests/slurm/slurm.bash

make_sweep "$work/sweep.yaml" 20 2
file=$work/out.h5
part() { echo "$work/out.shard-$1-of-4.h5"; }
alone "$work/sweep.yaml" "$work/alone.h5"
submit --array=1-4 -n 2 -t 2 --signal=B:USR1@10 jobscripts/array.sbatch "$work/sweep.yaml" -o "$file"
until_within 60 has_done "$(part 3)" 2 || fail "part 3 does not begin"
scontrol requeue "${job}_3"
follow 200 "$file"
for number in 1 2 3 4; do
    echo "  part $number: $(count 'done' "$(part $number)") done in $(runs "$(part $number)") runs"
done
[ "$(exit_status)" = 0 ] || fail "exit status $(exit_status)"
[ "$(restarts)" = 1 ] || fail "$(restarts) restarts, not one"
[ "$(count 'done' "$file")" = 80 ] || fail "not all is done"
same_bits "$work/alone.h5" "$file" || fail "the numbers differ"

submit --array=3 -n 2 -t 2 jobscripts/array.sbatch "$work/sweep.yaml" -o "$file"
follow 60 "$file"
[ "$(exit_status)" = 2 ] || fail "part 3 of an unknown number runs: exit status $(exit_status)"
rm "$(part 3)" "$file"
export SHARDS=4
submit --array=3 -n 2 -t 2 --signal=B:USR1@10 jobscripts/array.sbatch "$work/sweep.yaml" -o "$file"
follow 90 "$(part 3)"
[ "$(exit_status)" = 0 ] || fail "part 3 of 4 again: exit status $(exit_status)"
same_bits "$work/alone.h5" "$file" || fail "part 3 of 4 again: the numbers differ"
