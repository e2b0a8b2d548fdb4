#!/usr/bin/env bash
# plan and list: numbers that can be counted by hand, nothing written, refusals.
set -eu
program=$BUILD/infosweep
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fail() { echo "report_plan: $1" >&2; cat "$folder/out" >&2; exit 1; }
says() { grep -qE -- "$1" "$folder/out" || fail "does not say: $1"; }

# 2 × 10 cells less 3: idle tasks of one second each, which wait one after the other
cat >idle.yaml <<'E2'
title: Waiting
estimator: idle
idle: {seconds: 1}
run: {pack: 16}
grid:
  fail: [false, true]
  seed: 0..9
exclude: [{fail: true, seed: 7..9}]
E2
cp idle.yaml out
"$program" plan idle.yaml --ranks 4 >out
says '^Waiting$'
says '^axes +2$'
says '^  fail +2: false, true$'
says '^  seed +10: 0, 1, 2, .* 9$'
says '^tasks +17 \(3 of 20 cells excluded\)$'
says '^packs +2: 1 of 9, 1 of 8 tasks$'
# 9 as 5 and 4, 8 as 2, 2, 2, 2: the ranks end after 5, 4, 4 and 4 seconds
says '^time +about 17 s on 1 rank, 5.0 s on 4 ranks \(85 % busy\)$'
[ "$(ls)" = "$(printf 'idle.yaml\nout')" ] || { ls >out; fail 'plan wrote something'; }

# two networks 1-4-C: 2 multiply-accumulates' worth of operations, 3 passes without the input's gradient, hand-counted:
# C = 4: forward 4 + 16 = 20 per sample, training 3 * 20 - 4 = 56; 400 training samples, 1 epoch, then 100 to test
cat >gate.yaml <<'E2'
estimator: rine
data: {kind: gate, gate: unq, samples: 500, train_fraction: 0.8}
model: {kind: mlp, hidden: [4]}
rine: {average_last: 1}
train: {epochs: 1}
E2
"$program" plan gate.yaml >out
flop=$((2 * 2 * (56 * 400 + 20 * 100)))
says "^arithmetic +$(awk "BEGIN { printf \"%.4g\", $flop / 1e9 }") GFLOP"
says '^axes +0 \(one task\)$'
"$program" plan gate.yaml | tr '\n' ' ' >out
says ' rine\.average_last=1 ' # as the file has it
says ' train\.batch=128 '     # a default
"$program" plan gate.yaml --set 'beta=[0, 5, 15]' --set seed=0..4 >out
says '^tasks +15$'

# published values are counted, or it is said why there are none
printf 'beta,value\n5,0.5\n7,0.7\n' >known.csv
echo 'compare: known.csv' >>gate.yaml
"$program" plan gate.yaml --set 'beta=[0, 5]' >out
says '^published +known.csv: 1 value for this grid$'
rm known.csv
"$program" plan gate.yaml >out
says '^published +no values: known.csv: '

# refusals are one line and status 2
for arguments in 'none.yaml' 'gate.yaml --ranks 0' 'gate.yaml --ranks many' 'gate.yaml --rank 3' 'gate.yaml --null 0' 'gate.yaml --null 20' ''; do
    status=0
    # shellcheck disable=SC2086 # words on purpose
    "$program" plan $arguments >out 2>&1 || status=$?
    [ $status = 2 ] || fail "plan $arguments: exit status $status"
    [ "$(wc -l <out)" = 1 ] || fail "plan $arguments: not one line"
done

# gates have no targets to shuffle
"$program" plan gate.yaml --null 20 >out 2>&1 || true
says '^infosweep: --null 20: .*data\.shuffle'

"$program" list >out
says '^  rine '
"$program" list estimators rine >out
says '^  beta '
status=0
"$program" list estimators rin >out 2>&1 || status=$?
[ $status = 2 ] || fail "list of nothing: exit status $status"
says 'did you mean rine'
