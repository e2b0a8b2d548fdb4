#!/usr/bin/env bash
# A sweep on two nodes that takes several times its limit, and loses each of its nodes once, ends complete by its own requeues,
# with the bits of one undisturbed run.
set -u
. tests/slurm/slurm.bash

# 112 tasks that wait 8 s, on four ranks: 224 s, and a minute's limit. They are the longest, and come first.
make_sweep "$work/sweep.yaml" 56 8
file=$work/out.h5
alone "$work/sweep.yaml" "$work/alone.h5"
submit -N 2 --ntasks-per-node=2 -t 1 --signal=B:USR1@10 jobscripts/sweep.sbatch "$work/sweep.yaml" -o "$file" --set run.pack=1

has_come_to() { [ "$(state)" = RUNNING ] && has_done "$file" "$1"; }
lose() { # NODE: while a run goes on
    until_within 100 has_come_to $(($(count 'done' "$file") + 6)) || fail "does not go on"
    echo "  $(date +%T) $1 is lost: $(state), restarts $(restarts), runs $(runs "$file"), done $(count 'done' "$file")"
    node node-kill "$1"
    sleep 10
    node node-start "$1"
    echo "  $(date +%T) $1 is back: $(state), restarts $(restarts)"
}
lose n2
lose n1 # the job script is there
follow 600 "$file"
[ "$(exit_status)" = 0 ] || fail "exit status $(exit_status)"
[ "$(restarts)" -ge 4 ] || fail "only $(restarts) restarts"
[ "$(count 'done' "$file")" = 224 ] || fail "not all is done"
same_bits "$work/alone.h5" "$file" || fail "the numbers differ"
