/* Import from MATLAB: struct arrays whose elements are trials, with rasters and anything else in their fields. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/matlab_plan.h"

enum { TRIALS_MAX = 1 << 24, DIMENSIONS_MAX = 256 };

const char *matlab_where(const matlab_import *m, const matlab_trial *t, const char *field,
                         char to[MATLAB_WHERE_MAX])
{
    const matlab_value *of = &m->structs[t->part];
    int64_t rows = of->extent[0], at_row = t->element % rows + 1, at_column = t->element / rows + 1;
    size_t used;
    if (rows > 1 && of->extent[1] > 1)
        used = (size_t)snprintf(to, MATLAB_WHERE_MAX, "%s(%" PRId64 ", %" PRId64 ")", m->plan.array[t->part],
                                at_row, at_column);
    else
        used =
            (size_t)snprintf(to, MATLAB_WHERE_MAX, "%s(%" PRId64 ")", m->plan.array[t->part], t->element + 1);
    if (field && used < MATLAB_WHERE_MAX) snprintf(to + used, MATLAB_WHERE_MAX - used, ".%s", field);
    return to;
}

/* ---- trials ------------------------------------------------------------------------------------------------------- */

static status open_structs(matlab_import *m)
{
    status result = OK;
    char shape[MATLAB_SHAPE_MAX];
    for (int p = 0; p < m->plan.parts; p++) {
        matlab_value *of = &m->structs[p];
        TRY(matlab_variable(m->file, m->plan.array[p], of));
        CHECK(of->kind == MATLAB_STRUCTS && of->rank == 2, BAD_INPUT,
              "%s: %s is %s; right would be a struct array of trials", matlab_path(m->file), m->plan.array[p],
              matlab_shape(of, shape));
        CHECK(of->count > 0, BAD_INPUT, "%s: %s has no trials", matlab_path(m->file), m->plan.array[p]);
        CHECK(of->count <= TRIALS_MAX, BAD_INPUT, "%s: %s has %" PRId64 " trials, which is too many",
              matlab_path(m->file), m->plan.array[p], of->count);
    }
done:
    return result;
}

/* All elements of all parts, columns after another: trials × targets lie by target. */
static status list_trials(matlab_import *m, int64_t *count)
{
    status result = OK;
    int64_t at = 0;
    *count = 0;
    for (int p = 0; p < m->plan.parts; p++) *count += m->structs[p].count;
    m->trial = calloc((size_t)*count, sizeof *m->trial);
    CHECK(m->trial != NULL, NO_MEMORY, "%s: no memory for %" PRId64 " trials", matlab_path(m->file), *count);
    for (int p = 0; p < m->plan.parts; p++)
        for (int64_t e = 0; e < m->structs[p].count; e++)
            m->trial[at++] = (matlab_trial){ .part = p, .element = e };
done:
    return result;
}

/* ---- fields as columns --------------------------------------------------------------------------------------------- */

/* A field of all trials while it becomes a column of `into`. */
typedef struct field_reader {
    matlab_import *m;
    recorded_session *into; /* its trials are those of m->trial */
    const char *name;
    matlab_field of[MATLAB_PARTS_MAX];
    column *column;
} field_reader;

static status find_value(const field_reader *r, int64_t trial, matlab_value *out)
{
    status result = OK;
    const matlab_trial *t = &r->m->trial[trial];
    char where[MATLAB_WHERE_MAX], shape[MATLAB_SHAPE_MAX];
    TRY(matlab_element(r->m->file, &r->of[t->part], t->element, out));
    bool usable = (out->kind == MATLAB_NUMBERS && out->count <= DIMENSIONS_MAX) || out->kind == MATLAB_TEXT ||
                  out->count == 0;
    CHECK(usable, BAD_INPUT, "%s: %s is %s; right would be a number, a position or a text",
          matlab_path(r->m->file), matlab_where(r->m, t, r->name, where), matlab_shape(out, shape));
done:
    if (result != OK) matlab_value_free(r->m->file, out);
    return result;
}

