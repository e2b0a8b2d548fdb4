#include "sweep/values.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"

/* Bytes of one value in an array of them. */
static size_t size_of(option_type type)
{
    switch (type) {
    case OPTION_FLAG:
        return sizeof(bool);
    case OPTION_INTEGER:
        return sizeof(int64_t);
    case OPTION_REAL:
        return sizeof(double);
    case OPTION_CHOICE:
        return sizeof(int);
    case OPTION_TEXT:
        return sizeof(const char *);
    case OPTION_INTEGERS:
        return sizeof(integers);
    }
    return 0;
}

static status list_text(const option *row, const node *n, char **out)
{
    status result = OK;
    size_t size;
    FILE *to = open_memstream(out, &size);
    CHECK(to != NULL, NO_MEMORY, "%s: a list of %d", row->name, n->count);
    fputc('[', to);
    for (int i = 0; result == OK && i < n->count; i++) {
        if (n->item[i].kind != NODE_SCALAR)
            result = node_refuse(&n->item[i], "%s: a list within a list; it takes whole numbers", row->name);
        else
            fprintf(to, "%s%s", i ? ", " : "", n->item[i].text);
    }
    fputc(']', to);
    fclose(to);
    if (result == OK) CHECK(*out != NULL, NO_MEMORY, "%s: a list of %d", row->name, n->count);
done:
    return result;
}

status value_text(const option *row, const node *n, char **out)
{
    status result = OK;
    *out = NULL;
    bool list = row->type == OPTION_INTEGERS;
    if (node_is_empty(n)) return node_refuse(n, "%s: has no value", row->name);
    if (list && n->kind == NODE_LIST) return list_text(row, n, out);
    if (list) return node_refuse(n, "%s: takes a list in brackets, like [25, 15]", row->name);
    if (n->kind != NODE_SCALAR)
        return node_refuse(n, "%s: takes one value here, not a %s", row->name,
                           n->kind == NODE_LIST ? "list" : "mapping");
    if (n->quoted && row->type != OPTION_TEXT && row->type != OPTION_CHOICE) {
        char typed[SHOWN_MAX];
        return node_refuse(n, "%s: %s is a text in quotes; leave the quotes out", row->name,
                           option_shown(n->text, typed));
    }
    *out = strdup(n->text);
    CHECK(*out != NULL, NO_MEMORY, "%s: a text", row->name);
done:
    return result;
}

/* ---- one value of a span ------------------------------------------------------------------------------- */

/* Value i of count from `from` to `to`, both met exactly. Twelve significant digits: finer than any setting, coarse
 * enough to be typed again and to be the same whatever libm says. */
