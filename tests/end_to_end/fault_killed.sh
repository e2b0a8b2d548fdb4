#!/usr/bin/env bash
# Tasks that run when a process is killed (out of memory, a lost node) are suspects: they run last and alone, whoever kills is
# quarantined after crash_limit deaths as the only one that ran, never with 0, and innocents are done. A run that is told to
# stop, and memory that is refused, count against nobody. On 1, 2 and 3 ranks.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/end_to_end/same_bits.bash
. tests/faults/crash.bash
started=
trap 'kill -9 $started 2>/dev/null; rm -rf "$folder"' EXIT
command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }

# quarantines LIMIT OPTIONS…: the first death tells that it is one of a pack, the others that it is this one
quarantines() {
    local limit=$1 status
    shift
    afresh
    until_end "$ranks" --set crash.way=kill "$@"
    status=$?
    [ $status = 1 ] || fail "exit status $status, not 1"
    [ "$(events 'dies 5')" = $((limit + 1)) ] || fail "$(events 'dies 5') deaths, not $((limit + 1))"
    [ "$(count 'done')" = 15 ] || fail 'not everything else is done'
    "$program" status "$file" | grep -q 'seed=5' || fail 'status does not name it'
    "$program" report "$file" 2>&1 | grep -q 'seed=5' || fail 'the report does not name it'
    [ "$(count quarantined)" = 1 ] || fail 'not quarantined'
    from_here
    run "$ranks" --retry quarantined --set crash.culprits=[] "$@" || fail "mended: exit status $?"
    [ "$(begun)" = 5 ] || fail "--retry quarantined runs other tasks: $(begun)"
    same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
}

way='killed'
ranks=0
quarantines 5
ranks=2
quarantines 1 --set run.crash_limit=1 --set store.writer=rank0
ranks=3
quarantines 1 --set run.crash_limit=1

# ---- suspects run last, and alone
way='suspects' ranks=0
afresh
run 0 --resume --set crash.way=kill 2>/dev/null
suspects=$(awk '$1 == "dies" { print $3 }' "$trace")
[ "$suspects" = 4 ] || fail 'the culprit had no company'
from_here
run 0 --resume --set crash.culprits=[] || fail "exit status $?"
tail -n +$since "$trace" | awk '$1 == "begins" { if ($3 == 1) alone++; else if (alone) late++ } END { exit !(alone == 4 && !late) }' ||
    fail 'not last and alone'
same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'

# ---- never, if so wished
way='crash_limit 0'
afresh
for _ in 1 2 3 4 5 6 7 8; do run 0 --resume --set crash.way=kill --set run.crash_limit=0 2>/dev/null; done
[ "$(events 'dies 5')" = 8 ] || fail 'not every run comes to the culprit'
[ "$(count 'done')" = 15 ] || fail 'not everything else is done'
run 0 --resume --set run.crash_limit=0 --set crash.culprits=[] || fail "mended: exit status $?"
same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'

# ---- whoever is told to stop is no suspect: later on all run packed. mpirun kills a second after it stops; here, where every
# stop counts, three on a busy machine.
export OMPI_MCA_odls_base_sigkill_timeout=3
listening="env --default-signal=INT" # what starts this script may ignore Ctrl-C, and with it all that it starts
$listening true 2>/dev/null || listening=
stops() { # SIGNAL…: sent one after the other to a run on $ranks ranks, all of whose tasks would hang
    local launcher=$program
    [ "$ranks" = 0 ] || launcher="$many -n $ranks $program"
    $listening $launcher run "$folder/sweep.yaml" -o "$file" -q --resume --set "crash.trace=$trace" --set run.crash_limit=1 \
        --set crash.way=hang --set 'crash.culprits=[0, 4, 8, 12]' >"$folder/log" 2>&1 &
    started=$!
    until [ "$(events dies)" -gt 0 ] || ! kill -0 $started 2>/dev/null; do sleep 0.02; done
    for signal in "$@"; do
        kill "-$signal" $started
        sleep 0.1
    done
    wait $started
    started=
    "$program" status "$file" >"$folder/status" 2>&1 || fail 'no status'
    grep -q 'ended .*: stopped' "$folder/status" || fail "$*: does not end in order"
    from_here
}
for ranks in 0 3; do
    way='stopped'
    afresh
    [ "$ranks" = 0 ] && stops TERM && stops INT INT
    stops USR1 TERM
    run 0 --resume --set run.crash_limit=1 --set crash.culprits=[] || fail "exit status $?"
    [ "$(events 'begins [0-9]* 1 ')" = 0 ] || fail 'whoever was stopped runs alone'
    same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
done

# ---- no memory: the run fails and says so; nobody is to blame
way='memory' ranks=0
if [ -n "${SANITIZE:-}" ]; then
    echo 'skipped: sanitizers need all addresses: no memory'
    exit 0
fi
afresh
(ulimit -v 4000000 && run 0 --resume --set crash.way=memory)
status=$?
[ $status = 3 ] || fail "exit status $status, not 3"
grep -q '^infosweep: seed=.*memory.*goes on' "$folder/log" || fail 'not told'
from_here
run 0 --resume --set crash.culprits=[] || fail "with memory: exit status $?"
[ "$(events 'begins [0-9]* 1 ')" = 0 ] || fail 'whoever had no memory runs alone'
same_bits "$folder/whole.h5" "$file" || fail 'the numbers differ'
exit 0