/* What the first trial that has a value says of the column. */
static status add_column(field_reader *r)
{
    status result = OK;
    matlab_value value = { 0 };
    int64_t t = 0;
    for (; t < r->into->trials && value.count == 0; t++) {
        matlab_value_free(r->m->file, &value);
        TRY(find_value(r, t, &value));
    }
    if (value.kind == MATLAB_TEXT)
        TRY(session_add_text_column(r->into, r->name, &r->column));
    else
        TRY(session_add_column(r->into, r->name, "", value.count > 0 ? (int)value.count : 1, &r->column));
done:
    matlab_value_free(r->m->file, &value);
    return result;
}

/* An empty field gives nothing: NaN, or an empty text. */
static status take_value(field_reader *r, int64_t trial)
{
    status result = OK;
    matlab_value value = { 0 };
    const matlab_trial *t = &r->m->trial[trial];
    char where[MATLAB_WHERE_MAX], shape[MATLAB_SHAPE_MAX];
    column *c = r->column;
    TRY(find_value(r, trial, &value));
    if (value.count == 0) goto done;
    bool alike =
        c->text ? value.kind == MATLAB_TEXT : value.kind == MATLAB_NUMBERS && value.count == c->dimensions;
    CHECK(alike, BAD_INPUT, "%s: %s is %s, which is something else than in the trials before",
          matlab_path(r->m->file), matlab_where(r->m, t, r->name, where), matlab_shape(&value, shape));
    matlab_where(r->m, t, r->name, where);
    if (c->text)
        TRY(matlab_text(r->m->file, &value, where, &c->text[trial]));
    else
        TRY(matlab_numbers(r->m->file, &value, where, c->number + trial * c->dimensions));
done:
    matlab_value_free(r->m->file, &value);
    return result;
}

/* Adds a field as a column, unless there is one of its name. */
static status read_field(matlab_import *m, recorded_session *into, const char *name, const node *from)
{
    status result = OK;
    field_reader r = { .m = m, .into = into, .name = name };
    if (session_column(into, name)) return OK;
    for (int p = 0; p < m->plan.parts; p++)
        TRY(matlab_field_open(m->file, &m->structs[p], m->plan.array[p], name, &r.of[p]));
    TRY(add_column(&r));
    for (int64_t t = 0; t < into->trials; t++) TRY(take_value(&r, t));
done:
    for (int p = 0; p < m->plan.parts; p++) matlab_field_close(m->file, &r.of[p]);
    return result == BAD_INPUT && from ? node_failed_at(from, result) : result;
}

static status read_target(matlab_import *m, recorded_session *into)
{
    status result = OK;
    column *c;
    if (m->plan.target) return read_field(m, into, m->plan.target, node_find(m->plan.mapping, "target"));
    TRY(session_add_column(into, "target", "", 1, &c));
    for (int64_t t = 0; t < into->trials; t++)
        c->number[t] = (double)(m->trial[t].element / m->structs[m->trial[t].part].extent[0] + 1);
done:
    return result;
}

/* ---- trials that are left out -------------------------------------------------------------------------------------- */

/* Is dimension d of a target what the mapping writes? */
static bool is_value(const column *target, int64_t trial, int d, const node *written)
{
    if (written->kind != NODE_SCALAR) return false;
    if (target->text) return target->text[trial] && strcmp(target->text[trial], written->text) == 0;
    char *end;
    double number = strtod(written->text, &end), is = target->number[trial * target->dimensions + d];
    return end != written->text && *end == '\0' && is >= number && is <= number;
}

static bool is_position(const column *target, int64_t trial, const node *list)
{
    if (list->count != target->dimensions) return false;
    for (int d = 0; d < list->count; d++)
        if (!is_value(target, trial, d, &list->item[d])) return false;
    return true;
}

