#!/usr/bin/env bash
# A sweep over all sessions of a mapping of CSV tables: `all` asks the data when the run starts; the result file is read where
# the data is not at hand; --null N is part of the sweep; going on is refused when there are other sessions.
set -u
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "run_sessions: $1" >&2; cat "$folder/log" >&2; exit 1; }
says() { grep -qE -- "$1" "$folder/log" || fail "does not say: $1"; }
mkdir "$folder/here" "$folder/elsewhere"
cd "$folder/here" || exit 1

# 12 trials of each of two targets, on which the units depend; the sessions have 3, 4 and 5 units
table() { # NAME UNITS
    awk -v units="$2" 'BEGIN {
        srand(units)
        printf "target"; for (u = 1; u <= units; u++) printf ",unit%d", u; print ""
        for (i = 0; i < 24; i++) {
            printf "%s", i % 2 ? "left" : "right"
            for (u = 1; u <= units; u++) printf ",%.3f", (i % 2) * u + 3 * rand()
            print ""
        }
    }' >"$1.csv"
}
session() { echo "  - {name: '$1', animal: $2, file: $3.csv, format: csv, target: target}"; }
table a 3; table b 4; table c 5
{ echo 'target: target'; echo 'sessions:'; session 'day 1..2' Ann a; session 'b, "late"' Bob b; } >map.yaml
cat >sweep.yaml <<'YAML'
title: Sessions of two animals
estimator: rine
data: {kind: sessions, file: map.yaml, split: folds, folds: 3, surrogate: random}
model: {kind: mlp, hidden: [4]}
rine: {average_last: 1, target_entropy: empirical}
train: {epochs: 2, batch: 4}
exclude: [{pairing: recorded, session_1: {not: session_2}}]
grid:
  session_1: all
  session_2: all
  pairing: [recorded, surrogate]
  fold: 0..2
  seed: 0..1
YAML

"$program" plan sweep.yaml >"$folder/log" 2>&1 || fail "plan: exit status $?"
says '^  session_1 +2: day 1\.\.2, b, "late"$'
says '^tasks +36 \(12 of 48 cells excluded\)$'
says '^lanes +[0-9]+ % filled, [0-9]+ tasks at once$'
"$program" run sweep.yaml -o one.h5 2>"$folder/log" || fail "run: exit status $?"
says '36 tasks in .*, lanes filled [0-9]+ %$'
$many -n 3 "$program" run sweep.yaml -o three.h5 -q --set run.pack=3 2>"$folder/log" || fail "3 ranks: exit status $?"
same_bits one.h5 three.h5 || fail "3 ranks in packs of 3 differ"

# the result alone
cp one.h5 ../elsewhere
(cd ../elsewhere && INFOSWEEP_DATA=/nowhere "$program" report one.h5 --csv) >"$folder/log" 2>&1 || fail "report elsewhere"
[ "$(grep -c '^.*surrogate' "$folder/log")" = 24 ] || fail "report elsewhere: not 24 surrogate cells"
if "$PYTHON" -c 'import xarray, h5netcdf' 2>/dev/null; then
    "$PYTHON" - >"$folder/log" 2>&1 <<'PYTHON' || fail "xarray"
import xarray
with xarray.open_dataset("one.h5", engine="h5netcdf") as ds:
    assert list(ds.session_1.values) == ["day 1..2", 'b, "late"'], ds.session_1
    assert list(ds.session_2_group.values) == ["Ann", "Bob"] and ds.session_2_group.dims == ("session_2",)
    assert "session_1_group" in ds.redundant_information.coords
    absent = ds.status.sel(session_1="day 1..2", session_2='b, "late"', pairing="recorded")
    assert (absent == 0).all() and int((ds.status == 3).sum()) == 36
    # each trial is tested in one of three folds: 24 / 3 samples
    assert ds.test_trial.dims[-2:] == ("source", "sample") and list(ds.sample.values) == list(range(8))
    trials = ds.test_trial.sel(session_1="day 1..2", session_2="day 1..2", pairing="recorded", seed=0, source=1)
    assert sorted(trials.values.ravel()) == list(range(24)), trials
PYTHON
else
    echo "skipped: no xarray with h5netcdf for $PYTHON"
fi

"$program" plan sweep.yaml --null 2 >"$folder/log" 2>&1 || fail "plan --null: exit status $?"
says '^  shuffle +3: 0, 1, 2$'
says '^tasks +108 '
# the same flag goes on, without it the file is another sweep's
"$program" run sweep.yaml -o null.h5 -q --null 2 2>"$folder/log" || fail "--null: exit status $?"
"$program" run sweep.yaml -o null.h5 --null 2 --resume 2>"$folder/log" || fail "--null --resume: exit status $?"
says '108 tasks done before'
"$program" run sweep.yaml -o null.h5 --resume 2>"$folder/log" && fail "--resume without --null"
says 'data\.shuffle is an axis in the file'
(cd ../elsewhere && cp ../here/null.h5 . && "$program" report null.h5) >"$folder/log" 2>&1 || fail "report of a null"
"$program" run sweep.yaml -o one.h5 -q --null 2 --force --reuse one.h5 2>"$folder/log" || fail "--reuse: exit status $?"
same_bits null.h5 one.h5 || fail "what was taken over and what was run at once differ"

# another session is another sweep, which says so first, and of other data
session c Bob c >>map.yaml
"$program" run sweep.yaml -o three.h5 --resume 2>"$folder/log" && fail "goes on with another session"
says 'axis data\.session_1: only the sweep has c$'
exit 0
