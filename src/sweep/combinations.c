/* Settings of cells: one prepared combination per estimator and kinds, onto which a cell's axis values are copied. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "sweep/parts.h"

/* ---- which combination a cell has ---------------------------------------------------------------------- */

/* The choices that this estimator has no use for become -1. */
static choices without_unused(choices c)
{
    unsigned needs = estimators[c.index[CHOICE_ESTIMATOR]]->needs;
    if (!(needs & (NEEDS_DATA | NEEDS_TABLE))) c.index[CHOICE_DATA] = -1;
    if (!(needs & NEEDS_MODEL)) c.index[CHOICE_MODEL] = -1;
    return c;
}

static choices choices_of(const sweep *s, int64_t cell)
{
    choices c = s->fixed_choice;
    for (int i = 0; i < CHOICES; i++) {
        int a = s->choice_axis[i];
        if (a >= 0) c.index[i] = ((const int *)s->values[a].value[0])[grid_value(&s->grid, cell, a)];
    }
    return without_unused(c);
}

static combination *find(const sweep *s, choices c)
{
    const estimator *e = estimators[c.index[CHOICE_ESTIMATOR]];
    const data_kind *d = c.index[CHOICE_DATA] < 0 ? NULL : data_kinds[c.index[CHOICE_DATA]];
    const model_kind *m = c.index[CHOICE_MODEL] < 0 ? NULL : model_kinds[c.index[CHOICE_MODEL]];
    for (int i = 0; i < s->combinations; i++) {
        const settings *base = &s->combination[i].base;
        if (base->estimator == e && base->data == d && base->model == m) return &s->combination[i];
    }
    return NULL;
}

const combination *combination_of(const sweep *s, int64_t cell)
{
    return s->combinations == 1 ? s->combination : find(s, choices_of(s, cell));
}

/* ---- making them --------------------------------------------------------------------------------------- */

/* Blocks of the sections that are there, zeroed. */
static status make_blocks(settings *to)
{
    status result = OK;
    for (int i = 0; i < SECTIONS; i++) {
        if (!to->section[i]) continue;
        to->block[i] = calloc(1, to->section[i]->size);
        CHECK(to->block[i] != NULL, NO_MEMORY, "the settings of %s", to->section[i]->name);
    }
done:
    return result;
}

static void set_sections(settings *to, choices c)
{
    to->estimator = estimators[c.index[CHOICE_ESTIMATOR]];
    to->section[SECTION_TASK] = &task_section;
    to->section[SECTION_RUN] = &run_section;
    to->section[SECTION_STORE] = &store_section;
    to->section[SECTION_ESTIMATOR] = &to->estimator->section;
    if (c.index[CHOICE_DATA] >= 0) {
        to->data = data_kinds[c.index[CHOICE_DATA]];
        to->section[SECTION_DATA] = &to->data->section;
        to->section[SECTION_COMPRESS] = &compress_section;
    }
    if (c.index[CHOICE_MODEL] >= 0) {
        to->model = model_kinds[c.index[CHOICE_MODEL]];
        to->section[SECTION_MODEL] = &to->model->section;
        to->section[SECTION_TRAIN] = &train_section;
    }
}

/* The row of a name in this combination, and which of its rows that is; -1 where the combination has none. */
static int row_in(const combination *c, const option_name *of)
{
    if (of->section == SECTIONS) return -1;
    for (int r = 0; r < of->rows; r++)
        if (c->base.section[of->section] == of->row[r].section) return r;
    return -1;
}

static status fill(sweep *s, combination *c)
{
    status result = OK;
    for (int i = 0; i < SECTIONS; i++)
        if (c->base.section[i]) option_defaults(c->base.section[i]->options, c->base.block[i]);
    for (int i = 0; i < s->names.count; i++) {
        const option_name *of = &s->names.name[i];
        int r = row_in(c, of);
        if (r < 0) continue;
        if (of->fixed) TRY(value_put(of->row[r].row, of->fixed, c->base.block[of->section]));
        if (of->axis < 0) continue;
        c->row[of->axis] = of->row[r].row;
        c->section[of->axis] = of->section;
        c->value[of->axis] = s->values[of->axis].value[r];
    }
done:
    return result;
}

static status add(sweep *s, choices c)
{
    status result = OK;
    c = without_unused(c);
    if (find(s, c)) return OK;
    combination *larger = realloc(s->combination, ((size_t)s->combinations + 1) * sizeof *larger);
    CHECK(larger != NULL, NO_MEMORY, "the settings of a sweep");
    s->combination = larger;
    combination *made = &s->combination[s->combinations++];
    *made = (combination){ .base = { .folder = s->folder } };
    set_sections(&made->base, c);
    TRY(make_blocks(&made->base));
    TRY(fill(s, made));
done:
    return result;
}

/* Entry `index` of a choice that the sweep has: -1 itself where no estimator needs one. */
static bool is_chosen(const sweep *s, choice_id c, int index)
{
    bool any = false;
    for (int i = 0; i < KINDS_MAX; i++) any = any || s->names.chosen[c][i];
    return index < 0 ? !any : s->names.chosen[c][index];
}

