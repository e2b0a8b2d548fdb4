#!/usr/bin/env bash
# Memory and start-up time of a sweep over recordings, by number of ranks: what every further rank costs where the data lies
# in memory once per machine. PROGRAMS: names of programs to compare, separated by spaces; MEGABYTES: of spike counts in the
# large recording; RANKS: numbers of ranks. Memory is the proportional set size (Pss): what ranks share is dealt out among them.
set -eu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
programs=${PROGRAMS:-$BUILD/infosweep}
megabytes=${MEGABYTES:-200}
ranks=${RANKS:-1 2 4 8 16}
sweeps=$PWD/sweeps
folder=$(mktemp -d)
run=
trap 'if [ -n "$run" ]; then kill "$run" 2>/dev/null || true; wait "$run" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT

# two sessions of 500 trials and 100 units in bins of 1 ms, written by h5py
large() {
    "$PYTHON" - "$folder/large.h5" "$megabytes" <<'PYTHON'
import sys, h5py, numpy
rng = numpy.random.default_rng(1)
trials, units = 500, 100
bins = max(1, int(float(sys.argv[2]) * 1e6 / (2 * trials * units)))
with h5py.File(sys.argv[1], "w") as f:
    f.attrs.update({"infosweep_format": "recordings", "infosweep_version": 1, "target": "target"})
    for name in ("one", "two"):
        target = numpy.arange(trials) % 4
        f[f"sessions/{name}/trials/target"] = target.astype(float)
        chance = 0.02 + 0.02 * (target[:, None, None] == numpy.arange(units)[None, :, None] % 4)
        counts = f.create_dataset(f"sessions/{name}/areas/M1/counts", (trials, units, bins), dtype="u1")
        counts[...] = rng.random((trials, units, bins), dtype="f4") < chance
        counts.attrs.update({"bin_ms": 1.0, "start_ms": 0.0})
PYTHON
    cat >"$folder/large.yaml" <<'YAML'
estimator: rine
data: {kind: sessions, file: large.h5, session_1: one, session_2: two, pairing: surrogate, feature: count}
model: {kind: mlp, hidden: [8]}
train: {epochs: 1000000, batch: 10}
grid: {seed: 0..63}
run: {pack: 1}
YAML
}

# SECONDS after the start when all ranks work, and what they then take: the live file appears once the run is on its way.
measure() { # PROGRAM SWEEP RANKS
    local begin=$EPOCHREALTIME started result=$folder/result.h5
    rm -f "$result"*
    "${MPIRUN:-mpirun}" --oversubscribe --mca mpi_yield_when_idle 1 --bind-to none -n "$3" \
        "$1" run "$2" --set train.epochs=1000000 --set run.pack=1 -o "$result" -q 2>"$folder/log" &
    run=$!
    until [ -s "$result.live" ]; do
        kill -0 "$run" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.02
    done
    started=$EPOCHREALTIME
    sleep 4 # every rank has made the samples of its first task
    for rank in $(pgrep -P "$run"); do
        awk '/^Pss:/ { print $2 / 1024 }' "/proc/$rank/smaps_rollup"
    done >"$folder/pss"
    kill "$run"
    wait "$run" 2>/dev/null || true
    run=
    awk -v n="$(basename "$1")" -v s="$(basename "$2" .yaml)" -v r="$3" -v a="$begin" -v b="$started" '
        { sum += $1; if ($1 > most) most = $1 }
        END { printf "%-18s %-10s %6d %9.2f %10.0f %10.0f %10.0f\n", n, s, r, b - a, sum / NR, most, sum }' "$folder/pss"
}

large
names=$folder/large.yaml
if [ -d "${INFOSWEEP_DATA:-../shared/data}/neural" ]; then
    names="$sweeps/sessions.yaml $sweeps/windows.yaml $names"
else
    echo "skipped: no data (sessions, windows)"
fi
printf '%-18s %-10s %6s %9s %10s %10s %10s\n' program sweep ranks 'start s' 'MiB/rank' 'largest' 'MiB in all'
for sweep in $names; do
    for count in $ranks; do
        for program in $programs; do measure "$program" "$sweep" "$count"; done
    done
done
