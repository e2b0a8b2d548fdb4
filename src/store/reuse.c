/* Taking over done rows from another result file: from cells whose settings are the same, whatever its grid looks like.
 * What is an axis here may be a constant there and the other way round. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "column.h"
#include "prepare.h"
#include "results_file.h"

enum { NAME_ROOM = 160 }; /* of an option's full name, which is shorter */

/* How the position along one axis of the old grid follows from a cell of the new one. */
typedef struct follower {
    int axis;       /* of the new grid, or -1 where the new sweep has a constant */
    int64_t *value; /* (count of that axis, or 1) value of the old axis; -1 where it has no such value */
    int64_t *
        alike; /* (count of the old axis) the index that `value` has for each of its values: one for equal ones */
} follower;

typedef struct reuse {
    results *from;
    identity *old;
    const identity *now; /* borrowed */
    const grid *old_grid, *grid;
    uint8_t *state;            /* (old cells) */
    follower follow[AXES_MAX]; /* per old axis */
    int64_t
        *constant[AXES_MAX]; /* per new axis that is a constant of the old file: -1 for values that differ */
    int64_t *source;         /* (cells) old cell, or -1 */
} reuse;

/* ---- are the settings the same? ------------------------------------------------------------------------------------------ */

static bool is_known(const identity *i, const char *name)
{
    return identity_setting(i, name) || identity_axis_find(i, name);
}

/* A sweep over kinds tells the options of each apart where they differ ("data.gate.samples"); another says "data.samples".
 * The name that `name`, an option of `mine`, has among the constants of `other`; "" where it has none. */
static void name_there(const identity *mine, const identity *other, const char *name, char there[NAME_ROOM])
{
    char choice[NAME_ROOM];
    const char *first = strchr(name, '.'), *last = strrchr(name, '.');
    snprintf(there, NAME_ROOM, "%s", identity_setting(other, name) ? name : "");
    if (there[0] || first == NULL) return;
    int head = (int)(first - name), length = 0;
    snprintf(choice, sizeof choice, "%.*s.kind", head, name);
    const char *kind = identity_setting(mine, choice);
    if (first != last)
        length = snprintf(there, NAME_ROOM, "%.*s%s", head, name, last);
    else if (kind)
        length = snprintf(there, NAME_ROOM, "%.*s.%s%s", head, name, kind, last);
    if (length >= NAME_ROOM || !identity_setting(other, there)) there[0] = '\0';
}

/* Is `name` the option of a kind ("data.gate.samples") that no cell of `other` is of? */
static bool is_of_another_kind(const identity *other, const char *name)
{
    char choice[NAME_ROOM];
    const char *first = strchr(name, '.'), *last = strrchr(name, '.');
    if (first == NULL || first == last) return false;
    snprintf(choice, sizeof choice, "%.*s.kind", (int)(first - name), name);
    const char *kind = identity_setting(other, choice);
    return kind &&
           (strlen(kind) != (size_t)(last - first - 1) || strncmp(kind, first + 1, strlen(kind)) != 0);
}

/* Where an estimator, data kind or model is an axis, a sweep has options that do not touch the cells of the others. */
static bool has_kinds(const identity *i)
{
    return identity_axis_find(i, "estimator") || identity_axis_find(i, "data.kind") ||
           identity_axis_find(i, "model.kind");
}

/* Option `name` of one side: does the other side know it, or need it not? */
static status check_known(const reuse *u, const identity *other, const char *name, const char *where)
{
    if (is_known(other, name) || has_kinds(u->old) || has_kinds(u->now)) return OK;
    return failure(BAD_INPUT, "cannot be reused: %s is known in the %s only", name, where);
}

/* A constant of `mine` against the other side. */
static status check_constant(const reuse *u, const identity *mine, const identity *other, const setting *s)
{
    char there[NAME_ROOM];
    bool of_sweep = mine == u->now;
    if (is_of_another_kind(other, s->name)) return OK;
    name_there(mine, other, s->name, there);
    if (!there[0]) return check_known(u, other, s->name, of_sweep ? "sweep" : "file");
    const char *text = identity_setting(other, there);
    if (identity_same_value(text, s->text)) return OK;
    return failure(BAD_INPUT, "cannot be reused: %s is %s in it and %s in the sweep", s->name,
                   of_sweep ? text : s->text, of_sweep ? s->text : text);
}

