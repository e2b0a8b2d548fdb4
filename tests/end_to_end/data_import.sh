#!/usr/bin/env bash
# From a laboratory's file to a data file on the command line: without a mapping, with one, with a bad one, on a bad path.
set -eu
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "data_import: $1" >&2; head -n 20 "$folder/out" "$folder/err" >&2; exit 1; }
# runs the program, which must end with this exit status and, unless 0, with one line on standard error
ends_with() {
    local wanted=$1 status=0
    shift
    "$program" "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [ $status = "$wanted" ] || fail "exit status $status, not $wanted: $*"
    [ "$wanted" = 0 ] || [ "$(wc -l <"$folder/err")" = 1 ] || fail "not one line: $*"
}

cat >"$folder/day.csv" <<'CSV'
trial,direction,reaction,unit1,unit2
1,left,0.31,4,0
2,right,0.28,1,5
3,left,0.35,3,1
4,right,0.4,0,6
CSV

# a source alone: what it holds, and a mapping that can be imported as it is once it says where the source is
ends_with 0 data import "$folder/day.csv"
grep -q 'direction: texts' "$folder/out" || fail 'the columns are not told'
grep -q 'save what is printed' "$folder/err" || fail 'what to do is not told'
grep -v '^#' "$folder/out" >"$folder/day.yaml"
ends_with 0 data show "$folder/day.yaml"
ends_with 0 data import "$folder/day.yaml" -o "$folder/day.h5"
grep -q '^  left *2$' "$folder/out" || fail 'the trials of a target are not counted'
grep -q 'wrote .*day.h5' "$folder/err" || fail 'the file is not named'

# a file that is there is not lost by mistake, and nothing is left beside it
ends_with 2 data import "$folder/day.yaml" -o "$folder/day.h5"
grep -q -- '--replace' "$folder/err" || fail 'how to replace is not told'
ends_with 0 data import "$folder/day.yaml" -o "$folder/day.h5" --replace
[ "$(find "$folder" -name '*.part' | wc -l)" = 0 ] || fail 'a part of a file is left'
ends_with 2 data import "$folder/day.yaml"
grep -q -- '-o FILE.h5' "$folder/err" || fail 'a missing -o is not told'
ends_with 3 data import "$folder/day.yaml" -o "$folder/none/day.h5"
grep -q 'No such file' "$folder/err" || fail 'a folder that is not there is not told'

# provenance: the source's digest and the mapping, word for word
digest=$(sha256sum "$folder/day.csv" | cut -c 1-12)
ends_with 0 data show "$folder/day.h5"
grep -q "sha256 $digest" "$folder/out" || fail 'the digest is not that of the source'

# what is wrong is told with file and line
sed 's/target: direction/target: directon/' "$folder/day.yaml" >"$folder/bad.yaml"
ends_with 2 data import "$folder/bad.yaml" -o "$folder/bad.h5"
grep -q 'directon' "$folder/err" || fail 'a missing column is not named'
sed 's/animal:/animals:/' "$folder/day.yaml" >"$folder/bad.yaml"
ends_with 2 data import "$folder/bad.yaml" -o "$folder/bad.h5"
grep -q "bad.yaml:[0-9]*: .*did you mean 'animal'" "$folder/err" || fail 'a wrong key has no suggestion'
echo 'title: nothing' >"$folder/bad.yaml"
ends_with 2 data import "$folder/bad.yaml" -o "$folder/bad.h5"
grep -q 'no `sessions`' "$folder/err" || fail 'missing sessions are not told'
[ ! -e "$folder/bad.h5" ] || fail 'a refused import wrote a file'
ends_with 2 data import "$folder/none.yaml" -o "$folder/bad.h5"
ends_with 2 data import "$folder" -o "$folder/bad.h5"
ends_with 2 data import "$folder/day.xyz"
grep -q 'No such file' "$folder/err" || fail 'a missing file is not told'
echo 1,2 >"$folder/day.xyz"
ends_with 2 data import "$folder/day.xyz"
grep -q 'data formats' "$folder/err" || fail 'an unknown ending is not told'

# formats with their keys
ends_with 0 data formats
for word in matlab nwb npz csv needed; do grep -q "$word" "$folder/out" || fail "formats do not say $word"; done
ends_with 2 data formats matlap
grep -q "did you mean 'matlab'" "$folder/err" || fail 'a wrong format has no suggestion'

# the recording of the paper is a small file
if [ ! -e "$INFOSWEEP_DATA/neural/ps4_realdata.mat" ]; then
    echo 'skipped: no data'
    exit 0
fi
ends_with 0 data import sweeps/recordings/premotor.yaml -o "$folder/premotor.h5"
grep -qE 'premotor +1456 +8 +182 ' "$folder/out" || fail 'trials and targets are not those of the recording'
grep -qE 'premotor +PMd +97 +counts +70 of 10 ms, -200 to 500 ms from target_on' "$folder/out" || fail 'areas are others'
[ "$(stat -c %s "$folder/premotor.h5")" -lt 1200000 ] || fail 'the data file is not small'
