/* The data shapes of all cells, each kept once; and whether the estimators take the cells. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "sweep/parts.h"

/* ---- distinct shapes ----------------------------------------------------------------------------------- */

static bool shape_equal(const data_shape *a, const data_shape *b)
{
    if (a->sources != b->sources || a->classes != b->classes || a->train != b->train || a->test != b->test ||
        a->weighted != b->weighted || a->dimensions != b->dimensions || a->recorded != b->recorded ||
        a->augmented != b->augmented)
        return false;
    return memcmp(a->features, b->features, (size_t)a->sources * sizeof a->features[0]) == 0 &&
           memcmp(a->image, b->image, (size_t)a->sources * sizeof a->image[0]) == 0;
}

static uint64_t shape_hash(const data_shape *shape)
{
    uint64_t hash = hash_mix((uint64_t)shape->train, (uint64_t)shape->test);
    hash = hash_mix(hash, (uint64_t)shape->classes * 2 + (uint64_t)shape->weighted);
    hash = hash_mix(hash, (uint64_t)shape->dimensions * 2 + (uint64_t)shape->recorded);
    hash = hash_mix(hash, (uint64_t)shape->augmented);
    for (int i = 0; i < shape->sources; i++) {
        const image_size *image = &shape->image[i];
        hash = hash_mix(hash, (uint64_t)shape->features[i]);
        hash = hash_mix(hash, (uint64_t)image->channels);
        hash = hash_mix(hash, (uint64_t)image->height << 32 | (uint64_t)image->width);
    }
    return hash;
}

/* The slot that holds the shape's index, or the free one where it belongs. */
static int32_t *slot_of(const shapes *all, const data_shape *shape)
{
    uint64_t mask = 2 * (uint64_t)all->room - 1, at = shape_hash(shape) & mask;
    while (all->slot[at] && !shape_equal(&all->shape[all->slot[at] - 1], shape)) at = (at + 1) & mask;
    return &all->slot[at];
}

/* Doubles the room; powers of two. */
static status shapes_grow(shapes *all)
{
    status result = OK;
    int32_t room = all->room ? 2 * all->room : 16;
    data_shape *larger = realloc(all->shape, (size_t)room * sizeof *larger);
    CHECK(larger != NULL, NO_MEMORY, "%" PRId32 " data shapes", room);
    all->shape = larger;
    int32_t *slot = calloc(2 * (size_t)room, sizeof *slot);
    CHECK(slot != NULL, NO_MEMORY, "%" PRId32 " data shapes", room);
    free(all->slot);
    all->slot = slot;
    all->room = room;
    for (int32_t i = 0; i < all->count; i++) *slot_of(all, &all->shape[i]) = i + 1;
done:
    return result;
}

status shapes_intern(shapes *all, const data_shape *shape, int32_t *index)
{
    status result = OK;
    if (all->count == all->room) TRY(shapes_grow(all));
    int32_t *slot = slot_of(all, shape);
    if (!*slot) {
        all->shape[all->count] = *shape;
        *slot = ++all->count;
    }
    *index = *slot - 1;
done:
    return result;
}

void shapes_free(shapes *all)
{
    free(all->shape);
    free(all->slot);
    *all = (shapes){ .count = 0 };
}

/* ---- cells --------------------------------------------------------------------------------------------- */

/* Estimators that work on the finite table are refused where the data has none. */
static status check_table(const settings *t)
{
    status result = OK;
    table *made = NULL;
    if (!(t->estimator->needs & NEEDS_TABLE)) return OK;
    CHECK(!compress_is_on(t), BAD_INPUT, "%s looks at a finite table, of which compress.by pca makes none",
          t->estimator->name);
    TRY(t->data->table(t, &made));
    CHECK(made != NULL, BAD_INPUT, "%s needs a finite table, and data kind %s has none here",
          t->estimator->name, t->data->name);
done:
    table_free(made);
    return result;
}

static status find_shape(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    sweep *to = context;
    status result = OK;
    data_shape shape = { .sources = 0 };
    if (t->data) {
        result = t->data->shape(t, &shape);
        if (result == OK) result = compress_shape(t, &shape);
        if (result == OK) result = check_table(t);
    }
    if (result != OK) return cell_failed(s, cell, result);
    return shapes_intern(&to->shapes, &shape, &to->shape_at[place]);
}

static status accept_cell(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    data_shape shape;
    (void)place;
    (void)context;
    status result = sweep_shape(s, cell, &shape);
    if (result == OK) result = t->estimator->check(t, &shape);
    return result == OK ? OK : cell_failed(s, cell, result);
}

status shapes_make(sweep *s)
{
    status result = OK;
    projection without_seed = projection_without_seed(s);
    s->shape_places = projection_of_data(s);
    s->shape_at = calloc((size_t)s->shape_places.places, sizeof *s->shape_at);
    CHECK(s->shape_at != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", s->grid.cells);
    TRY(cells_visit(s, &s->shape_places, find_shape, s));
    TRY(cells_visit(s, &without_seed, accept_cell, NULL));
done:
    return result;
}

int32_t shape_index(const sweep *s, int64_t cell)
{
    return s->shape_at ? s->shape_at[projection_place(&s->grid, &s->shape_places, cell)] : 0;
}

status sweep_shape(const sweep *s, int64_t cell, data_shape *shape)
{
    status result = OK;
    settings *t = NULL;
    *shape = (data_shape){ .sources = 0 };
    if (s->shape_at) {
        *shape = s->shapes.shape[shape_index(s, cell)];
        return OK;
    }
    TRY(sweep_settings(s, cell, &t)); /* a loose sweep */
    if (t->data) TRY(t->data->shape(t, shape));
    if (t->data) TRY(compress_shape(t, shape));
done:
    settings_free(t);
    return result;
}
