#!/usr/bin/env bash
# The report of recordings: intervals of recorded trials, tests against shuffled targets, matrices, decomposition, CSV.
set -eu
program=$BUILD/infosweep
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "report_recordings: $1" >&2; cat "$folder/out" >&2; exit 1; }
says() { grep -qF -- "$1" "$folder/out" || fail "does not say: $1"; }

cat >"$folder/sessions.yaml" <<'E2'
title: Simulated sessions
estimator: rine
data: {kind: simulated_sessions, sessions: 3, classes: 4, overlap: 0.5, readout: poisson, pairing: surrogate, split: folds, folds: 2}
model: {hidden: [4]}
rine: {beta: 5, decompose: true, average_last: 1}
train: {epochs: 3}
grid:
  session_1: all
  session_2: all
  shuffle: 0..3
  fold: 0..1
  seed: 0..1
E2
"$program" run "$folder/sessions.yaml" -o "$folder/sessions.h5" -q
"$program" report "$folder/sessions.h5" >"$folder/out"
says 'mean over seeds and folds (standard deviation, n-1, over seeds, each averaged over its folds)'
says '95 % interval'
says 'interval: 95 % of 2000 bootstrap resamples of the recorded trials within each target'
says '3 shuffles of the targets k reach the value; 0.250 is the least there can'
says 'does not say that they have none in common'
says 'noise: the two orders of a pair differ by '
says 'diagonal, ceiling'
says 'within A'
says 'between'
says 'decomposition (bits)'
says 'conservative'
[ "$(grep -cE '^  A1 +A2 ' "$folder/out")" -ge 1 ] || fail 'no line for a pair'
grep -E '^ *shuffle|test_cross_entropy' "$folder/out" && fail 'shuffles or single samples are shown as results'
while IFS= read -r line; do
    [ "$(printf '%s' "$line" | wc -m)" -le 100 ] || fail "wider than 100 characters: $line"
done < <(grep -v '\.h5' "$folder/out")

# the same every time, and otherwise when asked
"$program" report "$folder/sessions.h5" | cmp -s - "$folder/out" || fail 'two reports of one file differ'
"$program" report "$folder/sessions.h5" --confidence 0.5 --bootstrap 500 >"$folder/out"
says 'interval: 50 % of 500 bootstrap'
"$program" report "$folder/sessions.h5" --bootstrap 0 >"$folder/out"
grep -q '% interval' "$folder/out" && fail 'intervals, though none were asked for'
"$program" report "$folder/sessions.h5" --bootstrap 12 2>"$folder/out" && fail 'took 12 resamples'
says 'an interval needs 100 resamples or more'
"$program" report "$folder/sessions.h5" --confidence 95 2>"$folder/out" && fail 'took a confidence of 95'
says '--confidence is 95; it takes a number from 0.5 to 0.999'

# one line per mean; the interval holds the mean, p is one of those that three shuffles allow, and q is not below it
"$program" report "$folder/sessions.h5" --csv-means >"$folder/out"
head -n 1 "$folder/out" | grep -q '^result,session_1,session_2,mean,sd,n,tasks,low,high,distance,distance_weight,' ||
    fail 'the head is another'
awk -F, 'NR > 1 { if (!($8 <= $4 && $4 <= $9 && $6 == 4 && $14 >= 0.25 && $15 >= $14)) bad = 1; n++ }
         END { exit bad || n != 9 }' "$folder/out" || fail 'not nine means with interval, p and q'
"$program" report "$folder/sessions.h5" --csv >"$folder/out"
head -n 1 "$folder/out" | grep -q 'test_' && fail 'single samples are in the CSV of cells'

# whole blocks of trials need blocks
"$program" report "$folder/sessions.h5" --block >"$folder/out" 2>&1 && fail 'took blocks that are none'
says '--block needs a sweep whose data.block names the column of blocks'
