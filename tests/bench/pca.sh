#!/usr/bin/env bash
# Principal components of 4000 images of 3072 pixels, by LAPACK on one rank and by ScaLAPACK on more: time, the memory that the fit
# takes at its peak on the rank that needs most, and how far from one rank it ends: eigenvalues over the largest, and the largest part
# of an axis outside the subspace of one rank's axes. Then of 1500 images, by products of samples, and whether the same ranks find the
# same bits again. RANKS: numbers of ranks, powers of two.
set -eu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
bench=$BUILD/tests/bench/pca
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if [ ! -r "${INFOSWEEP_DATA:-../shared/data}/images/cifar10_lossless4000.bin.gz" ]; then
    echo "skipped: no data (principal components of images)"
    exit 0
fi

fit() { # RANKS IMAGES FILE
    "${MPIRUN:-mpirun}" --oversubscribe --mca mpi_yield_when_idle 1 --bind-to none -n "$1" "$bench" fit "$3" "$2" 50
}

printf '%6s %8s %9s %10s %12s %12s %s\n' ranks images seconds MiB/rank eigenvalues subspace 'same bits'
for images in 4000 1500; do
    for ranks in ${RANKS:-1 2 4}; do
        line=$(fit "$ranks" $images "$folder/$images.$ranks")
        same=-
        [ $images = 4000 ] || fit "$ranks" $images "$folder/again" >/dev/null
        differ=$("$bench" compare "$folder/$images.1" "$folder/$images.$ranks")
        if [ -e "$folder/again" ]; then
            same=no
            cmp -s "$folder/$images.$ranks" "$folder/again" && same=yes
        fi
        # shellcheck disable=SC2086 # words of these lines are columns
        printf '%6d %8d %9.1f %10.0f %12s %12s %s\n' $line $differ $same
    done
done
