#include "report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LONGEST = 4096, COLUMNS_MAX = AXES_MAX + 16 };

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
    int64_t lines, room;
    char source[160]; /* of the first line that has one */
};

/* A file that is being read: where we are, for messages. */
typedef struct reader {
    const char *path;
    int number; /* of the line, from 1 */
    const grid *grid;
    const sweep *sweep;
    column column[COLUMNS_MAX];
    int columns;
} reader;

/* Splits a line at its commas in place; quotes protect commas, two quotes stand for one. */
static int split(char *text, char **field)
{
    int count = 0;
    for (char *from = text; from && count < COLUMNS_MAX + 1;) {
        while (*from == ' ') from++;
        char *to = from;
        field[count++] = to;
        bool quoted = *from == '"';
        if (quoted) from++;
        for (; *from && (quoted || *from != ','); from++) {
            if (quoted && *from == '"') {
                if (from[1] != '"') {
                    quoted = false;
                    continue;
                }
                from++;
            }
            *to++ = *from;
        }
        bool more = *from == ',';
        while (to > field[count - 1] && to[-1] == ' ') to--;
        *to = '\0';
        from = more ? from + 1 : NULL;
    }
    return count;
}

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

static status read_head(reader *in, char *text)
{
    status result = OK;
    char *field[COLUMNS_MAX + 1];
    int values = 0;
    in->columns = split(text, field);
    CHECK(in->columns <= COLUMNS_MAX, BAD_INPUT, "%s:%d: more than %d columns", in->path, in->number,
          COLUMNS_MAX);
    for (int i = 0; i < in->columns; i++) {
        column *c = &in->column[i];
        constant_search search = { .name = field[i] };
        c->axis = axis_called(in->grid, field[i]);
        if (c->axis >= 0) {
            c->meaning = IS_AXIS;
        } else if (strcmp(field[i], "value") == 0) {
            c->meaning = IS_VALUE;
            values++;
        } else if (strcmp(field[i], "source") == 0) {
            c->meaning = IS_SOURCE;
        } else {
            if (in->sweep) sweep_constants(in->sweep, look_at_constant, &search);
            CHECK(search.text != NULL, BAD_INPUT,
                  "%s:%d: column %s is neither an option of the sweep nor value or source", in->path,
                  in->number, field[i]);
            c->meaning = IS_CONSTANT;
            c->constant = search.text;
        }
    }
    CHECK(values == 1, BAD_INPUT, "%s:%d: %d columns are called value; there must be one", in->path,
          in->number, values);
done:
    return result;
}

/* Puts the line into `to`; *fits is false where it is about something that the sweep does not have. */
static status read_line(const reader *in, char *text, line *to, char *source, size_t source_size, bool *fits)
{
    status result = OK;
    char *field[COLUMNS_MAX + 1];
    int count = split(text, field);
    CHECK(count == in->columns, BAD_INPUT, "%s:%d: %d fields where the head has %d", in->path, in->number,
          count, in->columns);
    *fits = true;
    for (int a = 0; a < AXES_MAX; a++) to->key[a] = -1;
    for (int i = 0; i < count; i++) {
        const column *c = &in->column[i];
        if (c->meaning == IS_VALUE) {
            char *end;
            to->value = *field[i] ? strtod(field[i], &end) : NAN;
            CHECK(*field[i] == '\0' || *end == '\0', BAD_INPUT, "%s:%d: value %s is not a number", in->path,
                  in->number, field[i]);
        } else if (c->meaning == IS_SOURCE) {
            if (*source == '\0') snprintf(source, source_size, "%s", field[i]);
        } else if (c->meaning == IS_CONSTANT) {
            *fits = *fits && same_value(field[i], c->constant);
        } else {
            const axis *a = &in->grid->axis[c->axis];
            int64_t *key = &to->key[c->axis];
            for (int64_t v = 0; v < a->count && *key < 0; v++)
                if (same_value(field[i], a->text[v])) *key = v;
            *fits = *fits && *key >= 0;
        }
    }
done:
    return result;
}

static status add_line(comparison *c, const line *l)
{
    if (c->lines == c->room) {
        int64_t room = c->room ? 2 * c->room : 64;
        line *more = realloc(c->line, (size_t)room * sizeof *more);
        if (more == NULL) return failure(NO_MEMORY, "%lld published values", (long long)room);
        c->line = more;
        c->room = room;
    }
    c->line[c->lines++] = *l;
    return OK;
}

static status read_file(reader *in, FILE *file, comparison *to)
{
    status result = OK;
    char text[LINE_LONGEST];
    while (fgets(text, sizeof text, file)) {
        in->number++;
        size_t length = strcspn(text, "\r\n");
        CHECK(text[length] || feof(file), BAD_INPUT, "%s:%d: a line longer than %d characters", in->path,
              in->number, LINE_LONGEST - 2);
        text[length] = '\0';
        if (*text == '\0' || *text == '#') continue;
        line l = { .value = NAN };
        bool fits = false;
        if (in->columns == 0)
            TRY(read_head(in, text));
        else
            TRY(read_line(in, text, &l, to->source, sizeof to->source, &fits));
        if (fits) TRY(add_line(to, &l));
    }
    CHECK(!ferror(file), IO_FAILED, "%s: cannot read: %s", in->path, strerror(errno));
    CHECK(in->columns > 0, BAD_INPUT, "%s: no line with the names of the columns", in->path);
done:
    return result;
}

status comparison_read(const char *path, const grid *g, const sweep *s, comparison **out)
{
    status result = OK;
    reader in = { .path = path, .grid = g, .sweep = s };
    comparison *made = NULL;
    FILE *file = fopen(path, "r");
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "published values");
    TRY(read_file(&in, file, made));

    *out = made;
    made = NULL;
done:
    comparison_free(made);
    for (int i = 0; i < in.columns && i < COLUMNS_MAX; i++) free(in.column[i].constant);
    if (file) fclose(file);
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

const char *comparison_source(const comparison *c)
{
    return c->source;
}
