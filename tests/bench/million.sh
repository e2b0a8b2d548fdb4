#!/usr/bin/env bash
# A million empty tasks through the whole program on 2, 4 and 8 ranks: what everything around a task costs. More ranks than
# cores share them and wait for each other: those rows say what oversubscription costs, not what more cores would give.
# TASKS=1000000
set -eu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
program=$BUILD/infosweep
tasks=${TASKS:-1000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sweep() { # NAME TASKS
    printf 'title: Empty tasks\nestimator: idle\nidle: {seconds: 0}\ngrid: {seed: 0..%d}\n' $(($2 - 1)) >"$folder/$1.yaml"
}
clock() { echo "$EPOCHREALTIME"; }
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'; }
# RANKS NAME [OPTION…]: rank 0's seconds of processor time and KiB at most go to $folder/rank0
run() {
    local ranks=$1 name=$2 watched=() others=()
    shift 2
    [ -x /usr/bin/time ] && watched=(/usr/bin/time -o "$folder/rank0" -f '%U %S %M')
    [ "$ranks" -gt 1 ] && others=(: -n $((ranks - 1)) "$program" run "$folder/$name.yaml" -o "$folder/$name.h5" -q "$@")
    "$MPIRUN" --oversubscribe --mca mpi_yield_when_idle 1 -n 1 "${watched[@]}" "$program" run "$folder/$name.yaml" \
        -o "$folder/$name.h5" -q "$@" "${others[@]}"
}

sweep tiny 10
sweep million "$tasks"
echo "$tasks empty tasks, $(nproc) cores; rank 0 works, too"
printf '%5s %8s %10s %8s %10s %12s %12s\n' ranks seconds tasks/s us/task 'rank 0 CPU' 'bytes/task' 'file bytes'
for ranks in 2 4 8; do
    run "$ranks" tiny --force
    read -r _ _ base <"$folder/rank0" || base=0
    begin=$(clock)
    run "$ranks" million --force
    took=$(since "$begin")
    read -r user system most <"$folder/rank0" || { user=0 system=0 most=0; }
    size=$(stat -c %s "$folder/million.h5")
    awk -v r="$ranks" -v t="$took" -v n="$tasks" -v u="$user" -v s="$system" -v m="$most" -v b="$base" -v z="$size" 'BEGIN {
        printf "%5d %8.2f %10.0f %8.2f %8.0f %% %12.0f %12.1f\n", r, t, n / t, 1e6 * t / n, 100 * (u + s) / t, 1024 * (m - b) / n, z / n }'
done

begin=$(clock)
run 2 million --resume
echo "resume of a file in which all is done: $(since "$begin") s, start included"

rm -f "$folder"/million.h5*
begin=$(clock)
run 2 million &
running=$!
until [ -e "$folder/million.h5" ]; do sleep 0.01; done
echo "a new file is there after $(since "$begin") s, start included"
sleep 0.5
kill -TERM "$running"
wait "$running" || true
left=$("$program" status "$folder/million.h5" | grep -oE '[0-9]+ pending' | cut -d ' ' -f 1) || left=0
begin=$(clock)
run 2 million --resume
echo "resume of a file in which ${left:-0} tasks are left: $(since "$begin") s, start and tasks included"
