#!/usr/bin/env bash
# Images that are wrong, settings that do not fit them, and checkpoints that do not fit the task: one line that says so. What is
# refused ends with exit status 2 and writes nothing; of a checkpoint the task makes no use and ends all the same.
set -u
. "$(dirname "$0")/refuses.bash"
. "$(dirname "$0")/same_bits.bash"
. "$(dirname "$0")/small_images.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
unset SLURM_JOB_END_TIME

cat >sweep.yaml <<'YAML'
title: Views of small images
estimator: rine
data: {kind: views, file: train-images-idx3-ubyte, test_file: t10k-images-idx3-ubyte, normalise: data, pad: 2}
model: {kind: resnet18, width: 8}
rine: {average_last: 2, history: true}
train: {epochs: 6, batch: 16, micro_batches: 2}
run: {tick_seconds: 0.02, checkpoint_seconds: 0.01}
grid: {seed: 0}
YAML
image_files .
if ! "$program" run sweep.yaml -o whole.h5 -q 2>log; then
    grep -q 'this build has no oneDNN' log || { cat log >&2; exit 1; }
    echo 'skipped: built without oneDNN'
    exit 0
fi
# wrong WHAT-IT-SAYS SETTING…
wrong() {
    local says=$1 setting options=()
    shift
    for setting in "$@"; do options+=(--set "$setting"); done
    refuses "$says" "$program" run sweep.yaml -o out.h5 "${options[@]}"
}

# ---- images
cp train-images-idx3-ubyte good-images
cp train-labels-idx1-ubyte good-labels
own='data.labels=good-labels'
wrong 'data.file is not given' 'data.file=""'
wrong 'data.file: .*missing' data.file=missing
: >empty
wrong 'empty: is empty' data.file=empty "$own"
mkdir nothing
wrong 'nothing: a folder without images' data.file=nothing
wrong 'sweep.yaml: is no file of images that is known' data.file=sweep.yaml "$own"
wrong 'whole.h5: is no infosweep data file' data.file=whole.h5
head -c 9000 good-images >cut-images
wrong 'cut-images: cut off' data.file=cut-images "$own"
head -c 10 good-images >head-images
wrong 'head-images: cut off' data.file=head-images "$own"
gzip -c good-images | head -c 9000 >cut-images.gz
wrong 'cut-images.gz: cut off' data.file=cut-images.gz "$own"
{ cat good-images; echo; } >long-images
wrong 'long-images: goes on after 16400 bytes' data.file=long-images "$own"
head -c 50 good-labels >cut-labels
wrong 'cut-labels: cut off' data.labels=cut-labels
idx_labels few-labels 60
wrong 'few-labels: holds 60 labels' data.labels=few-labels
wrong 'good-labels: holds labels' data.file=good-labels "$own"
wrong 'good-images: holds no labels' data.labels=good-images
idx_images other-images 32 14 16 2
wrong 'other-images: holds images of 14 × 16.*16 × 16' data.test_file=other-images data.test_labels=t10k-labels-idx1-ubyte
{ head -c 8 t10k-labels-idx1-ubyte; seq 0 31 | awk '{ print $1 == 20 ? 4 : $1 % 4 }' | bytes; } >wrong-labels
wrong 'wrong-labels: holds images of class 4\|t10k-images-idx3-ubyte: holds images of class 4' data.test_labels=wrong-labels
{ head -c 8 good-labels; seq 0 63 | awk '{ print $1 == 20 ? 250 : $1 % 4 }' | bytes; } >far-labels
wrong 'data.file: none of the 64 training images .* is of class 4 (of 0 to 250)' data.labels=far-labels

# ---- CIFAR: a label and 3 x 32 x 32 bytes
seq 0 39 | awk '{ print $1 % 10; for (k = 0; k < 3072; k++) print (37 * $1 + k) % 256 }' | bytes >cifar.bin
colours='data.file=cifar.bin data.test_file=""'
wrong 'data.test_fraction is 0' $colours data.test_fraction=0
head -c 100000 cifar.bin >cut.bin
wrong 'cut.bin: 100000 bytes are no whole number of CIFAR images' data.file=cut.bin
{ head -c $((5 * 3073)) cifar.bin; echo 10 | bytes; tail -c +$((5 * 3073 + 2)) cifar.bin; } >label.bin
wrong 'label.bin: image 5 (from 0) has label 10; right would be 0 to 9' data.file=label.bin
wrong "data.channels_1: 'purple'" $colours data.views=channels data.channels_1=purple
wrong 'data.width is 33, but the images of .*cifar.bin have 32 columns' $colours data.width=33
wrong 'cifar.bin: holds images of .*, and .* of ' data.test_file=cifar.bin

# ---- a folder of JPEG files
base64 -d >16.jpg <<'JPEG'
/9j/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////wAALCAAQABABAREA/8QAFQABAQAA
AAAAAAAAAAAAAAAAAwD/xAAVEAEBAAAAAAAAAAAAAAAAAAACAP/aAAgBAQAAPwAAZgaBnBv/2Q==
JPEG
for class in cat dog; do
    mkdir -p "animals/$class"
    for k in 1 2 3 4 5 6 7 8; do cp 16.jpg "animals/$class/$k.jpg"; done
