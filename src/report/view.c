#include "view.h"

#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const report_options report_defaults = { .resamples = 2000, .confidence = 0.95 };

/* A comparison that is not at hand is told in the report and does not keep anybody from the results. */
static void read_published(view *v, const sweep *s)
{
    const char *path = sweep_compare(s);
    if (path == NULL) return;
    if (comparison_read(path, v->grid, s, &v->published) != OK)
        snprintf(v->published_trouble, sizeof v->published_trouble, "%s", failure_text());
}

/* A constant that memory does not suffice for is left out; what follows from it is then not told. */
static void keep_constant(const char *name, const option *row, const void *block, void *context)
{
    view *v = context;
    size_t size;
    view_constant kept = { .name = strdup(name) };
    view_constant *more = realloc(v->constant, ((size_t)v->constants + 1) * sizeof *more);
    if (more) v->constant = more;
    FILE *to = open_memstream(&kept.text, &size);
    if (to) option_print(row, block, to);
    if (to) fclose(to);
    if (more && kept.name && kept.text) {
        v->constant[v->constants++] = kept;
    } else {
        free(kept.name);
        free(kept.text);
    }
}

status view_make(const results *r, const report_options *o, view **out)
{
    status result = OK;
    view *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "a report");

    const sweep *s = results_sweep(r);
    made->results = r;
    made->path = results_path(r);
    made->title = sweep_title(s);
    made->grid = sweep_grid(s);
    made->layout = results_layout(r);
    if (o->nats) {
        TRY(units_in_nats(made->layout, &made->in_nats));
        made->layout = made->in_nats;
    }
    made->estimators = sweep_estimators(s);
    made->values = calloc((size_t)made->layout->variables + 1, sizeof *made->values);
    CHECK(made->values != NULL, NO_MEMORY, "a report");
    TRY(results_status(r, &made->status));
    TRY(results_runs(r, &made->runs, &made->run_count));
    read_published(made, s);
    sweep_constants(s, keep_constant, made);
    for (int a = 0; a < made->grid->axes; a++) made->group[a] = results_groups(r, &made->grid->axis[a]);
    made->options = *o;

    *out = made;
    made = NULL;
done:
    view_free(made);
    return result;
}

void view_free(view *v)
{
    if (v == NULL) return;
    for (int i = 0; v->values && i < v->layout->variables; i++) free(v->values[i]);
    free(v->values);
    free(v->status);
    free(v->runs);
    comparison_free(v->published);
    units_free(v->in_nats);
    for (int i = 0; i < v->constants; i++) {
        free(v->constant[i].name);
        free(v->constant[i].text);
    }
    free(v->constant);
    free(v);
}

/* Only rows that are done count: a torn or diverged one may have left numbers behind. */
static void mask_unfinished(const view *v, const variable *x, double *values)
{
    for (int64_t cell = 0; cell < v->grid->cells; cell++)
        for (int64_t i = 0; v->status[cell] != OUTCOME_DONE && i < x->count; i++)
            values[cell * x->count + i] = NAN;
}

/* What a number of the file is multiplied by. */
static double scale_of(const view *v, const variable *x)
{
    if (v->in_nats == NULL) return 1;
    const variable *there = &results_layout(v->results)->variable[x - v->layout->variable];
    return strcmp(there->quantity->unit, x->quantity->unit) == 0 ? 1 : units_nats_per_bit();
}

double view_published(const view *v, const variable *x, int64_t cell)
{
    return v->published ? scale_of(v, x) * comparison_value(v->published, v->grid, cell) : NAN;
}

status view_values(view *v, const variable *x, const double **out)
{
    status result = OK;
    double **values = &v->values[x - v->layout->variable];
    if (*values == NULL) {
        TRY(results_values(v->results, x->quantity->name, values));
        mask_unfinished(v, x, *values);
        const double scale = scale_of(v, x);
        for (int64_t i = 0; scale != 1 && i < v->grid->cells * x->count; i++) (*values)[i] *= scale;
    }
    *out = *values;
done:
    return result;
}

