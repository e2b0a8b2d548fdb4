#!/usr/bin/env bash
# The published matrix of redundant information between time windows, from the real recording, 10 seeds: every mean within
# 0.15 bit (seeds differ by up to 0.13 off the diagonal), the diagonal within 0.08; beta 0 below beta 50 on the diagonal.
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
data=${INFOSWEEP_DATA:-../shared/data}
if [ ! -r "$data/neural/ps4_realdata.mat" ]; then
    echo "skipped: no data ($data/neural/ps4_realdata.mat)"
    exit 0
fi

"$BUILD/infosweep" run sweeps/windows.yaml -o "$folder/windows.h5" -q
"$BUILD/infosweep" report "$folder/windows.h5" --csv >"$folder/csv"
awk -F, -v keys=beta,window_1,window_2 -v value=redundant_information -f "$here/means.awk" "$folder/csv" |
    tee "$folder/means"
awk -F, 'FNR == NR { published[$1 " " $2 " " $3] = $4; next }
     { split($0, f, " "); name = f[1] " " f[2] " " f[3]; mean[name] = f[4]
       if (f[4] == "nan") { print "science_windows: " name " is not done"; bad = 1 }
       if (!(name in published)) next
       tolerance = f[2] == f[3] ? 0.08 : 0.15; off = f[4] - published[name]; count++
       if (off > tolerance || off < -tolerance) {
           print "science_windows: " name ": " f[4] " is not within " tolerance " of " published[name]; bad = 1 } }
     END {
         for (w = 50; w <= 350; w += 100) if (!(mean["0 " w " " w] < mean["50 " w " " w])) {
             print "science_windows: beta 0 is not below beta 50 at " w; bad = 1 }
         exit bad || count != 16
     }' sweeps/windows-published.csv "$folder/means"
