#!/usr/bin/env bash
# Networks of images: the same bits from any number of ranks and from gangs of any size, and after a task was killed in the middle
# of an epoch, or stopped, and went on from its checkpoint, in a gang or without one; in f32, and in bf16 where there is such.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
. tests/end_to_end/small_images.bash
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
file=$folder/out.h5
started=
fail() { echo "views_bits: ${what:-}: $1" >&2; tail -n 20 "$folder"/*log >&2; exit 1; }
family() { # PROCESS: it and all below it
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do family "$child"; done
}
kill_all() { [ -z "$started" ] || kill -9 $(family "$started") 2>/dev/null; }
trap 'kill_all; rm -rf "$folder"' EXIT
unset SLURM_JOB_END_TIME

command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }
image_files "$folder"
cat >"$folder/sweep.yaml" <<'YAML'
title: Views of small images
estimator: rine
data: {kind: views, file: train-images-idx3-ubyte, test_file: t10k-images-idx3-ubyte, normalise: data, width: 10, pad: 2}
model: {kind: resnet18, width: 8}
rine: {average_last: 2, history: true, beta: 5}
train: {epochs: 3, batch: 16, micro_batches: 2, rate: 0.02}
run: {tick_seconds: 0.02}
grid: {augment: [none, independent, same], seed: 0}
YAML
on() { if [ "$1" = 0 ]; then echo "$program"; else echo "$many -n $1 $program"; fi; } # RANKS; 0: without mpirun
go() { # NAME RANKS OPTIONS… : runs into NAME.h5
    local name=$1 ranks=$2
    shift 2
    what=$name
    $(on "$ranks") run "$folder/sweep.yaml" -o "$folder/$name.h5" "$@" 2>"$folder/log" || fail "exit status $?"
}
compare() { same_bits "$folder/$1.h5" "$folder/$2.h5" || fail "differs from $1"; }
if ! "$program" run "$folder/sweep.yaml" -o "$folder/none.h5" -q --set train.epochs=1 2>"$folder/log"; then
    grep -q 'oneDNN' "$folder/log" || fail 'does not run'
    echo 'skipped: built without oneDNN'
    exit 0
fi

# ---- ranks and gangs
go one 0
for ranks in 1 2 3; do
    go "ranks$ranks" $ranks
    compare one "ranks$ranks"
done
for gang in 2 4; do
    go "gang$gang" 4 --set run.ranks_per_task=$gang
    compare one "gang$gang"
done
# what makes a difference is seen: batch normalisation within smaller micro-batches
go micro 0 --set train.micro_batches=4
same_bits "$folder/one.h5" "$folder/micro.h5" 2>/dev/null && fail 'more micro-batches make no difference'
go gang4micro 4 --set train.micro_batches=4 --set run.ranks_per_task=4
compare micro gang4micro

# ---- bf16. Layers of eight channels have no fast kernels for it.
bf16='--set model.precision=bf16 --set model.width=16 --set augment=independent --set train.epochs=2'
if "$program" run "$folder/sweep.yaml" -o "$folder/bf16.h5" $bf16 2>"$folder/log"; then
    go bf16gang2 2 $bf16 --set run.ranks_per_task=2
    compare bf16 bf16gang2
    go bf16gang4 4 $bf16 --set run.ranks_per_task=4
    compare bf16 bf16gang4
else
    grep -q 'bf16' "$folder/log" || fail 'bf16 is not refused for want of it'
    echo 'skipped: no bf16'
fi

# ---- one long task that is killed in the middle of an epoch, or stopped, and goes on
long='--set augment=independent --set train.epochs=16 --set train.micro_batches=4'
go long 0 $long
# The state in a checkpoint begins with the estimator's word, two numbers, the epoch and the step; an epoch has four.
in_an_epoch() {
    local epoch step
    read -r epoch step < <(od -An -t d8 -j $((296 + 32)) -N 16 "$file.checkpoint.0" 2>/dev/null)
    [ -n "${step:-}" ] && [ "$epoch" -ge 2 ] && [ "$step" -gt 0 ] && [ "$step" -lt 4 ]
}
begin() { # RANKS OPTIONS…
    rm -f "$file" "$file".*
    $(on "$1") run "$folder/sweep.yaml" -o "$file" $long --set run.checkpoint_seconds=0.01 "${@:2}" 2>"$folder/log" &
    started=$!
}
# Can the task go on? Killed, from the middle of an epoch; stopped, from where it stopped, which may be the end of one.
interrupted() { # SIGNAL
    if [ "$1" = KILL ]; then in_an_epoch; else [ -f "$file.checkpoint.0" ] && grep -q '^infosweep: stopped by a signal' "$folder/log"; fi
}
# Signals a run when a checkpoint is in the middle of an epoch; again where the checkpoint was a later one then, or none: beside other
# work a signal may come so late that the task, which takes a second, is done.
interrupt() { # SIGNAL RANKS OPTIONS…
    for _ in $(seq 60); do
        begin "${@:2}"
        while kill -0 $started 2>/dev/null && ! in_an_epoch; do sleep 0.01; done
        if [ "$1" = KILL ]; then kill_all; else kill -"$1" $started 2>/dev/null; fi
        wait $started 2>/dev/null
        status=$?
        started=
        interrupted "$1" && return
    done
    fail 'is never interrupted in the middle of an epoch'
}
goes_on() { # RANKS OPTIONS…
    $(on "$1") run "$folder/sweep.yaml" -o "$file" $long --resume "${@:2}" 2>"$folder/resumed.log" || fail "resumed: exit status $?"
    grep -q '^1 task went on from its checkpoint' "$folder/resumed.log" || fail 'does not go on from its checkpoint'
    same_bits "$folder/long.h5" "$file" || fail 'the numbers differ'
    [ -z "$(find "$folder" -name 'out.h5.*')" ] || fail "left behind: $(ls "$folder")"
}
what='killed'
interrupt KILL 0
"$program" status "$file" | grep -q '^checkpoints: 1 task can go on' || fail 'status does not tell'
goes_on 0
what='stopped'
interrupt TERM 0
[ $status = 75 ] || fail "exit status $status"
goes_on 0
what='a gang of 2, killed, then no gang'
interrupt KILL 2 --set run.ranks_per_task=2
goes_on 0
what='a gang of 4, killed, then a gang of 2'
interrupt KILL 4 --set run.ranks_per_task=4
goes_on 2 --set run.ranks_per_task=2
what='a gang of 2, stopped, then a gang of 4'
interrupt TERM 2 --set run.ranks_per_task=2
goes_on 4 --set run.ranks_per_task=4
if [ -f "$folder/bf16.h5" ]; then
    what='bf16, killed'
    long="$bf16 --set train.epochs=4"
    go long 0 $long --force
    interrupt KILL 0
    goes_on 2 --set run.ranks_per_task=2
fi
exit 0
