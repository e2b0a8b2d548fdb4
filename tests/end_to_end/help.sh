#!/usr/bin/env bash
# What the program says of itself: every command that it lists has a help, by both ways of asking.
set -u
program=$BUILD/infosweep
fail() { echo "help: $1" >&2; exit 1; }
commands=$("$program" --help | awk '/^  [a-z]+ / {print $1}')
[ "$(wc -w <<<"$commands")" -ge 7 ] || fail "lists few commands: $commands"
for name in $commands; do
    "$program" help "$name" | grep -q "^Usage: infosweep $name" || fail "help $name does not say how to use it"
    [ "$("$program" help "$name")" = "$("$program" "$name" --help)" ] || fail "help $name is not $name --help"
done
said=$("$program" help rnu 2>&1)
[ $? -eq 2 ] || fail "an unknown command is not refused"
grep -q "no command 'rnu'; did you mean 'run'?" <<<"$said" || fail "does not suggest run: $said"
"$program" --version | grep -q "^infosweep $(cat VERSION) " || fail "--version does not tell the version"
"$program" --version | grep -Eq '^[^,]+, HDF5 [0-9.]+, (oneDNN [0-9.]+|no oneDNN), (GLPK [0-9.]+|no GLPK)$' || fail "--version does not tell the libraries"
echo "help: passed"
