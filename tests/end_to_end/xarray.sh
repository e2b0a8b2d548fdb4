#!/usr/bin/env bash
# A result file opens in xarray with labelled axes: by name, by value, zipped axes beside each other, runs as a group.
set -eu
cd "$(dirname "$0")/../.."
if ! "$PYTHON" -c 'import xarray, h5netcdf' 2>/dev/null; then
    echo "skipped: no xarray with h5netcdf for $PYTHON"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/gates.yaml" <<'YAML'
title: Gates for xarray
estimator: rine
data: {kind: gate, samples: 1000}
train: {epochs: 6}
rine: {history: true}
grid:
  gate: [unq, and]
  beta: [0, 15]
  rate: [0.1, 0.01]
  batch: [64, 128]
  seed: 0..2
zip: [[rate, batch]]
exclude: [{gate: and, beta: 0, seed: 2}]
YAML
"$BUILD/infosweep" run -q "$work/gates.yaml" -o "$work/gates.h5"
"$PYTHON" tests/end_to_end/xarray.py "$work/gates.h5"
