#include "pack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/groups.h"

/* How a group is cut: the fewest packs of whole registers, of which each has nearly as many as the others. Packs that may
 * not fill a register have single tasks instead of registers. */
typedef struct cutting {
    int64_t packs, units; /* registers, or tasks */
    int unit;             /* tasks in each; the last may have fewer */
} cutting;

static cutting cutting_of(const group *g, int64_t most)
{
    if (g->manner.keeps) most = 1;
    cutting c = { .unit = g->manner.lanes <= most ? g->manner.lanes : 1 };
    int64_t units_most = most / c.unit;
    c.units = (g->count + c.unit - 1) / c.unit;
    c.packs = (c.units + units_most - 1) / units_most;
    return c;
}

/* Tasks of pack k of `count` that are left from it on. */
static int pack_size(const cutting *c, int64_t k, int64_t left)
{
    int64_t units = c->units / c->packs + (k < c->units % c->packs), size = units * c->unit;
    return (int)(size < left ? size : left);
}

/* Cells in order of groups, grid order within a group. */
static void order_cells(const sweep *s, groups *all, int64_t *cell)
{
    int64_t next = 0;
    for (int64_t i = 0; i < all->count; i++) {
        all->group[i].next = next;
        next += all->group[i].count;
    }
    for (int64_t c = 0; c < s->grid.cells; c++)
        if (all->of[c] >= 0) cell[all->group[all->of[c]].next++] = c;
}

static bool are_all_alike(const sweep *s, const int64_t *cells, int count)
{
    for (int i = 1; i < count; i++)
        if (shape_index(s, cells[i]) != shape_index(s, cells[0])) return false;
    return true;
}

status pack_shape(const sweep *s, const int64_t *cells, int count, const settings *t, data_shape *shape)
{
    data_shape first;
    status result = sweep_shape(s, cells[0], &first);
    *shape = first;
    if (result == OK && !are_all_alike(s, cells, count)) t->estimator->envelope(t, &first, shape);
    return result;
}

int64_t pack_lanes(int lanes, int64_t count)
{
    return lanes > 1 ? (count + lanes - 1) / lanes * lanes : count;
}

/* What is needed and no more: of each task's own shape, whatever the pack is padded to. */
static status pack_flops(const sweep *s, const int64_t *cells, int count, const settings *t, double *flops)
{
    status result = OK;
    data_shape shape;
    double each = 0;
    *flops = 0;
    for (int i = 0; i < count; i++) {
        if (i == 0 || shape_index(s, cells[i]) != shape_index(s, cells[i - 1])) {
            TRY(sweep_shape(s, cells[i], &shape));
            each = t->estimator->flops(t, &shape);
        }
        *flops += each;
    }
done:
    return result;
}

static status pack_cost(const sweep *s, const int64_t *cells, settings **slot, pack *p)
{
    status result = OK;
    data_shape shape;
    TRY(sweep_settings(s, cells[0], slot));
    TRY(pack_shape(s, cells, p->count, *slot, &shape));
    TRY(pack_flops(s, cells, p->count, *slot, &p->flops));
    const estimator *e = (*slot)->estimator;
    p->seconds = e->seconds(*slot, &shape, p->count);
    p->bytes = e->bytes(*slot, &shape, p->count);
done:
    return result;
}

static void take_manner(const sweep *s, task_manner m, pack *p)
{
    p->lanes = m.lanes;
    p->keeps = m.keeps && s->run.checkpoint_seconds > 0;
    p->ranks = 1;
    while (2 * p->ranks <= m.ranks && 2 * p->ranks <= s->run.ranks_per_task) p->ranks *= 2;
}

static status cut(const sweep *s, const groups *all, packs *p)
{
    status result = OK;
    settings *slot = NULL;
    int64_t first = 0;
    for (int64_t i = 0; i < all->count; i++) {
        const group *g = &all->group[i];
        cutting c = cutting_of(g, s->run.pack);
        int64_t end = first + g->count;
        for (int64_t k = 0; k < c.packs; k++) {
            pack *next = &p->pack[p->count++];
            *next = (pack){ .first = first, .count = pack_size(&c, k, end - first) };
            take_manner(s, g->manner, next);
            TRY(pack_cost(s, p->cell + first, &slot, next));
            first += next->count;
        }
    }
done:
    settings_free(slot);
    return result;
}

/* ---- cells that run apart ---------------------------------------------------------------------------------- */

enum { WANTS = UINT8_MAX + 1 };

static bool is_apart(const sweep *s, const uint8_t *wanted, int64_t cell)
{
    return wanted && wanted[cell] >= WANT_ALONE && !(s->grid.absent && s->grid.absent[cell]);
}

/* How many cells are wanted in each way of running apart, and how many stages they make. */
typedef struct apart {
    int64_t cells, count[WANTS];
    int stages;
} apart;

static apart count_apart(const sweep *s, const uint8_t *wanted)
{
    apart a = { .cells = 0 };
    for (int64_t cell = 0; wanted && cell < s->grid.cells; cell++) {
        if (!is_apart(s, wanted, cell)) continue;
        a.cells++;
        a.stages += a.count[wanted[cell]]++ == 0;
    }
    return a;
}

