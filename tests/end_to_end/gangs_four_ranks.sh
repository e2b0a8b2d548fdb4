#!/usr/bin/env bash
# Gangs on four ranks: two blocks of two, one of four; of matrices, the first square grid.
set -eu
for test in gang gang_packs pca; do
    $MPIRUN_MANY -n 4 "$BUILD/tests/mpi/$test"
done
