/* Import of CSV and TSV tables: a column per unit, a row per trial or per bin. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"
#include "data/example.h"
#include "data/trial_rows.h"
#include "sweep/names.h"

static const import_key csv_keys[] = {
    { "features",
      "the columns of the units: a name, a beginning as in \"unit*\", or a list; without it all the rest",
      "\"unit*\"", false },
    { "areas", "or columns by the name of their area", "{M1: \"m1_*\", PMd: \"pmd_*\"}", false },
    { "trial", "the column with each row's trial, where rows are bins; without it every row is a trial",
      "trial", false },
    { "target", "the column of the target, the same in all rows of a trial", "target", false },
    { "columns", "further columns for the trial table; numbers of bins are averaged", "[reaction_time]",
      false },
    TRIAL_BINS_KEYS,
    { .name = NULL }
};

/* What the reading of one session needs throughout. */
typedef struct import {
    const char *path;
    const node *mapping;
    csv *file;
    bool *taken; /* (columns) named as trial, target or further column, so that it is not one of the rest */
    trial_bins bins;
    trial_rows rows;
    recorded_session *session;
} import;

static const char *cell(const import *m, int row, int at)
{
    return m->file->cell[(int64_t)row * m->file->columns + at];
}

/* ---- choosing columns ---------------------------------------------------------------------------------- */

static bool matches(const char *pattern, const char *name)
{
    size_t length = strlen(pattern);
    if (length > 0 && pattern[length - 1] == '*') return strncmp(pattern, name, length - 1) == 0;
    return strcmp(pattern, name) == 0;
}

static status refuse_column(const import *m, const node *name)
{
    char hint[HINT_MAX];
    return node_refuse(name, "%s has no column '%s'%s", m->path, name->text,
                       names_hint(name->text, (const char *const *)m->file->name, m->file->columns, hint));
}

static status find_column(const import *m, const node *name, int *out)
{
    if (name->kind != NODE_SCALAR) return node_refuse(name, "the name of a column is wanted");
    for (int c = 0; c < m->file->columns; c++) {
        if (strcmp(m->file->name[c], name->text) != 0) continue;
        *out = c;
        return OK;
    }
    return refuse_column(m, name);
}

/* Marks the columns that a name or a beginning stands for; one at least. */
static status mark_matching(const import *m, const node *pattern, bool *marked)
{
    bool any = false;
    if (pattern->kind != NODE_SCALAR) return node_refuse(pattern, "the name of a column is wanted");
    for (int c = 0; c < m->file->columns; c++) {
        if (!matches(pattern->text, m->file->name[c])) continue;
        marked[c] = any = true;
    }
    return any ? OK : refuse_column(m, pattern);
}

