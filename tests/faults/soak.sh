#!/usr/bin/env bash
# The long form of run_kill.sh: SOAK_KILLS (200) random kills, half of them of the canonical examples, half of sessions, the
# real recording where there is one. With crash_limit 0, since these tasks die and are innocent. Prints what was killed when.
set -eu
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
kills=${SOAK_KILLS:-200}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # containers run as root
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_base_warn_component_unused=0
export OMPI_MCA_hwloc_base_binding_policy=none OPENBLAS_NUM_THREADS=1
export INFOSWEEP_DATA="${INFOSWEEP_DATA:-../shared/data}"
"$python" -c 'import h5py' || { echo "soak: h5py is not installed for $python" >&2; exit 2; }

if [ -r "$INFOSWEEP_DATA/neural/full-mihi-03032014-bin0.10-vel_thresh5.00.npz" ]; then
    sessions=sessions choice="fold=0..1"
else
    sessions=sessions-simulated choice="fold=0"
fi
soak() { # KILLS SEED SWEEP [OPTION…]
    local count=$1 seed=$2 sweep=$3
    shift 3
    mkdir "$folder/$sweep"
    # little ticks and intervals, so that much is going on
    SEED=$seed "$python" tests/faults/soak.py "${BUILD:-build}/infosweep" "sweeps/$sweep.yaml" "$folder/$sweep" "$count" \
        --set run.crash_limit=0 --set run.tick_seconds=0.02 --set run.sync_seconds=0.1 "$@" >"$folder/$sweep.said" 2>&1
}
# Both at once: half of the time passes with waiting for mpirun to give up what is left.
seed=${SEED:-1}
soak $(((kills + 1) / 2)) "$seed" canonical &
canonical=$!
failed=0
soak $((kills / 2)) $((seed + 1)) $sessions --set "$choice" || failed=1
wait $canonical || failed=1
for sweep in canonical $sessions; do
    echo "sweeps/$sweep.yaml:"
    cat "$folder/$sweep.said"
done
echo "in $SECONDS s"
exit $failed
