#!/usr/bin/env bash
# The same bits on 1, 2 and 3 ranks, in packs of 1, 8 and 16 tasks, and with AVX2 and AVX-512.
set -u
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "run_bits: $1" >&2; exit 1; }

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
cat >"$folder/sweep.yaml" <<'YAML'
title: Small tasks of every kind
estimator: rine
data: {kind: gate, samples: 700}
model: {kind: mlp, hidden: [7, 5]}
rine: {average_last: 2}
train: {epochs: 4, batch: 64}
grid:
  gate: [unq, and, imperfectrdn]
  optimizer: [sgd, adam]
  beta: [0, 5]
  seed: 0..6
YAML

go() { # NAME COMMAND… : runs into NAME.h5
    local name=$1
    shift
    "$@" "$folder/sweep.yaml" -o "$folder/$name.h5" -q || fail "$name: exit status $?"
}
compare() { same_bits "$folder/one.h5" "$folder/$1.h5" || fail "$1 differs from one rank"; }

go one "$program" run
for ranks in 2 3; do
    go "ranks$ranks" $many -n "$ranks" "$program" run
    compare "ranks$ranks"
done
for pack in 1 8 16; do
    go "pack$pack" "$program" run --set "run.pack=$pack"
    compare "pack$pack"
done
go split $many -n 3 "$program" run --set run.pack=64 --set run.tick_seconds=0.001
compare split

# a set that this processor has not is refused, and cannot be compared
for kernels in avx2 avx512; do
    if INFOSWEEP_KERNELS=$kernels "$program" run "$folder/sweep.yaml" -o "$folder/$kernels.h5" -q 2>"$folder/log"; then
        [ -f "$folder/avx2.h5" ] && { same_bits "$folder/avx2.h5" "$folder/$kernels.h5" || fail "$kernels differs"; }
    else
        grep -q "$kernels" "$folder/log" || fail "$(cat "$folder/log")"
        echo "skipped: no $kernels here"
    fi
done

# one epoch more must differ, or nothing was compared
go other "$program" run --set train.epochs=5
same_bits "$folder/one.h5" "$folder/other.h5" 2>/dev/null && fail "one epoch more makes no difference"
exit 0
