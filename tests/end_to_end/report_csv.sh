#!/usr/bin/env bash
# The CSV of a real result file: head, one line per cell in grid order, and the numbers of the file itself.
set -eu
program=$BUILD/infosweep
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "report_csv: $1" >&2; head -n 5 "$folder/out" >&2; exit 1; }

cat >"$folder/gates.yaml" <<'E2'
estimator: rine
data: {kind: gate, samples: 500}
model: {kind: mlp, hidden: [4]}
rine: {average_last: 1}
train: {epochs: 2}
grid:
  gate: [unq, rdn]
  beta: [0, 5]
  seed: 0..1
exclude: [{gate: rdn, beta: 0}]
E2
"$program" run "$folder/gates.yaml" -o "$folder/gates.h5" -q
"$program" report "$folder/gates.h5" --csv >"$folder/out"
head -n 1 "$folder/out" | grep -q '^gate,beta,seed,status,redundant_information,' || fail 'the head is another'
head -n 1 "$folder/out" | grep -q ',usable_information_1,usable_information_2,' || fail 'sources have no suffix'
[ "$(wc -l <"$folder/out")" = 9 ] || fail 'not one line per cell'
cut -d, -f 1-4 "$folder/out" | tail -n +2 >"$folder/cells"
cat >"$folder/expected" <<'E2'
unq,0,0,done
unq,0,1,done
unq,5,0,done
unq,5,1,done
rdn,0,0,absent
rdn,0,1,absent
rdn,5,0,done
rdn,5,1,done
E2
cmp -s "$folder/cells" "$folder/expected" || fail 'cells are not in grid order'
[ "$(awk -F, '{ print NF }' "$folder/out" | sort -u | wc -l)" = 1 ] || fail 'lines differ in their number of fields'
sed -n 6p "$folder/out" | grep -qE '^rdn,0,0,absent,+$' || fail 'an absent cell has values'

# -o writes the same, and a folder that is not there is told
"$program" report "$folder/gates.h5" --csv -o "$folder/copy.csv"
cmp -s "$folder/out" "$folder/copy.csv" || fail '-o writes something else'
"$program" report "$folder/gates.h5" --csv -o "$folder/none/copy.csv" 2>"$folder/out" && fail 'wrote into no folder'
grep -q 'cannot write' "$folder/out" || fail 'an output that cannot be written is not named'

# in nats: information times ln 2, all else as it was, the history's metrics, too
"$program" report "$folder/gates.h5" --csv --unit nats >"$folder/nats"
"$program" report "$folder/gates.h5" --unit nats | grep -q '^redundant_information (nats)' || fail 'the unit is not told'
"$program" report "$folder/gates.h5" --unit nits 2>"$folder/said" && fail 'took a unit that is none'
grep -q 'bits or nats' "$folder/said" || fail 'a wrong unit is not told'
paste -d, "$folder/copy.csv" "$folder/nats" | awk -F, -v fields="$(head -n 1 "$folder/copy.csv" | awk -F, '{ print NF }')" '
    NR == 1 { for (i = 1; i <= fields; i++) name[i] = $i; next }
    { for (i = 5; i <= fields; i++) {
          if ($i == "") continue
          scale = name[i] ~ /information|entropy/ && name[i] !~ /^history/ ? log(2) : 1
          apart = $(i + fields) - scale * $i
          if (apart < -1e-12 || apart > 1e-12) { print name[i], $i, $(i + fields); wrong = 1 }
          compared[scale != 1]++ } }
    END { exit wrong || compared[0] < 6 || compared[1] < 6 }' || fail 'nats are not ln 2 times bits'

# the numbers are those of the file, to the last bit
command -v h5dump >/dev/null || { echo 'skipped: no h5dump'; exit 0; }
h5dump -y -w 1 -m '%.17g' -d redundant_information "$folder/gates.h5" |
    sed -n '/ATTRIBUTE/q; /DATA {/,/}/p' | grep -oE '(-?[0-9][-+.e0-9]*|-?nan)' | sed 's/-*nan//' >"$folder/numbers"
"$program" report "$folder/gates.h5" --csv | tail -n +2 | cut -d, -f 5 >"$folder/out"
cmp -s "$folder/numbers" "$folder/out" || { cat "$folder/numbers" >&2; fail 'the numbers are not those of the file'; }
