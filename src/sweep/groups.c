#include "sweep/groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

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
        all->group[all->count] = (group){ .key = *k, .into = -1, .manner = { .lanes = 1, .ranks = 1 } };
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
    TRY(sweep_shape(s, cell, &shape));
    all->group[into].manner = estimator_manner(*slot, &shape);
done:
    return result;
}

status groups_make(const sweep *s, const uint8_t *wanted, groups *all)
{
    status result = OK;
    const grid *g = &s->grid;
    settings *slot = NULL;
    all->of = malloc((size_t)g->cells * sizeof *all->of);
    CHECK(all->of != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int64_t cell = 0; cell < g->cells; cell++) {
        all->of[cell] = -1;
        if ((wanted && wanted[cell] != WANT_PACKED) || (g->absent && g->absent[cell])) continue;
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

void groups_free(groups *all)
{
    free(all->group);
    free(all->slot);
    free(all->of);
    shapes_free(&all->envelopes);
}
