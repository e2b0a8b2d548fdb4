#!/usr/bin/env bash
# What is typed or read and is wrong: one line that says so, exit status 2, nothing written.
set -u
. "$(dirname "$0")/refuses.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

cat >good.yaml <<'YAML'
estimator: idle
grid: {seed: 0..3}
YAML

# ---- the command line
refuses 'which command' "$program"
refuses "did you mean 'run'" "$program" rnu
refuses 'did you mean --resume' "$program" run --resme good.yaml
refuses 'missing' "$program" run
refuses "what is 'b.yaml' for" "$program" run good.yaml b.yaml
refuses 'resume' "$program" run --resume --force good.yaml
refuses 'seconds' "$program" run good.yaml --set idle.second=1
refuses 'avx9' env INFOSWEEP_KERNELS=avx9 "$program" run good.yaml

# ---- the sweep file
: >empty.yaml
head -c 4096 /dev/urandom >binary.yaml
mkdir folder.yaml
refuses 'missing.yaml' "$program" run missing.yaml
refuses 'empty.yaml' "$program" run empty.yaml
refuses 'binary.yaml' "$program" run binary.yaml
refuses 'folder.yaml' "$program" run folder.yaml
write() { printf '%s\n' "$@" >sweep.yaml; }
write 'estimator: idle' 'gird: {seed: 0..3}'
refuses "sweep.yaml:2: .*grid" "$program" run sweep.yaml
write 'estimator: idle' 'idle: {secnods: 1}' 'grid: {seed: 0..3}'
refuses 'sweep.yaml:2: .*seconds' "$program" run sweep.yaml
write 'estimator: idle' 'idle: {seconds: long}' 'grid: {seed: 0..3}'
refuses 'sweep.yaml:2: .*seconds' "$program" run sweep.yaml
write 'estimator: idle' 'idle: {seconds: -1}' 'grid: {seed: 0..3}'
refuses 'sweep.yaml:2: .*seconds' "$program" run sweep.yaml
write 'estimator: idle' 'grid:' '  seed: 0..3' '  seed: 4..5'
refuses 'sweep.yaml:4: .*seed' "$program" run sweep.yaml
write 'estimator: idle' 'grid:' '  seed: [1, 2, 1]'
refuses 'sweep.yaml:3: .*1' "$program" run sweep.yaml
write 'estimator: idle' 'grid:' '  seed: []'
refuses 'sweep.yaml:3: .*seed' "$program" run sweep.yaml
write 'estimator: idle' 'grid: {seed: 0..3}' 'exclude: [{seed: 0..3}]'
refuses 'sweep.yaml' "$program" run sweep.yaml
write 'estimator: idle' 'grid:' '  seed: 0..999999' '  seconds: {from: 0, to: 1, count: 1000000}'
refuses 'sweep.yaml.*cells' "$program" run sweep.yaml
write 'estimator: nothing' 'grid: {seed: 0..3}'
refuses 'sweep.yaml:1: .*idle' "$program" run sweep.yaml
write 'estimator: idle' 'grid: {seed: [0, 1}'
refuses 'sweep.yaml:' "$program" run sweep.yaml

# ---- its data
rine() { write 'estimator: rine' "data: $1" 'grid: {seed: 0..3}'; }
rine '{kind: gate, gate: "file:missing.csv"}'
refuses 'missing.csv' "$program" run sweep.yaml
printf 'x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.4\n' >uneven.csv
rine '{kind: gate, gate: "file:uneven.csv"}'
refuses 'uneven.csv' "$program" run sweep.yaml
printf 'x1,x2,y,p\n0,0,0,0.5\n1,1\n' >truncated.csv
rine '{kind: gate, gate: "file:truncated.csv"}'
refuses 'truncated.csv:3' "$program" run sweep.yaml
cp binary.yaml binary.csv
rine '{kind: gate, gate: "file:binary.csv"}'
refuses 'binary.csv' "$program" run sweep.yaml
# ---- recordings
sessions() {
    printf 'target: column\nsessions:\n  - {name: a, file: %s, format: matlab, struct: s, areas: {M: spikes}, target: column}\n' \
        "$1" >mapping.yaml
    rine '{kind: sessions, file: mapping.yaml}'
}
head -c 1000 /dev/urandom >broken.mat
sessions broken.mat
refuses 'broken.mat' "$program" run sweep.yaml
sessions missing.mat
refuses 'missing.mat' "$program" run sweep.yaml
rine '{kind: sessions, file: mapping.yml}'
refuses 'mapping.yml' "$program" run sweep.yaml
rine '{kind: sessions}'
refuses 'data.file is not given' "$program" run sweep.yaml
recording=${INFOSWEEP_DATA:-none}/neural/ps4_realdata.mat
if [ -f "$recording" ]; then
    head -c 20000 "$recording" >half.mat
    sessions half.mat
    refuses 'half.mat' "$program" run sweep.yaml
else
    echo "skipped: no data: a recording that is cut off"
fi
if [ "$(id -u)" != 0 ]; then
    cp good.yaml closed.yaml
    chmod 000 closed.yaml
    refuses 'closed.yaml' "$program" run closed.yaml
    chmod 600 closed.yaml
else
    echo "skipped: root may read everything"
fi

# ---- the result file
"$program" run good.yaml -o ours.h5 -q || complain "a good run fails"
refuses 'there is no folder no-such-folder' "$program" run good.yaml -o no-such-folder/out.h5
refuses 'wants a FILE' "$program" run good.yaml -o ''
refuses 'resume' "$program" run good.yaml -o ours.h5
cp binary.yaml binary.h5
head -c 3000 ours.h5 >truncated.h5
for file in binary.h5 truncated.h5 good.yaml; do
    refuses "$file" "$program" run good.yaml -o "$file" --resume
    refuses "$file" "$program" status "$file"
    refuses "$file" "$program" report "$file"
    refuses "$file" "$program" run good.yaml -o new.h5 --reuse "$file"
done
refuses 'folder.yaml' "$program" run good.yaml -o folder.yaml
refuses 'folder.yaml' "$program" status folder.yaml
refuses 'seed' "$program" run good.yaml -o ours.h5 --resume --set seed=0..4
refuses 'seconds' "$program" run good.yaml -o ours.h5 --resume --set idle.seconds=0.001
refuses 'missing.h5' "$program" status missing.h5

# ---- on two ranks: still one line
refuses 'empty.yaml' $many -n 2 "$program" run empty.yaml
refuses 'did you mean --resume' $many -n 2 "$program" run --resme good.yaml
rine '{kind: gate, gate: "file:uneven.csv"}'
refuses 'uneven.csv' $many -n 2 "$program" run sweep.yaml
refuses 'resume' $many -n 2 "$program" run good.yaml -o ours.h5
refuses 'no-such-folder' $many -n 2 "$program" run good.yaml -o no-such-folder/out.h5

[ "$failures" = 0 ]
