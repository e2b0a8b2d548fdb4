#include "sweep/names.h"

#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "estimator.h"
#include "sweep/option_words.h"
#include "sweep/values.h"

/* Name of entry `index` of the registry behind a choice; NULL beyond the last. */
static const char *choice_word(choice_id which, int index)
{
    switch (which) {
    case CHOICE_ESTIMATOR:
        return estimators[index] ? estimators[index]->name : NULL;
    case CHOICE_DATA:
        return data_kinds[index] ? data_kinds[index]->name : NULL;
    case CHOICE_MODEL:
        return model_kinds[index] ? model_kinds[index]->name : NULL;
    default:
        return NULL;
    }
}

/* ---- the list ------------------------------------------------------------------------------------------ */

option_name *names_find_full(const names *n, const char *full)
{
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->name[i].full, full) == 0) return &n->name[i];
    return NULL;
}

/* Adds "SECTION.NAME" (or the bare name where `prefix` is NULL), or a row to the name that is there already. */
static status add_row(names *n, const char *prefix, section_id id, const section *of, const option *row)
{
    status result = OK;
    char full[128];
    snprintf(full, sizeof full, "%s%s%s", prefix ? prefix : "", prefix ? "." : "", row->name);
    option_name *there = names_find_full(n, full);
    if (!there) {
        if (n->count == n->room) {
            int room = n->room ? 2 * n->room : 64;
            option_name *larger = realloc(n->name, (size_t)room * sizeof *larger);
            CHECK(larger != NULL, NO_MEMORY, "%d names of options", room);
            n->name = larger;
            n->room = room;
        }
        there = &n->name[n->count];
        *there = (option_name){ .section = id, .axis = -1, .full = strdup(full) };
        CHECK(there->full != NULL, NO_MEMORY, "the name of an option");
        there->tail = there->full + (prefix ? strlen(prefix) + 1 : 0);
        n->count++;
    }
    CHECK(there->rows < KINDS_MAX, BROKEN, "%s: more than %d kinds have it", full, KINDS_MAX);
    there->row[there->rows++] = (name_row){ row, of };
done:
    return result;
}

static status add_section(names *n, const char *prefix, section_id id, const section *of)
{
    status result = OK;
    for (const option *row = of->options; row->name; row++) TRY(add_row(n, prefix, id, of, row));
done:
    return result;
}

/* ---- the three choices --------------------------------------------------------------------------------- */

/* Options whose words are the names in the registries. */
static status make_choices(names *n)
{
    static const struct {
        const char *name, *initial, *help;
    } about[CHOICES] = {
        [CHOICE_ESTIMATOR] = { "estimator", "rine", "what is estimated" },
        [CHOICE_DATA] = { "kind", "", "what it is estimated from" },
        [CHOICE_MODEL] = { "kind", "mlp", "which network is trained" },
    };
    status result = OK;
    for (int c = 0; c < CHOICES; c++) {
        size_t size;
        FILE *to = open_memstream(&n->words[c], &size);
        CHECK(to != NULL, NO_MEMORY, "names of estimators and kinds");
        int count = 0;
        for (const char *word; (word = choice_word((choice_id)c, count)) != NULL; count++)
            fprintf(to, "%s%s", count ? "|" : "", word);
        fclose(to);
        CHECK(n->words[c] != NULL, NO_MEMORY, "names of estimators and kinds");
        CHECK(count <= KINDS_MAX, BROKEN, "more than %d entries in a registry", KINDS_MAX);
        n->choice[c] = (option){ .name = about[c].name,
                                 .type = OPTION_CHOICE,
                                 .initial = about[c].initial,
                                 .unit = "",
                                 .help = about[c].help,
                                 .choices = n->words[c] };
        n->choice[c].field = offsetof(choices, index) + (size_t)c * sizeof(int);
    }
    n->choice_section = (section){ "choice", n->choice, sizeof(choices) };
done:
    return result;
}

/* What was given for a choice: by the last --set, as an axis, or fixed in its section. `tail` is NULL where it names
 * something else, too. */
