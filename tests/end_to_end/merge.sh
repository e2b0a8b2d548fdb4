#!/usr/bin/env bash
# A sweep in shards, each run on its own, merged: the bits of one run; and what is refused on the way.
set -eu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
program=$BUILD/infosweep
here=$(cd "$(dirname "$0")" && pwd)
source "$here/same_bits.bash"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >gates.yaml <<'END'
title: Gates in shards
estimator: rine
data: {kind: gate, samples: 200}
train: {epochs: 2}
grid:
  gate: [unq, and, xor]
  distance: [l1, l2]
  beta: [0, 5]
  seed: 0..5
exclude: [{gate: and, seed: 4}]
END
refuse() { # WORDS COMMAND…: exit status 2, one line on stderr that has the words
    local words=$1 status=0
    shift
    "$@" 2>said || status=$?
    if [ $status -ne 2 ] || ! grep -qF -- "$words" said || [ "$(wc -l <said)" -ne 1 ]; then
        echo "wanted 2 and '$words', got $status and: $(cat said)"
        exit 1
    fi
}

"$program" run -q gates.yaml -o whole.h5
for i in 1 2 3 4; do
    if [ $i -eq 3 ]; then # the ways may differ, the bits may not
        $MPIRUN_MANY -n 2 "$program" run -q gates.yaml --shard $i/4 --set store.writer=rank0
    else
        "$program" run -q gates.yaml --shard $i/4
    fi
done
ls results >made
printf 'gates.shard-%d-of-4.h5\n' 1 2 3 4 | diff - made
"$program" report results/gates.shard-2-of-4.h5 | grep -q '^shard 2 of 4: '
refuse 'shard 3 of 4 is missing' "$program" merge results/gates.shard-[124]-of-4.h5
refuse 'results/gates.shard-2-of-4.h5: holds shard 2/4, not shard 1/4' \
    "$program" run -q gates.yaml --shard 1/4 --resume -o results/gates.shard-2-of-4.h5

"$program" merge results/gates.shard-*-of-4.h5
same_bits whole.h5 results/gates.h5
refuse 'results/gates.h5: exists; --force replaces it' "$program" merge results/gates.shard-*-of-4.h5
"$program" merge -o again.h5 results/gates.shard-{4,2,1,3}-of-4.h5
same_bits whole.h5 again.h5

# nothing is left to do; and the whole is a result like any other
"$program" status --exit-code again.h5 >status
grep -q '^68 tasks: 68 done$' status
"$program" run -q gates.yaml --resume -o again.h5
same_bits whole.h5 again.h5
"$program" report again.h5 >report
if grep -q '^shard' report; then
    echo 'the whole sweep is called a shard' && exit 1
fi

# a shard with work left, one that failed, another sweep
cat >idle.yaml <<'END'
estimator: idle
grid: {fail: [false, true], seed: 0..15}
END
"$program" run -q idle.yaml --shard 1/2 -o a.h5 2>/dev/null || [ $? -eq 1 ]
refuse 'is shard 1/2, but' "$program" merge -o x.h5 results/gates.shard-1-of-4.h5 a.h5
"$program" run -q idle.yaml --shard 2/2 -o b.h5 2>/dev/null || [ $? -eq 1 ]
status=0
"$program" merge -o both.h5 a.h5 b.h5 2>said || status=$?
[ $status -eq 1 ] && grep -q '16 of 32 tasks failed' said
"$program" report both.h5 | grep -q 'failed: idle.fail is true' # with its reason
echo 'shards make the bits of one run'
