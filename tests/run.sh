#!/usr/bin/env bash
# Runs what `make check` built: unit tests, tests under MPI on each number of ranks, end-to-end scripts. Says what ran, what
# failed and what was skipped; ends with one line of counts. Arguments: three lists of programs.
set -u
cd "$(dirname "$0")/.." || exit 2
serial=$1 mpi=$2 scripts=$3
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # containers run as root
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_base_warn_component_unused=0
export OPENBLAS_NUM_THREADS=1
# scripts work in folders of their own
BUILD=$(cd "$BUILD" && pwd) && export BUILD
data=${INFOSWEEP_DATA:-../shared/data}
[ -d "$data" ] && data=$(cd "$data" && pwd)
export INFOSWEEP_DATA=$data
# MPI and HDF5 keep memory until the process ends; unit tests without MPI are checked for leaks
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.supp:print_suppressions=0"
export UBSAN_OPTIONS=print_stacktrace=1
export MPIRUN_MANY="${MPIRUN:-mpirun} --oversubscribe"

run() { # NAME COMMAND…
    local name=$1 log="$logs/log" status
    shift
    "$@" >"$log" 2>&1 </dev/null
    status=$?
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
        printf 'passed  %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s (exit status %d)\n' "$name" $status
        sed 's/^/        /' "$log" | tail -n 60
    fi
    if grep -q '^skipped: ' "$log"; then
        skipped=$((skipped + 1))
        grep '^skipped: ' "$log" | sort -u | sed 's/^/        /'
    fi
}

for test in $serial; do run "${test#*/tests/}" "$test"; done
for test in $mpi; do
    for ranks in $RANKS; do
        run "${test#*/tests/} on $ranks ranks" env ASAN_OPTIONS=detect_leaks=0 $MPIRUN_MANY -n "$ranks" "$test"
    done
done
for script in $scripts; do
    # what these run is covered by the unit tests; the numbers need many trainings, which take minutes under sanitizers
    case ${SANITIZE:+sanitized} in
    sanitized) case $script in */science_*) continue ;; esac ;;
    esac
    run "$script" env ASAN_OPTIONS=detect_leaks=0 bash "$script"
done

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
