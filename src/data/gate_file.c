#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"
#include "data/gates.h"

/* How far the probabilities of a file may sum from 1: rounding of a person's decimals, not a forgotten row. */
static const double SUM_TOLERANCE = 1e-6;

/* Which column of the file holds what. */
typedef struct columns {
    int sources;
    int source[SOURCES_MAX], y, p;
} columns;

/* What a column's texts become: a symbol for each row, and the number that each symbol enters as. */
typedef struct coding {
    int symbols;
    int *symbol;   /* (rows) */
    double *value; /* (symbols), room for rows */
} coding;

/* 0-based source of a header field "x3"; -1 for another name, SOURCES_MAX for one beyond what we can hold. */
static int source_of(const char *name)
{
    char *end;
    if (name[0] != 'x' || name[1] < '1' || name[1] > '9') return -1;
    long number = strtol(name + 1, &end, 10);
    if (*end != '\0') return -1;
    return number > SOURCES_MAX ? SOURCES_MAX : (int)number - 1;
}

static status find_columns(const csv *file, const char *path, columns *at)
{
    status result = OK;
    *at = (columns){ .y = -1, .p = -1 };
    for (int i = 0; i < SOURCES_MAX; i++) at->source[i] = -1;
    for (int c = 0; c < file->columns; c++) {
        const char *name = file->name[c];
        int source = source_of(name);
        CHECK(source < SOURCES_MAX, BAD_INPUT, "%s: column %s, but there can be at most %d sources", path,
              name, SOURCES_MAX);
        int *place = source >= 0              ? &at->source[source]
                     : strcmp(name, "y") == 0 ? &at->y
                     : strcmp(name, "p") == 0 ? &at->p
                                              : NULL;
        CHECK(place != NULL, BAD_INPUT, "%s: unknown column \"%s\"; right would be x1, x2, …, y and p", path,
              name);
        *place = c;
        if (source >= at->sources) at->sources = source + 1;
    }
    for (int i = 0; i < at->sources || i < 2; i++)
        CHECK(at->source[i] >= 0, BAD_INPUT, "%s: column x%d is missing", path, i + 1);
    CHECK(at->y >= 0, BAD_INPUT, "%s: column y is missing", path);
    CHECK(at->p >= 0, BAD_INPUT, "%s: column p is missing", path);
    CHECK(file->rows > 0, BAD_INPUT, "%s: a header and no rows", path);
done:
    return result;
}

static bool read_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

static status read_probabilities(const csv *file, const char *path, int column, double *p)
{
    status result = OK;
    double sum = 0;
    for (int r = 0; r < file->rows; r++) {
        const char *text = file->cell[r * file->columns + column];
        bool number = read_number(text, &p[r]);
        CHECK(number && p[r] >= 0 && p[r] <= 1 + SUM_TOLERANCE, BAD_INPUT,
              "%s:%d: p is \"%s\"; right would be a number from 0 to 1", path, file->line[r], text);
        sum += p[r];
    }
    CHECK(fabs(sum - 1) <= SUM_TOLERANCE, BAD_INPUT,
          "%s: the probabilities sum to %.9g; right would be 1 (to %g)", path, sum, SUM_TOLERANCE);
    for (int r = 0; r < file->rows; r++) p[r] /= sum;
done:
    return result;
}

typedef struct label {
    const char *text;
    double number; /* of a column of numbers */
    int row;
} label;

/* By number, then row. */
static int by_number(const void *a, const void *b)
{
    const label *left = a, *right = b;
    if (left->number < right->number) return -1;
    if (left->number > right->number) return 1;
    return (left->row > right->row) - (left->row < right->row);
}

