#include <stdlib.h>
#include <string.h>

#include "data/example.h"
#include "data/nwb_file.h"
#include "data/nwb_units.h"
#include "sweep/option_words.h"

enum {
    LISTED_MAX = 12,  /* values of a column that are shown one by one */
    CLASSES_MAX = 20, /* of a column that may be a target */
    SHOWN = 32,       /* bytes of a value */
    PATH_SHOWN = 200,
};

/* The columns of a table that an example would name; NULL where none is good. Both are borrowed from the table. */
typedef struct guess {
    const char *target;
    bool by_name; /* the target's name says that it is one */
} guess;

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_number(const void *a, const void *b)
{
    double x = strtod(*(char *const *)a, NULL), y = strtod(*(char *const *)b, NULL);
    return (x > y) - (x < y);
}

/* The values of a column of one dimension as texts (rows), ascending. */
static status sorted_values(const nwb_table *t, const nwb_column *c, char ***out)
{
    status result = OK;
    double *number = NULL;
    char **text = NULL;
    if (c->texts) {
        TRY(nwb_table_texts(t, c, &text));
    } else {
        TRY(nwb_table_numbers(t, c, &number));
        text = calloc((size_t)t->rows + 1, sizeof *text);
        CHECK(text != NULL, NO_MEMORY, "no memory for %lld rows", (long long)t->rows);
        for (int64_t i = 0; i < t->rows; i++) {
            char value[SHOWN];
            option_real_text(number[i], value, sizeof value);
            text[i] = strdup(value);
            CHECK(text[i] != NULL, NO_MEMORY, "no memory for %lld rows", (long long)t->rows);
        }
    }
    qsort(text, (size_t)t->rows, sizeof *text, c->texts ? by_text : by_number);
    *out = text;
    text = NULL;
done:
    free(number);
    hdf5_texts_free(text, t->rows);
    return result;
}

static int64_t count_distinct(char *const *value, int64_t rows)
{
    int64_t distinct = rows > 0;
    for (int64_t i = 1; i < rows; i++) distinct += strcmp(value[i], value[i - 1]) != 0;
    return distinct;
}

/* "0 (30), 1 (30), 2 (30)". */
static void print_frequencies(FILE *to, char *const *value, int64_t rows)
{
    for (int64_t i = 0, start = 0; i < rows; i++) {
        if (i + 1 < rows && strcmp(value[i], value[i + 1]) == 0) continue;
        fputs(start ? ", " : "", to);
        example_text(to, value[i], SHOWN);
        fprintf(to, " (%lld)", (long long)(i + 1 - start));
        start = i + 1;
    }
}

static void print_values(FILE *to, const nwb_column *c, char *const *value, int64_t rows)
{
    int64_t distinct = count_distinct(value, rows);
    if (distinct <= LISTED_MAX) {
        print_frequencies(to, value, rows);
        return;
    }
    if (!c->texts) {
        fprintf(to, "%.8g to %.8g", strtod(value[0], NULL), strtod(value[rows - 1], NULL));
        return;
    }
    fprintf(to, "%lld texts, ", (long long)distinct);
    example_text(to, value[0], SHOWN);
    fputs(" to ", to);
    example_text(to, value[rows - 1], SHOWN);
}

/* A target has few values, each in several trials, and is no time. */
static void consider(guess *g, const nwb_column *c, char *const *value, int64_t rows)
{
    static const char *const words[] = { "target", "ategory", "stim",      "choice",
                                         "resp",   "type",    "direction", "condition" };
    bool named = false;
    int64_t distinct = count_distinct(value, rows);
    if (distinct < 2 || distinct > CLASSES_MAX || distinct > rows / 2) return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) named = named || strstr(c->name, words[i]);
    if (g->target && (g->by_name || !named)) return;
    *g = (guess){ c->name, named };
}

