/* Import of NumPy arrays: features per trial or per bin, with an array that says which trial a bin belongs to. */
#include <stdlib.h>
#include <string.h>

#include "data/example.h"
#include "data/npz_source.h"
#include "data/trial_rows.h"

enum { UNITS_MAX = 1 << 20, COLUMN_DIMENSIONS_MAX = 256 };

static const import_key npz_keys[] = {
    { "features",
      "the array of features: (rows, units) or (trials, units, bins); of an NPY file, the file itself",
      "rates_hz", false },
    { "areas", "or arrays of features by the name of their area", "{M1: rates_hz, PMd: rates_pmd}", false },
    { "trial", "the array with each row's trial, where rows are bins; without it every row is a trial",
      "trial", false },
    { "target", "the array of the target, the same in all rows of a trial", "target", false },
    { "columns", "further arrays for the trial table; numbers of bins are averaged", "[vel, pos]", false },
    TRIAL_BINS_KEYS,
    { .name = NULL }
};

/* What the reading of one session needs throughout. */
typedef struct import {
    npz_source source;
    const node *mapping;
    trial_bins bins;
    trial_rows rows;   /* of the features */
    trial_rows trials; /* for arrays with one row per trial */
    recorded_session *session;
} import;

/* ---- areas --------------------------------------------------------------------------------------------- */

static status check_features(const import *m, const array *a, const char *name)
{
    status result = OK;
    char shape[ARRAY_SHAPE_MAX];
    CHECK(a->number != NULL, BAD_INPUT, "%s: %s holds texts; features are numbers", m->source.path, name);
    CHECK(a->dimensions >= 1 && a->dimensions <= 3, BAD_INPUT,
          "%s: %s is %s; features are (rows, units) or (trials, units, bins)", m->source.path, name,
          array_shape(a, shape));
    CHECK(a->values > 0, BAD_INPUT, "%s: %s is %s: there are no trials or no units in it", m->source.path,
          name, array_shape(a, shape));
    for (int d = 1; d < a->dimensions; d++)
        CHECK(a->extent[d] <= UNITS_MAX, BAD_INPUT, "%s: %s is %s; units and bins are at most %d",
              m->source.path, name, array_shape(a, shape), UNITS_MAX);
    CHECK(m->rows.rows == 0 || m->rows.rows == a->extent[0], BAD_INPUT,
          "%s: %s is %s, but the features before have %lld rows", m->source.path, name, array_shape(a, shape),
          (long long)m->rows.rows);
done:
    return result;
}

/* Reads which rows make a trial, now that the features have said how many rows there are. */
static status read_trials(import *m, int64_t rows)
{
    status result = OK;
    array number = { 0 };
    char shape[ARRAY_SHAPE_MAX];
    const node *name = node_find(m->mapping, "trial");
    if (name) {
        TRY(npz_source_read(&m->source, name, &number));
        bool fits = number.number && number.dimensions == 1 && number.extent[0] == rows;
        CHECK(fits, BAD_INPUT, "%s: %s is %s, but the features have %lld rows: one number for each is wanted",
              m->source.path, name->text, array_shape(&number, shape), (long long)rows);
    }
    TRY(trial_rows_make(m->source.path, NULL, rows, number.number, &m->rows));
    TRY(trial_rows_make(m->source.path, NULL, m->rows.trials, NULL, &m->trials));
    m->session->trials = m->rows.trials;
    if (name) TRY(trial_rows_numbers(&m->rows, m->session, name->text, number.number, 1, true));
done:
    array_free(&number);
    return result;
}

static status read_area(import *m, const char *name, const node *array_name)
{
    status result = OK;
    array a = { 0 };
    TRY(npz_source_read(&m->source, array_name, &a));
    TRY(check_features(m, &a, array_name ? array_name->text : "the array"));
    if (m->rows.rows == 0) TRY(read_trials(m, a.extent[0]));
    TRY(trial_rows_area(&m->rows, m->session, &m->bins, name, a.number,
                        a.dimensions > 1 ? (int)a.extent[1] : 1, a.dimensions > 2 ? (int)a.extent[2] : 1));
done:
    array_free(&a);
    return result;
}

static status read_areas(import *m)
{
    status result = OK;
    const node *features = node_find(m->mapping, "features"), *areas = node_find(m->mapping, "areas");
    if (areas == NULL) {
        if (features == NULL && m->source.zip)
            return node_refuse(m->mapping, "features: which array holds them is missing (or areas: by area)");
        return read_area(m, "units", features);
    }
    if (features) return node_refuse(features, "features: either these or areas");
    if (areas->kind != NODE_MAP || areas->count == 0)
        return node_refuse(areas, "areas: pairs of an area and its array are wanted, as in {M1: rates_hz}");
    for (int i = 0; i < areas->count; i++) TRY(read_area(m, areas->key[i].text, &areas->item[i]));
done:
    return result;
}

/* ---- columns ------------------------------------------------------------------------------------------- */