static double spaced_at(const span *s, int64_t i)
{
    char text[40];
    double last = (double)(s->count - 1), at = (double)i;
    if (i == 0) return s->from;
    if (i == s->count - 1) return s->to;
    double value =
        s->log ? s->from * pow(s->to / s->from, at / last) : (s->from * (last - at) + s->to * at) / last;
    if (!isfinite(value)) value = s->from * ((last - at) / last) + s->to * (at / last);
    snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

status span_text(const option *row, const span *s, int64_t i, char **text)
{
    char made[64];
    const char *word = made;
    size_t length = sizeof made;
    switch (s->form) {
    case SPAN_ONE:
        return value_text(row, s->node, text);
    case SPAN_LIST:
        return value_text(row, &s->node->item[i], text);
    case SPAN_RANGE:
        snprintf(made, sizeof made, "%" PRId64, s->first + i);
        break;
    case SPAN_SPACED:
        if (row->type == OPTION_INTEGER)
            snprintf(made, sizeof made, "%.0f", round(spaced_at(s, i)));
        else
            option_real_text(spaced_at(s, i), made, sizeof made);
        break;
    case SPAN_ALL:
        length = words_at(row->choices, (int)i, &word);
        break;
    case SPAN_MEMBERS:
        word = s->member[i];
        length = strlen(word);
        break;
    }
    *text = strndup(word, length);
    return *text ? OK : failure(NO_MEMORY, "%s: values", row->name);
}

static const node *span_node(const span *s, int64_t i)
{
    return s->form == SPAN_LIST ? &s->node->item[i] : s->node;
}

/* ---- all values ---------------------------------------------------------------------------------------- */

/* Largest of the structs behind a name's rows, for one value at a time. */
static void *scratch_make(const option_name *of)
{
    size_t size = 1;
    for (int r = 0; r < of->rows; r++)
        if (of->row[r].section->size > size) size = of->row[r].section->size;
    return calloc(1, size);
}

/* Value i into every row's array, its canonical text to the pool. */
static status value_add(const option_name *of, const span *s, int64_t i, void *scratch, FILE *pool, values *v)
{
    status result = OK;
    char *text = NULL;
    TRY(span_text(of->row[0].row, s, i, &text));
    for (int r = of->rows - 1; r >= 0; r--) { /* row 0 last: its value is in scratch afterwards */
        const option *row = of->row[r].row;
        if ((result = option_parse(row, text, scratch)) != OK) {
            node_failed_at(span_node(s, i), result);
            goto done;
        }
        memcpy((char *)v->value[r] + (size_t)i * v->size, (const char *)scratch + row->field, v->size);
    }
    if (v->number) v->number[i] = option_number(of->row[0].row, scratch);
    option_print(of->row[0].row, scratch, pool);
    fputc('\0', pool);
done:
    free(text);
    return result;
}

/* Whole numbers that follow each other, with both ends within the bounds: there is nothing to read one by one. */
static bool is_plain_range(const option_name *of, const span *s, void *scratch)
{
    const int64_t end[2] = { s->first, s->first + s->count - 1 };
    char text[32];
    if (s->form != SPAN_RANGE) return false;
    for (int r = 0; r < of->rows; r++) {
        const option *row = of->row[r].row;
        if (row->type != OPTION_INTEGER || option_has_words(row)) return false;
        for (int e = 0; e < 2; e++) {
            snprintf(text, sizeof text, "%" PRId64, end[e]);
            if (option_parse(row, text, scratch) == OK) continue;
            failure_clear(); /* value_add finds the first that is refused */
            return false;
        }
    }
    return true;
}

/* As printf does it, which takes most of the time that a sweep of a million seeds takes to load. */
static size_t print_integer(int64_t value, char text[24])
{
    char reversed[24];
    size_t digits = 0, length = 0;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do reversed[digits++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0) text[length++] = '-';
    while (digits > 0) text[length++] = reversed[--digits];
    text[length++] = '\0';
    return length;
}

/* The values of a plain range, their canonical texts to the pool. */
static void range_add(const span *s, FILE *pool, values *v)
{
    char text[24];
    for (int64_t i = 0; i < s->count; i++) {
        int64_t value = s->first + i;
        for (int r = 0; r < v->rows; r++) ((int64_t *)v->value[r])[i] = value;
        v->number[i] = (double)value;
        fwrite(text, print_integer(value, text), 1, pool);
    }
}

static status values_room(const option_name *of, const span *s, values *v)
{
    status result = OK;
    option_type type = of->row[0].row->type;
    size_t count = (size_t)s->count;
    for (int r = 1; r < of->rows; r++)
        if (of->row[r].row->type != type)
            return node_refuse(s->node,
                               "%s: is of another type in each kind; it cannot be an axis of all of them",
                               of->full);
    v->count = s->count;
    v->size = size_of(type);
    v->text = calloc(count, sizeof *v->text);
    CHECK(v->text != NULL, NO_MEMORY, "%s: %zu values", of->full, count);
    if (type == OPTION_INTEGER || type == OPTION_REAL || type == OPTION_FLAG) {
        v->number = calloc(count, sizeof *v->number);
        CHECK(v->number != NULL, NO_MEMORY, "%s: %zu values", of->full, count);
    }
    for (v->rows = 0; v->rows < of->rows; v->rows++) {
        v->value[v->rows] = calloc(count, v->size);
        CHECK(v->value[v->rows] != NULL, NO_MEMORY, "%s: %zu values", of->full, count);
    }
done:
    return result;
}

/* The texts point into the pool, and values of TEXT options at the texts. An INTEGER axis with words has no numbers. */
static void point_into_pool(const option_name *of, values *v)
{
    const option *row = of->row[0].row;
    char *at = v->pool;
    bool words = false;
    for (int64_t i = 0; i < v->count; i++) {
        v->text[i] = at;
        at += strlen(at) + 1;
        if (row->type == OPTION_TEXT)
            for (int r = 0; r < v->rows; r++) ((const char **)v->value[r])[i] = v->text[i];
        words = words || (option_has_words(row) && v->number[i] < 0);
    }
    if (words) {
        free(v->number);
        v->number = NULL;
    }
}

typedef struct place {
    const char *text;
    int64_t index;
} place;

static int by_text(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Fills `same` where two values are equal. Only lists, members and rounded spaces can hold a value twice. */
static status find_same(const option_name *of, const span *s, values *v)
{
    status result = OK;
    place *sorted = NULL;
    if (s->form != SPAN_LIST && s->form != SPAN_SPACED && s->form != SPAN_MEMBERS) return OK;
    sorted = malloc((size_t)v->count * sizeof *sorted);
    v->same = malloc((size_t)v->count * sizeof *v->same);
    CHECK(sorted && v->same, NO_MEMORY, "%s: %" PRId64 " values", of->full, v->count);
    for (int64_t i = 0; i < v->count; i++) sorted[i] = (place){ v->text[i], i };
    qsort(sorted, (size_t)v->count, sizeof *sorted, by_text);
    bool any = false;
    for (int64_t i = 0; i < v->count; i++) {
        bool equal = i > 0 && strcmp(sorted[i].text, sorted[i - 1].text) == 0;
        v->same[sorted[i].index] = equal ? v->same[sorted[i - 1].index] : sorted[i].index;
        any = any || equal;
    }
    if (!any) {
        free(v->same);
        v->same = NULL;
    }
done:
    free(sorted);
    return result;
}

status values_make(const option_name *of, const span *from, values *out)
{
    status result = OK;
    size_t size;
    FILE *pool = NULL;
    void *scratch = NULL;
    *out = (values){ .count = 0 };
    TRY(values_room(of, from, out));
    scratch = scratch_make(of);
    pool = open_memstream(&out->pool, &size);
    CHECK(scratch && pool, NO_MEMORY, "%s: %" PRId64 " values", of->full, from->count);
    if (is_plain_range(of, from, scratch))
        range_add(from, pool, out);
    else
        for (int64_t i = 0; i < from->count; i++) TRY(value_add(of, from, i, scratch, pool, out));
    int failed = fclose(pool);
    pool = NULL;
    CHECK(!failed && out->pool, NO_MEMORY, "%s: %" PRId64 " values", of->full, from->count);
    point_into_pool(of, out);
    TRY(find_same(of, from, out));
done:
    if (pool) fclose(pool);
    free(scratch);
    if (result != OK) values_free(out);
    return result;
}

void values_free(values *v)
{
    for (int r = 0; r < KINDS_MAX; r++) free(v->value[r]);
    free(v->text);
    free(v->pool);
    free(v->number);
    free(v->same);
    *v = (values){ .count = 0 };
}
