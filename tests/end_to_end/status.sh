#!/usr/bin/env bash
# What `infosweep status` says of a run that is on, drains, has ended or was killed, once and again and again (--follow), in
# a pipe and on a terminal of 60 columns, and of files that are no result files. One task of the run lasts until this script
# ends it, so that nothing here depends on time.
set -um # with job control: without it a shell makes its background jobs ignore Ctrl-C
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
started=
trap 'stop_all; rm -rf "$folder"' EXIT
fail() { echo "status: $1" >&2; tail -n 40 "$folder"/log "$folder"/said >&2; exit 1; }
cd "$folder" || exit 2
unset SLURM_JOB_END_TIME

cat >sweep.yaml <<'YAML'
title: To be watched
estimator: idle
run: {pack: 1}
grid: {seconds: [36000, 0.01], fail: [false, true], seed: 0..3}
exclude: [{seconds: 36000, fail: true}, {seconds: 36000, seed: 1..3}]
YAML

# The process and all below it.
family() {
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do family "$child"; done
}
alive() { local process; for process in "$@"; do kill -0 "$process" 2>/dev/null && return 0; done; return 1; }
stop_all() { [ -z "$started" ] || kill -9 $(family "$started") 2>/dev/null; }

# said PATTERN: does status, or what it is asked for now, say so?
said() { grep -q -e "$1" said; }
look() { "$program" status "$@" >said 2>>log; }
# until COMMAND…: waits while the run lives; ten minutes are for a fault, not for a slow machine
await() {
    local i
    for i in $(seq 6000); do
        "$@" && return 0
        alive "$started" || fail "the run ended before: $*"
        sleep 0.1
    done
    fail "never: $*"
}
start() {
    $many -n 2 "$program" run sweep.yaml -o r.h5 -q "$@" >>log 2>&1 &
    started=$!
}
short_ones_are_done() { look r.h5 && said '^9 tasks: 1 running, 4 done, 4 failed' && said '^running on .*: 8 of 8\|^running on .*: 8 of 9'; }
long_one_runs() { look r.h5 && said '^running on ' && said '^  seconds=36000 fail=false seed=0:\? for '; }

# ---- while a run is on
start --time-limit 30h
await short_ones_are_done
await long_one_runs
said '^time limit in 29 h 59 min, the last 20 s kept free' || fail 'it does not tell the time limit'
said '^share of work: busy [0-9]* % of the time' || fail "it does not tell the ranks' share of work"
said '^  each rank: ' || fail 'it does not tell the share of each rank'
said '^safe on disk: what was done up to 20' || fail 'it does not tell what is safe'
[ "$(grep -c 'failed: idle.fail is true' said)" = 4 ] || fail 'it does not tell why tasks failed'
said 'to run' && fail 'it says how to go on while a run is on'
look --exit-code r.h5
[ $? = 75 ] || fail 'the exit status is not 75 while a run is on'

# ---- followed in a pipe, and on a terminal that is made narrower
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import pty' 2>/dev/null || { echo 'skipped: no python3 for a pseudo terminal'; PYTHON=; }
"$program" status --follow --interval 0.2 --exit-code r.h5 2>>log | cat >pipe &
piped=$!
if [ -n "$PYTHON" ]; then
    "$PYTHON" "$here/screen.py" 60 24 --interrupt "$program" status --follow --interval 0.2 r.h5 >interrupted 2>>log
    grep -q '^exit status 130$' interrupted || fail "Ctrl-C: $(cat interrupted)"
    [ "$(tail -n +2 interrupted | tr -d '\n')" = '$ status^C' ] || [ "$(tail -n +2 interrupted | tr -d '\n')" = '$ status' ] ||
        fail "Ctrl-C leaves a mess: $(cat interrupted)"
    # what a terminal scrolls out of sight when it is made narrower nobody can take back: that one is high
    for rows in 60 24 6; do
        resize=
        [ $rows != 60 ] || resize='--resize 40'
        "$PYTHON" "$here/screen.py" 60 $rows $resize --cut block$rows "$program" status --follow --interval 0.2 \
            --exit-code r.h5 >screen$rows 2>>log &
        eval "screen$rows=$!"
    done
    drawn() { [ -s block60 ] && [ -s block24 ] && [ -s block6 ]; }
    narrow() { [ -s block60 ] && ! awk 'length > 40' block60 | grep -q .; }
    await drawn
    await narrow
fi
await grep -q ' 4/9 done, 4 failed, 1 left' pipe

# ---- draining: a signal to mpirun reaches all ranks
kill -USR1 "$started"
drains() { look r.h5 && said '^running on .*, draining, as a signal asked: '; }
await drains
await grep -q 'draining as asked, 4/9 done' pipe

