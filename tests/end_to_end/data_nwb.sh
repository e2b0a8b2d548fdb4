#!/usr/bin/env bash
# From a laboratory's NWB file to a result: what the file holds, a mapping that fits, a data file, a sweep over it, and one
# line for what is wrong.
set -u
program=$BUILD/infosweep
case $program in /*) ;; *) program=$PWD/$program ;; esac
mapping=$PWD/sweeps/recordings/human-mtl.yaml
data=${INFOSWEEP_DATA:-../shared/data}
source=$data/neural/human_mtl_sub-4_ses-4.nwb
[ -r "$source" ] || { echo "skipped: no data"; exit 0; }
source=$(cd "$(dirname "$source")" && pwd)/$(basename "$source")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
fail() { echo "data_nwb: $1" >&2; cat log >&2; exit 1; }
says() { grep -qE -- "$1" log || fail "does not say: $1"; }
refuses() { # WHAT IT SAYS, COMMAND…
    local said=$1
    shift
    "$@" >output 2>log
    [ $? -eq 2 ] || fail "not refused: $*"
    [ "$(wc -l <log)" -eq 1 ] || fail "more than one line: $*"
    says "$said"
}

# without a mapping: what there is, and a mapping that works as it stands
"$program" data import "$source" >map.yaml 2>log
cp map.yaml log
says '35 units with 214278 spikes; location: amygdala_right \(10\), hippocampus_right \(25\)'
says 'trials: encoding_table \(90 rows\)'
says 'trials: recognition_table \(180 rows\)'
says 'stimuli_type: 0 \(90\), 1 \(90\); target \(ground truth\) = 1, foil = 0'
"$program" data show map.yaml >log 2>&1 || fail "the printed mapping does not work"
says '35'

# the mapping of the project, into a data file
"$program" data import "$mapping" -o mtl.h5 >log 2>&1 || fail "import: exit status $?"
says '180'
says '35'
"$program" data show mtl.h5 >log 2>&1 || fail "show: exit status $?"
"$program" data show mtl.h5 --trials recognition >log 2>&1 || fail "show --trials: exit status $?"
[ "$(wc -l <log)" -eq 181 ] || fail "not a line for each of 180 trials"

# a sweep reads the data file and the mapping alike: two halves of the units, a second after the picture
cat >sweep.yaml <<'YAML'
title: Two halves of the units
estimator: rine
data: {kind: sessions, file: mtl.h5, units_1: even, units_2: odd, window_1: 200, window_2: 200, width: 1000,
       split: folds, folds: 5}
model: {kind: mlp, hidden: [4]}
rine: {average_last: 1, target_entropy: empirical}
train: {epochs: 2, batch: 16}
grid: {fold: 0..4}
YAML
"$program" run sweep.yaml -o one.h5 -q >log 2>&1 || fail "run: exit status $?"
"$program" run sweep.yaml -o two.h5 -q --set "data.file=$mapping" >log 2>&1 || fail "run with the mapping: exit status $?"
# the values alone: the attributes after them hold addresses in the file, which move with the length of the mapping's path
values() { h5dump -y -w 200 -m %.17g -d /redundant_information "$1" | sed -n '/DATA {/,/}/{p;/}/q}'; }
[ -n "$(values one.h5)" ] && [ "$(values one.h5)" = "$(values two.h5)" ] || fail "data file and mapping differ"

# what is wrong, in one line
sed 's/target: stimuli_type/target: stimuly_type/' "$mapping" >typo.yaml
refuses "no column 'stimuly_type' that can be read; did you mean 'stimuli_type'" "$program" data show typo.yaml
sed 's/recognition_table/trials/' "$mapping" >table.yaml
refuses 'has no member trials; there are encoding_table, recognition_table, timediscrimination_table' "$program" data show table.yaml
sed 's/^    to_ms.*//' "$mapping" >needs.yaml
refuses 'to_ms' "$program" data show needs.yaml
head -c 500000 "$source" >cut.nwb
sed "s|file: .*|file: cut.nwb|" "$mapping" >cut.yaml
refuses 'cut.nwb' "$program" data show cut.yaml
refuses 'cut.nwb' "$program" data import cut.nwb
echo "data_nwb: passed"
