#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"

/* What a column of the file is. */
typedef enum meaning { IS_AXIS, IS_CONSTANT, IS_VALUE, IS_SOURCE } meaning;
typedef struct column {
    meaning meaning;
    int axis;       /* IS_AXIS: which */
    char *constant; /* IS_CONSTANT: the value that the sweep holds */
} column;

typedef struct line {
    int64_t key[AXES_MAX]; /* value index on each axis; -1 where the file does not name the axis */
    double value;
} line;

struct comparison {
    line *line;
    int64_t lines;
    char source[480]; /* of the lines, each once, in their order; those that do not fit are left out */
};

/* A file that is being read, and what its columns are. */
typedef struct reader {
    const char *path;
    csv *file;
    const grid *grid;
    const sweep *sweep;
    column *column; /* (file->columns) */
} reader;

/* The same value, be it written 0.5 or 0.50. */
static bool same_value(const char *a, const char *b)
{
    if (strcmp(a, b) == 0) return true;
    char *end_a, *end_b;
    double x = strtod(a, &end_a), y = strtod(b, &end_b);
    return *a && *b && *end_a == '\0' && *end_b == '\0' && x == y;
}

static int axis_called(const grid *g, const char *name)
{
    for (int a = 0; a < g->axes; a++)
        if (strcmp(g->axis[a].name, name) == 0 || strcmp(g->axis[a].option, name) == 0) return a;
    return -1;
}

typedef struct constant_search {
    const char *name;
    char *text; /* found: canonical text, owned */
} constant_search;

static void look_at_constant(const char *name, const option *row, const void *block, void *context)
{
    constant_search *search = context;
    const char *tail = strrchr(name, '.');
    if (search->text ||
        (strcmp(name, search->name) != 0 && (tail == NULL || strcmp(tail + 1, search->name) != 0)))
        return;
    size_t size;
    FILE *to = open_memstream(&search->text, &size);
    if (to == NULL) return;
    option_print(row, block, to);
    fclose(to);
}

static status read_column(reader *in, int index)
{
    status result = OK;
    column *c = &in->column[index];
    const char *name = in->file->name[index];
    c->axis = axis_called(in->grid, name);
    if (c->axis >= 0) {
        c->meaning = IS_AXIS;
    } else if (strcmp(name, "value") == 0) {
        c->meaning = IS_VALUE;
    } else if (strcmp(name, "source") == 0) {
        c->meaning = IS_SOURCE;
    } else {
        constant_search search = { .name = name };
        if (in->sweep) sweep_constants(in->sweep, look_at_constant, &search);
        CHECK(search.text != NULL, BAD_INPUT,
              "%s: column %s is neither an option of the sweep nor value or source", in->path, name);
        c->meaning = IS_CONSTANT;
        c->constant = search.text;
    }
done:
    return result;
}

static status read_columns(reader *in)
{
    status result = OK;
    int values = 0;
    in->column = calloc((size_t)in->file->columns, sizeof *in->column);
    CHECK(in->column != NULL, NO_MEMORY, "%d columns of %s", in->file->columns, in->path);
    for (int i = 0; i < in->file->columns; i++) {
        TRY(read_column(in, i));
        values += in->column[i].meaning == IS_VALUE;
    }
    CHECK(values == 1, BAD_INPUT, "%s: %d columns are called value; there must be one", in->path, values);
done:
    return result;
}

/* Index of the value that a field names, or -1. */
static int64_t value_called(const axis *a, const char *field)
{
    for (int64_t v = 0; v < a->count; v++)
        if (same_value(field, a->text[v])) return v;
    return -1;
}

/* Puts a row into `to`; *fits is false where it is about something that the sweep does not have. */
static status read_row(const reader *in, int row, line *to, const char **source, bool *fits)
{
    status result = OK;
    *fits = true;
    *source = "";
    for (int a = 0; a < AXES_MAX; a++) to->key[a] = -1;
    for (int i = 0; i < in->file->columns; i++) {
        const column *c = &in->column[i];
        const char *field = in->file->cell[row * in->file->columns + i];
        char *end;
        switch (c->meaning) {
        case IS_VALUE:
            to->value = *field ? strtod(field, &end) : NAN;
            CHECK(*field == '\0' || *end == '\0', BAD_INPUT, "%s:%d: value %s is not a number", in->path,
                  in->file->line[row], field);
            break;
        case IS_SOURCE:
            *source = field;
            break;
        case IS_CONSTANT:
            *fits = *fits && same_value(field, c->constant);
            break;
        case IS_AXIS:
            to->key[c->axis] = value_called(&in->grid->axis[c->axis], field);
            *fits = *fits && to->key[c->axis] >= 0;
            break;
        }
    }
done:
    return result;
}

static void add_source(comparison *to, const char *source)
{
    size_t used = strlen(to->source), room = sizeof to->source - used;
    if (*source == '\0' || strstr(to->source, source) || strlen(source) + 3 > room) return;
    snprintf(to->source + used, room, "%s%s", used ? "; " : "", source);
}

static status read_rows(const reader *in, comparison *to)
{
    status result = OK;
    to->line = calloc((size_t)in->file->rows + 1, sizeof *to->line);
    CHECK(to->line != NULL, NO_MEMORY, "%d published values", in->file->rows);
    for (int row = 0; row < in->file->rows; row++) {
        const char *source;
        bool fits;
        TRY(read_row(in, row, &to->line[to->lines], &source, &fits));
        if (fits) add_source(to, source);
        to->lines += fits;
    }
done:
    return result;
}

status comparison_read(const char *path, const grid *g, const sweep *s, comparison **out)
{
    status result = OK;
    reader in = { .path = path, .grid = g, .sweep = s };
    comparison *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "published values");
    TRY(csv_read(path, &in.file));
    TRY(read_columns(&in));
    TRY(read_rows(&in, made));
    *out = made;
    made = NULL;
done:
    comparison_free(made);
    for (int i = 0; in.column && i < in.file->columns; i++) free(in.column[i].constant);
    free(in.column);
    csv_free(in.file);
    return result;
}

void comparison_free(comparison *c)
{
    if (c == NULL) return;
    free(c->line);
    free(c);
}

double comparison_value(const comparison *c, const grid *g, int64_t cell)
{
    for (int64_t i = 0; i < c->lines; i++) {
        bool same = true;
        for (int a = 0; a < g->axes && same; a++)
            same = c->line[i].key[a] < 0 || c->line[i].key[a] == grid_value(g, cell, a);
        if (same) return c->line[i].value;
    }
    return NAN;
}

int64_t comparison_count(const comparison *c)
{
    return c->lines;
}

const char *comparison_source(const comparison *c)
{
    return c->source;
}
