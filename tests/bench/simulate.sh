#!/usr/bin/env bash
# What `plan --simulate` says beside what a run takes, on 1, 2 and 4 ranks: tasks that wait, so that four ranks need no four
# cores, and then real ones, predicted by what the run on one rank took. Times are of the schedule, from the first task on.
set -eu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# many short, few long: 10 ms to 2 s, packs of up to four
cat >"$folder/waiting.yaml" <<'E2'
title: Waiting, short and long
estimator: idle
run: {pack: 4}
grid:
  seconds: [0.01, 0.02, 0.05, 0.1, 0.3, 2]
  seed: 0..99
exclude: [{seconds: 2, seed: 3..99}, {seconds: 0.3, seed: 20..99}, {seconds: 0.1, seed: 60..99}]
E2
# as small as the canonical gates, and as wide as a window of recorded units
cat >"$folder/trained.yaml" <<'E2'
title: Networks, small and wide
estimator: rine
data: {kind: gate, gate: rdnxor, train_fraction: 0.8}
train: {epochs: 30}
grid:
  samples: [500, 2000, 10000, 40000]
  hidden: [[25, 15], [100, 40]]
  seed: 0..39
exclude: [{samples: 10000, seed: 16..39}, {samples: 40000, seed: 3..39}]
E2

simulated() { # RANKS SWEEP [OPTION…]: seconds, in full
    local ranks=$1 sweep=$2
    shift 2
    "$program" plan "$sweep" --ranks "$ranks" --simulate "$@" >"$folder/plan"
    awk -v r="$ranks" '/^simulated/ { there = 1; next } there && $1 == r { print; exit }' "$folder/plan" | seconds
}
# a row or a line with a time in words, "1 min 5 s" or "4.1 s" -> seconds
seconds() {
    grep -oE '[0-9.]+ (h|min|s)\b' | awk '{ u["h"] = 3600; u["min"] = 60; u["s"] = 1; t += $1 * u[$2] } END { print t }'
}
# RANKS SWEEP FILE: seconds; what the ranks had of a core each goes to $folder/share
measured() {
    local TIMEFORMAT='%U %S %R'
    { time "$MPIRUN" --oversubscribe --mca mpi_yield_when_idle 1 -n "$1" "$program" run "$2" -o "$3" --force \
        >"$folder/said" 2>&1; } 2>"$folder/time"
    awk -v r="$1" '{ printf "%.0f", 100 * ($1 + $2) / $3 / r }' "$folder/time" >"$folder/share"
    grep -oE '^[0-9]+ tasks in .* \(predicted' "$folder/said" | sed 's/^.* in //' | seconds
}
# On a busy machine the ranks get less than their cores, and the less, the more they are. What was predicted from a run on one
# rank, which had `own` of a core for its `alone` seconds, is then compared by processor time: `c` of a core per rank is more
# while they are busy, which is alone / (r s) of the time.
row() { # SWEEP RANKS SIMULATED MEASURED OWN ALONE
    awk -v n="$1" -v r="$2" -v s="$3" -v m="$4" -v o="$5" -v a="$6" -v c="$(cat "$folder/share")" 'BEGIN {
        ratio = s / m
        if (o && c) ratio *= o / (c / (a / (r * s)))
        printf "%-10s %6d %12.2f %12.2f %8d %% %8.3f %s\n", n, r, s, m, c, ratio, (ratio < 0.85 || ratio > 1.15) ? "beyond 15 %" : "" }'
}

printf '%-10s %6s %12s %12s %10s %8s\n' sweep ranks 'simulated s' 'measured s' 'of a core' ratio
for ranks in 1 2 4; do
    took=$(measured "$ranks" "$folder/waiting.yaml" "$folder/waiting.h5")
    row waiting "$ranks" "$(simulated "$ranks" "$folder/waiting.yaml")" "$took" 0 0
done
for ranks in 1 2; do
    [ "$ranks" -le "$(nproc)" ] || continue
    took=$(measured "$ranks" "$folder/trained.yaml" "$folder/on_$ranks.h5")
    [ "$ranks" -gt 1 ] || own=$(cat "$folder/share")
    guess=$(simulated "$ranks" "$folder/trained.yaml" --measured "$folder/on_1.h5")
    [ "$ranks" -gt 1 ] || alone=$guess
    row trained "$ranks" "$guess" "$took" "$own" "$alone"
done
