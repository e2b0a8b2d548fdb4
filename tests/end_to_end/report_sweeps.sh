#!/usr/bin/env bash
# Every sweep that comes along can be planned, and what it compares with is found.
set -eu
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "report_sweeps: $1" >&2; cat "$folder/out" >&2; exit 1; }

for sweep in sweeps/*.yaml; do
    # the first file that a sweep reads: recordings stand in its mapping, images in itself
    mapping=$(sed -n 's/^ *file: *\(recordings[^ ]*\)$/sweeps\/\1/p' "$sweep")
    source=$(sed -n 's/^ *file: *\([^ ]*\)$/\1/p' "${mapping:-/dev/null}" | head -n 1)
    grep -q 'kind: views' "$sweep" && source=$(grep -oE '\bfile: *[^ ,}]+' "$sweep" | head -n 1 | sed 's/file: *//')
    if [ -n "$source" ] && [ ! -e "${INFOSWEEP_DATA:-../shared/data}/$source" ]; then
        echo "skipped: no data for $sweep ($source)"
        continue
    fi
    head -n 1 "$sweep" | grep -q '^# ' || fail "$sweep does not say what it answers"
    "$program" plan "$sweep" >"$folder/out" 2>&1 || fail "$sweep cannot be planned"
    grep -q '^compare:' "$sweep" || continue
    grep -qE '^published  sweeps/.*\.csv: [1-9][0-9]* values? for this grid$' "$folder/out" ||
        fail "$sweep finds none of the values that it compares with"
done

# the published table, each value in its line
"$program" run sweeps/canonical.yaml -q -o "$folder/canonical.h5" --set samples=200 --set epochs=5 --set seed=0
"$program" report "$folder/canonical.h5" >"$folder/out"
grep -q '^published: Kleinman et al., Entropy 2021, 23, 922, Table A5$' "$folder/out" || fail 'no source'
while read -r gate beta value; do
    grep -qE "^  $gate +$beta .* $value " "$folder/out" || fail "$gate at beta $beta was published as $value"
done <<'E2'
unq 0 0.981
unq 5 0.809
and 15 0.007
rdnxor 5 0.983
imperfectrdn 15 0.984
E2

# a value that is an axis no more still decides what it is compared with
"$program" run sweeps/canonical.yaml -q -o "$folder/five.h5" --set samples=200 --set epochs=5 --set seed=0 --set beta=5
"$program" report "$folder/five.h5" >"$folder/out"
grep -qE '^  unq .* 0\.809 ' "$folder/out" || fail 'beta 5 as a constant is not compared with beta 5'
! grep -qE ' 0\.981 ' "$folder/out" || fail 'beta 5 as a constant is compared with beta 0'
