#!/usr/bin/env bash
# Figures of a real result file: curves, maps of pairs of axes, drawn again by hand, and what happens without gnuplot.
set -eu
program=$BUILD/infosweep
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "report_figures: $1" >&2; cat "$folder/out" >&2; exit 1; }
is_png() { [ "$(head -c 4 "$1" | od -An -c | tr -d ' ')" = '211PNG' ]; }

cat >"$folder/gates.yaml" <<'E2'
estimator: rine
data: {kind: gate, samples: 500}
model: {kind: mlp, hidden: [4]}
rine: {average_last: 1, history: true}
train: {epochs: 2}
grid:
  gate: [unq, rdn]
  beta: [0, 1, 10, 100]
  seed: 0..1
E2
"$program" run "$folder/gates.yaml" -o "$folder/gates.h5" -q
name=redundant_information-over-beta-gate

# without gnuplot the scripts and data are there
mkdir "$folder/bin"
PATH="$folder/bin" "$program" report "$folder/gates.h5" --figures "$folder/bare" >"$folder/out"
grep -q 'gnuplot is not installed' "$folder/out" || fail 'does not say that gnuplot is missing'
[ -s "$folder/bare/$name.gp" ] && [ -s "$folder/bare/$name.dat" ] || fail 'no script or data without gnuplot'
[ "$(grep -vcE '^(#|$)' "$folder/bare/$name.dat")" = 8 ] || fail 'not one point for each gate and beta'
grep -q 'set logscale x' "$folder/bare/$name.gp" || fail 'a log-spaced axis is drawn on a linear one'

command -v gnuplot >/dev/null || { echo 'skipped: no gnuplot'; exit 0; }
"$program" report "$folder/gates.h5" --figures "$folder/figures" >"$folder/out"
cp "$folder/out" "$folder/out.drawn"
grep -q "$name.svg, .png" "$folder/out" || fail 'does not say what it drew'
grep -q '</svg>' "$folder/figures/$name.svg" || fail 'no whole SVG'
[ "$(grep -c '^redundant_information,' "$folder/figures/$name.csv")" = 8 ] || fail 'no CSV of the figure beside it'
is_png "$folder/figures/$name.png" || fail 'no PNG'
rm "$folder/figures/$name.png"
(cd "$folder/figures" && gnuplot "$name.gp") 2>"$folder/out" || fail 'the script does not run by hand'
[ ! -s "$folder/out" ] || fail 'gnuplot complains'
is_png "$folder/figures/$name.png" || fail 'no PNG by hand'

# a history for every gate and beta: eight groups, so a curve for every beta and a figure for every gate
for gate in unq rdn; do
    history="history-over-epoch-beta-gate=$gate"
    grep -q "$history.svg, .png" "$folder/out.drawn" || fail 'draws no history'
    [ "$(grep -vcE '^(#|$)' "$folder/figures/$history.dat")" = 8 ] || fail 'not one line for each beta and epoch'
    grep -q "^distance_weight,$gate,0,2,0," "$folder/figures/$history.csv" || fail 'no weights in the CSV of a history'
    rm "$folder/figures/$history.png"
    (cd "$folder/figures" && gnuplot "$history.gp") 2>"$folder/out" || fail 'the script of a history does not run by hand'
    [ ! -s "$folder/out" ] || fail 'gnuplot complains about a history'
    is_png "$folder/figures/$history.png" || fail 'no PNG of a history'
done

"$program" report "$folder/gates.h5" --figures /dev/null/figures 2>"$folder/out" && fail 'drew into no folder'
grep -q 'cannot make the folder' "$folder/out" || fail 'a folder that cannot be made is not named'