done
jpeg='data.file=animals data.test_file=""'
if "$program" run sweep.yaml -o jpeg.h5 -q --set data.file=animals --set 'data.test_file=""' --set train.micro_batches=1 2>log; then
    head -c 120 16.jpg >animals/dog/5.jpg
    wrong 'animals/dog/5.jpg: ' $jpeg
    : >animals/dog/5.jpg
    wrong 'animals/dog/5.jpg: ' $jpeg
    rm animals/dog/*
    wrong 'animals/dog: holds no JPEG or PNG file' $jpeg
else
    grep -q 'this build' log || complain "JPEG: $(cat log)"
    echo 'skipped: built without libjpeg'
fi

# ---- settings
wrong 'data.width.*1 to' data.width=0
wrong 'data.width is 17, but the images of .* have 16 columns; right would be 1 to 16' data.width=17
wrong 'data.mask is 8, a square of 17 x 17, .* right would be 0 to 7' data.views=frequencies data.mask=8
wrong 'data.views: channels are of red, green and blue, but the images of .* have 1 channel' data.views=channels
wrong 'data.normalise: cifar is of red, green and blue' data.normalise=cifar
wrong 'data.images is 65, but there are 64' data.images=65
wrong 'data.test_images is 33, but there are 32' data.test_images=33
wrong 'data.images: none of the 2 training images .* is of class' data.images=2
wrong 'data.pad is 17' data.pad=17
wrong 'data.fill has 2 numbers' 'data.fill=[1, 2]'
wrong 'width.*8 to 256' model.width=4
wrong 'train.micro_batches must be a power of two, not 3' train.micro_batches=3
wrong 'train.micro_batches 16 leaves fewer' train.micro_batches=16
wrong 'model.precision' model.precision=f16
# a processor is told to be a lesser one
refuses 'model.precision bf16 needs a processor that computes in it; .* f32 runs everywhere' \
    env ONEDNN_MAX_CPU_ISA=avx2 "$program" run sweep.yaml -o out.h5 --set model.precision=bf16

# ---- ranks
wrong 'run.ranks_per_task=2: a task cannot have more ranks than the run, which has 1' run.ranks_per_task=2
refuses 'run.ranks_per_task=4: a task cannot have more ranks than the run, which has 2' \
    $many -n 2 "$program" run sweep.yaml -o out.h5 --set run.ranks_per_task=4
refuses 'run.ranks_per_task=3: is no power of two' $many -n 3 "$program" run sweep.yaml -o out.h5 --set run.ranks_per_task=3
refuses 'cut-images: cut off' $many -n 2 "$program" run sweep.yaml -o out.h5 --set data.file=cut-images --set "$own"
refuses 'data.width is 17' $many -n 3 "$program" run sweep.yaml -o out.h5 --set data.width=17

# ---- checkpoints
command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; [ "$failures" = 0 ]; exit; }
# Kills a run as soon as it has kept a state; again where it had ended before.
killed() {
    local started
    for _ in $(seq 20); do
        rm -f out.h5 out.h5.*
        "$program" run sweep.yaml -o out.h5 "$@" 2>log &
        started=$!
        while kill -0 $started 2>/dev/null && [ ! -e out.h5.checkpoint.0 ]; do sleep 0.01; done
        kill -9 $started
        wait $started
        [ ! -e out.h5.checkpoint.0 ] || return 0
    done 2>/dev/null
    complain 'a run that was killed leaves no checkpoint'
}
# anew WHAT-IT-SAYS FILE OPTIONS…: the next run says so in one line, begins anew, and ends like FILE
anew() {
    "$program" run sweep.yaml -o out.h5 --resume "${@:3}" 2>log || complain "$1: resumed: $(cat log)"
    [ "$(grep -c 'begins anew' log)" = 1 ] || complain "$1: not one line: $(cat log)"
    grep -q "out.h5.checkpoint.0: $1.*; its task begins anew" log || complain "does not say '$1': $(cat log)"
    grep -q 'went on' log && complain "$1: goes on all the same"
    same_bits "$2" out.h5 || complain "$1: the numbers differ"
}
damage() { # FILE BYTE: changes it
    printf '%b' "\\0$(printf %o $((255 - $(od -An -t u1 -j "$2" -N 1 "$1"))))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
killed
cp out.h5.checkpoint.0 narrow.state
bytes=$(wc -c <narrow.state)
damage out.h5.checkpoint.0 $((bytes / 2))
anew 'is damaged: its checksum is another' whole.h5
killed
damage out.h5.checkpoint.0 100
anew 'is damaged in its first bytes' whole.h5
killed
truncate -s $((bytes / 2)) out.h5.checkpoint.0
anew 'is truncated: it has .* bytes of state, not' whole.h5
killed
echo >>out.h5.checkpoint.0
anew 'is too long' whole.h5
"$program" run sweep.yaml -o wide.h5 -q --set model.width=16 2>log || complain 'a wider network does not run'
killed --set model.width=16
cp narrow.state out.h5.checkpoint.0
anew 'is of a task with other settings' wide.h5 --set model.width=16

# ---- other networks, and other images under the same names, than those of a result file
refuses 'whole.h5: is of another sweep: model.width is 8 in the file and 16 in the sweep' \
    "$program" run sweep.yaml -o whole.h5 --resume --set model.width=16
idx_images t10k-images-idx3-ubyte 32 16 16 3
refuses 'whole.h5: was made from other data: .*t10k-images-idx3-ubyte' "$program" run sweep.yaml -o whole.h5 --resume
[ "$failures" = 0 ]
