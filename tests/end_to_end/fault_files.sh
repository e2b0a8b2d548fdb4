#!/usr/bin/env bash
# Result files that were cut off, and files and folders that may not be written: one line that says so, nothing changed; what
# may be read can be. A file that opens although a part of it is gone shows no wrong number.
set -u
program=$BUILD/infosweep
folder=$(mktemp -d)
mounted=()
unmount() { for place in "${mounted[@]}"; do umount "$place"; done; }
trap 'unmount; rm -rf "$folder"' EXIT
fail() { echo "fault_files: $1" >&2; cat "$folder/log" >&2; exit 1; }

cat >"$folder/sweep.yaml" <<'YAML'
title: Files that are damaged
estimator: idle
grid: {fail: [false, true], seed: 0..199}
YAML
"$program" run "$folder/sweep.yaml" -o "$folder/whole.h5" -q 2>"$folder/log"
[ $? = 1 ] || fail 'undisturbed'
"$program" report "$folder/whole.h5" --csv 2>/dev/null | sort >"$folder/rows" || fail 'undisturbed: no report'

# what reads or writes a result file
run() { "$program" run "$folder/sweep.yaml" -o "$1" --resume -q; }
show() { "$program" status "$1"; }
report() { "$program" report "$1" --csv; }

# refuses COMMAND FILE WORDS: in one line that names the file, with nothing changed
refuses() {
    local before status
    before=$(cksum <"$2")
    $1 "$2" >"$folder/out" 2>"$folder/log"
    status=$?
    [ $status = 2 ] || fail "$1 of $2: exit status $status, not 2"
    [ "$(wc -l <"$folder/log")" = 1 ] || fail "$1 of $2: not one line"
    grep -q "^infosweep: .*$(basename "$2").*$3" "$folder/log" || fail "$1 of $2 does not say '$3'"
    [ "$(cksum <"$2")" = "$before" ] || fail "$1 changes $2"
    [ -z "$(find "$(dirname "$2")" -name "$(basename "$2").*")" ] || fail "$1 of $2 leaves something behind"
}

# ---- cut off
mkdir "$folder/cut"
size=$(stat -c %s "$folder/whole.h5")
for less in 1 10 $((size / 2)) $((size - 2048)) $((size - 10)) "$size"; do
    cut=$folder/cut/$less-less.h5
    head -c $((size - less)) "$folder/whole.h5" >"$cut"
    for command in run show report; do
        if $command "$cut" >"$folder/out" 2>"$folder/log"; then
            # then everything that it shows as done is as it was
            [ $command != run ] || fail "$command takes a file without its last $less bytes"
            [ $command != report ] || grep ',done,' "$folder/out" | sort | comm -23 - "$folder/rows" | grep . >"$folder/log" &&
                fail "$less bytes less: wrong numbers"
        else
            refuses $command "$cut" ''
        fi
    done
done

# ---- may be read only
# closed FILE: nobody may write it, root neither where it may mount
closed() {
    chmod a-w "$1"
    [ -w "$1" ] || return 0
    mount --bind "$1" "$1" 2>/dev/null && mounted=("$1" "${mounted[@]}") && mount -o remount,ro,bind "$1" 2>/dev/null
}
mkdir "$folder/file" "$folder/folder"
cp "$folder/whole.h5" "$folder/file/out.h5"
cp "$folder/whole.h5" "$folder/folder/out.h5"
if closed "$folder/file/out.h5" && closed "$folder/folder"; then
    for file in "$folder/file/out.h5" "$folder/folder/out.h5"; do
        refuses run "$file" ''
        show "$file" >"$folder/out" 2>"$folder/log" || fail "no status of a file that may be read: $file"
        report "$file" 2>"$folder/log" | sort | cmp -s - "$folder/rows" || fail "no report of a file that may be read: $file"
    done
    "$program" run "$folder/sweep.yaml" -o "$folder/folder/new.h5" -q 2>"$folder/log"
    [ $? = 2 ] || fail 'a new file in a folder that may not be written'
    [ "$(wc -l <"$folder/log")" = 1 ] || fail 'a folder that may not be written: not one line'
    grep -q 'new.h5' "$folder/log" || fail 'a folder that may not be written: the file is not named'
else
    echo 'skipped: root may write everything, and may not mount: files that may only be read'
fi
exit 0
