#!/usr/bin/env bash
# What `make demo` shows: runs sweeps/canonical.yaml on $RANKS ranks and prints its table. The result goes to a file of
# its own, which is made anew each time: what is shown was made by this build, and nobody's results are touched.
set -u
cd "$(dirname "$0")/.." || exit 2
program=${BUILD:-build}/infosweep
ranks=${RANKS:-1}
mpirun=${MPIRUN:-mpirun}
sweep=sweeps/canonical.yaml
result=results/demo.h5

export OPENBLAS_NUM_THREADS=1                  # a rank is one core
export OMPI_MCA_rmaps_base_oversubscribe=1     # nproc counts hardware threads, Open MPI counts cores
[ "$(id -u)" = 0 ] && export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # containers run as root

launch=
if [ "$ranks" -gt 1 ] && command -v "${mpirun%% *}" >/dev/null; then launch="$mpirun -n $ranks"; fi
mkdir -p results
$launch "$program" run "$sweep" --force -o "$result"
status=$?
[ $status -le 1 ] || exit $status # 1: some tasks failed, which the report tells

echo
"$program" report "$result" || exit
printf '\nWhat to try next:\n'
printf '  %-66s # %s\n' \
    "$program report $result --figures results/figures" 'the table as a picture' \
    "$program run sweeps/canonical-beta.yaml" "a finer axis; faster with mpirun -n $ranks before it" \
    "$program list estimators" 'what else there is, with every option'
exit $status