static status check_options(const reuse *u)
{
    status result = OK;
    for (int i = 0; i < u->now->settings; i++) TRY(check_constant(u, u->now, u->old, &u->now->setting[i]));
    for (int i = 0; i < u->old->settings; i++) TRY(check_constant(u, u->old, u->now, &u->old->setting[i]));
    for (int i = 0; i < u->now->axes; i++) TRY(check_known(u, u->old, u->now->axis[i].option, "sweep"));
    for (int i = 0; i < u->old->axes; i++)
        CHECK(is_known(u->now, u->old->axis[i].option), BAD_INPUT,
              "cannot be reused: %s is an axis in it and unknown in the sweep", u->old->axis[i].option);
done:
    return result;
}

/* Results that both have must be alike, per metric the same. Inner axes may be padded to other lengths. */
static status check_results(const reuse *u, const layout *l)
{
    status result = OK;
    const layout *old = results_layout(u->from);
    for (int v = 0; v < l->variables; v++) {
        const variable *here = &l->variable[v], *there = layout_find(old, here->quantity->name);
        if (!there) continue; /* check_lacking, when it is known what is copied */
        CHECK(there->quantity->shape == here->quantity->shape, BAD_INPUT,
              "cannot be reused: its result %s has another shape", here->quantity->name);
        if (here->quantity->shape != PER_EPOCH) continue;
        bool same = old->extents.metrics == l->extents.metrics;
        for (int m = 0; same && m < l->extents.metrics; m++)
            same = strcmp(old->extents.metric[m], l->extents.metric[m]) == 0;
        CHECK(same, BAD_INPUT, "cannot be reused: its history has other columns");
    }
done:
    return result;
}

/* ---- which cell is which? ------------------------------------------------------------------------------------------------ */

static status allocate(int64_t count, int64_t **out)
{
    *out = malloc((size_t)(count + 1) * sizeof **out);
    return *out ? OK : failure(NO_MEMORY, "%" PRId64 " numbers of cells", count);
}

static int axis_index(const identity *i, const char *name)
{
    const identity_axis *a = identity_axis_find(i, name);
    return a ? (int)(a - i->axis) : -1;
}

static status follow_axis(reuse *u, int old_axis)
{
    status result = OK;
    const identity_axis *old = &u->old->axis[old_axis];
    follower *f = &u->follow[old_axis];
    char *constant = NULL;
    TRY(allocate(old->count, &f->alike));
    TRY(identity_match(old->value, old->count, old->value, old->count, f->alike));
    f->axis = axis_index(u->now, old->option);
    if (f->axis >= 0) {
        const identity_axis *now = &u->now->axis[f->axis];
        TRY(allocate(now->count, &f->value));
        TRY(identity_match(now->value, now->count, old->value, old->count, f->value));
    } else {
        constant = strdup(identity_setting(u->now, old->option));
        CHECK(constant != NULL, NO_MEMORY, "%s", old->option);
        TRY(allocate(1, &f->value));
        TRY(identity_match(&constant, 1, old->value, old->count, f->value));
    }
done:
    free(constant);
    return result;
}

static status match_constant(reuse *u, int axis_of_new)
{
    status result = OK;
    const identity_axis *now = &u->now->axis[axis_of_new];
    const char *text = identity_setting(u->old, now->option);
    char *constant = NULL;
    if (text == NULL) return OK;
    constant = strdup(text);
    CHECK(constant != NULL, NO_MEMORY, "%s", now->option);
    TRY(allocate(now->count, &u->constant[axis_of_new]));
    TRY(identity_match(now->value, now->count, &constant, 1, u->constant[axis_of_new]));
done:
    free(constant);
    return result;
}

/* The place along a dimension of the old grid where all of its axes have the values that the new cell has; or -1. The axis
 * that names the dimension has no value twice, so it finds the place; those zipped with it may have. */
