#!/usr/bin/env bash
# Principal components in front of estimators: the same bits from any number of ranks and again from gangs of the same size, which a
# result file tells; gangs of other sizes differ by rounding only and do not go on with each other's files; kill and resume; a plan
# that tells what each rank needs; and what cannot be compressed, refused in one line.
set -u
. "$(dirname "$0")/refuses.bash"
. "$(dirname "$0")/same_bits.bash"
many=${MPIRUN_MANY:-${MPIRUN:-mpirun} --oversubscribe}
program=$BUILD/infosweep
folder=$(mktemp -d)
started=
family() { # PROCESS: it and all below it
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do family "$child"; done
}
kill_all() { [ -z "$started" ] || kill -9 $(family "$started") 2>/dev/null; }
trap 'kill_all; rm -rf "$folder"' EXIT
cd "$folder" || exit 2
unset SLURM_JOB_END_TIME
command -v h5diff >/dev/null || { echo "skipped: h5diff is not installed"; exit 0; }

cat >sweep.yaml <<'YAML'
title: Images as few components
estimator: mi
data: {kind: gaussian_images, size: 6, train_samples: 300, samples: 200}
compress: {by: pca, components: 2, with_target: true}
mi: {part: test}
run: {pack: 3, tick_seconds: 0.02}
grid:
  seed: 0..1
  information: [0, 3]
  method: [kl, wkl]
YAML
on() { if [ "$1" = 0 ]; then echo "$program"; else echo "$many -n $1 $program"; fi; } # RANKS; 0: without mpirun
go() { # NAME RANKS OPTIONS… : runs into NAME.h5
    $(on "$2") run sweep.yaml -o "$1.h5" "${@:3}" 2>log || complain "$1: exit status $?: $(cat log)"
}
alike() { same_bits "$1.h5" "$2.h5" || complain "$2 differs from $1"; }

# ---- ranks and gangs
go one 0
for ranks in 1 2 3; do
    go "ranks$ranks" $ranks
    alike one "ranks$ranks"
done
for gang in 2 4; do
    go "gang$gang" 4 --set run.ranks_per_task=$gang
    go "again$gang" $gang --set run.ranks_per_task=$gang # another number of gangs, and of those beside them
    alike "gang$gang" "again$gang"
    # scores are sums of 36 numbers, whose axes differ by rounding; distances of neighbours are down to 1e-4 of their spread
    h5diff -d 1e-8 one.h5 "gang$gang.h5" mutual_information >log || complain "gangs of $gang differ by more than rounding"
    h5diff -d 1e-12 one.h5 "gang$gang.h5" kept_variance >log || complain "gangs of $gang keep another variance"
done

# ---- what a file tells, and who may go on with it
tells() { h5dump -a "/$2" "$1.h5" | sed -n 's/^ *(0): //p'; } # FILE ATTRIBUTE
[ "$(tells one run.ranks_per_task) $(tells gang2 run.ranks_per_task)" = '1 2' ] || complain 'files do not tell the ranks per task'
tells gang2 same_bits | grep -q 'as many ranks per task' || complain "a file says: $(tells gang2 same_bits)"
refuses 'run.ranks_per_task is 2 in the file and 1 in the sweep' "$program" run sweep.yaml -o gang2.h5 --resume
refuses 'run.ranks_per_task is 1 in the file and 2 in the sweep' \
    $many -n 2 "$program" run sweep.yaml -o one.h5 --resume --set run.ranks_per_task=2
go none 0 --set compress.by=none --set compress.components=0 --set method=kl --set data.size=4
tells none same_bits | grep -q 'any number of ranks' || complain "without compression a file says: $(tells none same_bits)"
[ -z "$(tells none run.ranks_per_task 2>/dev/null)" ] || complain 'without compression a file tells the ranks per task'