static const node *choice_given(names *n, const char *full, const char *tail, bool *fixed)
{
    *fixed = false;
    for (int i = n->sets - 1; i >= 0; i--) {
        const set *s = &n->set[i];
        if (strcmp(s->name, full) == 0 || (tail && strcmp(s->name, tail) == 0)) {
            n->changed = true;
            return &s->value;
        }
    }
    const node *grid = node_find(n->file, "grid"), *axis = grid ? node_find(grid, full) : NULL;
    if (!axis && grid && tail) axis = node_find(grid, tail);
    if (axis) return axis;

    *fixed = true;
    const char *dot = strchr(full, '.');
    if (!dot) return node_find(n->file, full);
    char holder[32];
    snprintf(holder, sizeof holder, "%.*s", (int)(dot - full), full);
    const node *of = node_find(n->file, holder);
    return of ? node_find(of, dot + 1) : NULL;
}

static status refuse_missing(const names *n, const option_name *of)
{
    char words[HINT_MAX];
    const node *holder = node_find(n->file, "data");
    snprintf(words, sizeof words, "%s", of->row[0].row->choices);
    for (char *bar = words; (bar = strchr(bar, '|')) != NULL;) *bar = ' ';
    if (!holder)
        return failure(BAD_INPUT, "%s: %s is missing; it is one of: %s", n->file->place, of->full, words);
    return node_refuse(holder, "%s is missing; it is one of: %s", of->full, words);
}

/* Finds which entries of a registry the sweep has, and gives the choice its name. */
static status choose(names *n, choice_id c, const char *prefix, bool tail)
{
    status result = OK;
    values chosen = { .count = 0 };
    span s;
    bool fixed;
    option *row = &n->choice[c];
    TRY(add_row(n, prefix, SECTIONS, &n->choice_section, row));
    const option_name *of = &n->name[n->count - 1];
    const node *given = choice_given(n, of->full, tail ? of->tail : NULL, &fixed);
    if (given) {
        if (fixed && span_is_axis(row, given))
            return node_refuse(given, "%s: takes one value here; several values go into grid:", of->full);
        TRY(span_read(row, given, &s));
        TRY(values_make(of, &s, &chosen));
        for (int64_t i = 0; i < chosen.count; i++) n->chosen[c][((const int *)chosen.value[0])[i]] = true;
    } else {
        int index = words_find(n->words[c], row->initial);
        if (index < 0) return refuse_missing(n, of);
        n->chosen[c][index] = true;
    }
done:
    values_free(&chosen);
    return result;
}

unsigned names_needs(const names *n)
{
    unsigned needs = 0;
    for (int i = 0; estimators[i]; i++)
        if (n->chosen[CHOICE_ESTIMATOR][i]) needs |= estimators[i]->needs;
    return needs;
}

status names_make(names *n, const node *file, const set *sets, int set_count)
{
    status result = OK;
    *n = (names){ .file = file, .set = sets, .sets = set_count };
    TRY(make_choices(n));
    TRY(choose(n, CHOICE_ESTIMATOR, NULL, true));
    TRY(add_section(n, NULL, SECTION_TASK, &task_section));
    for (int i = 0; estimators[i]; i++)
        if (n->chosen[CHOICE_ESTIMATOR][i])
            TRY(add_section(n, estimators[i]->name, SECTION_ESTIMATOR, &estimators[i]->section));
    bool data = names_needs(n) & (NEEDS_DATA | NEEDS_TABLE), model = names_needs(n) & NEEDS_MODEL;
    if (data) TRY(choose(n, CHOICE_DATA, "data", !model));
    for (int i = 0; data && data_kinds[i]; i++)
        if (n->chosen[CHOICE_DATA][i]) TRY(add_section(n, "data", SECTION_DATA, &data_kinds[i]->section));
    if (data) TRY(add_section(n, "compress", SECTION_COMPRESS, &compress_section));
    if (model) TRY(choose(n, CHOICE_MODEL, "model", !data));
    for (int i = 0; model && model_kinds[i]; i++)
        if (n->chosen[CHOICE_MODEL][i]) TRY(add_section(n, "model", SECTION_MODEL, &model_kinds[i]->section));
    if (model) TRY(add_section(n, "train", SECTION_TRAIN, &train_section));
    TRY(add_section(n, "run", SECTION_RUN, &run_section));
    TRY(add_section(n, "store", SECTION_STORE, &store_section));
done:
    return result;
}

void names_free(names *n)
{
    for (int i = 0; i < n->count; i++) free(n->name[i].full);
    free(n->name);
    for (int c = 0; c < CHOICES; c++) free(n->words[c]);
    *n = (names){ .count = 0 };
}