static int64_t find_place(const reuse *u, int along, const int64_t *wanted)
{
    const grid *g = u->old_grid;
    int64_t place = -1;
    for (int a = 0; a < g->axes; a++)
        if (g->axis[a].dimension == along && grid_leads(g, a)) place = wanted[a];
    for (int a = 0; place >= 0 && a < g->axes; a++)
        if (g->axis[a].dimension == along && u->follow[a].alike[place] != wanted[a]) place = -1;
    return place;
}

static int64_t find_cell(const reuse *u, int64_t cell)
{
    int64_t wanted[AXES_MAX], found = 0;
    for (int a = 0; a < u->grid->axes; a++)
        if (u->constant[a] && u->constant[a][grid_value(u->grid, cell, a)] < 0) return -1;
    for (int a = 0; a < u->old_grid->axes; a++) {
        const follower *f = &u->follow[a];
        wanted[a] = f->value[f->axis >= 0 ? grid_value(u->grid, cell, f->axis) : 0];
    }
    for (int d = 0; d < u->old_grid->dimensions; d++) {
        int64_t place = find_place(u, d, wanted);
        if (place < 0) return -1;
        found += place * u->old_grid->dimension[d].stride;
    }
    return u->state[found] == OUTCOME_DONE ? found : -1;
}

static status find_sources(reuse *u, const uint8_t *wanted, int64_t *copied)
{
    status result = OK;
    TRY(allocate(u->grid->cells, &u->source));
    for (int a = 0; a < u->old->axes; a++) TRY(follow_axis(u, a));
    for (int a = 0; a < u->now->axes; a++) TRY(match_constant(u, a));
    for (int64_t c = 0; c < u->grid->cells; c++) {
        u->source[c] = wanted[c] ? find_cell(u, c) : -1;
        if (u->source[c] >= 0) ++*copied;
    }
done:
    return result;
}

/* A result that the file lacks is one that the cells which are copied do not give: only new ones do. */
static status check_lacking(const reuse *u, const sweep *s, const layout *l)
{
    status result = OK;
    settings *slot = NULL;
    bool gives;
    for (int v = 0; v < l->variables; v++) {
        const char *name = l->variable[v].quantity->name;
        if (layout_find(results_layout(u->from), name)) continue;
        for (int64_t c = 0; c < u->grid->cells; c++) {
            if (u->source[c] < 0) continue;
            TRY(layout_gives(s, c, &slot, name, &gives));
            CHECK(!gives, BAD_INPUT, "%s: cannot be reused: it has no result %s", results_path(u->from),
                  name);
        }
    }
done:
    settings_free(slot);
    return result;
}

/* ---- copying ------------------------------------------------------------------------------------------------------------- */

/* One cell's values: the common part of the inner axes; the rest is NaN. */
static void copy_values(const variable *from, const double *values, const variable *to, double *out)
{
    int64_t rows = to->dimensions > 0 ? to->extent[0] : 1, columns = to->dimensions > 1 ? to->extent[1] : 1;
    int64_t old_rows = from->dimensions > 0 ? from->extent[0] : 1,
            old_columns = from->dimensions > 1 ? from->extent[1] : 1;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            out[i * columns + j] = i < old_rows && j < old_columns ? values[i * old_columns + j] : NAN;
}

static status copy_result(const reuse *u, hid_t file, const variable *v, uint32_t *sum)
{
    status result = OK;
    const char *name = v->quantity->name;
    const variable *old = layout_find(results_layout(u->from), name);
    double *there = NULL, *here = NULL;
    if (old) TRY(results_values(u->from, name, &there));
    TRY(column_read_all(file, name, u->grid, H5T_NATIVE_DOUBLE, (void **)&here));
    for (int64_t c = 0; c < u->grid->cells; c++) {
        if (u->source[c] < 0) continue;
        if (old) copy_values(old, there + u->source[c] * old->count, v, here + c * v->count);
        sum[c] = checksum_add(sum[c], here + c * v->count, v->count);
    }
    TRY(column_write_all(file, name, u->grid, H5T_NATIVE_DOUBLE, here));
done:
    free(there);
    free(here);
    return result;
}

