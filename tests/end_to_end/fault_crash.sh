#!/usr/bin/env bash
# A task that crashes its process by its own signal is quarantined when it has done so twice: everything else is done, also what
# shared its pack, the exit status is 1, status and report name it with its reason, and only --retry quarantined runs it again.
# For each of the five signals and an overflowing stack; on 1, 2 and 3 ranks.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
. tests/faults/crash.bash
trap 'rm -rf "$folder"' EXIT
command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }

# quarantines SIGNAL OPTIONS…
quarantines() {
    local signal=$1 status
    shift
    afresh
    until_end "$ranks" "$@"
    status=$?
    [ $status = 1 ] || fail "exit status $status, not 1"
    [ "$(events 'dies 5')" = 2 ] || fail 'not two crashes'
    [ "$(count 'done')" = 15 ] || fail 'not everything else is done'
    [ "$(count quarantined)" = 1 ] || fail 'not quarantined'
    "$program" status "$file" | grep -q "seed=5.*$signal" || fail 'status does not name it with its reason'
    "$program" report "$file" 2>&1 | grep -q "seed=5.*$signal" || fail 'the report does not name it with its reason'
    grep -q "seed=5.*$signal" "$folder/log" || fail 'the run does not name it with its reason'
    "$program" status --exit-code "$file" >/dev/null 2>&1
    [ $? = 1 ] || fail 'status --exit-code is not 1'
    [ -z "$(find "$folder" -name 'out.h5.*')" ] || fail "left behind: $(ls "$folder")"
}

# what follows a quarantine: nobody runs it but who asks for it
retries() {
    from_here
    run "$ranks" --resume "$@"
    [ $? = 1 ] || fail 'once more: not exit status 1'
    run "$ranks" --retry failed,diverged "$@"
    [ $? = 1 ] || fail '--retry of others: not exit status 1'
    [ "$(events begins)" = 0 ] || fail "runs something although nothing is left: $(begun)"
    run "$ranks" --retry quarantined --set crash.culprits=[] "$@" || fail "mended: exit status $?"
    [ "$(begun)" = 5 ] || fail "--retry quarantined runs other tasks: $(begun)"
    same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
}

ranks=0
for way in segv:SIGSEGV bus:SIGBUS fpe:SIGFPE ill:SIGILL abrt:SIGABRT stack:SIGSEGV; do
    quarantines "${way#*:}" --set "crash.way=${way%:*}"
done
retries --set crash.way=stack
way=segv ranks=2
quarantines SIGSEGV --set store.writer=rank0
ranks=3
quarantines SIGSEGV
retries

# once is an accident, and so it is when it strikes two
ranks=0
afresh
until_end 0 --set 'crash.culprits=[5, 9]' --set crash.times=1 || fail "once: exit status $?"
same_bits "$folder/whole.h5" "$file" || fail 'once: the numbers differ'

# whoever asks for it again gets it alone, and quarantined again if it is as it was
way='quarantined again'
quarantines SIGSEGV
from_here
run 0 --retry quarantined 2>/dev/null
until_end 0
[ $? = 1 ] || fail 'not exit status 1'
[ "$(count quarantined)" = 1 ] || fail 'not quarantined again'
[ "$(begun | tr ' ' '\n' | sort -u)" = 5 ] || fail "other tasks run: $(begun)"
[ "$(events begins)" = "$(events 'begins 5 1')" ] || fail 'does not run alone'
exit 0
