/* What the data says about the values of an axis: which of them `all` stands for, and what each belongs to. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

/* Longer axes are numbers of seeds, folds or shuffles, on which no members depend. */
enum { ASKED_MAX = 1000 };

/* Settings to ask with: those that are fixed, and one value of every axis that has values of its own. */
typedef struct asker {
    const sweep *sweep;
    const data_kind *kind;
    settings settings;
    char *text[AXES_MAX]; /* of the values, which the settings borrow */
} asker;

/* The kinds of the sweep that have the option: how many, the last of them, and whether any can be asked. */
typedef struct holders {
    int count;
    const data_kind *last;
    bool asked;
} holders;

static holders holders_of(const sweep *s, const char *tail)
{
    holders h = { .count = 0 };
    for (int k = 0; data_kinds[k]; k++) {
        if (!s->names.chosen[CHOICE_DATA][k] || !option_find(data_kinds[k]->section.options, tail)) continue;
        h.count++;
        h.last = data_kinds[k];
        h.asked = h.asked || h.last->members;
    }
    return h;
}

bool members_are_asked(const sweep *s, int a)
{
    const option_name *of = s->axis_name[a];
    return of->section == SECTION_DATA && span_is_open(of->row[0].row, s->axis_node[a]);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

static void asker_clear(asker *k)
{
    for (int i = 0; i < SECTIONS; i++) free(k->settings.block[i]);
    for (int a = 0; a < AXES_MAX; a++) free(k->text[a]);
}

/* Gives the settings value i of an axis. */
static status asker_set(asker *k, int a, const span *written, int64_t i)
{
    status result = OK;
    const option *row = option_find(k->kind->section.options, k->sweep->axis_name[a]->tail);
    char *text = NULL;
    TRY(span_text(row, written, i, &text));
    TRY(option_parse(row, text, k->settings.block[SECTION_DATA]));
    free(k->text[a]);
    k->text[a] = text;
    text = NULL;
done:
    free(text);
    return result == OK ? OK : node_failed_at(written->node, result);
}

/* The row of a name in the section that is asked; NULL where it has none. */
static const option *row_of(const asker *k, const option_name *of)
{
    return of->section == SECTION_DATA ? option_find(k->kind->section.options, of->tail) : NULL;
}

static bool asker_has(const asker *k, int a)
{
    return row_of(k, k->sweep->axis_name[a]) && !members_are_asked(k->sweep, a);
}

static status asker_make(const sweep *s, const data_kind *kind, asker *k)
{
    status result = OK;
    const section *sections[SECTIONS] = { [SECTION_TASK] = &task_section, [SECTION_DATA] = &kind->section };
    span written;
    *k = (asker){ .sweep = s, .kind = kind, .settings = { .data = kind, .folder = s->folder } };
    for (int i = 0; i < SECTIONS; i++) {
        if (!sections[i]) continue;
        k->settings.section[i] = sections[i];
        k->settings.block[i] = calloc(1, sections[i]->size);
        CHECK(k->settings.block[i] != NULL, NO_MEMORY, "the settings of %s", sections[i]->name);
        option_defaults(sections[i]->options, k->settings.block[i]);
    }
    for (int i = 0; i < s->names.count; i++) {
        const option_name *of = &s->names.name[i];
        const option *row = row_of(k, of);
        if (row && of->fixed) TRY(value_put(row, of->fixed, k->settings.block[SECTION_DATA]));
    }
    for (int a = 0; a < s->grid.axes; a++) {
        if (!asker_has(k, a)) continue;
        TRY(span_read(s->axis_name[a]->row[0].row, s->axis_node[a], &written));
        TRY(asker_set(k, a, &written, 0));
    }
done:
    return result;
}

static status ask(const asker *k, int a, span *out)
{
    int count = 0;
    status result = k->kind->members(&k->settings, k->sweep->axis_name[a]->tail, &out->member, &count);
    out->count = count;
    return result == OK ? OK : node_failed_at(out->node, result);
}

/* ---- what `all` stands for ----------------------------------------------------------------------------- */

static bool same_members(const span *a, const span *b)
{
    bool same = a->count == b->count;
    for (int64_t i = 0; same && i < a->count; i++) same = strcmp(a->member[i], b->member[i]) == 0;
    return same;
}

/* Every value of the other axis must give the same members: otherwise the grid would lack some. */
static status check_axis(asker *k, int a, int other, const span *members)
{
    status result = OK;
    span written, again = *members;
    const char *name = k->sweep->grid.axis[a].name;
    if (!asker_has(k, other)) return OK;
    TRY(span_read(k->sweep->axis_name[other]->row[0].row, k->sweep->axis_node[other], &written));
    if (written.count > ASKED_MAX) return OK;
    for (int64_t i = 1; i < written.count; i++) {
        TRY(asker_set(k, other, &written, i));
        TRY(ask(k, a, &again));
        if (!same_members(&again, members))
            return node_refuse(members->node,
                               "%s: 'all' is not the same for every %s, which is an axis; give a list", name,
                               k->sweep->grid.axis[other].name);
    }
    if (written.count > 1) TRY(asker_set(k, other, &written, 0));
done:
    return result;
}

status members_find(const sweep *s, int a, span *out)
{
    status result = OK;
    asker k = { .sweep = s };
    holders h = holders_of(s, s->axis_name[a]->tail);
    *out = (span){ .form = SPAN_MEMBERS, .node = s->axis_node[a] };
    if (s->loose || !h.asked) return OK;
    if (h.count > 1)
        return node_refuse(out->node,
                           "%s: 'all' asks the data what there is, and data.kind is an axis; give a list",
                           s->grid.axis[a].name);
    TRY(asker_make(s, h.last, &k));
    TRY(ask(&k, a, out));
    for (int other = 0; other < s->grid.axes && out->count > 0; other++) TRY(check_axis(&k, a, other, out));
done:
    asker_clear(&k);
    return result;
}

/* 'data.session_1=["a", "b"]', as YAML reads it back. */
static void print_members(const axis *a, FILE *to)
{
    fprintf(to, "%s=[", a->option);
    for (int64_t i = 0; i < a->count; i++) {
        fprintf(to, "%s\"", i ? ", " : "");
        for (const char *at = a->text[i]; *at; at++)
            fprintf(to, "%s%c", strchr("\"\\", *at) ? "\\" : "", *at);
        fputc('"', to);
    }
    fputs("]\n", to);
}

status members_note(sweep *s, const span *spans)
{
    size_t size;
    FILE *to = open_memstream(&s->members_text, &size);
    if (!to) return failure(NO_MEMORY, "the members of the data");
    for (int a = 0; a < s->grid.axes; a++)
        if (spans[a].form == SPAN_MEMBERS) print_members(&s->grid.axis[a], to);
    return fclose(to) == 0 ? OK : failure(NO_MEMORY, "the members of the data");
}

/* ---- what each value belongs to ------------------------------------------------------------------------ */

/* The label of value i, asked in a cell that has it and, along the other dimensions, the first values; NULL where the data
 * says none, or does not know the value, which is refused with its cell. */
static status label_of(const sweep *s, int a, int64_t i, settings **slot, const char **label)
{
    status result = OK;
    int64_t cell = i * s->grid.dimension[s->grid.axis[a].dimension].stride;
    *label = NULL;
    TRY(sweep_settings(s, cell, slot));
    const data_kind *kind = (*slot)->data;
    if (!kind || !kind->label || !combination_of(s, cell)->row[a]) return OK;
    result = kind->label(*slot, s->axis_name[a]->tail, s->grid.axis[a].text[i], label);
    if (result == BAD_INPUT) {
        failure_clear();
        *label = NULL;
        return OK;
    }
done:
    return result;
}

static status group_axis(sweep *s, int a, settings **slot)
{
    status result = OK;
    axis *of = &s->grid.axis[a];
    const char *label;
    bool any = false;
    of->group = calloc((size_t)of->count + 1, sizeof *of->group);
    CHECK(of->group != NULL, NO_MEMORY, "the groups of %s", of->name);
    for (int64_t i = 0; i < of->count; i++) {
        TRY(label_of(s, a, i, slot, &label));
        of->group[i] = strdup(label ? label : "");
        CHECK(of->group[i] != NULL, NO_MEMORY, "the groups of %s", of->name);
        any = any || label;
    }
    if (!any) groups_drop(of);
done:
    return result;
}

void groups_drop(axis *of)
{
    for (int64_t i = 0; of->group && i < of->count; i++) free(of->group[i]);
    free(of->group);
    of->group = NULL;
}

status groups_find(sweep *s)
{
    status result = OK;
    settings *slot = NULL;
    for (int a = 0; a < s->grid.axes; a++)
        if (s->axis_name[a]->section == SECTION_DATA && s->grid.axis[a].type == OPTION_TEXT)
            TRY(group_axis(s, a, &slot));
done:
    settings_free(slot);
    return result;
}
