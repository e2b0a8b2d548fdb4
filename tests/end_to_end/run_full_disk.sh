#!/usr/bin/env bash
# A disk that is full: a clear line, nothing half-made left behind, and the same command works once there is space.
set -u
program=$BUILD/infosweep
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
exit 0
