#!/usr/bin/env bash
# Cosine similarity falls with noise inputs and rises with common ones, whatever the sources share of the target.
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for pair in similarity:noise_inputs:-1 similarity-common:common_inputs:1; do
    IFS=: read -r name axis direction <<<"$pair"
    "$BUILD/infosweep" run "sweeps/$name.yaml" -o "$folder/$name.h5" -q
    "$BUILD/infosweep" report "$folder/$name.h5" --csv >"$folder/csv"
    awk -F, -v keys="$axis" -v value=similarity -f "$here/means.awk" "$folder/csv" | tee "$folder/means"
    awk -v direction="$direction" '$2 == "nan" { bad = 1 }
         NR > 1 && ($2 - before) * direction <= 0 { print "science_similarity: wrong way at " $1; bad = 1 }
         { before = $2 } END { exit bad || NR < 5 }' "$folder/means"
done