static int by_text(const void *a, const void *b)
{
    const label *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

/* Numbers keep their value and are numbered by it (1 and 1.0 are one symbol); words are numbered in order of
 * appearance. */
static status encode(const csv *file, int column, coding *out)
{
    status result = OK;
    size_t rows = (size_t)file->rows;
    bool numbers = true;
    *out = (coding){ .symbol = calloc(rows, sizeof(int)), .value = calloc(rows, sizeof(double)) };
    label *labels = calloc(rows, sizeof *labels);
    int *rank = calloc(rows, sizeof *rank); /* by the row of a symbol's first appearance */
    CHECK(out->symbol && out->value && labels && rank, NO_MEMORY, "no memory for %d rows", file->rows);
    for (int r = 0; r < file->rows; r++) {
        labels[r] = (label){ .text = file->cell[r * file->columns + column], .row = r };
        numbers = numbers && read_number(labels[r].text, &labels[r].number);
    }
    qsort(labels, rows, sizeof *labels, numbers ? by_number : by_text);

    int first = 0;
    for (int k = 0; k < file->rows; k++) {
        bool same = k > 0 && (numbers ? labels[k].number <= labels[k - 1].number
                                      : strcmp(labels[k].text, labels[k - 1].text) == 0);
        if (!same) {
            first = labels[k].row;
            rank[first] = 1;
            if (numbers) out->value[out->symbols] = labels[k].number;
            out->symbols++;
        }
        out->symbol[labels[k].row] = numbers ? out->symbols - 1 : first;
    }
    if (!numbers) {
        for (int r = 0, next = 0; r < file->rows; r++)
            if (rank[r]) rank[r] = next++;
        for (int r = 0; r < file->rows; r++) out->symbol[r] = rank[out->symbol[r]];
        for (int k = 0; k < out->symbols; k++) out->value[k] = k;
    }
done:
    free(labels);
    free(rank);
    return result;
}

static void coding_free(coding *c)
{
    free(c->symbol);
    free(c->value);
}

static status check_filled(const csv *file, const char *path)
{
    for (int r = 0; r < file->rows; r++)
        for (int c = 0; c < file->columns; c++)
            if (file->cell[r * file->columns + c][0] == '\0')
                return failure(BAD_INPUT, "%s:%d: nothing in column %s", path, file->line[r], file->name[c]);
    return OK;
}

/* Outcomes that never happen are no part of a table's support. */
static void drop_impossible(csv *file, double *p)
{
    int kept = 0;
    for (int r = 0; r < file->rows; r++) {
        if (p[r] <= 0) continue;
        memmove(&file->cell[kept * file->columns], &file->cell[r * file->columns],
                (size_t)file->columns * sizeof *file->cell);
        file->line[kept] = file->line[r];
        p[kept++] = p[r];
    }
    file->rows = kept; /* one at least, since the probabilities sum to 1 */
}

typedef struct outcome_key {
    int part[SOURCES_MAX + 1]; /* symbols of the sources, then y */
    int line;
} outcome_key;

static int by_outcome(const void *a, const void *b)
{
    const outcome_key *left = a, *right = b;
    for (int i = 0; i <= SOURCES_MAX; i++)
        if (left->part[i] != right->part[i]) return left->part[i] < right->part[i] ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

static status check_distinct(const csv *file, const char *path, const table *t)
{
    status result = OK;
    outcome_key *keys = calloc((size_t)t->rows, sizeof *keys);
    CHECK(keys != NULL, NO_MEMORY, "no memory for %d rows", t->rows);
    for (int r = 0; r < t->rows; r++) {
        for (int i = 0; i < t->sources; i++) keys[r].part[i] = t->symbol[r * t->sources + i];
        keys[r].part[t->sources] = t->y[r];
        keys[r].line = file->line[r];
    }
    qsort(keys, (size_t)t->rows, sizeof *keys, by_outcome);
    for (int r = 1; r < t->rows; r++)
        CHECK(memcmp(keys[r].part, keys[r - 1].part, sizeof keys[r].part) != 0, BAD_INPUT,
              "%s:%d: the same outcome as in line %d; right would be one row with the sum of both p", path,
              keys[r].line, keys[r - 1].line);
done:
    free(keys);
    return result;
}

static status assemble(const csv *file, const columns *at, const double *p, table **out)
{
    status result = OK;
    coding source[SOURCES_MAX] = { { 0 } }, target = { 0 };
    int symbols[SOURCES_MAX];
    for (int i = 0; i < at->sources; i++) {
        TRY(encode(file, at->source[i], &source[i]));
        symbols[i] = source[i].symbols;
    }
    TRY(encode(file, at->y, &target));
    table *t;
    TRY(table_make(at->sources, symbols, target.symbols, file->rows, &t));
    for (int i = 0; i < at->sources; i++) {
        for (int r = 0; r < t->rows; r++) t->symbol[r * t->sources + i] = source[i].symbol[r];
        memcpy(t->value[i], source[i].value, (size_t)symbols[i] * sizeof(double));
    }
    memcpy(t->y, target.symbol, (size_t)t->rows * sizeof(int));
    memcpy(t->p, p, (size_t)t->rows * sizeof(double));
    *out = t;
done:
    for (int i = 0; i < at->sources; i++) coding_free(&source[i]);
    coding_free(&target);
    return result;
}

status gate_read(const char *path, table **out)
{
    status result = OK;
    csv *file = NULL;
    double *p = NULL;
    table *made = NULL;
    columns at;
    TRY(csv_read(path, &file));
    TRY(find_columns(file, path, &at));
    TRY(check_filled(file, path));
    assert(file->rows > 0);
    p = calloc((size_t)file->rows, sizeof *p);
    CHECK(p != NULL, NO_MEMORY, "no memory for %d rows", file->rows);
    TRY(read_probabilities(file, path, at.p, p));
    drop_impossible(file, p);
    TRY(assemble(file, &at, p, &made));
    TRY(check_distinct(file, path, made));
    *out = made;
    made = NULL;
done:
    table_free(made);
    free(p);
    csv_free(file);
    return result;
}