static status describe_column(const nwb_table *t, const nwb_column *c, FILE *to, guess *g)
{
    status result = OK;
    char **value = NULL, *description = NULL;
    fputs("#     ", to);
    example_text(to, c->name, 80);
    fputs(": ", to);
    if (c->dimensions > 1) {
        fprintf(to, "%d numbers each\n", c->dimensions);
        return OK;
    }
    TRY(sorted_values(t, c, &value));
    TRY(nwb_table_description(t, c, &description));
    if (t->rows > 0) print_values(to, c, value, t->rows);
    fputs(description[0] ? "; " : "", to);
    example_text(to, description, 160);
    fputs("\n", to);
    consider(g, c, value, t->rows);
done:
    free(description);
    hdf5_texts_free(value, t->rows);
    return result;
}

static status describe_units(const hdf5_object *root, FILE *to)
{
    status result = OK;
    nwb_units u = { .time = NULL };
    TRY(nwb_units_open(root, &u));
    fprintf(to, "#   %lld units with %lld spikes", (long long)u.table.rows, (long long)u.first[u.table.rows]);
    if (u.location) {
        qsort(u.location, (size_t)u.table.rows, sizeof *u.location, by_text);
        fputs("; location: ", to);
        if (count_distinct(u.location, u.table.rows) <= LISTED_MAX)
            print_frequencies(to, u.location, u.table.rows);
        else
            fputs("many", to);
    }
    fputs("\n#   columns of the units:", to);
    for (int i = 0; i < u.table.columns; i++) {
        fputs(i ? ", " : " ", to);
        example_text(to, u.table.column[i].name, 80);
    }
    fputs("\n", to);
done:
    nwb_units_free(&u);
    return result;
}

/* A table that the example is about: the first one that has a likely target. */
typedef struct chosen {
    char *table, *target; /* NULL: none yet; owned */
} chosen;

static status describe_table(const hdf5_object *root, const char *name, FILE *to, chosen *example)
{
    status result = OK;
    nwb_table t = { 0 };
    guess g = { 0 };
    fputs("#   trials: ", to);
    example_text(to, name, 80);
    if (nwb_open_trials(root, name, &t) == BAD_INPUT) { /* one bad table does not hide the others */
        fprintf(to, ": ");
        example_text(to, failure_text(), 200);
        fputs("\n", to);
        failure_clear();
        return OK;
    }
    fprintf(to, " (%lld rows)\n", (long long)t.rows);
    for (int i = 0; i < t.columns; i++) TRY(describe_column(&t, &t.column[i], to, &g));
    if (example->target || (g.target == NULL && example->table)) goto done;
    free(example->table);
    example->table = strdup(name);
    example->target = g.target ? strdup(g.target) : NULL;
    CHECK(example->table && (example->target || !g.target), NO_MEMORY, "no memory for %s", name);
done:
    nwb_table_free(&t);
    return result;
}

status nwb_describe(const char *path, FILE *to)
{
    status result = OK;
    hdf5_object *root = NULL;
    char **tables = NULL;
    int64_t count = 0;
    chosen example = { .table = NULL };
    TRY(nwb_open(path, &root));
    TRY(nwb_trial_tables(root, &tables, &count));
    fputs("# ", to);
    example_text(to, path, PATH_SHOWN);
    fputs(":\n", to);
    TRY(describe_units(root, to));
    for (int64_t i = 0; i < count; i++) TRY(describe_table(root, tables[i], to, &example));
    example_start(to, path, "nwb", example.target);
    example_key(to, "trials", example.table, "");
    example_key(to, "target", example.target, "");
    example_key(to, "align", "start_time", "the event that bins are counted from");
    fputs("    from_ms: -500\n    to_ms: 1500\n    bin_ms: 50\n", to);
    fputs("    # area_by: location # divides the units by a column of texts\n", to);
done:
    free(example.table);
    free(example.target);
    hdf5_texts_free(tables, count);
    hdf5_object_free(root);
    return result;
}