/* `drop` is a value, a position, or a list of either. */
static bool is_dropped(const column *target, int64_t trial, const node *drop)
{
    bool position = target->dimensions > 1;
    if (drop->kind == NODE_SCALAR) return !position && is_value(target, trial, 0, drop);
    if (position && drop->count > 0 && drop->item[0].kind == NODE_SCALAR)
        return is_position(target, trial, drop);
    for (int i = 0; i < drop->count; i++)
        if (position ? is_position(target, trial, &drop->item[i])
                     : is_value(target, trial, 0, &drop->item[i]))
            return true;
    return false;
}

/* Keeps the trials whose targets are wanted. */
static status drop_trials(matlab_import *m, int64_t *count)
{
    status result = OK;
    recordings *scratch = NULL;
    recorded_session *all;
    int64_t kept = 0;
    const node *drop = m->plan.drop;
    if (drop == NULL) return OK;
    TRY(recordings_make(&scratch));
    TRY(recordings_add_session(scratch, "all trials", &all));
    all->trials = *count;
    TRY(read_target(m, all));
    for (int64_t t = 0; t < *count; t++)
        if (!is_dropped(&all->column[0], t, drop)) m->trial[kept++] = m->trial[t];
    if (kept == *count)
        TRY(node_refuse(drop, "drop: no trial has this target; right would be a target that some have"));
    if (kept == 0) TRY(node_refuse(drop, "drop: leaves no trial"));
    *count = kept;
done:
    recordings_free(scratch);
    return result;
}

/* ---- the trial table ----------------------------------------------------------------------------------------------- */

static status read_time_column(const char *name, const node *from, void *context)
{
    status result = OK;
    matlab_import *m = context;
    TRY(read_field(m, m->session, name, from));
    const column *c = session_column(m->session, name);
    if (c->number == NULL || c->dimensions != 1)
        TRY(node_refuse(from, "%s is no single number per trial, as a time is", name));
done:
    return result;
}

static status read_table(matlab_import *m)
{
    status result = OK;
    const matlab_plan *p = &m->plan;
    column *c;
    TRY(read_target(m, m->session));
    for (int i = 0; p->columns && i < p->columns->count; i++)
        TRY(read_field(m, m->session, p->columns->item[i].text, &p->columns->item[i]));
    TRY(matlab_time_columns(&p->align, read_time_column, m));
    TRY(matlab_time_columns(&p->from, read_time_column, m));
    TRY(matlab_time_columns(&p->to, read_time_column, m));
    if (p->label[0]) {
        TRY(session_add_text_column(m->session, "part", &c));
        for (int64_t t = 0; t < m->session->trials; t++)
            TRY(text_set(&c->text[t], p->label[m->trial[t].part]));
    }
    if (session_column(m->session, "trial")) goto done;
    TRY(session_add_column(m->session, "trial", "", 1,
                           &c)); /* its number in the array, from 1 as MATLAB counts */
    for (int64_t t = 0; t < m->session->trials; t++) c->number[t] = (double)m->trial[t].element + 1;
done:
    return result;
}

static status matlab_read(const char *path, const node *mapping, recorded_session *out)
{
    status result = OK;
    matlab_import m = { .session = out };
    int64_t trials;
    TRY(matlab_plan_read(mapping, &matlab_format, &m.plan));
    TRY(matlab_open(path, &m.file));
    TRY(open_structs(&m));
    TRY(list_trials(&m, &trials));
    TRY(drop_trials(&m, &trials));
    out->trials = trials;
    TRY(read_table(&m));
    TRY(matlab_rasters_read(&m));
done:
    for (int p = 0; m.file && p < m.plan.parts; p++) matlab_value_free(m.file, &m.structs[p]);
    matlab_close(m.file);
    matlab_plan_free(&m.plan);
    free(m.trial);
    return result;
}

const import_format matlab_format = {
    .name = "matlab",
    .summary = "MATLAB 5 and 7.3: struct arrays of trials with rasters of units × time",
    .endings = ".mat",
    .available = "",
    .keys = matlab_keys,
    .read = matlab_read,
    .describe = matlab_describe,
};
