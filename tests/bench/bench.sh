#!/usr/bin/env bash
# make bench: the limit of a core first (SGEMM), then what the engine, the coordinator and the whole program reach of it.
# Times on a busy machine mean little; the ratios within one run are what counts.
set -eu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cores=$(nproc)

echo "== the engine, one core =="
"$BUILD/tests/bench/lanes" | tee "$folder/engine"
peak=$(awk '/^SGEMM/ { print $(NF - 1); exit }' "$folder/engine")

echo
echo "== the coordinator, empty tasks, 2 ranks =="
"$MPIRUN" --oversubscribe --mca mpi_yield_when_idle "$([ "$cores" -ge 2 ] && echo 0 || echo 1)" -n 2 "$BUILD/tests/bench/schedule"

echo
echo "== the simulated schedule beside real runs =="
tests/bench/simulate.sh

echo
echo "== a million tasks =="
tests/bench/million.sh

seconds() { # COMMAND…: wall-clock seconds of the whole process
    local begin=$EPOCHREALTIME
    "$@" >&2
    awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

echo
echo "== the program: whole runs, start and files included; SGEMM of a core is $peak GFLOP/s =="
printf '%-18s %6s %6s %6s %8s %9s %9s %9s\n' sweep ranks tasks lanes tasks/s GFLOP/s 'of SGEMM' speed-up
bench() { # NAME [--set …]
    local name=$1 one='' gflop tasks lanes ranks time
    shift
    "$program" plan "sweeps/$name.yaml" "$@" >"$folder/plan"
    gflop=$(awk '/^arithmetic/ { u["MFLOP"] = 1e-3; u["GFLOP"] = 1; u["TFLOP"] = 1e3; print $2 * u[$3] }' "$folder/plan")
    tasks=$(awk '/^tasks/ { print $2 }' "$folder/plan")
    lanes=$(awk '/^lanes/ { print $2 }' "$folder/plan")
    for ranks in 1 2; do
        [ "$ranks" -le "$cores" ] || continue
        time=$(seconds "$MPIRUN" -n "$ranks" "$program" run "sweeps/$name.yaml" "$@" -o "$folder/$name.h5" --force -q)
        one=${one:-$time}
        awk -v n="$name" -v r="$ranks" -v k="$tasks" -v l="$lanes" -v t="$time" -v g="$gflop" -v p="$peak" -v o="$one" 'BEGIN {
            printf "%-18s %6d %6d %4d %% %8.0f %9.1f %7.1f %% %9.2f\n", n, r, k, l, k / t, g / t, 100 * g / t / r / p, o / t }'
    done
}
bench canonical --set 'beta={from: 0, to: 15, count: 16}'
bench overlap --set seed=0..15
bench sessions-simulated
if [ -r "${INFOSWEEP_DATA:-../shared/data}/neural/ps4_realdata.mat" ]; then
    bench windows
else
    echo "skipped: no data (windows)"
fi

echo
echo "== the tensor engine, one core =="
"$BUILD/tests/bench/tensors"

# The paper's network on few images: what is left of a second core, for tasks of their own and for one task of a gang.
networks() { # WORDS GANG SEEDS
    local one='' ranks time
    for ranks in 1 2; do
        [ "$ranks" -le "$cores" ] || continue
        time=$(seconds "$MPIRUN" -n "$ranks" "$program" run sweeps/cifar-crops-small.yaml -o "$folder/networks.h5" --force -q \
            --set data.images=256 --set data.test_images=64 --set model.width=64 --set train.epochs=1 --set train.batch=64 --set augment=independent \
            --set data.width=8 --set beta=50 --set "seed=$3" --set "run.ranks_per_task=$((ranks < $2 ? ranks : $2))")
        one=${one:-$time}
        awk -v w="$1" -v r="$ranks" -v t="$time" -v o="$one" 'BEGIN { printf "%-28s %6d %9.1f s %9.2f\n", w, r, t, o / t }'
    done
}
if [ -r "${INFOSWEEP_DATA:-../shared/data}/images/cifar10_lossless4000.bin.gz" ] &&
    ! "$program" --version | grep -q "no oneDNN"; then
    echo
    echo "== pairs of ResNet-18, 256 images each: whole runs =="
    printf '%-28s %6s %11s %9s\n' '' ranks 'time' speed-up
    networks 'two tasks' 1 0..1
    networks 'one task, a gang of ranks' 2 0
else
    echo "skipped: no data, or no oneDNN (pairs of ResNet-18)"
fi

echo
echo "== classical estimates, one core =="
"$BUILD/tests/bench/information"
"$BUILD/tests/bench/bias"

echo
echo "== principal components of images, over ranks =="
tests/bench/pca.sh

echo
echo "== exact decompositions, one core =="
"$BUILD/tests/bench/decomposition"
