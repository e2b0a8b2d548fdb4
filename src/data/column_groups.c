#include "data/column_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool column_is_empty(const column *c, int64_t row)
{
    if (c->text) return c->text[row] == NULL || c->text[row][0] == '\0';
    for (int d = 0; d < c->dimensions; d++)
        if (isnan(c->number[row * c->dimensions + d])) return true;
    return false;
}

static bool rows_are_alike(const column *c, int64_t a, int64_t b)
{
    if (c->text) return strcmp(c->text[a], c->text[b]) == 0;
    for (int d = 0; d < c->dimensions; d++)
        if (c->number[a * c->dimensions + d] != c->number[b * c->dimensions + d]) return false;
    return true;
}

/* Looks first where the row before was: blocks of trials follow one another. */
static int group_of(const column *c, const column_groups *g, int64_t row, int nearby)
{
    if (nearby < g->count && rows_are_alike(c, g->first[nearby], row)) return nearby;
    for (int k = 0; k < g->count; k++)
        if (rows_are_alike(c, g->first[k], row)) return k;
    return g->count;
}

status column_groups_make(const column *c, int64_t rows, int most, const char *place, column_groups *out)
{
    status result = OK;
    int nearby = 0;
    column_groups made = { .of = malloc((size_t)rows * sizeof *made.of),
                           .first = malloc((size_t)most * sizeof *made.first) };
    CHECK(made.of != NULL && made.first != NULL, NO_MEMORY, "no memory for the values of column '%s'",
          c->name);
    for (int64_t row = 0; row < rows; row++) {
        made.of[row] = -1;
        if (column_is_empty(c, row)) continue;
        nearby = group_of(c, &made, row, nearby);
        CHECK(nearby < most, BAD_INPUT, "column '%s' of %s has more than %d different values", c->name, place,
              most);
        if (nearby == made.count) made.first[made.count++] = (int32_t)row;
        made.of[row] = nearby;
    }
    *out = made;
    made = (column_groups){ 0 };
done:
    column_groups_free(&made);
    return result;
}

void column_groups_free(column_groups *g)
{
    free(g->of);
    free(g->first);
}
