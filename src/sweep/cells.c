/* Walking the cells: each place of a projection once, with the data shapes found on the way. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

/* ---- projections ------------------------------------------------------------------------------------------------- */

projection projection_make(const grid *g, const bool *keep)
{
    projection p = { .places = 1 };
    for (int d = g->dimensions - 1; d >= 0; d--) {
        if (!keep[d]) continue;
        p.weight[d] = p.places;
        p.places *= g->dimension[d].count;
    }
    return p;
}

int64_t projection_place(const grid *g, const projection *p, int64_t cell)
{
    int64_t place = 0;
    for (int d = 0; d < g->dimensions; d++)
        if (p->weight[d]) place += cell / g->dimension[d].stride % g->dimension[d].count * p->weight[d];
    return place;
}

projection projection_without_seed(const sweep *s)
{
    bool keep[AXES_MAX] = { false };
    for (int a = 0; a < s->grid.axes; a++)
        if (s->axis_name[a]->section != SECTION_TASK) keep[s->grid.axis[a].dimension] = true;
    return projection_make(&s->grid, keep);
}

projection projection_of_data(const sweep *s)
{
    bool keep[AXES_MAX] = { false };
    for (int a = 0; a < s->grid.axes; a++) {
        section_id of = s->axis_name[a]->section;
        if (of == SECTION_DATA || of == SECTIONS) keep[s->grid.axis[a].dimension] = true;
    }
    return projection_make(&s->grid, keep);
}

/* Steps from a cell to the next one, like an odometer: `digit` (dimensions), the last one fastest. */
static void step(const grid *g, const projection *p, int64_t *digit, int64_t *place)
{
    for (int d = g->dimensions - 1; d >= 0; d--) {
        *place += p->weight[d];
        if (++digit[d] < g->dimension[d].count) return;
        *place -= p->weight[d] * digit[d];
        digit[d] = 0;
    }
}

status cells_visit(const sweep *s, const projection *p, cell_visit *visit, void *context)
{
    status result = OK;
    const grid *g = &s->grid;
    settings *t = NULL;
    int64_t digit[AXES_MAX] = { 0 }, place = 0, left = p->places;
    uint8_t *seen = calloc((size_t)p->places, 1);
    CHECK(seen != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int64_t cell = 0; cell < g->cells && left > 0; cell++, step(g, p, digit, &place)) {
        if (seen[place] || (g->absent && g->absent[cell])) continue;
        seen[place] = 1;
        left--;
        TRY(sweep_settings(s, cell, &t));
        TRY(visit(s, cell, place, t, context));
    }
done:
    settings_free(t);
    free(seen);
    return result;
}

/* Names the cell in front of what is recorded. */
static status failed_in(const sweep *s, int64_t cell, status code)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (!to) return code;
    grid_print_cell(&s->grid, cell, to);
    fclose(to);
    if (text && *text)
        failure_at(code, "%.200s: the cell %.200s cannot run", s->path, text);
    else
        failure_at(code, "%.200s: cannot run", s->path);
    free(text);
    return code;
}

/* ---- data shapes --------------------------------------------------------------------------------------------------- */

bool shape_equal(const data_shape *a, const data_shape *b)
{
    if (a->sources != b->sources || a->classes != b->classes || a->train != b->train || a->test != b->test ||
        a->weighted != b->weighted)
        return false;
    for (int i = 0; i < a->sources; i++)
        if (a->features[i] != b->features[i]) return false;
    return true;
}

/* Keeps each shape once. A sweep has few; the one found last is the likeliest. */
static status intern(sweep *s, const data_shape *shape, int32_t *index)
{
    status result = OK;
    for (int i = s->shapes - 1; i >= 0; i--) {
        *index = i;
        if (shape_equal(&s->shape[i], shape)) return OK;
    }
    if (s->shapes == s->shape_room) {
        int room = s->shape_room ? 2 * s->shape_room : 16;
        data_shape *larger = realloc(s->shape, (size_t)room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "%d data shapes", room);
        s->shape = larger;
        s->shape_room = room;
    }
    s->shape[s->shapes] = *shape;
    *index = s->shapes++;
done:
    return result;
}

/* Estimators that work on the finite table are refused where the data has none. */
static status check_table(const settings *t)
{
    status result = OK;
    table *made = NULL;
    if (!(t->estimator->needs & NEEDS_TABLE)) return OK;
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
        if (result == OK) result = check_table(t);
    }
    if (result != OK) return failed_in(s, cell, result);
    return intern(to, &shape, &to->shape_at[place]);
}

static status accept_cell(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    data_shape shape;
    (void)place;
    (void)context;
    status result = sweep_shape(s, cell, &shape);
    if (result == OK) result = t->estimator->check(t, &shape);
    return result == OK ? OK : failed_in(s, cell, result);
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

status sweep_shape(const sweep *s, int64_t cell, data_shape *shape)
{
    status result = OK;
    settings *t = NULL;
    *shape = (data_shape){ .sources = 0 };
    if (s->shape_at) {
        *shape = s->shape[s->shape_at[projection_place(&s->grid, &s->shape_places, cell)]];
        return OK;
    }
    TRY(sweep_settings(s, cell, &t)); /* a loose sweep */
    if (t->data) TRY(t->data->shape(t, shape));
done:
    settings_free(t);
    return result;
}
