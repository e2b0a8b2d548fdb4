#include "rine_decomposition.h"

#include "rine_parts.h"

/* Sums over the averaged epochs of networks that are not coupled. */
typedef struct uncoupled {
    const rine_group *group;
    const char *networks; /* in words */
    double nats[LANES_MAX][SOURCES_MAX];
} uncoupled;

static void take_epoch(void *context, int task, int64_t epoch, const rine_epoch *e)
{
    uncoupled *u = context;
    const settings *s = u->group->task[task - u->group->first].settings;
    if (epoch < rine_train_of(s)->epochs - rine_averaged(s)) return;
    for (int i = 0; i < SOURCES_MAX; i++) u->nats[task - u->group->first][i] += e->test_nats[i];
}

static void take_divergence(void *context, int task, int64_t epoch)
{
    const uncoupled *u = context;
    task_row *row = u->group->task[task - u->group->first].row;
    if (row->outcome != OUTCOME_DONE) return;
    row_fail(row, OUTCOME_DIVERGED,
             "the loss of %s is not a number from epoch %lld on; try a smaller train.rate", u->networks,
             (long long)epoch);
}

static rine_sink sink_of(uncoupled *u)
{
    return (rine_sink){ .epoch = take_epoch, .diverged = take_divergence, .context = u };
}

/* ---- ticks ----------------------------------------------------------------------------------------------------------- */

/* A training knows the pack's share that it would have done by itself. */
static bool tick_in_part(ticker *self, double fraction)
{
    const rine_progress *p = self->context;
    double part = (fraction - p->begin) / p->width;
    p->outer->note = self->note;
    return p->outer->tick(p->outer, p->begin + p->width * (p->training + part) / p->trainings);
}

void rine_progress_start(rine_progress *p, ticker *outer, const task_pack *pack, int first, int count,
                         bool decompose)
{
    *p = (rine_progress){ .outer = outer,
                          .begin = (double)first / pack->count,
                          .width = (double)count / pack->count,
                          .trainings = decompose ? 3 : 1 };
    p->ticker = (ticker){ .tick = tick_in_part, .context = p, .interval_seconds = outer->interval_seconds };
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void fill_row(const rine_sums *t, const double *single_nats, double joint_nats)
{
    const double epochs = (double)rine_averaged(t->settings), h = t->entropy_bits;
    const double *coupled = t->epochs.test_nats;
    double redundant = h - bits_per_nat * ((coupled[0] + coupled[1]) / 2) / epochs;
    double single[DECOMPOSED_SOURCES], joint = h - bits_per_nat * joint_nats / epochs;
    for (int i = 0; i < DECOMPOSED_SOURCES; i++) {
        single[i] = h - bits_per_nat * single_nats[i] / epochs;
        row_set(t->row, "single_information", i, single[i]);
    }
    row_set(t->row, "joint_information", 0, joint);
    row_set(t->row, "conservative_information", 0,
            h - bits_per_nat * larger(coupled[0], coupled[1]) / epochs);
    if (redundant > single[0] || redundant > single[1]) return; /* the atoms stay NaN */
    for (int i = 0; i < DECOMPOSED_SOURCES; i++)
        row_set(t->row, "unique_information", i, single[i] - redundant);
    row_set(t->row, "synergistic_information", 0, joint - single[0] - single[1] + redundant);
}

static bool any_done(const rine_group *g)
{
    int done = 0;
    for (int i = 0; i < g->count; i++) done += g->task[i].row->outcome == OUTCOME_DONE;
    return done > 0;
}

status rine_decompose(const lanes_kernels *k, const rine_group *g, rine_progress *progress)
{
    status result = OK;
    uncoupled single = { .group = g, .networks = "the networks without coupling" };
    uncoupled joint = { .group = g, .networks = "the network of both sources" };
    const rine_sink single_sink = sink_of(&single), joint_sink = sink_of(&joint);
    const dataset *data[LANES_MAX];
    if (!any_done(g)) goto done;
    for (int i = 0; i < g->count; i++) data[i] = g->task[i].data;
    progress->training++;
    TRY(rine_lanes_train(k, g->pack, g->first, g->count, data, TRAIN_SINGLE, &progress->ticker,
                         &single_sink));
    progress->training++;
    TRY(rine_lanes_train(k, g->pack, g->first, g->count, data, TRAIN_JOINT, &progress->ticker, &joint_sink));
    for (int i = 0; i < g->count; i++)
        if (g->task[i].row->outcome == OUTCOME_DONE) fill_row(&g->task[i], single.nats[i], joint.nats[i][0]);
done:
    return result;
}