static bool is_called(const char *full_name, const char *name)
{
    const char *tail = strrchr(full_name, '.');
    return strcmp(full_name, name) == 0 || (tail && strcmp(tail + 1, name) == 0);
}

bool view_axis_is(const axis *a, const char *name)
{
    return strcmp(a->name, name) == 0 || is_called(a->option, name);
}

const char *view_option(const view *v, int64_t cell, const char *name)
{
    for (int a = 0; a < v->grid->axes; a++)
        if (view_axis_is(&v->grid->axis[a], name)) return v->grid->axis[a].text[grid_value(v->grid, cell, a)];
    for (int i = 0; i < v->constants; i++)
        if (is_called(v->constant[i].name, name)) return v->constant[i].text;
    return NULL;
}

/* Is the option, whose name ends in _1, the same for the other source, where that has it? */
static bool same_for_both(const view *v, int64_t cell, const char *full_name)
{
    char name[128];
    const char *tail = strrchr(full_name, '.'), *first = tail ? tail + 1 : full_name;
    size_t length = strlen(first);
    if (length < 3 || length >= sizeof name || strcmp(first + length - 2, "_1") != 0) return true;
    strcpy(name, first);
    const char *one = view_option(v, cell, name);
    name[length - 1] = '2';
    const char *other = view_option(v, cell, name);
    return one == NULL || other == NULL || strcmp(one, other) == 0;
}

bool view_alike(const view *v, int64_t cell)
{
    for (int a = 0; a < v->grid->axes; a++)
        if (!same_for_both(v, cell, v->grid->axis[a].option)) return false;
    for (int i = 0; i < v->constants; i++)
        if (!same_for_both(v, cell, v->constant[i].name)) return false;
    return true;
}

static const estimator *estimator_of_cell(const view *v, int64_t cell)
{
    for (int a = 0; a < v->grid->axes; a++) {
        const axis *x = &v->grid->axis[a];
        if (strcmp(x->name, "estimator") == 0) return estimator_find(x->text[grid_value(v->grid, cell, a)]);
    }
    return v->estimators[0];
}

bool view_gives(const view *v, int64_t cell, const variable *x)
{
    const estimator *e = estimator_of_cell(v, cell);
    for (const quantity *r = e ? e->results : NULL; r && r->name; r++)
        if (strcmp(r->name, x->quantity->name) == 0) return true;
    return false;
}

static const variable *headline_of(const view *v, const estimator *e)
{
    const char *name = e->results->name;
    for (const quantity *q = e->results; q->name; q++)
        if (strcmp(q->name, "redundant_information") == 0) name = q->name;
    return name ? layout_find(v->layout, name) : NULL;
}

void view_headlines(const view *v, const variable *headline[HEADLINES_MAX + 1])
{
    int count = 0;
    for (const estimator *const *e = v->estimators; *e && count < HEADLINES_MAX; e++) {
        const variable *x = headline_of(v, *e);
        bool known = x == NULL;
        for (int i = 0; i < count; i++) known = known || headline[i] == x;
        if (!known) headline[count++] = x;
    }
    headline[count] = NULL;
}

const variable *view_exact(const view *v, const variable *x)
{
    char name[128];
    snprintf(name, sizeof name, "exact_%s", x->quantity->name);
    return layout_find(v->layout, name);
}

bool view_is_per_sample(const variable *x)
{
    return x->quantity->shape == PER_SAMPLE || x->quantity->shape == PER_SOURCE_SAMPLE;
}

/* As the result file's coordinates are: sources and epochs count from 1, classes from 0 where they have no names. */
void view_inner_label(const view *v, const variable *x, int64_t index, char *label, size_t size)
{
    int64_t metrics = x->extent[1];
    if (x->quantity->shape == PER_EPOCH)
        snprintf(label, size, "%s_%lld", v->layout->extents.metric[index % metrics],
                 (long long)(index / metrics + 1));
    else if (x->quantity->shape == PER_CLASS && v->layout->extents.class_name)
        snprintf(label, size, "%s", v->layout->extents.class_name[index]);
    else
        snprintf(label, size, "%lld", (long long)(index + (x->quantity->shape != PER_CLASS)));
}
