#!/usr/bin/env bash
# The job scripts on a real SLURM with two nodes on this machine: limits that end and requeue, a lost node, arrays, and jobs
# that must not go on for ever. SLURM_LOCAL names the script that starts that SLURM; CASES="array wrong_sweep" runs only these.
# As root, in seven minutes.
set -u
cd "$(dirname "$0")/../.." || exit 2
starter=${SLURM_LOCAL:-../shared/tools/slurm-local.sh}
# the quick ones first
cases=${CASES:-wrong_sweep array rank0_writes cancelled no_progress restarts}

skip() { echo "skipped: $1"; exit 0; }
[ -x "$starter" ] || skip "no script that starts a SLURM here: SLURM_LOCAL=$starter"
for program in sbatch scontrol squeue munged slurmctld slurmd; do
    PATH=$PATH:/usr/sbin:/sbin command -v $program >/dev/null || skip "$program is not installed (slurm-wlm, munge)"
done
[ "$(id -u)" = 0 ] || skip "SLURM's nodes have their own names and mounts: only for root"
command -v h5diff >/dev/null || skip "h5diff is not installed"

# Paths of unix sockets are short. A port of its own, for another SLURM may run here.
folder=$(mktemp -d /tmp/slurm.XXXXXX) && chmod 755 "$folder" # munge insists
export folder SLURM_LOCAL_DIR=$folder/local SLURM_LOCAL_PORT=${SLURM_LOCAL_PORT:-17817}
INFOSWEEP=$(cd "${BUILD:-build}" && pwd)/infosweep
export INFOSWEEP starter
unset LAUNCHER LAUNCHER_OPTIONS FRUITLESS SHARDS # of who calls this
[ -x "$INFOSWEEP" ] || { echo "check-slurm: $INFOSWEEP is not built" >&2; exit 2; }

# shellcheck disable=SC2317 # by the trap
stop() {
    "$starter" stop >/dev/null
    if [ -n "${KEEP:-}" ]; then echo "kept: $folder"; else rm -rf "$folder"; fi
}
trap stop EXIT
trap 'exit 1' INT TERM

"$starter" start 2 4 || exit 1
eval "$("$starter" env)"
# Four cores for each node are more than this machine may have.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_hwloc_base_binding_policy=none
export OMPI_MCA_btl_base_warn_component_unused=0

failed=0
for name in $cases; do
    began=$SECONDS
    mkdir "$folder/$name"
    echo "---- $name"
    if tests/slurm/"$name".sh; then outcome=passed; else outcome=FAILED failed=1; fi
    lines+=("$(printf '%-7s %-14s %4d s' $outcome "$name" $((SECONDS - began)))")
    echo "${lines[-1]}"
    scancel --full --user "$(id -un)" 2>/dev/null
done
echo "---- job scripts on SLURM:"
printf '%s\n' "${lines[@]}"
exit $failed
