#!/usr/bin/env bash
# A disk that is full: a clear line, nothing half-made left behind, and the same command works once there is space; also where
# other data fills it in the middle of a run.
set -u
. "$(dirname "$0")/same_bits.bash"
program=$BUILD/infosweep
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
folder=$(mktemp -d)
mounted=
trap '[ -n "$mounted" ] && umount "$folder/disk"; rm -rf "$folder"' EXIT
fail() { echo "run_full_disk: $1" >&2; cat "$folder/log" >&2; exit 1; }

cat >"$folder/sweep.yaml" <<'YAML'
estimator: idle
grid: {seed: 0..99999}
YAML
mkdir "$folder/disk"
file=$folder/disk/out.h5
run() { "$program" run "$folder/sweep.yaml" -o "$file" -q "$@" 2>"$folder/log"; }
refused() { # WORDS STATUS
    [ "$2" = 3 ] || fail "exit status $2, not 3"
    [ "$(grep -c '^infosweep: ' "$folder/log")" = 1 ] || fail 'not one line'
    grep -qi "$1" "$folder/log" || fail "does not say '$1'"
    [ -z "$(ls -A "$folder/disk")" ] || fail "left behind: $(ls -A "$folder/disk")"
}

if mount -t tmpfs -o size=300k none "$folder/disk" 2>/dev/null; then
    mounted=yes
    run
    refused 'no space left' $?
    mount -o remount,size=60m "$folder/disk"
else
    echo "skipped: may not mount a small disk; a limit on file sizes stands in for it"
    (ulimit -f 200; trap '' XFSZ; run)
    refused 'too large' $?
fi
run || fail "with space: exit status $?"
"$program" status --exit-code "$file" >/dev/null || fail 'not all is done'
run --resume || fail "resumed: exit status $?"
rm "$file"

# ---- in the middle of a run: what a row tells of its failure takes disk that nobody had kept for it
[ -n "$mounted" ] || { echo 'skipped: may not mount a small disk: one that is filled during a run'; exit 0; }
cat >"$folder/sweep.yaml" <<'YAML'
title: When others fill the disk
estimator: idle
idle: {seconds: 0.02}
run: {pack: 1, sync_seconds: 0.1}
grid: {fail: [false, true], seed: 0..99}
YAML
mount -o remount,size=4m "$folder/disk"
rows() { "$program" report "$1" --csv 2>/dev/null | grep ",$2," | sort; } # FILE OUTCOME
"$program" run "$folder/sweep.yaml" -o "$folder/whole.h5" -q --set idle.seconds=0 2>"$folder/log"
[ $? = 1 ] || fail 'undisturbed'

$many -n 2 "$program" run "$folder/sweep.yaml" -o "$file" -q 2>"$folder/log" &
started=$!
until "$program" status "$file" 2>/dev/null | grep -q '[1-9][0-9]* done' || ! kill -0 $started 2>/dev/null; do sleep 0.02; done
cat /dev/zero >"$folder/disk/others" 2>/dev/null
wait $started
status=$?
[ $status = 3 ] || fail "filled during the run: exit status $status, not 3"
[ "$(grep -c '^infosweep: .*[Nn]o space left' "$folder/log")" = 1 ] || fail 'filled during the run: no line says so'
grep -q 'resume' "$folder/log" || fail 'filled during the run: how to go on is not told'
"$program" status "$file" >"$folder/status" 2>"$folder/log" || fail 'filled during the run: the file cannot be read'
rows "$file" 'done' >"$folder/before"
[ -s "$folder/before" ] || fail 'filled during the run: nothing is done'
rm "$folder/disk/others"
$many -n 2 "$program" run "$folder/sweep.yaml" -o "$file" -q --resume 2>"$folder/log"
status=$?
[ $status = 1 ] || fail "with space again: exit status $status, not 1"
rows "$file" 'done' | comm -13 - "$folder/before" | grep . && fail 'with space again: what was done is lost or was done again'
[ "$(rows "$file" 'failed' | wc -l)" = 100 ] || fail 'with space again: not all is run'
same_bits "$folder/whole.h5" "$file" || fail 'with space again: the numbers differ'
exit 0