# ---- the end
kill -TERM "$started"
wait "$started"
started=
wait "$piped" || fail "--follow in a pipe: exit status $?"
grep -q '^  ended 20.*: stopped$' pipe || fail "--follow does not end with the last state: $(cat pipe)"
grep -q "$(printf '\033')" pipe && fail 'a pipe gets escape sequences'
if [ -n "$PYTHON" ]; then
    for rows in 60 24 6; do
        eval "wait \$screen$rows" || fail "the terminal of $rows rows: $(cat screen$rows)"
        grep -q '^exit status 75$' screen$rows || fail "--follow --exit-code: $(cat screen$rows)"
        grep -q 'a line was longer' screen$rows && fail "--follow in 60 columns: $(cat screen$rows)"
        [ "$(grep -c '^9 tasks: ' screen$rows)" = 1 ] || fail "--follow leaves its block behind: $(cat screen$rows)"
        [ "$(grep -vc "^. status" <block$rows)" -le $((rows - 1)) ] || fail "the block is higher than the terminal: $(cat block$rows)"
    done
fi
look --exit-code r.h5
[ $? = 75 ] || fail 'the exit status is not 75 when work is left'
said '^running' && fail 'it sees a run that has ended'
said '^9 tasks: 1 pending, 4 done, 4 failed' || fail 'the counts at the end'
said '^to run the 1 that is left: the same command with --resume' || fail 'it does not say how to go on'
said '^to run the 4 that failed again: the same command with --retry failed' || fail 'it does not say how to retry'
look --follow r.h5 || fail '--follow without a run does not end well'

# ---- killed
start --resume
await long_one_runs
members=$(family "$started")
cp r.h5.live killed.live
kill -9 $members
wait "$started" 2>/dev/null
started=
for _ in $(seq 600); do alive $members || break; sleep 0.1; done
cp killed.live r.h5.live # as if nobody had tidied up
look --follow --exit-code r.h5
[ $? = 75 ] || fail 'the exit status is not 75 after a kill'
said '^running' && fail 'it sees a run that was killed'
said 'was killed' || fail 'it does not say that the run was killed'

# ---- live files that tell lies
process=$(sed -n 's/^process //p' killed.live)
lie() { sed "$@" killed.live >r.h5.live; look r.h5 || fail "a live file changed by $*"; }
lie "s/^process .*/process $$/; s/^process_start .*/process_start 1/"
[ ! -r /proc/$$/stat ] || { said '^running' && fail 'a process that has the number of a dead one is taken for the run'; }
lie "s/^process .*/process $$/; s/^process_start .*/process_start 0/; s/^unix_seconds .*/unix_seconds 1000000000/"
said '^running on' || fail 'a run whose clock jumped is taken for dead'
lie "s/^host .*/host elsewhere.invalid/; s/^unix_seconds .*/unix_seconds $(date +%s)/"
said '^running on elsewhere.invalid' || fail 'a run elsewhere is not seen'
lie "s/^host .*/host elsewhere.invalid/; s/^unix_seconds .*/unix_seconds 1000000000/"
said '^running' && fail 'a run elsewhere that fell silent is taken for one that is on'
lie "s/^process .*/process $$/; s/^process_start .*/process_start 0/; s/^slice [0-9]*/slice 99999999/"
said '^running on' || fail 'a cell that is not there disturbs'
head -c 100 killed.live >r.h5.live
look r.h5 || fail 'a live file that was cut disturbs'
rm -f r.h5.live

# ---- all done, and foreign files: one line, exit status 2
"$program" run sweep.yaml -o done.h5 -q --set seconds=0.01 --set fail=false >>log 2>&1 || fail 'a run with nothing to fail'
look --follow --exit-code done.h5 || fail 'the exit status is not 0 when all is done'
said '^to run' && fail 'it says how to go on where nothing is left'
: >empty.h5
echo 'no HDF5' >text.h5
head -c 3000 done.h5 >cut.h5
mkdir folder.h5
for file in empty.h5 text.h5 cut.h5 folder.h5 missing.h5; do
    for follow in '' '--follow'; do
        "$program" status $follow --exit-code $file >said 2>told
        [ $? = 2 ] && [ "$(wc -l <told)" = 1 ] && [ ! -s said ] || fail "$file $follow: $(cat told said)"
        grep -q "$file" told || fail "$file $follow: the line does not name it: $(cat told)"
    done
done
for interval in 0 -1 nan x; do
    "$program" status --follow --interval $interval done.h5 >said 2>told
    [ $? = 2 ] || fail "--interval $interval is taken"
done
exit 0
