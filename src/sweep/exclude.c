/* Rules that leave cells out: exclude: [{beta: 0, seed: 3..4}, {session_1: {not: session_2}}] */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"
#include "sweep/parts.h"

/* Two axes whose values are the same, or are not. */
typedef struct relation {
    int axis, other;
    bool same;
} relation;

/* For every dimension, the places that a rule names: match[d] (count), or NULL where it says nothing; and what holds
 * between axes. */
enum { RELATIONS_MAX = 2 * AXES_MAX }; /* each by its full name and by its tail */
typedef struct rule {
    uint8_t *match[AXES_MAX];
    int relations;
    relation relation[RELATIONS_MAX];
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

/* {not: session_2} or {is: session_2}: values are compared as they are printed. */
static status read_relation(const sweep *s, int a, const node *n, rule *r)
{
    status result = OK;
    relation made = { .axis = a };
    bool is = n->count == 1 && strcmp(n->key[0].text, "is") == 0;
    if (!is && (n->count != 1 || strcmp(n->key[0].text, "not") != 0))
        return node_refuse(n, "exclude: takes a value, a list, a range, {is: AXIS} or {not: AXIS} for %s",
                           s->grid.axis[a].name);
    TRY(axis_find(s, &n->item[0], &made.other));
    if (made.other == a)
        return node_refuse(&n->item[0], "exclude: %s is compared with itself", s->grid.axis[a].name);
    made.same = is;
    assert(r->relations < RELATIONS_MAX);
    r->relation[r->relations++] = made;
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
        if (n->item[i].kind == NODE_MAP) {
            TRY(read_relation(s, a, &n->item[i], r));
            continue;
        }
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

static bool relations_hold(const grid *g, const rule *r, int64_t cell)
{
    for (int i = 0; i < r->relations; i++) {
        const relation *of = &r->relation[i];
        const char *one = g->axis[of->axis].text[grid_value(g, cell, of->axis)];
        const char *other = g->axis[of->other].text[grid_value(g, cell, of->other)];
        if ((strcmp(one, other) == 0) != of->same) return false;
    }
    return true;
}

/* Marks cells that the rule matches from dimension d on, `base` being the cell of the places chosen before. */
static void mark_absent(grid *g, const rule *r, int d, int64_t base)
{
    if (d == g->dimensions) {
        if (!relations_hold(g, r, base)) return;
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
