#!/usr/bin/env bash
# Killed with SIGKILL at random moments, all of it or one process, and resumed: nothing done is lost or done again, and the
# bits are those of an undisturbed run. KILLS=20 for more of it; `make soak` for much more.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -c 'import h5py' 2>/dev/null || { echo "skipped: h5py is not installed"; exit 0; }
cat >"$folder/sweep.yaml" <<'YAML'
title: To be killed
estimator: rine
data: {kind: gate, samples: 2000}
model: {kind: mlp, hidden: [25, 15]}
train: {epochs: 15}
run: {pack: 2, tick_seconds: 0.02, sync_seconds: 0.1, crash_limit: 0}
grid:
  gate: [unq, and, rdnxor]
  beta: [0, 5]
  seed: 0..9
YAML
"$python" tests/faults/soak.py "$BUILD/infosweep" "$folder/sweep.yaml" "$folder" "${KILLS:-3}"
