#!/usr/bin/env bash
# Runs fuzz targets that were built into BUILD/fuzz, one after the other, each for some seconds. Inputs that reach new code
# go to BUILD/fuzz/TARGET.corpus, those that break something to BUILD/fuzz/TARGET.found; tests/fuzz/corpus is only read.
# Arguments: seconds, targets.
set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=$1
shift
# HDF5 asks for whatever memory a damaged file names, and keeps some of what it got: the former fails, the latter is not ours
options=allocator_may_return_null=1:max_allocation_size_mb=1000
found=0

for target in "$@"; do
    at=$BUILD/fuzz/$target
    mkdir -p "$at.corpus" "$at.found"
    leaks=1
    ours=1
    # HDF5 1.10 reads some bytes beyond a damaged header, which ends nothing: of its copying only crashes count
    case $target in nwb | matlab | recordings | images_file) leaks=0 ours=0 ;; esac
    ASAN_OPTIONS=$options:detect_leaks=$leaks:replace_intrin=$ours nice -n 15 "$at" -max_total_time="$seconds" -timeout=20 -max_len=32768 -rss_limit_mb=2048 -malloc_limit_mb=1024 \
        -detect_leaks=$leaks -print_final_stats=1 -verbosity=0 -artifact_prefix="$at.found/" \
        "$at.corpus" "tests/fuzz/corpus/$target" >"$at.log" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$at.log")
    printf '%-12s %6s s %10s executions: ' "$target" "$seconds" "${runs:-?}"
    if [ $status -eq 0 ]; then
        echo "nothing found"
    else
        found=1
        echo "FAILED; $at.log says how, $at.found/ has the input"
    fi
done
exit $found
