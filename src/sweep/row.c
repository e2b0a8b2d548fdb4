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

const result_axes result_axes_of[RESULT_SHAPES] = {
    [PER_CELL] = { "cell", 0, { NULL, NULL } },
    [PER_SOURCE] = { "source", 1, { "source", NULL } },
    [PER_CLASS] = { "class", 1, { "class", NULL } },
    [PER_EPOCH] = { "epoch", 2, { "epoch", "metric" } },
    [PER_SAMPLE] = { "sample", 1, { "sample", NULL } },
    [PER_SOURCE_SAMPLE] = { "source sample", 2, { "source", "sample" } },
};

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
    all->samples = larger(all->samples, one->samples);
    all->metrics = larger(all->metrics, one->metrics);
done:
    return result;
}

/* What the cells have together. Which results are given is counted for each estimator apart, since each numbers its own. */
typedef struct surveyed {
    result_extents all;
    uint64_t given[KINDS_MAX]; /* by place among the sweep's estimators; bit k: some cell gives result k */
    int named;    /* classes of the cells so far, all of which call them alike; 0 before the first … */
    bool unnamed; /* … and after one that calls them otherwise, or by their numbers */
} surveyed;

static bool same_names(const char *const *a, const char *const *b, int count)
{
    bool same = a == b || (a && b);
    for (int c = 0; same && a != b && c < count; c++) same = strcmp(a[c], b[c]) == 0;
    return same;
}

static status survey_names(const settings *t, int classes, surveyed *to)
{
    const char *const *name = NULL;
    int count = 0;
    if (classes == 0 || to->unnamed) return OK;
    status result = t->data && t->data->classes ? t->data->classes(t, &name, &count) : OK;
    if (to->named == 0) to->all.class_name = name;
    to->unnamed = count != classes || (to->named != 0 && to->named != count) ||
                  !same_names(to->all.class_name, name, count);
    to->named = count;
    if (to->unnamed) to->all.class_name = NULL;
    return result;
}

static int place_of(const sweep *s, const estimator *e)
{
    int at = 0;
    while (s->estimators[at] != e) at++;
    return at;
}

static status survey_cell(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    surveyed *to = context;
    data_shape shape;
    result_extents one = { .sources = 0 };
    (void)place;
    status result = sweep_shape(s, cell, &shape);
    if (result != OK) return result;
    t->estimator->extents(t, &shape, &one);
    result = survey_names(t, one.classes, to);
    if (result != OK) return result;
    to->given[place_of(s, t->estimator)] |= ~one.omitted;
    return widen(&to->all, &one);
}

static int64_t extent_of(const result_extents *e, const char *along)
{
    if (strcmp(along, "source") == 0) return e->sources;
    if (strcmp(along, "class") == 0) return e->classes;
    if (strcmp(along, "epoch") == 0) return e->epochs;
    if (strcmp(along, "metric") == 0) return e->metrics;
    return e->samples;
}

/* The inner dimensions of a result, as far as the extents give it any. */
static variable variable_of(const quantity *q, const result_extents *e, int64_t offset)
{
    const result_axes *axes = &result_axes_of[q->shape];
    variable v = { .quantity = q, .offset = offset, .count = 1, .dimensions = axes->dimensions };
    for (int d = 0; d < v.dimensions; d++) {
        v.axis[d] = axes->axis[d];
        v.extent[d] = extent_of(e, axes->axis[d]);
        v.count *= v.extent[d];
    }
    return v;
}

static status add_omission(layout *l, const quantity *q)
{
    status result = OK;
    const quantity **more = realloc(l->omission, ((size_t)l->omissions + 1) * sizeof *more);
    CHECK(more != NULL, NO_MEMORY, "the layout of a row");
    l->omission = more;
    l->omission[l->omissions++] = q;
done:
    return result;
}

/* Adds a result unless no cell gives it, it has no values anywhere (no history asked for) or another estimator gives it,
 * too. */
static status add_variable(layout *l, const quantity *q, bool given)
{
    status result = OK;
    variable v = variable_of(q, &l->extents, l->size);
    const variable *there = layout_find(l, q->name);
    CHECK(!there || there->quantity->shape == q->shape, BROKEN, "two estimators give %s in two shapes",
          q->name);
    if (there) return OK;
    if (!given || v.count == 0) return add_omission(l, q);
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
    surveyed found = { .given = { 0 } };
    layout *l = calloc(1, sizeof *l);
    CHECK(l != NULL, NO_MEMORY, "the layout of a row");
    TRY(cells_visit(s, &p, survey_cell, &found));
    l->extents = found.all;
    for (int e = 0; s->estimators[e]; e++)
        for (int k = 0; s->estimators[e]->results[k].name; k++)
            TRY(add_variable(l, &s->estimators[e]->results[k], found.given[e] >> k & 1));
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
    free(l->omission);
    free(l);
}

const variable *layout_find(const layout *l, const char *name)
{
    for (int i = 0; i < l->variables; i++)
        if (strcmp(l->variable[i].quantity->name, name) == 0) return &l->variable[i];
    return NULL;
}

status layout_gives(const struct sweep *s, int64_t cell, struct settings **slot, const char *name,
                    bool *gives)
{
    status result = OK;
    data_shape shape;
    result_extents one = { .sources = 0 };
    TRY(sweep_settings(s, cell, slot));
    TRY(sweep_shape(s, cell, &shape));
    const estimator *e = (*slot)->estimator;
    e->extents(*slot, &shape, &one);
    *gives = false;
    for (int k = 0; e->results[k].name; k++)
        if (strcmp(e->results[k].name, name) == 0)
            *gives = !(one.omitted >> k & 1) && variable_of(&e->results[k], &one, 0).count > 0;
done:
    return result;
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

static bool is_omitted(const layout *l, const char *name)
{
    for (int i = 0; i < l->omissions; i++)
        if (strcmp(l->omission[i]->name, name) == 0) return true;
    return false;
}

void row_set(task_row *r, const char *name, int64_t index, double value)
{
    const variable *v = layout_find(r->layout, name);
    assert(v != NULL || is_omitted(r->layout, name));
    if (v == NULL) return;
    assert(index >= 0 && index < v->count);
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
