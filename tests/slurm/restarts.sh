#!/usr/bin/env bash
# A sweep on two nodes that takes four times its limit, and loses a node on the way, ends complete by its own requeues, with
# the bits of one undisturbed run.
set -u
. tests/slurm/slurm.bash

# 108 tasks that wait 8 s, on four ranks: 216 s, and a minute's limit
make_sweep "$work/sweep.yaml" 54 8
alone "$work/sweep.yaml" "$work/alone.h5"
submit -N 2 --ntasks-per-node=2 -t 1 --signal=B:USR1@10 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$work/out.h5"
# those that wait are the longest, and come first
until_within 200 has_done "$work/out.h5" 60 || fail "does not come to its middle"
echo "  $(date +%T) n2 is lost: $(state), restarts $(restarts), done $(count 'done' "$work/out.h5")"
node node-kill n2
sleep 15
node node-start n2
echo "  $(date +%T) n2 is back"
follow 600 "$work/out.h5"
"$INFOSWEEP" status "$work/out.h5"
[ "$(exit_status)" = 0 ] || fail "exit status $(exit_status)"
[ "$(restarts)" -ge 4 ] || fail "only $(restarts) restarts"
[ "$(count 'done' "$work/out.h5")" = 216 ] || fail "not all is done"
same_bits "$work/alone.h5" "$work/out.h5" || fail "the numbers differ"
