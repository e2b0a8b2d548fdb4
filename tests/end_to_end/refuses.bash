# Sourced by scripts about bad input, which work in a folder of their own. They count failures.
# shellcheck shell=bash
failures=0
complain() { echo "$(basename "$0" .sh): $1" >&2; failures=$((failures + 1)); }
contents() { find . -type f ! -name log ! -name out -exec cksum {} + | sort; find . -type d | sort; }

# refuses WHAT-IT-SAYS COMMAND…: status 2, one line on standard error that holds this text, the folder as before
refuses() {
    local says=$1 before after status lines
    shift
    before=$(contents)
    "$@" >out 2>log
    status=$?
    after=$(contents)
    lines=$(grep -c '^infosweep: ' log)
    [ $status = 2 ] || complain "$*: exit status $status, not 2: $(cat log)"
    [ "$lines" = 1 ] || complain "$*: $lines lines: $(cat log)"
    # mpirun adds lines of its own
    [ "$1" = "$program" ] && [ "$(wc -l <log)" != 1 ] && complain "$*: says more: $(cat log)"
    grep -q -- "$says" log || complain "$*: does not say '$says': $(cat log)"
    [ "$before" = "$after" ] || complain "$*: leaves something behind: $(diff <(echo "$before") <(echo "$after"))"
}
