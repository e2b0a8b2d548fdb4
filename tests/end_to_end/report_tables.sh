#!/usr/bin/env bash
# The tables of a real result file: means that agree with the CSV, published and exact values, matrices, failures.
set -eu
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "report_tables: $1" >&2; cat "$folder/out" >&2; exit 1; }
says() { grep -qF -- "$1" "$folder/out" || fail "does not say: $1"; }

cat >"$folder/gates.yaml" <<'E2'
title: Two gates
estimator: rine
compare: published.csv
data: {kind: gate, samples: 500}
model: {kind: mlp, hidden: [4]}
rine: {average_last: 1}
train: {epochs: 2}
grid:
  gate: [unq, rdn]
  beta: [0, 5]
  seed: 0..2
E2
printf 'gate,beta,value,source\nunq,0,0.981,A table\nrdn,5.0,0.5,A table\n' >"$folder/published.csv"
"$program" run "$folder/gates.yaml" -o "$folder/gates.h5" -q
"$program" report "$folder/gates.h5" >"$folder/out"
says 'Two gates'
says '12 of 12 tasks done, 0 failed, 0 left'
says 'mean (standard deviation, n-1) over 3 seeds'
says 'published: A table'
says 'exact: '
[ "$(grep -cE '^  (unq|rdn) +(0|5) ' "$folder/out")" = 4 ] || fail 'not one line for each gate and beta'
grep -qE '^  unq +0 .* 0\.981 ' "$folder/out" || fail 'the published value is not in its line'
grep -qE '^  unq +5 .* — ' "$folder/out" || fail 'what was not published is no dash'
awk 'length($0) > 100 && !/—/ && !/\.h5/' "$folder/out" | grep -q . && fail 'a line is wider than 100 characters'

# the mean and the deviation of the first line, by hand from the CSV
"$program" report "$folder/gates.h5" --csv -o "$folder/all.csv"
expected=$(awk -F, '$1 == "unq" && $2 == 0 { n++; s += $5; q += $5 * $5 }
                    END { m = s / n; printf "%.3f  (%.3f)", m, sqrt((q - n * m * m) / (n - 1)) }' "$folder/all.csv")
says "  unq      0  $expected"

# the other results, when asked for
"$program" report "$folder/gates.h5" --all >"$folder/out"
says 'usable_information (bits): '
says 'source 2'

# what fails is seen, with its reason
cat >"$folder/idle.yaml" <<'E2'
estimator: idle
grid:
  fail: [false, true]
  seed: 0..6
exclude: [{fail: false, seed: 6}]
E2
"$program" run "$folder/idle.yaml" -o "$folder/idle.h5" -q 2>/dev/null && fail 'a sweep with failures ended with 0'
"$program" report "$folder/idle.h5" >"$folder/out"
says '6 of 13 tasks done, 7 failed, 0 left'
says '0 of 7'
says 'fail=true seed=0: failed: idle.fail is true'

# with the estimator as an axis, each is shown what it gives
cat >"$folder/both.yaml" <<'E2'
data: {kind: gate, samples: table}
model: {hidden: [4]}
rine: {beta: 1, average_last: 1}
train: {epochs: 2}
grid:
  estimator: [rine, exact, similarity]
  gate: [and, rdn]
E2
"$program" run "$folder/both.yaml" -o "$folder/both.h5" -q
"$program" report "$folder/both.h5" >"$folder/out"
[ "$(sed '/^decomposition/,$d' "$folder/out" | grep -cE '^  (rine|exact) +(and|rdn) ')" = 4 ] || fail 'not a line for each estimator that gives it'
[ "$(grep -cE '^  similarity +(and|rdn) ' "$folder/out")" = 2 ] || fail 'similarity is not in a table of its own'

# a comparison that is gone is told and does not keep the results
rm "$folder/published.csv"
"$program" report "$folder/gates.h5" >"$folder/out"
says 'no published values: '
says '12 of 12 tasks done'

# through a pipe, and into a place that is full
"$program" report "$folder/gates.h5" | grep -q 'Two gates' || fail 'nothing through a pipe'
if [ -w /dev/full ]; then
    "$program" report "$folder/gates.h5" >/dev/full 2>"$folder/out" && fail 'a full disk went unnoticed'
    says 'cannot write'
fi
