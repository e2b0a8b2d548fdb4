/* Rules that leave cells out: exclude: [{beta: 0, seed: 3..4}] */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"
#include "sweep/parts.h"

/* For every dimension, the places that a rule names: match[d] (count), or NULL where it says nothing. */
typedef struct rule {
    uint8_t *match[AXES_MAX];
} rule;

static void rule_free(rule *r)
{
    for (int d = 0; d < AXES_MAX; d++) free(r->match[d]);
}

/* Marks the values of an axis that lie in a range of numbers; false when none does. */
static bool mark_range(const axis *of, int64_t first, int64_t last, uint8_t *marked)
{
    bool any = false;
    for (int64_t i = 0; i < of->count; i++) {
        if (of->number[i] < (double)first || of->number[i] > (double)last) continue;
        marked[i] = 1;
        any = true;
    }
    return any;
}

/* Marks the values that equal the one that is typed: compared as values, not as they are spelled. */
static status mark_value(const sweep *s, int a, const node *n, uint8_t *marked, bool *any)
{
    status result = OK;
    char *typed = NULL, *canonical = NULL;
    void *scratch = NULL;
    FILE *to = NULL;
    size_t size;
    const name_row *by = &s->axis_name[a]->row[0];
    const axis *of = &s->grid.axis[a];
    TRY(value_text(by->row, n, &typed));
    scratch = calloc(1, by->section->size);
    to = open_memstream(&canonical, &size);
    CHECK(scratch && to, NO_MEMORY, "a rule of exclude");
    if ((result = option_parse(by->row, typed, scratch)) != OK) {
        node_failed_at(n, result);
        goto done;
    }
    option_print(by->row, scratch, to);
    int failed = fclose(to);
    to = NULL;
    CHECK(!failed && canonical, NO_MEMORY, "a rule of exclude");
    for (int64_t i = 0; i < of->count; i++) {
        if (strcmp(of->text[i], canonical) != 0) continue;
        marked[i] = 1;
        *any = true;
    }
done:
    if (to) fclose(to);
    free(canonical);
    free(scratch);
    free(typed);
    return result;
}

/* One value, list or range behind an axis of a rule. A value that the axis does not have is a slip, unless a --set has
 * just given the axis other values. */
static status mark_values(const sweep *s, int a, const node *n, uint8_t *marked)
{
    status result = OK;
    const option *row = s->axis_name[a]->row[0].row;
    const axis *of = &s->grid.axis[a];
    bool list = n->kind == NODE_LIST && (row->type != OPTION_INTEGERS || span_is_axis(row, n));
    int64_t first, last;
    if (n->kind == NODE_MAP)
        return node_refuse(n, "exclude: takes a value, a list or a range for %s", of->name);
    if (list && n->count == 0) return node_refuse(n, "exclude: an empty list for %s", of->name);
    for (int i = 0; i < (list ? n->count : 1); i++) {
        const node *one = list ? &n->item[i] : n;
        bool any = false;
        if (!list && of->number && span_is_axis(row, one) && range_read(one->text, &first, &last))
            any = mark_range(of, first, last, marked);
        else
            TRY(mark_value(s, a, one, marked, &any));
        char typed[SHOWN_MAX];
        if (!any && !s->axis_by_set[a])
            return node_refuse(one, "exclude: the axis %s has no value %s", of->name,
                               one->text ? option_shown(one->text, typed) : "like this");
    }
done:
    return result;
}

/* A dimension's mark is what all of its axes that the rule names have in common. */
static status read_rule(const sweep *s, const node *n, rule *r)
{
    status result = OK;
    uint8_t *marked = NULL;
    int a;
    if (n->kind != NODE_MAP || n->count == 0)
        return node_refuse(n, "exclude: takes rules, like [{beta: 0, seed: 3..4}]");
    for (int i = 0; i < n->count; i++) {
        TRY(axis_find(s, &n->key[i], &a));
        int64_t count = s->grid.axis[a].count;
        marked = calloc((size_t)count, 1);
        CHECK(marked != NULL, NO_MEMORY, "a rule of exclude");
        TRY(mark_values(s, a, &n->item[i], marked));
        uint8_t **match = &r->match[s->grid.axis[a].dimension];
        for (int64_t place = 0; *match && place < count; place++) (*match)[place] &= marked[place];
        if (!*match) {
            *match = marked;
            marked = NULL;
        }
        free(marked);
        marked = NULL;
    }
done:
    free(marked);
    return result;
}

/* Marks cells that the rule matches from dimension d on, `base` being the cell of the places chosen before. */
static void mark_absent(grid *g, const rule *r, int d, int64_t base)
{
    if (d == g->dimensions) {
        g->tasks -= !g->absent[base];
        g->absent[base] = 1;
        return;
    }
    for (int64_t i = 0; i < g->dimension[d].count; i++)
        if (!r->match[d] || r->match[d][i]) mark_absent(g, r, d + 1, base + i * g->dimension[d].stride);
}

status grid_exclude(sweep *s)
{
    status result = OK;
    grid *g = &s->grid;
    rule r = { .match = { NULL } };
    const node *rules = key_value(s, "exclude");
    if (!rules || (rules->kind == NODE_LIST && rules->count == 0)) return OK;
    if (rules->kind != NODE_LIST)
        return node_refuse(rules, "exclude: takes a list of rules, like [{beta: 0, seed: 3..4}]");
    g->absent = calloc((size_t)g->cells, 1);
    CHECK(g->absent != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int i = 0; i < rules->count; i++) {
        TRY(read_rule(s, &rules->item[i], &r));
        mark_absent(g, &r, 0, 0);
        rule_free(&r);
        r = (rule){ .match = { NULL } };
    }
    if (g->tasks == 0) return node_refuse(rules, "exclude: every cell is excluded; nothing is left to run");
    if (g->tasks == g->cells) {
        free(g->absent);
        g->absent = NULL;
    }
done:
    rule_free(&r);
    return result;
}
