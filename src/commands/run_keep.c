#include "run_keep.h"

#include <mpi.h>

#include "gang.h"

/* Remembers what the tick said. */
static bool tick(ticker *self, double fraction_done)
{
    keeping *k = self->context;
    k->outer->note = self->note;
    bool goes_on = k->outer->tick(k->outer, fraction_done);
    k->stopped |= !goes_on;
    return goes_on;
}

static status load(checkpoint *self, void **state, size_t *bytes)
{
    keeping *k = self->context;
    *state = NULL;
    *bytes = 0;
    return k->leads ? keeper_load(&k->keeper, state, bytes) : OK;
}

static bool due(checkpoint *self)
{
    const keeping *k = self->context;
    return k->leads && keeper_due(&k->keeper);
}

/* A run that is told to stop may be killed a second later: that the row is given up comes first, or the next run would take
 * the task for one that killed this one. */
static status save(checkpoint *self, const void *state, size_t bytes)
{
    status result = OK;
    keeping *k = self->context;
    if (k->stopped) TRY(store_give_up(k->store));
    if (k->leads) TRY(keeper_save(&k->keeper, state, bytes));
done:
    return result;
}

void keep_make(keeping *k, store *st)
{
    k->store = st;
    k->written = -1;
    k->checkpoint = (checkpoint){ .load = load, .due = due, .save = save, .context = k };
    k->ticker = (ticker){ .tick = tick, .context = k };
}

status keep_begin(keeping *k, int64_t cell, task_pack *pack, ticker **t)
{
    k->outer = *t;
    k->stopped = false;
    k->leads = gang_rank(pack->gang) == 0;
    k->ticker.interval_seconds = k->outer->interval_seconds;
    k->ticker.note = (task_note){ 0 };
    pack->checkpoint = &k->checkpoint;
    *t = &k->ticker;
    return keeper_begin(&k->keeper, cell, pack->task[0]);
}

static void forget_written(keeping *k)
{
    if (k->written >= 0) checkpoint_remove(k->keeper.path, k->written);
    k->written = -1;
}

void keep_written(keeping *k, int64_t cell)
{
    forget_written(k); /* long ago */
    k->written = cell;
}

void keep_look(keeping *k)
{
    if (k->written >= 0 && store_unsynced_seconds(k->store) == 0) forget_written(k);
}

void keep_sum(keeping *k)
{
    checkpoint_cost mine = k->keeper.cost, *all = &k->keeper.cost;
    MPI_Reduce(&mine.loaded, &all->loaded, 1, MPI_INT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    MPI_Reduce(&mine.saved, &all->saved, 1, MPI_INT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    MPI_Reduce(&mine.largest_bytes, &all->largest_bytes, 1, MPI_INT64_T, MPI_MAX, 0, MPI_COMM_WORLD);
    MPI_Reduce(&mine.seconds, &all->seconds, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
}
