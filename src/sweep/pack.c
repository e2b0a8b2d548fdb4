#include "pack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

/* What the tasks of a pack have in common. Axes that may differ between lanes, and axes that the cell's kinds do not
 * have, count as value 0. */
typedef struct key {
    const combination *combination;
    bool enveloped;
    int32_t shape;           /* index into the sweep's shapes, or into the envelopes */
    int64_t value[AXES_MAX]; /* by axis: index of the value, of the first among equal ones */
} key;

/* Cells with one key. Those of one shape go into the group of its envelope, if their estimator has envelopes. */
typedef struct group {
    key key;
    int64_t into;  /* the group that has its cells: another one, or itself */
    int lanes;     /* of the estimator */
    int64_t count; /* cells */
    int64_t next;  /* where its next cell goes */
} group;

/* Groups in order of their first cell, and where each cell belongs. */
typedef struct groups {
    int64_t count, room;
    group *group;
    int64_t *slot; /* (2 * room) hash table of group indices + 1; 0: free */
    int64_t *of;   /* (cells of the grid) group of each wanted cell; -1 */
    int64_t cells; /* wanted */
    shapes envelopes;
} groups;

/* ---- keys ---------------------------------------------------------------------------------------------- */

static key key_of(const sweep *s, int64_t cell)
{
    const grid *g = &s->grid;
    key k = { .combination = combination_of(s, cell) };
    for (int a = 0; a < g->axes; a++) {
        const option *row = k.combination->row[a];
        if (!row || (row->traits & OPTION_LANE)) continue;
        int64_t value = grid_value(g, cell, a);
        k.value[a] = s->values[a].same ? s->values[a].same[value] : value;
    }
    k.shape = shape_index(s, cell);
    return k;
}

static uint64_t key_hash(const key *k, int axes)
{
    uint64_t hash = hash_mix((uint64_t)(uintptr_t)k->combination, 2 * (uint64_t)k->shape + k->enveloped);
    for (int a = 0; a < axes; a++) hash = hash_mix(hash, (uint64_t)k->value[a]);
    return hash;
}

static bool key_equal(const key *a, const key *b, int axes)
{
    return a->combination == b->combination && a->enveloped == b->enveloped && a->shape == b->shape &&
           memcmp(a->value, b->value, (size_t)axes * sizeof a->value[0]) == 0;
}

/* ---- groups -------------------------------------------------------------------------------------------- */

/* The slot that holds the key's group, or the free one where it belongs. */
static int64_t *slot_of(const groups *all, const key *k, int axes)
{
    uint64_t mask = 2 * (uint64_t)all->room - 1, at = key_hash(k, axes) & mask;
    while (all->slot[at] && !key_equal(&all->group[all->slot[at] - 1].key, k, axes)) at = (at + 1) & mask;
    return &all->slot[at];
}

/* Doubles the room; powers of two. */
static status groups_grow(groups *all, int axes)
{
    status result = OK;
    int64_t room = all->room ? 2 * all->room : 64;
    group *larger = realloc(all->group, (size_t)room * sizeof *larger);
    CHECK(larger != NULL, NO_MEMORY, "%" PRId64 " groups of tasks", room);
    all->group = larger;
    int64_t *slot = calloc(2 * (size_t)room, sizeof *slot);
    CHECK(slot != NULL, NO_MEMORY, "%" PRId64 " groups of tasks", room);
    free(all->slot);
    all->slot = slot;
    all->room = room;
    for (int64_t i = 0; i < all->count; i++) *slot_of(all, &all->group[i].key, axes) = i + 1;
done:
    return result;
}

/* The group with this key, made if there is none. */
static status group_find(groups *all, const key *k, int axes, int64_t *index)
{
    status result = OK;
    if (all->count == all->room) TRY(groups_grow(all, axes));
    int64_t *slot = slot_of(all, k, axes);
    if (!*slot) {
        all->group[all->count] = (group){ .key = *k, .into = -1, .lanes = 1 };
        *slot = ++all->count;
    }
    *index = *slot - 1;
done:
    return result;
}