/* A variable with one element of `size` bytes per cell. */
static status copy_column(const reuse *u, hid_t file, const char *name, hid_t type)
{
    status result = OK;
    char *there = NULL, *here = NULL;
    size_t size = H5Tget_size(type);
    TRY(column_read_all(results_file(u->from), name, u->old_grid, type, (void **)&there));
    TRY(column_read_all(file, name, u->grid, type, (void **)&here));
    for (int64_t c = 0; c < u->grid->cells; c++)
        if (u->source[c] >= 0) memcpy(here + (size_t)c * size, there + (size_t)u->source[c] * size, size);
    TRY(column_write_all(file, name, u->grid, type, here));
done:
    free(there);
    free(here);
    return result;
}

static status mark_done(const reuse *u, hid_t file, const uint32_t *sum, uint8_t *wanted)
{
    status result = OK;
    uint32_t *checksum = NULL;
    uint8_t *state = NULL;
    TRY(column_read_all(file, "checksum", u->grid, H5T_NATIVE_UINT32, (void **)&checksum));
    TRY(column_read_all(file, "status", u->grid, H5T_NATIVE_UINT8, (void **)&state));
    for (int64_t c = 0; c < u->grid->cells; c++) {
        if (u->source[c] < 0) continue;
        checksum[c] = sum[c];
        state[c] = OUTCOME_DONE;
        wanted[c] = 0;
    }
    TRY(column_write_all(file, "checksum", u->grid, H5T_NATIVE_UINT32, checksum));
    TRY(column_write_all(file, "status", u->grid, H5T_NATIVE_UINT8, state));
done:
    free(checksum);
    free(state);
    return result;
}

static status copy_rows(const reuse *u, hid_t file, const layout *l, uint8_t *wanted)
{
    status result = OK;
    uint32_t *sum = malloc((size_t)u->grid->cells * sizeof *sum);
    CHECK(sum != NULL, NO_MEMORY, "checksums of %" PRId64 " cells", u->grid->cells);
    for (int64_t c = 0; c < u->grid->cells; c++) sum[c] = checksum_start(c);
    for (int v = 0; v < l->variables; v++) TRY(copy_result(u, file, &l->variable[v], sum));
    TRY(copy_column(u, file, "wall_seconds", H5T_NATIVE_DOUBLE));
    TRY(copy_column(u, file, "rank", H5T_NATIVE_INT32));
    TRY(copy_column(u, file, "attempts", H5T_NATIVE_INT32));
    TRY(mark_done(u, file, sum, wanted));
done:
    free(sum);
    return result;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------- */

static void reuse_clear(reuse *u)
{
    for (int a = 0; a < AXES_MAX; a++) {
        free(u->follow[a].value);
        free(u->follow[a].alike);
        free(u->constant[a]);
    }
    free(u->source);
    free(u->state);
    identity_free(u->old);
    results_close(u->from);
}

static status check_all(const reuse *u, const store_request *q, const layout *l)
{
    status result = OK;
    TRY(check_options(u));
    TRY(identity_check_data(u->old, u->now, false));
    TRY(resume_check_kernels(q, u->old, u->now));
    TRY(check_results(u, l));
done:
    return result == OK ? OK : failure_at(result, "%s", q->reuse);
}

status reuse_rows(hid_t file, const store_request *q, const sweep *s, const layout *l, const identity *asked,
                  uint8_t *wanted, int64_t *copied)
{
    status result = OK;
    reuse u = { .now = asked, .grid = sweep_grid(s) };
    *copied = 0;
    TRY(results_open(q->reuse, &u.from));
    u.old_grid = sweep_grid(results_sweep(u.from));
    TRY(identity_read(results_file(u.from), &u.old));
    TRY(check_all(&u, q, l));
    TRY(results_status(u.from, &u.state));
    TRY(find_sources(&u, wanted, copied));
    TRY(check_lacking(&u, s, l));
    if (*copied > 0) TRY(copy_rows(&u, file, l, wanted));
done:
    reuse_clear(&u);
    return result;
}
