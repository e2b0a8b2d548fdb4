#!/usr/bin/env bash
# Long tasks that keep their state: one that was killed, or stopped, goes on from there and ends with the bits of one that was not;
# what cannot be read costs a line and the task begins anew; nothing is left behind. With and without mpirun.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
. tests/faults/crash.bash
trap 'rm -rf "$folder"' EXIT
command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
unset SLURM_JOB_END_TIME
ranks=

cat >"$folder/sweep.yaml" <<'YAML'
title: Long tasks
estimator: crash
crash: {seconds: 0.01, steps: 20, culprits: [1]}
run: {tick_seconds: 0.01, checkpoint_seconds: 0.03}
grid: {seed: 0..2}
YAML
rm -f "$folder/whole.h5"
run 0 --set crash.culprits=[] || fail 'undisturbed'
mv "$file" "$folder/whole.h5"
nothing_left() { [ -z "$(find "$folder" -name 'out.h5.*')" ] || fail "left behind: $(ls "$folder")"; }
nothing_left
resumed() { tail -n +$since "$trace" | awk -v seed="$1" '$1 == "resumes" && $2 == seed { step = $3 } END { print step + 0 }'; } # SEED

# ---- killed in the middle, once
for way in 0:all 2:rank0 3:all; do
    ranks=${way%:*} writer=${way#*:}
    afresh
    run "$ranks" --set crash.way=kill --set crash.times=1 --set store.writer=$writer 2>/dev/null && fail 'is not killed'
    [ -e "$file.checkpoint.1" ] || fail 'a kill leaves no checkpoint'
    "$program" status "$file" | grep -q '^checkpoints: [1-3] tasks\? can go on from where' || fail 'status does not tell'
    from_here
    run "$ranks" --resume --set crash.way=kill --set crash.times=1 --set store.writer=$writer || fail "resumed: exit status $?"
    [ "$(resumed 1)" -gt 0 ] && [ "$(resumed 1)" -le 10 ] || fail "goes on from step $(resumed 1)"
    same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
    nothing_left
done
ranks= way=

# ---- stopped by a signal: the state is saved at once, and the task is no suspect
afresh
"$program" run "$folder/sweep.yaml" -o "$file" --set "crash.trace=$trace" --set crash.seconds=0.5 --set crash.culprits=[] \
    --set run.checkpoint_seconds=1000 2>"$folder/log" &
started=$!
for _ in $(seq 600); do "$program" status "$file" 2>/dev/null | grep -q 'epoch [2-9] of 20' && break; sleep 0.1; done
"$program" status "$file" >"$folder/said"
grep -q '^  seed=0: epoch [0-9]* of 20, loss 1.5 nats, 0.25 bits, 412 samples/s, for ' "$folder/said" ||
    fail "status does not tell how a task gets on: $(cat "$folder/said")"
kill -TERM $started
wait $started
[ $? = 75 ] || fail 'stopped: not exit status 75'
grep -q '^1 checkpoint saved, 0.0 MB each at most, ' "$folder/log" || fail 'the run does not tell what checkpoints cost'
from_here
"$program" run "$folder/sweep.yaml" -o "$file" --resume --set "crash.trace=$trace" --set crash.culprits=[] 2>"$folder/log" ||
    fail "resumed after a stop: exit status $?"
grep -q '^1 task went on from its checkpoint$' "$folder/log" || fail 'the run does not tell that a task went on'
[ "$(resumed 0)" -gt 0 ] || fail 'does not go on from where it was stopped'
grep -q 'ran when the run was killed' "$folder/log" && fail 'a stop makes a suspect'
same_bits "$folder/whole.h5" "$file" || fail 'stopped: the numbers differ'
nothing_left

# ---- checkpoints that cannot be used
dies() { afresh; run 0 --set crash.way=kill --set crash.times=1 2>/dev/null; from_here; [ -e "$file.checkpoint.1" ] || fail 'no checkpoint'; }
anew() { # WORDS: the next run says so in one line, and ends all the same
    run 0 --resume --set crash.culprits=[] || fail "$1: exit status $?"
    [ "$(grep -c 'begins anew' "$folder/log")" = 1 ] || fail "$1: not one line"
    grep -q "out.h5.checkpoint.1: $1.*; its task begins anew" "$folder/log" || fail "does not say '$1'"
    [ "$(resumed 1)" = 0 ] || fail "$1: goes on all the same"
    same_bits "$folder/whole.h5" "$file" || fail "$1: the numbers differ"
    nothing_left
}
dies; truncate -s 300 "$file.checkpoint.1"; anew 'is truncated'
dies; : >"$file.checkpoint.1"; anew 'is truncated'
dies; head -c 400 /dev/urandom >"$file.checkpoint.1"; anew 'is no checkpoint'
dies; rm "$file.checkpoint.1"; ln -s out.h5.checkpoint.1 "$file.checkpoint.1"; anew 'is a link'
dies; cp "$file.checkpoint.1" "$folder/kept"
rm "$file"; run 0 --set crash.steps=12 --set crash.way=kill --set crash.times=2 2>/dev/null # another sweep in the place of this one
cp "$folder/kept" "$file.checkpoint.1"
run 0 --resume --set crash.steps=12 --set crash.culprits=[] || fail 'of another sweep: exit status'
grep -q 'is of a task with other settings' "$folder/log" || fail 'takes the state of another task'

# ---- a new file has no use for old ones
dies
run 0 --force --set crash.culprits=[] || fail '--force'
[ "$(resumed 1)" = 0 ] || fail '--force goes on'
nothing_left

# ---- where no state can be written the tasks go on, and the run says so once
afresh
mkdir "$file.checkpoint.0.new"
run 0 --set crash.culprits=[] || fail "cannot be written: exit status $?"
grep -q '^no checkpoint: .*; the task goes on' "$folder/log" || fail 'does not say that no state can be written'
[ "$(grep -c 'no checkpoint' "$folder/log")" = 1 ] || fail 'says so again and again'
rmdir "$file.checkpoint.0.new"
same_bits "$folder/whole.h5" "$file" || fail 'cannot be written: the numbers differ'
nothing_left
exit 0