static status add_all(sweep *s)
{
    status result = OK;
    for (int e = 0; e < KINDS_MAX; e++)
        for (int d = -1; d < KINDS_MAX && is_chosen(s, CHOICE_ESTIMATOR, e); d++)
            for (int m = -1; m < KINDS_MAX && is_chosen(s, CHOICE_DATA, d); m++)
                if (is_chosen(s, CHOICE_MODEL, m)) TRY(add(s, (choices){ { e, d, m } }));
done:
    return result;
}

/* Which axis a choice is, or else its one value. */
static void fix_choices(sweep *s)
{
    static const char *const full[CHOICES] = { "estimator", "data.kind", "model.kind" };
    for (int c = 0; c < CHOICES; c++) {
        const option_name *of = names_find_full(&s->names, full[c]);
        s->choice_axis[c] = of ? of->axis : -1;
        s->fixed_choice.index[c] = -1;
        for (int i = 0; i < KINDS_MAX; i++)
            if (s->names.chosen[c][i]) s->fixed_choice.index[c] = i;
    }
}

/* ---- what no cell uses --------------------------------------------------------------------------------- */

static status mark_present(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    (void)place;
    (void)t;
    (void)context;
    find(s, choices_of(s, cell))->present = true;
    return OK;
}

static bool is_used(const sweep *s, const option_name *of)
{
    for (int i = 0; i < s->combinations; i++) {
        const combination *c = &s->combination[i];
        bool has = of->section == SECTIONS ? of->row[0].row != &s->names.choice[CHOICE_DATA] || c->base.data
                                           : row_in(c, of) >= 0;
        if (c->present && has) return true;
    }
    return false;
}

static status check_used(const sweep *s)
{
    for (int i = 0; i < s->names.count; i++) {
        const option_name *of = &s->names.name[i];
        if ((!of->fixed && of->axis < 0) || is_used(s, of)) continue;
        const node *given = of->fixed ? of->fixed : s->axis_node[of->axis];
        if (of->fixed && s->names.changed) continue;
        return node_refuse(given, "%s: no cell that is left has this option; leave it out", of->full);
    }
    return OK;
}

static status find_estimators(sweep *s)
{
    status result = OK;
    int count = 0;
    s->estimators = calloc((size_t)s->combinations + 1, sizeof *s->estimators);
    CHECK(s->estimators != NULL, NO_MEMORY, "the estimators of a sweep");
    for (int i = 0; i < s->combinations; i++) {
        bool known = !s->combination[i].present;
        for (int j = 0; j < count; j++) known = known || s->estimators[j] == s->combination[i].base.estimator;
        if (!known) s->estimators[count++] = s->combination[i].base.estimator;
    }
done:
    return result;
}

static status ask_rounds(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context)
{
    bool *rounds = context;
    (void)s;
    (void)cell;
    (void)place;
    *rounds = *rounds || (t->estimator->rounds && t->estimator->rounds(t));
    return OK;
}

/* Cells are asked only where an estimator might. */
static status find_rounds(sweep *s)
{
    bool may = false;
    for (int i = 0; s->estimators[i]; i++) may = may || s->estimators[i]->rounds;
    projection p = projection_without_seed(s);
    return may ? cells_visit(s, &p, ask_rounds, &s->rounds) : OK;
}

status combinations_make(sweep *s)
{
    status result = OK;
    bool keep[AXES_MAX] = { false };
    fix_choices(s);
    TRY(add_all(s));
    for (int c = 0; c < CHOICES; c++)
        if (s->choice_axis[c] >= 0) keep[s->grid.axis[s->choice_axis[c]].dimension] = true;
    projection p = projection_make(&s->grid, keep);
    TRY(cells_visit(s, &p, mark_present, NULL));
    TRY(check_used(s));
    TRY(find_estimators(s));
    TRY(find_rounds(s));
    s->run = *(const run_options *)s->combination[0].base.block[SECTION_RUN];
    s->store = *(const store_options *)s->combination[0].base.block[SECTION_STORE];
done:
    return result;
}

/* ---- settings of a cell -------------------------------------------------------------------------------- */

static status settings_make(const settings *like, settings **out)
{
    status result = OK;
    settings *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "the settings of a task");
    *made = *like;
    memset(made->block, 0, sizeof made->block);
    TRY(make_blocks(made));
    *out = made;
    made = NULL;
done:
    settings_free(made);
    return result;
}

status sweep_settings(const sweep *s, int64_t cell, settings **slot)
{
    status result = OK;
    const combination *c = combination_of(s, cell);
    const settings *base = &c->base;
    settings *to = *slot;
    if (to && (to->estimator != base->estimator || to->data != base->data || to->model != base->model)) {
        settings_free(to);
        to = *slot = NULL;
    }
    if (!to) TRY(settings_make(base, slot));
    to = *slot;
    settings_copy(to, base);
    for (int a = 0; a < s->grid.axes; a++) {
        if (!c->row[a]) continue;
        size_t size = s->values[a].size;
        memcpy((char *)to->block[c->section[a]] + c->row[a]->field,
               c->value[a] + (size_t)grid_value(&s->grid, cell, a) * size, size);
    }
done:
    return result;
}