/* Behind the packed cells, each in a pack of its own: stage by stage, grid order within. */
static status add_apart(const sweep *s, const uint8_t *wanted, const apart *a, packs *p)
{
    status result = OK;
    settings *slot = NULL;
    int64_t next[WANTS], first = p->cells, shift = p->count - p->cells; /* from a cell to its pack */
    p->stage[p->stages++] = (stage){ .first_pack = 0 };
    for (int way = WANT_ALONE; way < WANTS; way++) {
        next[way] = first;
        if (a->count[way] > 0)
            p->stage[p->stages++] = (stage){ .first_pack = first + shift, .halvings = way - WANT_ALONE };
        first += a->count[way];
    }
    for (int64_t cell = 0; cell < s->grid.cells; cell++) {
        if (!is_apart(s, wanted, cell)) continue;
        int64_t at = next[wanted[cell]]++;
        pack *alone = &p->pack[at + shift];
        p->cell[at] = cell;
        *alone = (pack){ .first = at, .count = 1 };
        TRY(pack_cost(s, p->cell + at, &slot, alone));
        data_shape shape;
        TRY(sweep_shape(s, cell, &shape));
        take_manner(s, estimator_manner(slot, &shape), alone);
    }
    p->cells += a->cells;
    p->count += a->cells;
done:
    settings_free(slot);
    return result;
}

/* ---- order ------------------------------------------------------------------------------------------------- */

/* Packs of one gang size are together, so that a pool can hold them apart (schedule/pool.h); longest first; ties in grid order.
 * Packs begin at different cells, so no two are equal. */
typedef struct ranked {
    pack pack;
    int64_t cell;
} ranked;

static int by_time(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->pack.ranks != y->pack.ranks) return x->pack.ranks < y->pack.ranks ? 1 : -1;
    if (x->pack.seconds != y->pack.seconds) return x->pack.seconds < y->pack.seconds ? 1 : -1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* Sorts the packs of each stage and lays their cells out in the same order. */
static status sort(packs *p)
{
    status result = OK;
    int64_t *cell = malloc(((size_t)p->cells + 1) * sizeof *cell), next = 0;
    ranked *order = malloc(((size_t)p->count + 1) * sizeof *order);
    CHECK(cell && order, NO_MEMORY, "%" PRId64 " packs", p->count);
    for (int64_t i = 0; i < p->count; i++) order[i] = (ranked){ p->pack[i], p->cell[p->pack[i].first] };
    for (int i = 0; i == 0 || i < p->stages; i++) {
        int64_t begin = i > 0 ? p->stage[i].first_pack : 0;
        int64_t end = i + 1 < p->stages ? p->stage[i + 1].first_pack : p->count;
        qsort(order + begin, (size_t)(end - begin), sizeof *order, by_time);
    }
    for (int64_t i = 0; i < p->count; i++) {
        pack *to = &p->pack[i];
        *to = order[i].pack;
        memcpy(cell + next, p->cell + to->first, (size_t)to->count * sizeof *cell);
        to->first = next;
        next += to->count;
    }
    int64_t *unsorted = p->cell;
    p->cell = cell;
    cell = unsorted;
done:
    free(order);
    free(cell);
    return result;
}

status packs_make(const sweep *s, const uint8_t *wanted, packs **out)
{
    status result = OK;
    groups all = { .count = 0 };
    apart a = count_apart(s, wanted);
    int64_t count = a.cells;
    packs *p = calloc(1, sizeof *p);
    CHECK(p != NULL, NO_MEMORY, "packs");
    TRY(groups_make(s, wanted, &all));
    for (int64_t i = 0; i < all.count; i++) count += cutting_of(&all.group[i], s->run.pack).packs;
    p->cell = malloc((size_t)(all.cells + a.cells + 1) * sizeof *p->cell);
    p->pack = malloc(((size_t)count + 1) * sizeof *p->pack);
    p->stage = malloc(((size_t)a.stages + 1) * sizeof *p->stage);
    CHECK(p->cell && p->pack && p->stage, NO_MEMORY, "%" PRId64 " packs", count);
    order_cells(s, &all, p->cell);
    p->cells = all.cells;
    TRY(cut(s, &all, p));
    if (a.cells > 0) TRY(add_apart(s, wanted, &a, p));
    TRY(sort(p));
    *out = p;
    p = NULL;
done:
    packs_free(p);
    groups_free(&all);
    return result;
}

/* A copy with arrays of its own. */
static status packs_copy(const packs *from, packs **out)
{
    status result = OK;
    size_t cells = (size_t)from->cells, count = (size_t)from->count, stages = (size_t)from->stages;
    packs *p = malloc(sizeof *p);
    CHECK(p != NULL, NO_MEMORY, "packs");
    *p = *from;
    p->cell = malloc((cells + 1) * sizeof *p->cell);
    p->pack = malloc((count + 1) * sizeof *p->pack);
    p->stage = malloc((stages + 1) * sizeof *p->stage);
    CHECK(p->cell && p->pack && p->stage, NO_MEMORY, "%" PRId64 " packs", from->count);
    memcpy(p->cell, from->cell, cells * sizeof *p->cell);
    memcpy(p->pack, from->pack, count * sizeof *p->pack);
    if (stages > 0) memcpy(p->stage, from->stage, stages * sizeof *p->stage);
    *out = p;
    p = NULL;
done:
    packs_free(p);
    return result;
}

status packs_for_ranks(const packs *p, int ranks, packs **out)
{
    status result = OK;
    packs *few = NULL;
    TRY(packs_copy(p, &few));
    for (int64_t i = 0; i < few->count; i++)
        while (few->pack[i].ranks > ranks) few->pack[i].ranks /= 2;
    TRY(sort(few));
    *out = few;
    few = NULL;
done:
    packs_free(few);
    return result;
}

void packs_free(packs *p)
{
    if (!p) return;
    free(p->cell);
    free(p->pack);
    free(p->stage);
    free(p);
}

status pack_seconds(const sweep *s, const packs *p, int64_t first, int count, double *seconds)
{
    settings *slot = NULL;
    pack one = { .first = first, .count = count };
    status result = pack_cost(s, p->cell + first, &slot, &one);
    *seconds = one.seconds;
    settings_free(slot);
    return result;
}
