#!/usr/bin/env bash
# plan --simulate: ends that are known beforehand, what measured times change, refusals.
set -eu
program=$BUILD/infosweep
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fail() { echo "plan_simulate: $1" >&2; cat "$folder/out" >&2; exit 1; }
says() { grep -qE -- "$1" "$folder/out" || fail "does not say: $1"; }

# 3 tasks of 2 s, 40 of 0.1 s: 10 s in all
cat >mixed.yaml <<'E2'
estimator: idle
run: {pack: 4}
grid:
  seconds: [0.1, 2]
  seed: 0..39
exclude: [{seconds: 2, seed: 3..39}]
E2
"$program" plan mixed.yaml --ranks 4 --simulate >out
says '^ +1 +10 s +1\.0 +100 % +0 %'
says '^ +2 +5\.[01] s +2\.0 '
says '^  the longest task takes 2\.0 s: no number of ranks is faster$'
"$program" plan mixed.yaml --ranks 1000 --simulate >out
says '^ +1000 +2\.0 s '
[ "$(awk '{ if (length > 100) print }' out)" = "" ] || fail 'lines are too long'

# a wait of 10 us takes the system five times that: measured times are longer, and the schedule with them
seconds_on_one() { awk '/^simulated/ { there = 1 } there && $1 == 1 { print ($3 == "min" ? 60 * $2 + $4 : $2); exit }' out; }
printf 'estimator: idle\nidle: {seconds: 1e-5}\nrun: {pack: 1}\ngrid: {seed: 0..99}\n' >short.yaml
"$program" run short.yaml -o short.h5 -q
"$program" plan short.yaml --set seed=0..99999 --simulate >out
predicted=$(seconds_on_one)
"$program" plan short.yaml --set seed=0..99999 --simulate --measured short.h5 >out
says '^simulated, tasks as long as measured in short\.h5$'
measured=$(seconds_on_one)
awk -v p="$predicted" -v m="$measured" 'BEGIN { exit !(m > p + 2) }' || fail "measured times change nothing: $predicted s, $measured s"

for arguments in '--measured short.h5' '--round-trip 1e-6' '--ranks 200000' '--simulate --round-trip 0' \
    '--simulate --measured none.h5' '--simulate --measured mixed.yaml'; do
    status=0
    # shellcheck disable=SC2086 # words on purpose
    "$program" plan mixed.yaml $arguments >out 2>err || status=$?
    cat err >>out
    [ $status = 2 ] || fail "plan $arguments: exit status $status"
    [ "$(wc -l <err)" = 1 ] || fail "plan $arguments: not one line"
done
