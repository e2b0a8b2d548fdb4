#!/usr/bin/env bash
# Long tasks of a gang that keep their state: whichever rank of the gang is killed, the task goes on from its checkpoint, with a
# gang or without one, and ends with the bits of a single rank that was never stopped; nothing is left behind.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
. tests/faults/crash.bash
trap 'rm -rf "$folder"' EXIT
command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
unset SLURM_JOB_END_TIME
ranks=

cat >"$folder/sweep.yaml" <<'YAML'
title: Long tasks of gangs
estimator: crash
crash: {seconds: 0.01, steps: 20, culprits: [1]}
run: {tick_seconds: 0.01, checkpoint_seconds: 0.03}
grid: {seed: 0..2}
YAML
rm -f "$folder/whole.h5"
run 0 --set crash.culprits=[] || fail 'undisturbed'
mv "$file" "$folder/whole.h5"
nothing_left() { [ -z "$(find "$folder" -name 'out.h5.*')" ] || fail "left behind: $(ls "$folder")"; }
resumed() { tail -n +$since "$trace" | awk -v seed="$1" '$1 == "resumes" && $2 == seed { step = $3 } END { print step + 0 }'; } # SEED
workers() { awk '$1 == "dies" { print $4 }' "$trace"; } # processes that went down

# dies RANKS RANK-OF-THE-GANG; ends RANKS OPTIONS…
together='--set crash.ranks=2 --set run.ranks_per_task=2'
dies() {
    afresh
    run "$1" $together --set crash.way=kill --set crash.times=1 --set "crash.rank=$2" 2>/dev/null && fail 'is not killed'
    [ "$(workers | wc -l)" = 1 ] || fail "went down: $(workers | xargs)"
    [ -e "$file.checkpoint.1" ] || fail 'a kill leaves no checkpoint'
    from_here
}
ends() {
    run "$@" --resume --set crash.culprits=[] || fail "resumed: exit status $?"
    [ "$(resumed 1)" -gt 0 ] && [ "$(resumed 1)" -le 10 ] || fail "goes on from step $(resumed 1)"
    [ "$(events 'ends 1 ')" = 1 ] || fail "ends $(events 'ends 1 ') times"
    same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
    nothing_left
}
for rank in 0 1; do
    for ranks in 2 3; do
        way="rank $rank of a gang"
        dies $ranks $rank
        ends $ranks $together
    done
    way="rank $rank of a gang, then no gang"
    ranks=2
    dies 2 $rank
    ends 0
done

# the other way: a single rank is killed, and a gang goes on
ranks=0 way='no gang, then one'
afresh
run 0 --set crash.way=kill --set crash.times=1 2>/dev/null && fail 'is not killed'
from_here
ranks=2
ends 2 $together
exit 0