# ---- killed and resumed
long='--set seed=0..9 --set run.pack=1'
wait_for_some() {
    while kill -0 $started 2>/dev/null && ! "$program" status out.h5 2>/dev/null | grep -q '[1-9][0-9]* of 40 in'; do sleep 0.02; done
}
go long 2 $long --set run.ranks_per_task=2
for _ in $(seq 20); do
    rm -f out.h5 out.h5.*
    $(on 2) run sweep.yaml -o out.h5 $long --set run.ranks_per_task=2 --set run.sync_seconds=0 2>log &
    started=$!
    wait_for_some
    kill_all
    wait $started 2>/dev/null
    started=
    "$program" status out.h5 2>/dev/null | grep -q '^40 tasks: 40 done' || break
done
"$program" status out.h5 | grep -q '^40 tasks: .* [1-9][0-9]* done' || complain "is never killed with some tasks done: $("$program" status out.h5)"
go out 2 $long --set run.ranks_per_task=2 --resume
alike long out
# stopped: every rank of a gang ends, and the rest is done later
rm -f out.h5
$(on 2) run sweep.yaml -o out.h5 $long --set run.ranks_per_task=2 2>log &
started=$!
wait_for_some
kill -TERM $started 2>/dev/null
wait $started
started=
grep -q 'stopped by a signal\|40 done' log || complain "stopped: $(cat log)" # mpirun has an exit status of its own
go out 2 $long --set run.ranks_per_task=2 --resume
alike long out

# ---- plans: the matrix is spread over the ranks of a gang
memory() { # OPTIONS…: MiB per rank
    "$program" plan sweep.yaml --set data.size=64 --set data.train_samples=5000 "$@" | awk '/^memory/ { print $2 * ($3 == "GiB" ? 1024 : 1) }'
}
read -r one two four <<<"$(memory) $(memory --set run.ranks_per_task=2) $(memory --set run.ranks_per_task=4)"
# 4096 features: 128 MiB a matrix, three of them on one rank, two and one on each of several; and the samples, which all have
awk -v a="$one" -v b="$two" -v c="$four" 'BEGIN { exit !(a - b > 120 && a - b < 136 && b - c > 120 && b - c < 136) }' ||
    complain "a plan tells $one, $two and $four MiB for each of 1, 2 and 4 ranks"

# ---- what cannot be
wrong() { # WHAT-IT-SAYS OPTIONS…
    refuses "$1" "$program" run sweep.yaml -o new.h5 "${@:2}"
}
wrong 'compress.components: 37 of a source are asked for, and 36 features of 300 samples have 36 at most' --set components=37
wrong 'compress.components: 30 of a source .* of 20 samples have 19 at most' --set components=30 --set train_samples=20
wrong "by: 'ica' is not known (did you mean 'pca'?)" --set compress.by=ica
wrong 'components: .* is out of bounds' --set components=-1
wrong 'share: .* is out of bounds' --set compress.share=1.5
wrong 'compress.b.* is no option of this sweep; did you mean .compress.by' --set compress.bye=pca
cat >table.yaml <<'YAML'
estimator: exact
data: {kind: gate}
compress: {by: pca, components: 1}
YAML
refuses 'exact looks at a finite table, of which compress.by pca makes none' "$program" run table.yaml -o new.h5
refuses 'compress.by pca is of samples, and data kind gate gives a finite table here' "$program" run table.yaml -o new.h5 \
    --set estimator=similarity --set data.samples=table
printf 'estimator: idle\ncompress: {by: pca}\n' >idle.yaml
refuses 'idle.yaml:2: no estimator of this sweep learns from data; leave compress out' "$program" run idle.yaml -o new.h5
sed 's/^compress: /compres: /' sweep.yaml >typed.yaml
refuses "typed.yaml:4: unknown key 'compres'; did you mean 'compress'?" "$program" run typed.yaml -o new.h5
sed 's/components: 2/componets: 2/' sweep.yaml >typed.yaml
refuses "typed.yaml:4: compress: unknown key 'componets'; did you mean 'components'?" "$program" run typed.yaml -o new.h5
refuses 'compress.components: 37 of a source' $many -n 2 "$program" run sweep.yaml -o new.h5 --set components=37 --set run.ranks_per_task=2
[ "$failures" = 0 ]
