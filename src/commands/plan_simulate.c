#include "plan_simulate.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands/plan_measured.h"
#include "commands/words.h"
#include "estimator.h"
#include "row.h"
#include "schedule/simulate.h"

/* A message and its answer, measured with Open MPI: between two cores of a machine, between two machines over TCP. */
#define ROUND_TRIP_SHARED 0.4e-6
#define ROUND_TRIP_TCP    20e-6
/* For each rank that rank 0 looks at before it sends an order: a structure that lies in the second level of cache. */
#define SCAN_SECONDS 3e-9
/* To write rows of neighbouring cells to one variable; measured with a million empty tasks in packs of 16. */
#define WRITE_SECONDS 2.5e-6
/* Writes of the bookkeeping for such rows: attempts and status when they begin, five variables when they end, and the
 * attempts are read. */
#define WRITES_BESIDE_RESULTS 9

/* What tasks take, by prediction and by what was measured. */
typedef struct costs {
    const sweep *sweep;
    const packs *packs;
    double *ratio; /* (cells of the grid) what tasks take over what is predicted; 1 where there is none */
    double write_seconds; /* for rows of neighbouring cells */
    double longest;       /* of all tasks, alone */
} costs;

static double predicted(void *context, int64_t first, int count)
{
    const costs *c = context;
    double seconds = 0;
    if (pack_seconds(c->sweep, c->packs, first, count, &seconds) != OK)
        failure_clear(); /* then it is a guess of 0, as in a run */
    return seconds;
}

static double lasts(void *context, int64_t first, int count, double seconds)
{
    const costs *c = context;
    const int64_t *cell = c->packs->cell + first;
    int pieces = 1;
    for (int i = 1; i < count; i++) pieces += cell[i] != cell[i - 1] + 1;
    return seconds * c->ratio[cell[0]] + pieces * c->write_seconds;
}

static status costs_make(const sweep *s, const packs *p, costs *c)
{
    status result = OK;
    layout *l = NULL;
    int64_t cells = sweep_grid(s)->cells;
    *c = (costs){ .sweep = s, .packs = p, .ratio = malloc(((size_t)cells + 1) * sizeof *c->ratio) };
    CHECK(c->ratio != NULL, NO_MEMORY, "%lld cells", (long long)cells);
    TRY(layout_make(s, &l));
    c->write_seconds = (l->variables + WRITES_BESIDE_RESULTS) * WRITE_SECONDS;
    for (int64_t i = 0; i < cells; i++) c->ratio[i] = 1;
done:
    layout_free(l);
    return result;
}

/* Finds the longest task, and what all take by what was measured; `m` may be NULL. */
static status costs_refine(costs *c, const measured *m)
{
    status result = OK;
    settings *slot = NULL;
    for (int64_t i = 0; i < c->packs->count; i++) {
        double one, ratio = 1;
        const pack *k = &c->packs->pack[i];
        const int64_t *cell = c->packs->cell + k->first;
        TRY(pack_seconds(c->sweep, c->packs, k->first, 1, &one));
        if (m) {
            TRY(sweep_settings(c->sweep, cell[0], &slot));
            ratio = measured_ratio(m, slot, one);
            CHECK(!isnan(ratio), BAD_INPUT, "--measured: no task of %s in it is done and took time",
                  slot->estimator->name);
        }
        for (int n = 0; n < k->count; n++) c->ratio[cell[n]] = ratio;
        c->longest = fmax(c->longest, pack_span(k, one) * ratio);
    }
done:
    settings_free(slot);
    return result;
}

/* `round_trip_seconds` is 0 where it depends on whether the ranks fit this machine. On fewer ranks than a gang has, its packs
 * are taken to run on those that are there. */
static status run_on(const costs *all, double round_trip_seconds, int64_t ranks, simulated *out)
{
    status result = OK;
    packs *few = NULL;
    costs c = *all;
    if (c.packs->count > 0 && c.packs->pack[0].ranks > ranks) {
        TRY(packs_for_ranks(all->packs, (int)ranks, &few));
        c.packs = few;
    }
    bool here = ranks <= sysconf(_SC_NPROCESSORS_ONLN);
    double round_trip = here ? ROUND_TRIP_SHARED : ROUND_TRIP_TCP;
    if (round_trip_seconds > 0) round_trip = round_trip_seconds;
    const simulation how = {
        .packs = c.packs,
        .ranks = (int)ranks,
        .tick_seconds = sweep_run(c.sweep)->tick_seconds,
        .message_seconds = round_trip / 2,
        .scan_seconds = SCAN_SECONDS,
        .seconds = predicted,
        .lasts = lasts,
        .context = &c,
    };
    TRY(simulate(&how, out));
done:
    packs_free(few);
    return result;
}

