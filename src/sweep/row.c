#include "row.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

const char *outcome_text(outcome o)
{
#define OUTCOME_TEXT(name, value, text) [value] = text,
    static const char *const texts[] = { OUTCOME_LIST(OUTCOME_TEXT) };
#undef OUTCOME_TEXT
    return o < OUTCOMES ? texts[o] : "unknown";
}

/* ---- layout -------------------------------------------------------------------------------------------- */

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Columns of histories must agree as far as both have them, because a column has one name. */
static status widen(result_extents *all, const result_extents *one)
{
    status result = OK;
    for (int m = 0; m < one->metrics && m < all->metrics; m++)
        CHECK(strcmp(one->metric[m], all->metric[m]) == 0, BROKEN, "histories with columns %s and %s",
              one->metric[m], all->metric[m]);
    for (int m = all->metrics; m < one->metrics; m++) all->metric[m] = one->metric[m];
    all->sources = larger(all->sources, one->sources);
    all->classes = larger(all->classes, one->classes);
    all->epochs = larger(all->epochs, one->epochs);
    all->metrics = larger(all->metrics, one->metrics);
done:
    return result;
}

static status widen_by_cell(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    data_shape shape;
    result_extents one = { .sources = 0 };
    (void)place;
    status result = sweep_shape(s, cell, &shape);
    if (result != OK) return result;
    t->estimator->extents(t, &shape, &one);
    return widen(context, &one);
}

/* The inner dimensions of a result, as far as the extents give it any. */
static variable variable_of(const quantity *q, const result_extents *e, int64_t offset)
{
    variable v = { .quantity = q, .offset = offset, .count = 1 };
    switch (q->shape) {
    case PER_CELL:
        break;
    case PER_SOURCE:
        v.axis[v.dimensions] = "source";
        v.extent[v.dimensions++] = e->sources;
        break;
    case PER_CLASS:
        v.axis[v.dimensions] = "class";
        v.extent[v.dimensions++] = e->classes;
        break;
    case PER_EPOCH:
        v.axis[v.dimensions] = "epoch";
        v.extent[v.dimensions++] = e->epochs;
        v.axis[v.dimensions] = "metric";
        v.extent[v.dimensions++] = e->metrics;
        break;
    case PER_SOURCE_SAMPLE:
        v.axis[v.dimensions] = "source";
        v.extent[v.dimensions++] = e->sources;
        v.axis[v.dimensions] = "sample";
        v.extent[v.dimensions++] = e->samples;
        break;
    case PER_SAMPLE:
        v.axis[v.dimensions] = "sample";
        v.extent[v.dimensions++] = e->samples;
        break;
    }
    for (int d = 0; d < v.dimensions; d++) v.count *= v.extent[d];
    return v;
}

/* Adds a result unless it has no values anywhere (no history asked for) or another estimator gives it, too. */
static status add_variable(layout *l, const quantity *q)
{
    status result = OK;
    variable v = variable_of(q, &l->extents, l->size);
    const variable *there = layout_find(l, q->name);
    CHECK(!there || there->quantity->shape == q->shape, BROKEN, "two estimators give %s in two shapes",
          q->name);
    if (there || v.count == 0) return OK;
    variable *more = realloc(l->variable, ((size_t)l->variables + 1) * sizeof *more);
    CHECK(more != NULL, NO_MEMORY, "the layout of a row");
    l->variable = more;
    l->variable[l->variables++] = v;
    l->size += v.count;
done:
    return result;
}

status layout_make(const struct sweep *s, layout **out)
{
    status result = OK;
    projection p = projection_without_seed(s);
    layout *l = calloc(1, sizeof *l);
    CHECK(l != NULL, NO_MEMORY, "the layout of a row");
    TRY(cells_visit(s, &p, widen_by_cell, &l->extents));
    for (const estimator *const *e = sweep_estimators(s); *e; e++)
        for (const quantity *q = (*e)->results; q->name; q++) TRY(add_variable(l, q));
    *out = l;
    l = NULL;
done:
    layout_free(l);
    return result;
}

void layout_free(layout *l)
{
    if (!l) return;
    free(l->variable);
    free(l);
}

const variable *layout_find(const layout *l, const char *name)
{
    for (int i = 0; i < l->variables; i++)
        if (strcmp(l->variable[i].quantity->name, name) == 0) return &l->variable[i];
    return NULL;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

status row_make(const layout *l, task_row **out)
{
    status result = OK;
    task_row *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "a row");
    made->layout = l;
    made->value = malloc(((size_t)l->size + 1) * sizeof *made->value);
    CHECK(made->value != NULL, NO_MEMORY, "a row of %" PRId64 " values", l->size);
    row_clear(made);
    *out = made;
    made = NULL;
done:
    row_free(made);
    return result;
}

void row_free(task_row *r)
{
    if (!r) return;
    free(r->value);
    free(r);
}

void row_clear(task_row *r)
{
    for (int64_t i = 0; i < r->layout->size; i++) r->value[i] = NAN;
    r->outcome = OUTCOME_PENDING;
    r->wall_seconds = 0;
    r->reason[0] = '\0';
}

void row_set(task_row *r, const char *name, int64_t index, double value)
{
    const variable *v = layout_find(r->layout, name);
    assert(v != NULL && index >= 0 && index < v->count);
    r->value[v->offset + index] = value;
}

void row_fail(task_row *r, outcome o, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->reason, sizeof r->reason, format, arguments);
    va_end(arguments);
    for (char *at = r->reason; *at; at++)
        if (iscntrl((unsigned char)*at)) *at = ' '; /* one line in every table */
    r->outcome = o;
}
