#!/usr/bin/env bash
# Classical estimates from a laboratory's file: values, bits on any number of ranks and after a kill, and what cannot be estimated:
# refused in one line before anything is written, or a failed row with its reason beside the others' values.
set -u
. "$(dirname "$0")/refuses.bash"
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
unset SLURM_JOB_END_TIME

# trials NAME ROUNDED U2: 300 trials of a direction, a speed, u1 that knows the speed and u2 that knows the direction
trials() {
    awk -v rounded="$2" -v u2="$3" -v SEED=1 'function normal() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand()) }
        BEGIN {
            srand(SEED)
            split("left right up", name, " ")
            print "trial,direction,speed,u1,u2"
            for (i = 1; i <= 300; i++) {
                d = 1 + int(3 * rand()); speed = normal(); a = speed + normal(); b = u2 == "" ? 2 * d + normal() : u2
                if (rounded) { speed = int(10 + speed); a = int(10 + a) }
                printf "%d,%s,%.9g,%.9g,%s\n", i, name[d], speed, a, b
            } }' >"$1.csv"
    mapping "$1"
}
mapping() {
    cat >"$1.yaml" <<YAML
sessions:
  - {name: a, animal: x, file: $1.csv, format: csv, trial: trial, target: direction, columns: [speed], counts: false, areas: {A: [u1], B: [u2], C: [u1, u2]}}
YAML
}
trials good 0 ''
trials constant 0 7
trials tied 1 ''
sed '6s/,[^,]*$/,nan/' good.csv >nan.csv && mapping nan
head -n 5 good.csv >few.csv && mapping few
sed 's/^1,[a-z]*,/1,down,/' good.csv >rare.csv && mapping rare
cat >sweep.yaml <<'YAML'
estimator: mi
data: {kind: sessions, file: good.yaml, session_1: a, session_2: a, area_1: A, area_2: B, split: fraction, test_fraction: 0.2,
       standardise: false, target: speed, target_type: continuous}
mi: {permutations: 20}
grid:
  method: [ksg, ksg2, kl, wkl, kde_ml, kde_lse, gaussian]
YAML

# ---- values
"$program" run sweep.yaml -o one.h5 -q || complain "good.csv: exit status $?"
"$program" report one.h5 --csv >one.csv
awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { knows = $column["mutual_information_1"]; nothing = $column["mutual_information_2"]
      # half a bit is there, and single neighbours have a standard error of 0.2
      if (knows < 0.1 || knows > 1.1 || nothing > 0.45) { print; wrong = 1 }
      if ($1 == "ksg" && $column["p_value_1"] > 0.05) { print "p is", $column["p_value_1"]; wrong = 1 } }
    END { exit wrong || NR != 8 }' one.csv || complain 'values are not near the truth'

# ---- bits
for ranks in 2 3; do
    $many -n $ranks "$program" run sweep.yaml -o ranks$ranks.h5 -q || complain "$ranks ranks: exit status $?"
    same_bits one.h5 ranks$ranks.h5 || complain "$ranks ranks give other bits"
done
long='--set run.pack=1 --set mi.permutations=100'
"$program" run sweep.yaml -o long.h5 -q $long || complain "long: exit status $?"
for _ in $(seq 20); do
    rm -f killed.h5*
    "$program" run sweep.yaml -o killed.h5 -q $long 2>/dev/null &
    started=$!
    until [ -f killed.h5 ] && [ "$("$program" report killed.h5 --csv 2>/dev/null | grep -c ',done,')" -gt 0 ] || ! kill -0 $started; do :; done 2>/dev/null
    kill -9 $started 2>/dev/null
    wait $started 2>/dev/null
    done=$("$program" report killed.h5 --csv | grep -c ',done,')
    [ "$done" -gt 0 ] && [ "$done" -lt 7 ] && break
done
[ "$done" -lt 7 ] || complain 'never killed in the middle'
"$program" run sweep.yaml -o killed.h5 -q --resume $long 2>/dev/null || complain "resumed: exit status $?"
same_bits long.h5 killed.h5 || complain 'killed and resumed: other bits'

# ---- refused
wrong() { # WHAT-IT-SAYS SETTING…
    local says=$1 setting options=()
    shift
    for setting in "$@"; do options+=(--set "$setting"); done
    refuses "$says" "$program" run sweep.yaml -o out.h5 "${options[@]}"
}
wrong 'nan.csv:6: u2 is nan' data.file=nan.yaml
wrong 'more than 5 samples; there are 4' data.file=few.yaml
wrong 'method ksg is of two vectors, and the target is a class' 'data.target=""' data.target_type=class
wrong 'mi.method kl looks at 1 neighbour, not 4' mi.neighbours=4
wrong 'neighbours: .-1. is out of bounds' mi.neighbours=-1
wrong "did you mean 'mi.neighbours'" mi.neighbors=4
wrong "did you mean" 'method=[kgs]'

# ---- failed rows, and others beside them. A settled reason, and exit status 1.
fails() { # FILE METHODS-THAT-FAIL REASON SETTING…
    local file=$1 methods=$2 reason=$3 setting options=()
    shift 3
    for setting in "$@"; do options+=(--set "$setting"); done
    rm -f out.h5
    "$program" run sweep.yaml -o out.h5 --set data.file="$file.yaml" "${options[@]}" >out 2>log
    [ $? = 1 ] || complain "$file: exit status is not 1: $(cat log)"
    [ "$("$program" report out.h5 --csv | awk -F, '$2 == "failed" { printf "%s ", $1 }')" = "$methods" ] ||
        complain "$file: others failed: $("$program" report out.h5 --csv | cut -d, -f 1-4)"
    grep -q -- "$reason" log || complain "$file: does not say '$reason': $(cat log)"
}
fails constant 'kl wkl kde_ml kde_lse gaussian ' 'column 1 is constant: its entropy has no end; leave it out' data.area_2=C
fails constant 'ksg ksg2 kl wkl kde_ml kde_lse gaussian ' 'equals another after noise'
fails tied 'kde_lse ' 'samples that all but equal others'
fails rare 'kl wkl kde_ml kde_lse gaussian ' 'class .* has 1 samples, and more than' 'data.target=""' data.target_type=class \
    'exclude=[{method: [ksg, ksg2]}]'
exit $((failures > 0))
