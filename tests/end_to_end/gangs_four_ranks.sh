#!/usr/bin/env bash
# Gangs on four ranks: two blocks of two, one of four.
set -eu
for test in gang gang_packs; do
    $MPIRUN_MANY -n 4 "$BUILD/tests/mpi/$test"
done