/* The columns that a name, a beginning or a list of them stands for; NULL: all that are not taken. */
static status choose(const import *m, const node *which, int **columns, int *count)
{
    status result = OK;
    bool *marked = calloc((size_t)m->file->columns, sizeof *marked);
    int *made = calloc((size_t)m->file->columns, sizeof *made);
    CHECK(marked && made, NO_MEMORY, "no memory for %d columns", m->file->columns);
    if (which == NULL)
        for (int c = 0; c < m->file->columns; c++) marked[c] = !m->taken[c];
    else if (which->kind == NODE_LIST)
        for (int i = 0; i < which->count; i++) TRY(mark_matching(m, &which->item[i], marked));
    else
        TRY(mark_matching(m, which, marked));
    *count = 0;
    for (int c = 0; c < m->file->columns; c++)
        if (marked[c]) made[(*count)++] = c;
    CHECK(*count > 0, BAD_INPUT, "%s: no column is left for the features", m->path);
    *columns = made;
    made = NULL;
done:
    free(marked);
    free(made);
    return result;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

/* A cell as a number; an empty one is NaN. */
static bool read_number(const char *text, double *out)
{
    char *end = NULL;
    *out = text[0] ? strtod(text, &end) : (double)NAN;
    return text[0] == '\0' || *end == '\0';
}

/* The column as numbers (rows), or NULL in *out where a cell is none. */
static status read_numbers(const import *m, int at, double **out)
{
    status result = OK;
    double *number = malloc(((size_t)m->file->rows + 1) * sizeof *number);
    CHECK(number != NULL, NO_MEMORY, "no memory for %d rows", m->file->rows);
    *out = NULL;
    for (int row = 0; row < m->file->rows; row++)
        if (!read_number(cell(m, row, at), &number[row])) goto done;
    *out = number;
    number = NULL;
done:
    free(number);
    return result;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of trials become numbers in the order in which they come; rows of one name must lie together. */
static status number_names(const import *m, int at, double *number)
{
    status result = OK;
    const char **name = malloc(((size_t)m->file->rows + 1) * sizeof *name);
    int found = 0;
    CHECK(name != NULL, NO_MEMORY, "no memory for %d trials", m->file->rows);
    for (int row = 0; row < m->file->rows; row++) {
        const char *text = cell(m, row, at);
        CHECK(text[0] != '\0', BAD_INPUT, "%s:%d: the trial is missing", m->path, m->file->line[row]);
        if (row == 0 || strcmp(text, cell(m, row - 1, at)) != 0) name[found++] = text;
        number[row] = found;
    }
    qsort(name, (size_t)found, sizeof *name, by_name);
    for (int i = 1; i < found; i++)
        CHECK(strcmp(name[i], name[i - 1]) != 0, BAD_INPUT,
              "%s: trial '%s' goes on after another one; sort the rows by trial", m->path, name[i]);
done:
    free(name);
    return result;
}

/* ---- trials and columns -------------------------------------------------------------------------------- */

static status read_column(import *m, int at, bool constant)
{
    status result = OK;
    double *number = NULL;
    m->taken[at] = true;
    TRY(read_numbers(m, at, &number));
    if (number)
        TRY(trial_rows_numbers(&m->rows, m->session, m->file->name[at], number, 1, constant));
    else
        TRY(trial_rows_texts(&m->rows, m->session, m->file->name[at], m->file->cell + at, m->file->columns));
done:
    free(number);
    return result;
}

static status read_trials(import *m)
{
    status result = OK;
    double *number = NULL;
    int at = 0;
    const node *name = node_find(m->mapping, "trial");
    if (name) {
        TRY(find_column(m, name, &at));
        TRY(read_numbers(m, at, &number));
        if (number == NULL) {
            number = malloc(((size_t)m->file->rows + 1) * sizeof *number);
            CHECK(number != NULL, NO_MEMORY, "no memory for %d trials", m->file->rows);
            TRY(number_names(m, at, number));
        }
    }
    TRY(trial_rows_make(m->path, m->file->line, m->file->rows, number, &m->rows));
    m->session->trials = m->rows.trials;
    if (name) TRY(read_column(m, at, true));
done:
    free(number);
    return result;
}

static status read_columns(import *m)
{
    status result = OK;
    const node *target = node_find(m->mapping, "target"), *columns = node_find(m->mapping, "columns");
    int at, *chosen = NULL, count = 0;
    if (target) {
        TRY(find_column(m, target, &at));
        TRY(read_column(m, at, true));
    }
    if (columns) TRY(choose(m, columns, &chosen, &count));
    for (int i = 0; i < count; i++) TRY(read_column(m, chosen[i], false));
done:
    free(chosen);
    return result;
}

/* ---- areas --------------------------------------------------------------------------------------------- */

static status read_features(const import *m, const int *columns, int units, double *value)
{
    status result = OK;
    for (int row = 0; row < m->file->rows; row++)
        for (int u = 0; u < units; u++) {
            const char *text = cell(m, row, columns[u]), *name = m->file->name[columns[u]];
            double *to = &value[(int64_t)row * units + u];
            CHECK(text[0] != '\0', BAD_INPUT, "%s:%d: %s is empty; a feature is wanted in every row", m->path,
                  m->file->line[row], name);
            CHECK(read_number(text, to), BAD_INPUT,
                  "%s:%d: %s is '%.40s', no number; say `features:` if this is no unit", m->path,
                  m->file->line[row], name, text);
            CHECK(isfinite(*to), BAD_INPUT, "%s:%d: %s is %g, which is no value to learn from", m->path,
                  m->file->line[row], name, *to);
        }
done:
    return result;
}

static status read_area(import *m, const char *name, const node *which)
{
    status result = OK;
    int *columns = NULL, units = 0;
    double *value = NULL;
    TRY(choose(m, which, &columns, &units));
    value = malloc(((size_t)m->file->rows * (size_t)units + 1) * sizeof *value);
    CHECK(value != NULL, NO_MEMORY, "no memory for %d rows of %d units", m->file->rows, units);
    TRY(read_features(m, columns, units, value));
    TRY(trial_rows_area(&m->rows, m->session, &m->bins, name, value, units, 1));
    area *a = &m->session->area[m->session->areas - 1];
    column *labels;
    TRY(area_add_text_column(a, "name", &labels));
    for (int u = 0; u < units; u++) {
        labels->text[u] = strdup(m->file->name[columns[u]]);
        CHECK(labels->text[u] != NULL, NO_MEMORY, "no memory for the names of %d units", units);
    }
done:
    free(columns);
    free(value);
    return result;
}

static status read_areas(import *m)
{
    status result = OK;
    const node *features = node_find(m->mapping, "features"), *areas = node_find(m->mapping, "areas");
    if (areas == NULL) return read_area(m, "units", features);
    if (features) return node_refuse(features, "features: either these or areas");
    if (areas->kind != NODE_MAP || areas->count == 0)
        return node_refuse(areas, "areas: pairs of an area and its columns are wanted, as in {M1: \"m1_*\"}");
    for (int i = 0; i < areas->count; i++) TRY(read_area(m, areas->key[i].text, &areas->item[i]));
done:
    return result;
}

static status csv_trials_read(const char *path, const node *mapping, recorded_session *out)
{
    status result = OK;
import m = {.path = path, .mapping = mapping, .session = out };
    TRY(trial_bins_read(mapping, &m.bins));
    TRY(csv_read_either(path, &m.file));
    m.taken = calloc((size_t)m.file->columns, sizeof *m.taken);
    CHECK(m.taken != NULL, NO_MEMORY, "no memory for %d columns", m.file->columns);
    TRY(read_trials(&m));
    TRY(read_columns(&m));
    TRY(read_areas(&m));
done:
    trial_rows_free(&m.rows);
    free(m.taken);
    csv_free(m.file);
    return result;
}

/* ---- what a file holds --------------------------------------------------------------------------------- */

/* The first column whose name holds one of the words, or -1. */
static int guess(const csv *file, const char *const *words)
{
    for (; *words; words++)
        for (int c = 0; c < file->columns; c++)
            if (strstr(file->name[c], *words)) return c;
    return -1;
}

static status describe_columns(const import *m, FILE *to)
{
    status result = OK;
    for (int c = 0; c < m->file->columns; c++) {
        double *number = NULL;
        TRY(read_numbers(m, c, &number));
        fputs("#   ", to);
        example_text(to, m->file->name[c], 80);
        fputs(number ? ": numbers, such as " : ": texts, such as ", to);
        example_text(to, cell(m, 0, c), 40);
        fputs("\n", to);
        free(number);
    }
done:
    return result;
}

/* Letters before the number at a name's end: "unit" of unit12; 0 where there is none. */
static size_t stem_of(const char *name)
{
    size_t length = strlen(name), stem = length;
    while (stem > 0 && isdigit((unsigned char)name[stem - 1])) stem--;
    return stem == length ? 0 : stem;
}

/* How many names are numbered after the same stem. */
static int count_stem(const csv *file, const char *name)
{
    size_t stem = stem_of(name);
    int count = 0;
    for (int c = 0; stem > 0 && c < file->columns; c++)
        count += stem_of(file->name[c]) == stem && strncmp(file->name[c], name, stem) == 0;
    return count;
}

/* Columns that are numbered are likely to be the units; the others, such as reaction times, are not taken for some. */
static void print_features(const csv *file, FILE *to)
{
    const char *best = NULL;
    for (int c = 0; c < file->columns; c++)
        if (count_stem(file, file->name[c]) > (best ? count_stem(file, best) : 1)) best = file->name[c];
    if (best == NULL) {
        fputs("    # features: \"unit*\" # all other columns unless said here\n", to);
        return;
    }
    char pattern[128];
    snprintf(pattern, sizeof pattern, "%.*s*", (int)stem_of(best), best);
    example_key(to, "features", pattern, "the units; `columns: [...]` keeps others beside the trials");
}

static status csv_trials_describe(const char *path, FILE *to)
{
    status result = OK;
    static const char *const trials[] = { "trial", NULL };
    static const char *const targets[] = { "target", "label", "class", "direction", "condition", NULL };
import m = {.path = path };
    TRY(csv_read_either(path, &m.file));
    CHECK(m.file->rows > 0, BAD_INPUT, "%s: there are no trials: the table has no rows", path);
    fputs("# ", to);
    example_text(to, path, 200);
    fprintf(to, ": %d rows of %d columns\n", m.file->rows, m.file->columns);
    TRY(describe_columns(&m, to));
    int trial = guess(m.file, trials), target = guess(m.file, targets);
    const char *target_name = target < 0 ? NULL : m.file->name[target];
    example_start(to, path, "csv", target_name);
    if (trial >= 0) example_key(to, "trial", m.file->name[trial], "");
    example_key(to, "target", target_name, "");
    print_features(m.file, to);
done:
    csv_free(m.file);
    return result;
}

const import_format csv_format = {
    .name = "csv",
    .summary = "tables of text, separated by commas or tabs: features per trial or per bin",
    .endings = ".csv|.tsv|.txt",
    .available = "",
    .keys = csv_keys,
    .read = csv_trials_read,
    .describe = csv_trials_describe,
};
