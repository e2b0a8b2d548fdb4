#!/usr/bin/env bash
# The report of exact measures: what a person sees of two sources, of three, and of a table that a measure gave up on.
set -u
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
complain() { echo "report_measures: $1" >&2; failures=$((failures + 1)); }
says() { grep -q -- "$1" "$2" || complain "$2 does not say '$1': $(cat "$2")"; }
silent() { grep -q -- "$1" "$2" && complain "$2 says '$1': $(cat "$2")"; }
cd "$folder" || exit 2

awk 'BEGIN { print "x1,x2,x3,y,p"; for (k = 0; k < 8; k++) { a = k % 2; b = int(k / 2) % 2; c = int(k / 4)
    printf "%d,%d,%d,%d,0.125\n", a, b, c, (a + b + c) % 2 } }' >parity.csv
cat >measures.yaml <<'YAML'
title: Measures
estimator: exact
data: {kind: gate}
grid:
  gate: [and, "file:parity.csv"]
  measure: [wedge, union, min, wms, ci]
YAML
"$program" run measures.yaml -o measures.h5 -q || complain 'the sweep fails'
"$program" report measures.h5 >all
says '^  and  *union  *0.311$' all
says '^  file:parity.csv  min  *0.000$' all
says '^  and  *ci  *-0.085  *0.396  *0.396  *0.104  *0.708  *0.811$' all
says '^  file:parity.csv  union  *—  *—  *—  *1.000  *0.000  *1.000$' all
says '^  file:parity.csv  min  *0.000  *—  *—  *—  *—  *1.000$' all
says '^below 0: ' all
silent ' 0 of 1' all
silent 'weight' all
silent '^unique_information' all
silent 'usable_information' all # that is rine's

# three sources alone: what none of the measures tells is no result of the file
"$program" run measures.yaml -o three.h5 -q --set gate=file:parity.csv --set 'measure=[wedge, min]' || complain 'three sources fail'
"$program" report three.h5 >three
silent 'unique_information' three
silent 'decomposition' three
"$program" report --csv three.h5 >three.csv
silent 'union_information' three.csv

# all published values, and where they are from
"$program" run "$OLDPWD/sweeps/pid-gates.yaml" -o gates.h5 -q --set 'measure=[min, wedge, broja]' || complain 'pid-gates fails'
"$program" report gates.h5 >gates
says '^published: Williams and Beer 2010; Griffith and Koch 2014; .*Bertschinger' gates
[ "$(awk '/^  [a-z]+ +(min|wedge|broja) /{ if (NF == 5 && $5 != "0.000") print }' gates)" = '' ] || complain "differences: $(cat gates)"

# a measure that gives up is a task that failed, and the others are done
printf 'x1,x2,y,p\n0,0,0,5e-324\n1,1,1,1\n0,1,1,5e-324\n1,0,0,5e-324\n' >least.csv
"$program" run measures.yaml -o least.h5 --set gate=file:least.csv --set 'measure=[union, ci]' >/dev/null 2>log
[ $? = 1 ] || complain "a task that failed is exit status 1"
says 'failed: union information' log
"$program" report least.h5 >least
says '1 of 2 tasks done, 1 failed' least
says 'measure=union: failed: union information' least
[ "$failures" = 0 ]
