/* From axes to the grid: which axes walk together, how many cells there are, and which values the axes have. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"
#include "sweep/parts.h"

status axis_find(const sweep *s, const node *typed, int *axis_index)
{
    option_name *of;
    char word[SHOWN_MAX], list[HINT_MAX] = "";
    if (typed->kind != NODE_SCALAR)
        return node_refuse(typed, "a list where the name of an axis should stand");
    status result = names_find(&s->names, typed, &of);
    if (result != OK) return result;
    *axis_index = of->axis;
    if (of->axis >= 0) return OK;
    size_t at = 0;
    for (int a = 0; a < s->grid.axes && at < sizeof list; a++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", a ? ", " : "",
                               names_short(&s->names, s->axis_name[a]));
    return node_refuse(typed, "%s is no axis; the axes are %s", option_shown(typed->text, word), list);
}

/* ---- zip ----------------------------------------------------------------------------------------------- */

/* leader[a]: the axis that axis a walks along with and that names their dimension; -1 while unknown. */
static status read_zip_group(const sweep *s, const node *group, const span *spans, int *leader)
{
    status result = OK;
    int first = -1, a;
    if (group->kind != NODE_LIST || group->count < 2)
        return node_refuse(group, "zip: takes lists of two or more axes, like [[rate, batch]]");
    for (int i = 0; i < group->count; i++) {
        const node *typed = &group->item[i];
        TRY(axis_find(s, typed, &a));
        if (i == 0) first = a;
        if (leader[a] >= 0) return node_refuse(typed, "zip: %s stands in it twice", typed->text);
        if (spans[a].count != spans[first].count)
            return node_refuse(typed,
                               "zip: %s has %" PRId64 " values, but %s has %" PRId64 "; they walk together",
                               typed->text, spans[a].count, group->item[0].text, spans[first].count);
        leader[a] = first;
    }
done:
    return result;
}

static status read_zip(const sweep *s, const span *spans, int *leader)
{
    status result = OK;
    const node *zip = key_value(s, "zip");
    for (int a = 0; a < s->grid.axes; a++) leader[a] = -1;
    if (zip && zip->kind != NODE_LIST)
        return node_refuse(zip, "zip: takes lists of axes, like [[rate, batch]]");
    for (int i = 0; zip && i < zip->count; i++) TRY(read_zip_group(s, &zip->item[i], spans, leader));
    for (int a = 0; a < s->grid.axes; a++)
        if (leader[a] < 0) leader[a] = a;
done:
    return result;
}

/* ---- dimensions ---------------------------------------------------------------------------------------- */

/* A dimension stands where the file first names one of its axes. */
static status make_dimensions(sweep *s, const span *spans, const int *leader)
{
    grid *g = &s->grid;
    int dimension_of[AXES_MAX];
    g->cells = 1;
    for (int a = 0; a < g->axes; a++) dimension_of[a] = -1;
    for (int a = 0; a < g->axes; a++) {
        int first = leader[a];
        if (dimension_of[first] < 0) {
            int64_t count = spans[a].count;
            if (count > GRID_CELLS_MAX / g->cells)
                return node_refuse(s->axis_node[a],
                                   "with %s the grid has more than %d cells; that cannot be meant",
                                   g->axis[a].name, GRID_CELLS_MAX);
            dimension_of[first] = g->dimensions;
            g->dimension[g->dimensions++] = (dimension){ .name = g->axis[first].name, .count = count };
            g->cells *= count;
        }
        g->axis[a].dimension = dimension_of[first];
    }
    int64_t stride = 1;
    for (int d = g->dimensions - 1; d >= 0; d--) {
        g->dimension[d].stride = stride;
        stride *= g->dimension[d].count;
    }
    g->tasks = g->cells;
    return OK;
}

/* ---- values -------------------------------------------------------------------------------------------- */

/* The values of a dimension's first axis label its places, so they differ. Axes zipped to it may repeat values. */
static status check_different(const sweep *s, int a, const span *from)
{
    const values *v = &s->values[a];
    const axis *of = &s->grid.axis[a];
    if (!v->same || !grid_leads(&s->grid, a)) return OK;
    for (int64_t i = 0; i < v->count; i++) {
        if (v->same[i] == i) continue;
        if (from->form == SPAN_SPACED)
            return node_refuse(from->node, "%s: %" PRId64 " values make %s stand twice; ask for fewer",
                               of->name, v->count, v->text[i]);
        char typed[SHOWN_MAX];
        const node *at = from->form == SPAN_LIST ? &from->node->item[i] : from->node;
        return node_refuse(at, "%s: the value %s stands twice", of->name, option_shown(v->text[i], typed));
    }
    return OK;
}

static status make_axis(sweep *s, int a)
{
    status result = OK;
    const option_name *of = s->axis_name[a];
    const option *row = of->row[0].row;
    axis *to = &s->grid.axis[a];
    to->type = row->type;
    to->unit = row->unit;
    to->help = row->help;
    to->option = strdup(of->full);
    to->name = strdup(names_short(&s->names, of));
    CHECK(to->option && to->name, NO_MEMORY, "the axis %s", of->full);
done:
    return result;
}

/* A --set may replace an axis of lists by one list; `all` may be for the data to say. */
static status read_span(const sweep *s, int a, span *out)
{
    const option *row = s->axis_name[a]->row[0].row;
    if (s->axis_by_set[a] && row->type == OPTION_INTEGERS && !span_is_axis(row, s->axis_node[a])) {
        *out = (span){ .form = SPAN_ONE, .node = s->axis_node[a], .count = 1 };
        return OK;
    }
    if (members_are_asked(s, a)) {
        status result = members_find(s, a, out);
        if (result != OK || out->count > 0) return result;
    }
    return span_read(row, s->axis_node[a], out);
}

status grid_make(sweep *s)
{
    status result = OK;
    grid *g = &s->grid;
    span spans[AXES_MAX];
    int leader[AXES_MAX];
    for (int a = 0; a < g->axes; a++) TRY(make_axis(s, a));
    for (int a = 0; a < g->axes; a++) TRY(read_span(s, a, &spans[a]));
    TRY(read_zip(s, spans, leader));
    TRY(make_dimensions(s, spans, leader));
    for (int a = 0; a < g->axes; a++) {
        values *v = &s->values[a];
        TRY(values_make(s->axis_name[a], &spans[a], v));
        g->axis[a].count = v->count;
        g->axis[a].text = v->text;
        g->axis[a].number = v->number;
        TRY(check_different(s, a, &spans[a]));
    }
    TRY(members_note(s, spans));
done:
    return result;
}

int64_t grid_value(const grid *g, int64_t cell, int axis_index)
{
    const dimension *d = &g->dimension[g->axis[axis_index].dimension];
    return cell / d->stride % d->count;
}

bool grid_leads(const grid *g, int axis_index)
{
    const axis *a = &g->axis[axis_index];
    return strcmp(g->dimension[a->dimension].name, a->name) == 0;
}

void grid_print_cell(const grid *g, int64_t cell, FILE *to)
{
    for (int a = 0; a < g->axes; a++)
        fprintf(to, "%s%s=%s", a ? " " : "", g->axis[a].name, g->axis[a].text[grid_value(g, cell, a)]);
}
