#!/usr/bin/env bash
# What a data file holds: as tables, as CSV, and in three lines of Python.
set -eu
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "data_show: $1" >&2; head -n 20 "$folder/out" >&2; exit 1; }

cat >"$folder/day.csv" <<'CSV'
trial,direction,reaction,unit1,unit2
1,links,0.31,4,0
2,größer,,1,5
3,links,0.35,3,1
CSV
cat >"$folder/day.yaml" <<'YAML'
title: Ein Tag
target: direction
attributes: {licence: CC0-1.0}
sessions:
  - name: day
    animal: jay
    file: day.csv
    trial: trial
    target: direction
    features: unit*
    columns: [reaction]
    counts: true
YAML
"$program" data import "$folder/day.yaml" -o "$folder/day.h5" >"$folder/import" 2>/dev/null
"$program" data show "$folder/day.h5" >"$folder/out"
cmp -s "$folder/import" "$folder/out" || fail 'show and import say different things'
for word in 'Ein Tag' 'licence: CC0-1.0' jay "one trial only of target 'größer'" 'direction (text)'; do
    grep -q "$word" "$folder/out" || fail "nothing is said of $word"
done
"$program" data show "$folder/day.yaml" | tail -n +2 >"$folder/out"
tail -n +2 "$folder/import" | cmp -s - "$folder/out" || fail 'a mapping shows something else than its data file'

# tables as CSV: nothing where there is nothing
"$program" data show "$folder/day.h5" --trials day >"$folder/out"
head -n 1 "$folder/out" | grep -q '^row,' || fail 'the trial table has another head'
grep -q 'größer' "$folder/out" || fail 'a target is missing'
[ "$(wc -l <"$folder/out")" = 4 ] || fail 'not one line per trial'
[ "$(awk -F, '{ print NF }' "$folder/out" | sort -u | wc -l)" = 1 ] || fail 'lines differ in their number of fields'
"$program" data show "$folder/day.h5" --units day >"$folder/out"
[ "$(wc -l <"$folder/out")" = 3 ] || fail 'not one line per unit'
"$program" data show "$folder/day.h5" --trials dya 2>"$folder/out" && fail 'a session that is not there was shown'
grep -q "did you mean 'day'" "$folder/out" || fail 'a wrong session has no suggestion'

# what is no data file: one line, exit status 2
: >"$folder/empty.h5"
head -c 3000 "$folder/day.h5" >"$folder/cut.h5"
for file in empty cut none; do
    status=0
    "$program" data show "$folder/$file.h5" >/dev/null 2>"$folder/out" || status=$?
    [ $status = 2 ] && [ "$(wc -l <"$folder/out")" = 1 ] || fail "$file.h5 is not refused with one line"
    grep -q "$file.h5" "$folder/out" || fail "$file.h5 is not named"
done

"$PYTHON" -c 'import h5py' 2>/dev/null || { echo "skipped: no h5py for $PYTHON"; exit 0; }
cd "$folder"
"$PYTHON" - >out <<'PY'
import h5py
day = h5py.File("day.h5")["sessions/day"]
counts, targets = next(iter(day["areas"].values()))["counts"][:], day["trials/direction"].asstr()[:]
print(counts.shape, counts.sum(), *targets, h5py.File("day.h5").attrs["title"], day.attrs["animal"])
PY
grep -q '(3, 2, 1) 14 links größer links Ein Tag jay' out || fail 'Python reads something else'

# and a few lines of Python write one
"$PYTHON" - <<'PY'
import h5py, numpy
with h5py.File("made.h5", "w") as f:
    f.attrs.update(infosweep_format="recordings", infosweep_version=1, target="stimulus")
    f["sessions/a/trials/stimulus"] = ["cat", "dog", "cat"]
    f["sessions/a/areas/V1/features"] = numpy.ones((3, 5, 1))
PY
"$program" data show made.h5 >out
grep -qE 'a +3 +2 +1 to 2' out || fail 'a data file made in Python shows something else'
