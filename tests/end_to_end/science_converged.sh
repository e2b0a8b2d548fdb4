#!/usr/bin/env bash
# Trained to convergence on the table itself, every gate lands within 0.03 bit of the exact optimum of its objective.
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$BUILD/infosweep" run sweeps/converged.yaml -o "$folder/converged.h5" -q
"$BUILD/infosweep" report "$folder/converged.h5" --csv >"$folder/csv"
for value in redundant_information exact_redundant_information; do
    awk -F, -v keys=gate,beta -v value=$value -f "$here/means.awk" "$folder/csv" >"$folder/$value"
done
paste -d ' ' "$folder/redundant_information" "$folder/exact_redundant_information" |
    awk '{ off = $3 - $7; if ($3 == "nan" || $7 == "nan" || off > 0.03 || off < -0.03) {
               print "science_converged: " $1 " at beta " $2 ": " $3 ", exact " $7; bad = 1 } }
         END { exit bad || NR < 50 }'
