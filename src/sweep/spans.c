/* Axis values as they are written: which form, and how many. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep.h"
#include "sweep/option_words.h"
#include "sweep/values.h"

bool range_read(const char *text, int64_t *first, int64_t *last)
{
    char *end;
    const char *dots = strstr(text, "..");
    if (!dots || dots == text || strspn(text, "+-0123456789") != (size_t)(dots - text)) return false;
    if (!dots[2] || dots[2 + strspn(dots + 2, "+-0123456789")]) return false;
    errno = 0;
    *first = strtoll(text, &end, 10);
    if (end != dots || errno) return false;
    *last = strtoll(dots + 2, &end, 10);
    return *end == '\0' && !errno;
}

static bool is_numeric(const option *row)
{
    return row->type == OPTION_INTEGER || row->type == OPTION_REAL;
}

/* `all` stands for the known values, unless it is one of them. */
static bool is_all(const option *row, const node *n)
{
    return node_is_word(n, "all") && (row->type == OPTION_CHOICE || row->type == OPTION_TEXT) &&
           words_find(row->choices, "all") < 0;
}

bool span_is_open(const option *row, const node *n)
{
    return row->type == OPTION_TEXT && is_all(row, n);
}

static bool is_range(const option *row, const node *n)
{
    int64_t first, last;
    return n->kind == NODE_SCALAR && !n->quoted && is_numeric(row) && range_read(n->text, &first, &last);
}

bool span_is_axis(const option *row, const node *n)
{
    if (n->kind == NODE_MAP) return true;
    if (n->kind == NODE_LIST)
        return row->type != OPTION_INTEGERS || (n->count > 0 && n->item[0].kind == NODE_LIST);
    return is_all(row, n) || is_range(row, n);
}

static status read_range(const option *row, const node *n, span *out)
{
    int64_t first, last;
    range_read(n->text, &first, &last);
    if (first > last)
        return node_refuse(n, "%s: the range %.40s is empty; the smaller number comes first", row->name,
                           n->text);
    /* the difference of two int64_t fits in a uint64_t */
    if ((uint64_t)last - (uint64_t)first >= GRID_CELLS_MAX)
        return node_refuse(n, "%s: the range %.60s has more than the %d values that a grid may have cells",
                           row->name, n->text, GRID_CELLS_MAX);
    out->form = SPAN_RANGE;
    out->first = first;
    out->count = last - first + 1;
    return OK;
}

typedef struct spaced {
    double from, to;
    int64_t count;
    int scale;
} spaced;

#define FIELD(f) offsetof(spaced, f)
static const option spaced_table[] = {
    { "from", OPTION_REAL, FIELD(from), "", 0, 0, "", "first value", NULL, 0 },
    { "to", OPTION_REAL, FIELD(to), "", 0, 0, "", "last value", NULL, 0 },
    { "count", OPTION_INTEGER, FIELD(count), "", 2, GRID_CELLS_MAX, "", "how many", NULL, 0 },
    { "scale", OPTION_CHOICE, FIELD(scale), "linear", 0, 0, "", "steps that are equal", "linear|log", 0 },
    { .name = NULL },
};
#undef FIELD
static const char spaced_form[] = "{from: 1, to: 100, count: 9, scale: log}";

/* {from, to, count, scale} into numbers. */
static status read_spaced_keys(const option *row, const node *n, spaced *out)
{
    status result = OK;
    char typed[SHOWN_MAX], *text = NULL;
    out->scale = 0;
    for (int i = 0; i < n->count; i++) {
        const option *key = option_find(spaced_table, n->key[i].text);
        if (!key)
            return node_refuse(&n->key[i], "%s: %s is not known here; spaced values are %s", row->name,
                               option_shown(n->key[i].text, typed), spaced_form);
        TRY(value_text(key, &n->item[i], &text));
        if ((result = option_parse(key, text, out)) != OK) {
            node_failed_at(&n->item[i], result);
            goto done;
        }
        free(text);
        text = NULL;
    }
    for (const option *key = spaced_table; key->name; key++)
        if (!key->initial[0] && !node_find(n, key->name))
            TRY(node_refuse(n, "%s: '%s' is missing; spaced values are %s", row->name, key->name,
                            spaced_form));
done:
    free(text);
    return result;
}

static status read_spaced(const option *row, const node *n, span *out)
{
    spaced keys;
    if (!is_numeric(row))
        return node_refuse(n, "%s: values between two numbers make no sense for it; give a list", row->name);
    status result = read_spaced_keys(row, n, &keys);
    if (result != OK) return result;
    bool log_scale = keys.scale == 1;
    if (keys.from == keys.to) return node_refuse(n, "%s: from and to are the same number", row->name);
    if (!isfinite(keys.to - keys.from)) return node_refuse(n, "%s: from and to are too far apart", row->name);
    if (log_scale && (keys.from <= 0 || keys.to <= 0))
        return node_refuse(n, "%s: a log scale needs from and to above 0", row->name);
    *out = (span){ .form = SPAN_SPACED, .node = n, .count = keys.count, .from = keys.from, .to = keys.to };
    out->log = log_scale;
    return OK;
}

static status read_all(const option *row, const node *n, span *out)
{
    const char *start;
    if (!row->choices || !row->choices[0])
        return node_refuse(n, "%s: 'all' needs values that are known; give a list", row->name);
    out->form = SPAN_ALL;
    for (out->count = 0; words_at(row->choices, (int)out->count, &start) > 0;) out->count++;
    return OK;
}

status span_read(const option *row, const node *n, span *out)
{
    *out = (span){ .form = SPAN_ONE, .node = n, .count = 1 };
    if (n->kind == NODE_MAP) return read_spaced(row, n, out);
    if (n->kind == NODE_SCALAR) {
        if (is_all(row, n)) return read_all(row, n, out);
        return is_range(row, n) ? read_range(row, n, out) : OK;
    }
    if (n->count == 0 && row->type != OPTION_INTEGERS)
        return node_refuse(n, "%s: an empty list of values; an axis has at least one", row->name);
    if (row->type == OPTION_INTEGERS && !span_is_axis(row, n))
        return node_refuse(n, "%s: values of this axis are lists themselves; write [[25, 15], [8]]",
                           row->name);
    out->form = SPAN_LIST;
    out->count = n->count;
    return OK;
}