/* Where the cells of a new group belong, of which `cell` is the first. */
static status group_settle(const sweep *s, groups *all, int64_t index, int64_t cell, settings **slot)
{
    status result = OK;
    data_shape shape, envelope;
    key k = all->group[index].key;
    int64_t into = index;
    TRY(sweep_settings(s, cell, slot));
    const estimator *e = (*slot)->estimator;
    if (e->envelope) {
        TRY(sweep_shape(s, cell, &shape));
        e->envelope(*slot, &shape, &envelope);
        k.enveloped = true;
        TRY(shapes_intern(&all->envelopes, &envelope, &k.shape));
        TRY(group_find(all, &k, s->grid.axes, &into));
        all->group[into].into = into;
    }
    all->group[index].into = into;
    all->group[into].lanes = e->lanes ? e->lanes() : 1;
done:
    return result;
}

static status groups_make(const sweep *s, const uint8_t *wanted, groups *all)
{
    status result = OK;
    const grid *g = &s->grid;
    settings *slot = NULL;
    all->of = malloc((size_t)g->cells * sizeof *all->of);
    CHECK(all->of != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int64_t cell = 0; cell < g->cells; cell++) {
        all->of[cell] = -1;
        if ((wanted && !wanted[cell]) || (g->absent && g->absent[cell])) continue;
        int64_t index;
        key k = key_of(s, cell);
        TRY(group_find(all, &k, g->axes, &index));
        if (all->group[index].into < 0) TRY(group_settle(s, all, index, cell, &slot));
        all->of[cell] = all->group[index].into;
        all->group[all->of[cell]].count++;
        all->cells++;
    }
done:
    settings_free(slot);
    return result;
}

static void groups_free(groups *all)
{
    free(all->group);
    free(all->slot);
    free(all->of);
    shapes_free(&all->envelopes);
}

/* ---- packs --------------------------------------------------------------------------------------------- */

/* How a group is cut: the fewest packs of whole registers, of which each has nearly as many as the others. Packs that may
 * not fill a register have single tasks instead of registers. */
typedef struct cutting {
    int64_t packs, units; /* registers, or tasks */
    int unit;             /* tasks in each; the last may have fewer */
} cutting;

static cutting cutting_of(const group *g, int64_t most)
{
    cutting c = { .unit = g->lanes <= most ? g->lanes : 1 };
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

static status cut(const sweep *s, const groups *all, packs *p)
{
    status result = OK;
    settings *slot = NULL;
    int64_t first = 0, at = 0;
    for (int64_t i = 0; i < all->count; i++) {
        const group *g = &all->group[i];
        cutting c = cutting_of(g, s->run.pack);
        int64_t end = first + g->count;
        for (int64_t k = 0; k < c.packs; k++, at++) {
            p->pack[at] = (pack){ .first = first, .count = pack_size(&c, k, end - first), .lanes = g->lanes };
            TRY(pack_cost(s, p->cell + first, &slot, &p->pack[at]));
            first += p->pack[at].count;
        }
    }
done:
    settings_free(slot);
    return result;
}

/* Longest first; ties in grid order. Packs begin at different cells, so no two are equal. */
typedef struct ranked {
    pack pack;
    int64_t cell;
} ranked;

static int by_time(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->pack.seconds != y->pack.seconds) return x->pack.seconds < y->pack.seconds ? 1 : -1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* Sorts the packs and lays their cells out in the same order. */
static status sort(packs *p)
{
    status result = OK;
    int64_t *cell = malloc(((size_t)p->cells + 1) * sizeof *cell), next = 0;
    ranked *order = malloc(((size_t)p->count + 1) * sizeof *order);
    CHECK(cell && order, NO_MEMORY, "%" PRId64 " packs", p->count);
    for (int64_t i = 0; i < p->count; i++) order[i] = (ranked){ p->pack[i], p->cell[p->pack[i].first] };
    qsort(order, (size_t)p->count, sizeof *order, by_time);
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
    packs *p = calloc(1, sizeof *p);
    CHECK(p != NULL, NO_MEMORY, "packs");
    TRY(groups_make(s, wanted, &all));
    p->cells = all.cells;
    for (int64_t i = 0; i < all.count; i++) p->count += cutting_of(&all.group[i], s->run.pack).packs;
    p->cell = malloc(((size_t)p->cells + 1) * sizeof *p->cell);
    p->pack = malloc(((size_t)p->count + 1) * sizeof *p->pack);
    CHECK(p->cell && p->pack, NO_MEMORY, "%" PRId64 " packs", p->count);
    order_cells(s, &all, p->cell);
    TRY(cut(s, &all, p));
    TRY(sort(p));
    *out = p;
    p = NULL;
done:
    packs_free(p);
    groups_free(&all);
    return result;
}

void packs_free(packs *p)
{
    if (!p) return;
    free(p->cell);
    free(p->pack);
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