/* Some numbers of ranks up to the one that was asked for. */
static int64_t next_ranks(int64_t ranks, int64_t last)
{
    enum { FEW = 16 };
    int64_t next = ranks * (last <= FEW ? 2 : 10);
    return next < last ? next : last;
}

static status print_ladder(const plan_simulation *what, costs *c, double *together)
{
    status result = OK;
    double alone = 0;
    char text[WORDS_MAX];
    printf("  %7s  %12s  %8s  %6s  %6s  %6s\n", "ranks", "time", "speed-up", "busy", "end", "rank 0");
    for (int64_t ranks = 1, last = 0; last < what->ranks;
         last = ranks, ranks = next_ranks(ranks, what->ranks)) {
        simulated s;
        TRY(run_on(c, what->round_trip_seconds, ranks, &s));
        if (ranks == 1) alone = s.seconds;
        double all = s.seconds > 0 ? s.seconds * (double)ranks : 1;
        printf("  %7lld  %12s  %8.1f  %4.0f %%  %4.0f %%  %4.1f %%\n", (long long)ranks,
               duration_text(s.seconds, text), s.seconds > 0 ? alone / s.seconds : 1,
               100 * s.busy_seconds / all, 100 * s.end_seconds / all,
               100 * s.message_seconds / all * (double)ranks);
        *together = s.seconds;
    }
done:
    return result;
}

/* What the same sweep takes when every task runs by itself. */
static status print_unpacked(const plan_simulation *what, const measured *m, double together)
{
    status result = OK;
    strings sets = what->sets;
    sweep *s = NULL;
    packs *p = NULL;
    costs c = { .ratio = NULL };
    simulated alone;
    char text[WORDS_MAX];
    if (sets.count == STRINGS_MAX) return OK;
    sets.item[sets.count++] = "run.pack=1";
    TRY(sweep_load(what->path, sets.item, sets.count, &s));
    TRY(packs_make(s, NULL, &p));
    TRY(costs_make(s, p, &c));
    TRY(costs_refine(&c, m));
    TRY(run_on(&c, what->round_trip_seconds, what->ranks, &alone));
    printf("  unpacked it would take %s on %lld rank%s", duration_text(alone.seconds, text),
           (long long)what->ranks, what->ranks == 1 ? "" : "s");
    if (together > 0 && alone.seconds > 1.05 * together) /* two digits of less are "1 times" */
        printf(", %.2g times as long", alone.seconds / together);
    putchar('\n');
done:
    free(c.ratio);
    packs_free(p);
    sweep_free(s);
    return result;
}

static void print_bounds(const plan_simulation *what, const costs *c)
{
    char text[WORDS_MAX];
    printf("  the longest task takes %s: no number of ranks is faster\n", duration_text(c->longest, text));
    printf("  before that, %s on every rank to read and pack the sweep; and MPI's start\n",
           duration_text(what->start_seconds, text));
}

status plan_simulate(const plan_simulation *what, const sweep *s, const packs *p)
{
    status result = OK;
    measured *m = NULL;
    costs c = { .ratio = NULL };
    double together = 0;
    bool packed = p->count < p->cells;
    if (what->measured) TRY(measured_read(what->measured, &m));
    TRY(costs_make(s, p, &c));
    TRY(costs_refine(&c, m));
    printf("\nsimulated, tasks as long as %s%s\n", m ? "measured in " : "predicted", m ? what->measured : "");
    TRY(print_ladder(what, &c, &together));
    print_bounds(what, &c);
    if (packed) TRY(print_unpacked(what, m, together));
done:
    free(c.ratio);
    measured_free(m);
    return result;
}

status plan_predict(const sweep *s, const packs *p, int64_t ranks, double *seconds)
{
    status result = OK;
    costs c = { .ratio = NULL };
    simulated run;
    TRY(costs_make(s, p, &c));
    TRY(run_on(&c, 0, ranks, &run));
    *seconds = run.seconds;
done:
    free(c.ratio);
    return result;
}
