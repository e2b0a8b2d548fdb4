#!/usr/bin/env bash
# Tables that are none, and measures that cannot look at one: one line that names the file, the line in it where there is one, and
# what would be right; exit status 2, and nothing is written.
set -u
. "$(dirname "$0")/refuses.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

cat >sweep.yaml <<'YAML'
title: Measures of a table
estimator: exact
data: {kind: gate, gate: "file:table.csv"}
exact: {measure: broja}
YAML
good='x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.25\n0,1,1,0.25\n'

# wrong WHAT-IT-SAYS TEXT [SETTING…]: the file table.csv holds this text
wrong() {
    local says=$1 setting options=()
    printf '%b' "$2" >table.csv
    for setting in "${@:3}"; do options+=(--set "$setting"); done
    refuses "$says" "$program" run sweep.yaml -o out.h5 "${options[@]}"
}
# fine TEXT [SETTING…]: such a table is one
fine() {
    local setting options=()
    printf '%b' "$1" >table.csv
    for setting in "${@:2}"; do options+=(--set "$setting"); done
    "$program" run sweep.yaml -o out.h5 -q "${options[@]}" 2>log || complain "$*: $(cat log)"
    rm -f out.h5
}

# ---- probabilities
fine "$good"
wrong 'table.csv:3: p is "-0.25"; right would be a number from 0 to 1' 'x1,x2,y,p\n0,0,0,0.75\n1,1,1,-0.25\n0,1,1,0.5\n'
wrong 'table.csv:2: p is "1.5"' 'x1,x2,y,p\n0,0,0,1.5\n1,1,1,0.25\n'
wrong 'table.csv:4: p is "nan"' 'x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.25\n0,1,1,nan\n'
wrong 'table.csv:2: p is "inf"' 'x1,x2,y,p\n0,0,0,inf\n1,1,1,0\n'
wrong 'table.csv:3: p is "a half"' 'x1,x2,y,p\n0,0,0,0.5\n1,1,1,a half\n'
wrong 'table.csv:2: p is "0,5"; right would be a number' 'x1,x2,y,p\n0,0,0,"0,5"\n1,1,1,0.5\n'
wrong 'table.csv: the probabilities sum to 0.9; right would be 1 (to 1e-06)' 'x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.4\n'
wrong 'table.csv: the probabilities sum to 1.00000[23]' 'x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.500002\n'
wrong 'table.csv: the probabilities sum to 0;' 'x1,x2,y,p\n0,0,0,0\n1,1,1,0\n'
fine 'x1,x2,y,p\n0,0,0,0.3333333\n1,1,1,0.3333333\n0,1,1,0.3333333\n'

# ---- rows
wrong 'table.csv:4: the same outcome as in line 2; right would be one row' 'x1,x2,y,p\n0,0,0,0.25\n1,1,1,0.5\n0,0,0,0.25\n'
wrong 'table.csv:3: the same outcome as in line 2' 'x1,x2,y,p\n0,0,0,0.5\n0.0,0,0,0.5\n'
wrong 'table.csv:3: 3 fields, but the header has 4' 'x1,x2,y,p\n0,0,0,0.5\n1,1,0.5\n'
wrong 'table.csv:2: 6 fields, but the header has 4' 'x1,x2,y,p\n0,0,0,0.5,,\n'
wrong 'table.csv:2: nothing in column x2' 'x1,x2,y,p\n0,,0,0.5\n1,1,1,0.5\n'
wrong 'table.csv:3: a quote is not closed' 'x1,x2,y,p\n0,0,0,0.5\n1,"1,1,0.5\n'
wrong 'table.csv: a header and no rows' 'x1,x2,y,p\n'
wrong 'table.csv: holds zero bytes' 'x1,x2,y,p\n0,0,\0000,1\n'

# ---- columns
wrong 'table.csv: column x2 is missing' 'x1,y,p\n0,0,1\n'
wrong 'table.csv: column x2 is missing' 'x1,x3,y,p\n0,0,0,1\n'
wrong 'table.csv: column y is missing' 'x1,x2,p\n0,0,1\n'
wrong 'table.csv: column p is missing' 'x1,x2,y\n0,0,0\n'
wrong 'table.csv: unknown column "prob"; right would be x1, x2, …, y and p' 'x1,x2,y,prob\n0,0,0,1\n'
wrong 'table.csv: unknown column "X1"' 'X1,x2,y,p\n0,0,0,1\n'
wrong 'table.csv: unknown column "x1;x2;y;p"' 'x1;x2;y;p\n0;0;0;1\n'
wrong 'table.csv: column x9, but there can be at most 8 sources' 'x1,x2,x3,x4,x5,x6,x7,x8,x9,y,p\n0,0,0,0,0,0,0,0,0,0,1\n'
wrong 'table.csv: two columns "y"' 'x1,x2,y,y,p\n0,0,0,0,1\n'
wrong 'table.csv: unknown column "0"' '0,1,2,0.5\n'

# ---- files
wrong 'table.csv: the file is empty' ''
wrong 'table.csv: there is nothing but blanks and comments' '# nothing\n\n'
refuses 'missing.csv: no such file' "$program" run sweep.yaml -o out.h5 --set data.gate=file:missing.csv
mkdir folder.csv
refuses 'folder.csv: is a folder; right would be a file' "$program" run sweep.yaml -o out.h5 --set data.gate=file:folder.csv
refuses 'nonsense' "$program" run sweep.yaml -o out.h5 --set data.gate=nonsense
printf 'x1,x2,y,p\n0,0,0,-1\n' >table.csv
refuses 'table.csv:2: p is "-1"' $many -n 3 "$program" run sweep.yaml -o out.h5
refuses 'table.csv:2: p is "-1"' "$program" plan sweep.yaml

# ---- little, but not wrong: one symbol, one outcome, one class
all='measure=[rine, min, wedge, broja, union, wms, ci]'
fine 'x1,x2,y,p\n0,0,0,1\n' "$all"
fine 'x1,x2,y,p\n0,0,0,0.5\n0,0,1,0.5\n' "$all"
fine 'x1,x2,y,p\n0,0,0,0.5\n1,1,0,0.5\n' "$all"

# ---- measures that cannot look at a table
three='x1,x2,x3,y,p\n0,0,0,0,0.5\n1,1,1,1,0.5\n'
fine "$three" exact.measure=union
wrong 'gate=file:table.csv.* exact.measure broja is for two sources, and the table has 3; .* any number' "$three" 'data.gate=[file:table.csv]'
wrong "measure: 'ming' is not known (did you mean 'min'?)" "$good" exact.measure=ming
wide=$(awk 'BEGIN { printf "x1,x2,y,p\\n"; for (k = 0; k < 144; k++) printf "%d,%d,%d,%.17g\\n", k % 12, k / 12, k % 5, 1 / 144 }')
if "$program" --version | grep -q 'no GLPK'; then
    wrong 'gh and prec need GLPK, which this infosweep was built without' "$good" exact.measure=gh
    wrong 'gh and prec need GLPK, which this infosweep was built without' "$good" exact.measure=prec
    echo 'skipped: built without GLPK (measures gh and prec)'
else
    wrong 'gh is for tables of up to 128 rows, and this one has 144; prec bounds it from above' "$wide" exact.measure=gh
    fine "$wide" exact.measure=prec
fi
[ "$failures" = 0 ]
