/* Walking the cells: each place of a projection once. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

/* ---- projections --------------------------------------------------------------------------------------- */

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
        if (of == SECTION_DATA || of == SECTION_COMPRESS || of == SECTIONS)
            keep[s->grid.axis[a].dimension] = true;
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
    const uint8_t *absent = s->shards > 0 ? s->excluded : g->absent;
    settings *t = NULL;
    int64_t digit[AXES_MAX] = { 0 }, place = 0, left = p->places;
    uint8_t *seen = calloc((size_t)p->places, 1);
    CHECK(seen != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int64_t cell = 0; cell < g->cells && left > 0; cell++, step(g, p, digit, &place)) {
        if (seen[place] || (absent && absent[cell])) continue;
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

status cell_failed(const sweep *s, int64_t cell, status code)
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
