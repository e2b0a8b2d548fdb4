#!/usr/bin/env bash
# Normal variables: what is wrong gets one line and leaves nothing behind; a covariance of many columns has the same information on one
# rank and spread over gangs of two and four; what cannot be told of samples is a failed row, and the others go on.
set -u
. "$(dirname "$0")/refuses.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

# ---- bad input
cat >sweep.yaml <<'YAML'
estimator: gaussian
data: {kind: covariance, file: four.csv}
grid: {measure: [joint, gk]}
YAML
printf 'a,b,c,y\n4,1,0.5,2\n1,9,0,3\n0.5,0,1,1\n2,3,1,16\n' >four.csv
# wrong WHAT-IT-SAYS SETTING…
wrong() {
    local says=$1 setting options=()
    shift
    for setting in "$@"; do options+=(--set "$setting"); done
    refuses "$says" "$program" run sweep.yaml -o out.h5 "${options[@]}"
}
: >empty.csv
mkdir folder.csv
printf 'a,b\n1,2\n2,1\n' >indefinite.csv
printf 'a,b\n1,0\n0\n' >ragged.csv
head -c 3000 /dev/urandom >noise.csv
wrong 'missing.csv: no such file' data.file=missing.csv
wrong 'empty.csv' data.file=empty.csv
wrong 'folder.csv' data.file=folder.csv
wrong 'noise.csv' data.file=noise.csv
wrong 'ragged.csv:3' data.file=ragged.csv
wrong 'indefinite.csv: the covariance is not positive definite: its leading block of 2 columns' data.file=indefinite.csv
wrong 'no column z' data.target=z
wrong 'column y is named twice' 'data.sources=a y'
wrong "did you mean 'data.sources'" data.sorces=a
wrong 'samples: .-5. is out of bounds' data.samples=-5
wrong 'union, gk, ci and mmi are of a target of one column, and this one has 2' 'data.target=y a'
wrong 'gaussian.bootstrap resamples samples' gaussian.bootstrap=100
wrong 'more samples than columns: there are 4 samples of 4' data.samples=4
if [ "$(id -u)" != 0 ]; then
    cp four.csv closed.csv && chmod 0 closed.csv
    wrong 'closed.csv' data.file=closed.csv
fi

"$program" run sweep.yaml -o out.h5 -q || complain "four.csv: exit status $?"
"$program" run sweep.yaml -o drawn.h5 -q --set data.samples=500 --set gaussian.bootstrap=100 || complain "samples: exit status $?"
cmp -s <("$program" report out.h5 --csv | tail -n +2 | cut -d, -f 1,3) <("$program" report drawn.h5 --csv | tail -n +2 | cut -d, -f 1,6) ||
    complain 'the exact value beside samples is not that of the covariance'

cat >gate.yaml <<'YAML'
estimator: gaussian
data: {kind: mi_task, samples: 400}
compress: {by: pca, components: 3}
gaussian: {measure: tc}
grid: {task: [dense_5, pairs_3, wiggly_1]}
YAML
refuses 'components' "$program" run gate.yaml -o gate.h5 # one number has no 3 components
rm -f out.h5 drawn.h5

# ---- many columns, on gangs. Determinants of 256 columns round to some 1e-12 of them.
cat >large.yaml <<'YAML'
estimator: gaussian
data: {kind: gaussian_pair, information: 3, dimension_x: 128, dimension_y: 128, samples: 1000}
grid: {measure: [joint]}
YAML
"$program" run large.yaml -o large.h5 -q || complain "large: exit status $?"
"$program" report large.h5 --csv >large.csv
for ranks in 2 4; do
    $many -n $ranks "$program" run large.yaml -o gang$ranks.h5 -q --set run.ranks_per_task=$ranks || complain "gang of $ranks: exit status $?"
    "$program" report gang$ranks.h5 --csv >gang$ranks.csv
    paste -d, large.csv gang$ranks.csv | awk -F, 'NR > 1 {
        for (i = 3; i <= NF / 2; i++) {
            if ($i == "" && $(i + NF / 2) == "") continue
            apart = $i - $(i + NF / 2)
            if (apart < -1e-9 || apart > 1e-9) { print i, $i, $(i + NF / 2); wrong = 1 }
            compared++ } } END { exit wrong || compared < 5 }' || complain "a gang of $ranks has other values"
done
awk -F, 'NR == 2 { exit !($3 > 3 / log(2) - 0.5 && $3 < 3 / log(2) + 0.5) }' large.csv || complain "3 nats are $(sed -n 2p large.csv)"
exit $((failures > 0))
