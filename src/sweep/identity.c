/* What a sweep is beside its axes: its constants, and the data files that its cells read. */
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

/* ---- constants ----------------------------------------------------------------------------------------- */

/* The block that holds a row's value in the cells of some combination that is present; NULL where none has it. */
static const void *block_of(const sweep *s, const option_name *of, int r)
{
    for (int i = 0; i < s->combinations; i++) {
        const combination *c = &s->combination[i];
        if (c->present && c->base.section[of->section] == of->row[r].section)
            return c->base.block[of->section];
    }
    return NULL;
}

static char *printed(const option *row, const void *block)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (!to) return NULL;
    option_print(row, block, to);
    fclose(to);
    return text;
}

/* Do two rows of one name say the same? Their types may differ, so the texts are compared. */
static bool prints_alike(const option *a, const void *block_a, const option *b, const void *block_b)
{
    char *x = printed(a, block_a), *y = printed(b, block_b);
    bool alike = x && y && strcmp(x, y) == 0;
    free(x);
    free(y);
    return alike;
}

/* The kind that a section belongs to. */
static const char *kind_of(const section *of)
{
    for (int i = 0; data_kinds[i]; i++)
        if (&data_kinds[i]->section == of) return data_kinds[i]->name;
    for (int i = 0; model_kinds[i]; i++)
        if (&model_kinds[i]->section == of) return model_kinds[i]->name;
    return of->name;
}

/* One visit as "data.samples" where all kinds that have the option agree; else one per kind, as "data.gate.samples". */
static void visit_name(const sweep *s, const option_name *of, sweep_visit *visit, void *context)
{
    const void *first = NULL;
    int first_row = 0;
    bool agree = true;
    for (int r = 0; r < of->rows; r++) {
        const void *block = block_of(s, of, r);
        if (!block) continue;
        if (first) agree = agree && prints_alike(of->row[first_row].row, first, of->row[r].row, block);
        if (!first) first_row = r;
        if (!first) first = block;
    }
    if (first && agree) visit(of->full, of->row[first_row].row, first, context);
    for (int r = 0; first && !agree && r < of->rows; r++) {
        char full[160];
        const void *block = block_of(s, of, r);
        snprintf(full, sizeof full, "%.*s.%s.%s", (int)(of->tail - of->full - 1), of->full,
                 kind_of(of->row[r].section), of->tail);
        if (block) visit(full, of->row[r].row, block, context);
    }
}

static bool only_says_how(const sweep *s, const option *row)
{
    return (row->traits & OPTION_EXECUTION) && !(s->rounds && (row->traits & OPTION_ROUNDS));
}

void sweep_constants(const sweep *s, sweep_visit *visit, void *context)
{
    for (int i = 0; i < s->names.count; i++) {
        const option_name *of = &s->names.name[i];
        const option *row = of->row[0].row;
        if (of->axis >= 0 || only_says_how(s, row)) continue;
        if (of->section == SECTIONS)
            visit(of->full, row, &s->fixed_choice, context);
        else
            visit_name(s, of, visit, context);
    }
}

/* ---- data files ---------------------------------------------------------------------------------------- */

/* Paths that were visited; a sweep reads few files, however many its cells. */
typedef struct visited {
    int count, room;
    char **path;
    sweep_visit_file *visit;
    void *context;
} visited;

static status visit_once(const char *path, void *context)
{
    status result = OK;
    visited *v = context;
    for (int i = v->count - 1; i >= 0; i--)
        if (strcmp(v->path[i], path) == 0) return OK;
    if (v->count == v->room) {
        int room = v->room ? 2 * v->room : 16;
        char **larger = realloc(v->path, (size_t)room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "%d paths", room);
        v->path = larger;
        v->room = room;
    }
    v->path[v->count] = strdup(path);
    CHECK(v->path[v->count] != NULL, NO_MEMORY, "a path");
    v->count++;
    TRY(v->visit(path, v->context));
done:
    return result;
}

static status visit_cell(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    (void)s;
    (void)cell;
    (void)place;
    return t->data ? t->data->files(t, visit_once, context) : OK;
}

status sweep_files(const sweep *s, sweep_visit_file *visit, void *context)
{
    visited v = { .visit = visit, .context = context };
    projection p = projection_of_data(s);
    status result = cells_visit(s, &p, visit_cell, &v);
    for (int i = 0; i < v.count; i++) free(v.path[i]);
    free(v.path);
    return result;
}
