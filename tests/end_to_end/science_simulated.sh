#!/usr/bin/env bash
# Simulated sessions, of which the truth is known: error-free units reach the exact optimum, noisy ones come closer with more
# trials; intervals are as wide as what fresh simulations scatter; the p-values of sessions that know nothing are uniform;
# units that only make noise change nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
program=$BUILD/infosweep

# means NAME SWEEP [--set …]: runs a sweep and leaves $folder/NAME.csv, without its head's commas in texts
means() {
    local name=$1 sweep=$2
    shift 2
    "$program" run "$sweep" "$@" -o "$folder/$name.h5" -q
    "$program" report --csv-means "$folder/$name.h5" >"$folder/$name.csv"
}
read -r -d '' columns <<'AWK' || true
    FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["result"] != "redundant_information" || $at["mean"] == "" { next }
AWK

# 0, 1.061, 2, 2.75 and 3 bits: from 100 trials per target on, within 0.05 of the exact optimum. Noisy units approach their
# own value: within 0.1 of it from 100 trials on, and not above it with fewer.
means trials sweeps/trials-needed.yaml --set 'trials_per_target=[20, 100, 500]' --set fold=0
awk -F, "$columns"'
    { readout = $at["readout"]; overlap = $at["overlap"]; trials = $at["trials_per_target"]; cells++
      mean[readout, overlap, trials] = $at["mean"]
      if (readout != "exact") next
      off = $at["mean"] - $at["exact"]; exact[overlap] = $at["exact"]
      print "overlap", overlap, "trials", trials, "mean", $at["mean"], "exact", $at["exact"]
      if (trials >= 100 && !(off < 0.05 && off > -0.05)) { print "science_simulated: off by " off; bad = 1 } }
    END {
        split("0 1.061 2 2.75 3", truth, " ")
        for (i = 1; i <= 5; i++) {
            o = (i - 1) / 4 ""; off = exact[o] - truth[i]
            if (off > 0.001 || off < -0.001) { print "science_simulated: the truth at overlap " o " is " exact[o]; bad = 1 }
            print "noisy, overlap", o ": 20, 100, 500 trials:", mean["poisson", o, 20], mean["poisson", o, 100], mean["poisson", o, 500]
            if (i > 1 && !(mean["poisson", o, 20] < mean["poisson", o, 500])) { print "science_simulated: no bias at 20 trials"; bad = 1 }
            off = mean["poisson", o, 100] - mean["poisson", o, 500]
            if (off > 0.1 || off < -0.1) { print "science_simulated: 100 trials are off by " off; bad = 1 }
        }
        exit bad || cells != 30
    }' "$folder/trials.csv"

# Twelve fresh simulations each. At weights where the optimum depends on what the sessions happened to show; where the
# sessions share more (0.75, 1) neither simulations nor trials scatter by 0.001, and there is nothing to compare.
cat >"$folder/interval.yaml" <<'YAML'
title: Intervals against fresh simulations
estimator: rine
data: {kind: simulated_sessions, session_1: A1, session_2: B1, surrogate: random, split: folds, folds: 5}
model: {kind: mlp, hidden: [16], bias: all}
rine: {distance: l1, reduce: sum, beta_schedule: 0.97}
train: {optimizer: adam, rate: 0.01, rate_decay: 0.97, weight_decay: 0, batch: 64, epochs: 100, epoch_steps: 20}
grid:
  beta: [0, 0.2]
  overlap: [0, 0.25, 0.5]
  simulation: 0..11
  fold: 0..4
  seed: 0
YAML
means interval "$folder/interval.yaml"
awk -F, "$columns"'
    { key = $at["beta"] " " $at["overlap"]; n[key]++; sum[key] += $at["mean"]; squares[key] += $at["mean"]^2
      half[key] += ($at["high"] - $at["low"]) / 2; exact[key] = $at["exact"] }
    END {
        for (key in n) {
            groups++; mean = sum[key] / n[key]; spread = 1.96 * sqrt((squares[key] - n[key] * mean^2) / (n[key] - 1))
            ratio = half[key] / n[key] / spread
            print "beta, overlap", key ": mean", mean, "exact", exact[key], "1.96 sd", spread, "half-width", half[key] / n[key]
            if (!(ratio > 0.5 && ratio < 2)) { print "science_simulated: half-width over 1.96 sd is " ratio; bad = 1 }
            if (!(mean - exact[key] < 0.05 && mean - exact[key] > -0.05)) { print "science_simulated: biased"; bad = 1 }
        }
        exit bad || groups != 6
    }' "$folder/interval.csv"

# Neither session knows anything: 80 p-values of 19 shuffles each. Kolmogorov-Smirnov at 1 %: D < 1.63 / sqrt(80) = 0.18
# (conservative, since p comes in steps of 0.05).
cat >"$folder/null.yaml" <<'YAML'
title: Where nobody knows anything
estimator: rine
data: {kind: simulated_sessions, session_1: A1, session_2: B1, split: folds, folds: 4, readout: poisson, tuning: 0,
       tuned_units: 8, trials_per_target: 12, classes: 4}
model: {kind: mlp, hidden: [4], bias: all}
rine: {beta: 2, beta_schedule: 0.9}
train: {optimizer: adam, rate: 0.01, weight_decay: 0.005, batch: 12, epochs: 10}
grid:
  simulation: 0..79
  fold: 0..3
  seed: 0
YAML
"$program" run "$folder/null.yaml" --null 19 -o "$folder/null.h5" -q
"$program" report --csv-means "$folder/null.h5" >"$folder/null.csv"
awk -F, "$columns"' { print $at["p"] }' "$folder/null.csv" | sort -g |
    awk '{ p[NR] = $1 }
         END { for (i = 1; i <= NR; i++) { if (i / NR - p[i] > d) d = i / NR - p[i] }
               # from below, the step before a value: p takes only multiples of 0.05
               for (i = 1; i <= NR; i++) { if (p[i] - 0.05 - (i - 1) / NR > d) d = p[i] - 0.05 - (i - 1) / NR }
               print "p-values:", NR, "Kolmogorov-Smirnov D", d
               if (!(NR == 80 && d < 0.18)) { print "science_simulated: p-values are not uniform"; exit 1 } }'

# Up to a tenth more units that only make noise: the value stays within the interval.
cat >"$folder/noise.yaml" <<'YAML'
title: Units that only make noise
estimator: rine
data: {kind: simulated_sessions, session_1: A1, session_2: B1, surrogate: random, split: folds, folds: 5, readout: poisson,
       tuned_units: 30, trials_per_target: 100}
model: {kind: mlp, hidden: [8], bias: all}
rine: {beta: 20, beta_schedule: 0.97}
train: {optimizer: adam, rate: 0.01, rate_decay: 0.97, weight_decay: 0.005, batch: 20, epochs: 50, epoch_steps: 30}
grid:
  noise_units: [0, 3]
  fold: 0..4
  seed: 0..4
YAML
means noise "$folder/noise.yaml"
awk -F, "$columns"'
    { mean[$at["noise_units"]] = $at["mean"]; half = ($at["high"] - $at["low"]) / 2; cells++ }
    END { print "noise units 0, 3:", mean[0], mean[3], "half-width", half
          off = mean[0] - mean[3]
          if (off > half || off < -half) { print "science_simulated: noise units matter"; exit 1 }
          exit cells != 2 }' "$folder/noise.csv"
