#!/usr/bin/env bash
# Runs what `make check` built: unit tests, tests under MPI on each number of ranks, end-to-end scripts; as many at once as
# there are cores. Says what ran, what failed and what was skipped; ends with one line of counts. Arguments: three lists of
# programs. JOBS=1 runs one after the other.
set -u
cd "$(dirname "$0")/.." || exit 2
serial=$1 mpi=$2 scripts=$3
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
jobs=${JOBS:-$(nproc)}

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # containers run as root
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_base_warn_component_unused=0
# two runs of mpirun that know nothing of each other would bind their ranks to the same cores
export OMPI_MCA_hwloc_base_binding_policy=none
export OPENBLAS_NUM_THREADS=1
# OpenBLAS 0.3.21 takes processors that it does not know for old ones, whose dsymv reads 64 bytes beyond its vectors: harmless but where
# the sanitizer's memory ends there. Those for AVX2 do not.
if [ -n "${SANITIZE:-}" ] && grep -qw avx2 /proc/cpuinfo 2>/dev/null; then export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-HASWELL}; fi
# scripts work in folders of their own
BUILD=$(cd "$BUILD" && pwd) && export BUILD
data=${INFOSWEEP_DATA:-../shared/data}
[ -d "$data" ] && data=$(cd "$data" && pwd)
export INFOSWEEP_DATA=$data
# MPI and HDF5 keep memory until the process ends; unit tests without MPI are checked for leaks
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.supp:print_suppressions=0"
export UBSAN_OPTIONS=print_stacktrace=1
# The runtimes of gcc up to 13 and LLVM up to 16 take some blocks of thread-local storage for those of glibc before 2.25, by
# their address alone, and the leak check then reads wild memory.
leaks=intercept_tls_get_addr=0 no_leaks=detect_leaks=0
export MPIRUN_MANY="${MPIRUN:-mpirun} --oversubscribe"

run() { # NAME COMMAND…: prints at once what came of it, and leaves one word for each in $logs/counts
    local name=$1 log status began=$SECONDS
    shift
    log=$(mktemp "$logs/log.XXXXXX")
    "$@" >"$log" 2>&1 </dev/null
    status=$?
    # the check for leaks broke down, not the test: what is left of it counts
    if [ $status -ne 0 ] && grep -q 'LeakSanitizer has encountered a fatal error' "$log"; then
        echo 'skipped: leaks, since LeakSanitizer broke down' >"$log"
        ASAN_OPTIONS=$no_leaks "$@" >>"$log" 2>&1 </dev/null
        status=$?
    fi
    {
        if [ $status -eq 0 ]; then
            echo passed >>"$logs/counts"
            printf 'passed  %s (%d s)\n' "$name" $((SECONDS - began))
        else
            echo failed >>"$logs/counts"
            printf 'FAILED  %s (exit status %d)\n' "$name" $status
            sed 's/^/        /' "$log" | tail -n 60
        fi
        if grep -q '^skipped: ' "$log"; then
            echo skipped >>"$logs/counts"
            grep '^skipped: ' "$log" | sort -u | sed 's/^/        /'
        fi
    } >"$log.said"
    cat "$log.said" # in one piece
}

start() { # the same beside others, as soon as there is room
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    run "$@" &
}

for test in $serial; do ASAN_OPTIONS=$leaks start "${test#*/tests/}" "$test"; done
export ASAN_OPTIONS=$no_leaks
for test in $mpi; do
    for ranks in $RANKS; do
        start "${test#*/tests/} on $ranks ranks" $MPIRUN_MANY -n "$ranks" "$test"
    done
done
for script in $scripts; do
    # what these run is covered by the unit tests; the numbers need many trainings, which take minutes under sanitizers
    case ${SANITIZE:+sanitized} in
    sanitized) case $script in */science_*) continue ;; esac ;;
    esac
    start "$script" bash "$script"
done
wait

count() { grep -c "^$1\$" "$logs/counts"; }
printf '%d passed, %d failed, %d skipped\n' "$(count passed)" "$(count failed)" "$(count skipped)"
[ "$(count failed)" -eq 0 ] && [ "$(count passed)" -gt 0 ]