static status read_column(import *m, const node *name, bool constant)
{
    status result = OK;
    array a = { 0 };
    char shape[ARRAY_SHAPE_MAX];
    TRY(npz_source_read(&m->source, name, &a));
    int64_t rows = a.dimensions > 0 ? a.extent[0] : 0;
    const trial_rows *t = rows == m->rows.rows ? &m->rows : rows == m->trials.rows ? &m->trials : NULL;
    CHECK(t != NULL, BAD_INPUT,
          "%s: %s is %s; a column has one row for each of the %lld rows of the features%s", m->source.path,
          name->text, array_shape(&a, shape), (long long)m->rows.rows,
          m->trials.rows < m->rows.rows ? " or one for each trial" : "");
    int64_t dimensions = a.values / rows;
    CHECK(dimensions >= 1 && dimensions <= (a.text ? 1 : COLUMN_DIMENSIONS_MAX), BAD_INPUT,
          "%s: %s is %s; a column has at most %d dimensions, of texts 1", m->source.path, name->text,
          array_shape(&a, shape), COLUMN_DIMENSIONS_MAX);
    if (a.text)
        TRY(trial_rows_texts(t, m->session, name->text, a.text, 1));
    else
        TRY(trial_rows_numbers(t, m->session, name->text, a.number, (int)dimensions, constant));
done:
    array_free(&a);
    return result;
}

static status read_columns(import *m)
{
    status result = OK;
    const node *target = node_find(m->mapping, "target"), *columns = node_find(m->mapping, "columns");
    if (target) TRY(read_column(m, target, true));
    if (columns && columns->kind == NODE_SCALAR) TRY(read_column(m, columns, false));
    if (columns && columns->kind == NODE_MAP)
        return node_refuse(columns, "columns: a list of arrays is wanted");
    for (int i = 0; columns && i < columns->count; i++) TRY(read_column(m, &columns->item[i], false));
done:
    return result;
}

static status npz_read(const char *path, const node *mapping, recorded_session *out)
{
    status result = OK;
import m = {.mapping = mapping, .session = out };
    TRY(trial_bins_read(mapping, &m.bins));
    TRY(npz_source_open(path, &m.source));
    TRY(read_areas(&m));
    TRY(read_columns(&m));
done:
    trial_rows_free(&m.rows);
    trial_rows_free(&m.trials);
    npz_source_close(&m.source);
    return result;
}

/* ---- what a file holds --------------------------------------------------------------------------------- */

/* The arrays that an example would name: by index, -1 for none. */
typedef struct guess {
    int features, trial, target;
    int64_t most, rows; /* values and rows of the features */
} guess;

static bool has_word(const char *name, const char *const *words)
{
    for (; *words; words++)
        if (strstr(name, *words)) return true;
    return false;
}

static void guess_features(guess *g, int index, const array *a)
{
    if (a->dimensions < 2 || a->dimensions > 3 || a->values <= g->most || strcmp(a->type, "text") == 0)
        return;
    *g = (guess){ .features = index, .trial = -1, .target = -1, .most = a->values, .rows = a->extent[0] };
}

static void guess_column(guess *g, int index, const char *name, const array *a)
{
    static const char *const trial[] = { "trial", NULL };
    static const char *const target[] = { "target", "label",     "class", "direction",
                                          "stim",   "condition", "y",     NULL };
    if (a->dimensions != 1 || a->extent[0] != g->rows) return;
    if (g->trial < 0 && has_word(name, trial))
        g->trial = index;
    else if (g->target < 0 && has_word(name, target))
        g->target = index;
}

static void print_example(const npz_source *s, const guess *g, FILE *to)
{
    const char *target = g->target < 0 ? NULL : s->name[g->target];
    example_start(to, s->path, "npz", target);
    if (s->zip) example_key(to, "features", g->features < 0 ? NULL : s->name[g->features], "");
    if (g->trial >= 0) example_key(to, "trial", s->name[g->trial], "");
    example_key(to, "target", target, s->zip ? "" : "a file beside this one, such as labels.npy");
}

static status npz_describe(const char *path, FILE *to)
{
    status result = OK;
    npz_source s = { 0 };
    array *about = NULL;
    guess g = { .features = -1, .trial = -1, .target = -1 };
    char shape[ARRAY_SHAPE_MAX];
    TRY(npz_source_open(path, &s));
    int arrays = s.zip ? s.names : 1;
    about = calloc((size_t)arrays, sizeof *about);
    CHECK(about != NULL, NO_MEMORY, "no memory for %d arrays", arrays);
    fputs("# ", to);
    example_text(to, path, 200);
    fprintf(to, ": %d array%s\n", arrays, arrays == 1 ? "" : "s");
    for (int i = 0; i < arrays; i++) {
        bool read = npz_source_describe(&s, i, &about[i]) == OK;
        fputs("#   ", to);
        example_text(to, s.zip ? s.name[i] : "the file itself", 80);
        fputs(": ", to);
        example_text(to, read ? array_shape(&about[i], shape) : failure_text(), 200);
        fputs("\n", to);
        if (read) guess_features(&g, i, &about[i]);
    }
    failure_clear();
    for (int i = 0; s.zip && i < arrays; i++) guess_column(&g, i, s.name[i], &about[i]);
    print_example(&s, &g, to);
done:
    free(about);
    npz_source_close(&s);
    return result;
}

const import_format npz_format = {
    .name = "npz",
    .summary = "NumPy arrays: features per trial or per bin",
    .endings = ".npz|.npy",
    .available = "",
    .keys = npz_keys,
    .read = npz_read,
    .describe = npz_describe,
};
