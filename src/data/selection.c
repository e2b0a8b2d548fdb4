#include "data/selection.h"

#include <stdlib.h>
#include <string.h>

#include "data/column_groups.h"
#include "data/condition.h"
#include "data/target_values.h"

/* More targets than this are no classes, and more blocks are no blocks. */
enum { VALUES_MAX = 4096, BLOCKS_MAX = 1 << 20, PLACE_MAX = 120 };

/* ---- making one ------------------------------------------------------------------------------------------------------- */

typedef struct value_text {
    char *text;
    int group;
} value_text;

static int order_values(const void *a, const void *b)
{
    return target_value_compare(((const value_text *)a)->text, ((const value_text *)b)->text);
}

static status find_column(const recorded_session *s, const char *asker, const char *name, const column **out)
{
    *out = session_column(s, name);
    if (*out) return OK;
    char *names = NULL;
    size_t size;
    FILE *to = open_memstream(&names, &size);
    if (to == NULL) return failure(NO_MEMORY, "no memory for a message");
    for (int c = 0; c < s->columns; c++) fprintf(to, "%s%s", c > 0 ? ", " : "", s->column[c].name);
    fclose(to);
    failure(BAD_INPUT, "data.%s: session %s has no trial column '%s'; it has %.400s", asker, s->name, name,
            s->columns > 0 && names ? names : "none");
    free(names);
    return BAD_INPUT;
}

static void selection_free(selection *s)
{
    if (s == NULL) return;
    for (int v = 0; s->text && v < s->values; v++) free(s->text[v]);
    free(s->text);
    free(s->trial);
    free(s->value);
    free(s->block);
    free(s->tests);
    free(s);
}

/* What is known of each trial of the session before the selection. */
typedef struct candidates {
    bool *meets; /* (trials) */
    column_groups targets, blocks, parts;
    const column *part; /* NULL: no column says */
    bool by_block;
} candidates;

static status find_candidates(const recorded_session *s, const column *target, const trial_options *o,
                              candidates *c)
{
    status result = OK;
    char place[PLACE_MAX];
    const column *block;
    snprintf(place, sizeof place, "session %.80s", s->name);
    c->meets = malloc((size_t)s->trials * sizeof *c->meets);
    CHECK(c->meets != NULL, NO_MEMORY, "no memory for %lld trials", (long long)s->trials);
    TRY(condition_evaluate(o->trials, "data.trials", place, s->column, s->columns, s->trials, c->meets));
    if (o->target_type == TARGET_CLASS) {
        result = column_groups_make(target, s->trials, VALUES_MAX, place, &c->targets);
        if (result == BAD_INPUT)
            failure_at(BAD_INPUT, "data.target (is it a number? then data.target_type: continuous)");
        TRY(result);
    } else {
        CHECK(target->number != NULL, BAD_INPUT,
              "data.target_type: column '%s' of %s holds texts, which are classes, not numbers", target->name,
              place);
        c->targets.of = malloc((size_t)s->trials * sizeof *c->targets.of);
        CHECK(c->targets.of != NULL, NO_MEMORY, "no memory for %lld trials", (long long)s->trials);
        for (int64_t t = 0; t < s->trials; t++) c->targets.of[t] = column_is_empty(target, t) ? -1 : 0;
    }
    if (o->block[0]) {
        TRY(find_column(s, "block", o->block, &block));
        TRY(column_groups_make(block, s->trials, BLOCKS_MAX, place, &c->blocks));
        c->by_block = true;
    }
    if (o->split == SPLIT_GIVEN) {
        TRY(find_column(s, "part", o->part, &c->part));
        TRY(column_groups_make(c->part, s->trials, VALUES_MAX, place, &c->parts));
    }
done:
    return result;
}

static void free_candidates(candidates *c)
{
    free(c->meets);
    column_groups_free(&c->targets);
    column_groups_free(&c->blocks);
    column_groups_free(&c->parts);
}

/* The values of the target that occur among the trials that take part, in ascending order; made->value (groups) becomes the
 * rank of each group. */
static status sort_values(const candidates *c, const trial_options *o, selection *made, int32_t *rank)
{
    status result = OK;
    int groups = c->targets.count;
    bool *used = calloc((size_t)groups + 1, sizeof *used);
    value_text *found = calloc((size_t)groups + 1, sizeof *found);
    made->text = calloc((size_t)groups + 1, sizeof *made->text);
    CHECK(used && found && made->text, NO_MEMORY, "no memory for %d targets", groups);
    for (int64_t t = 0; t < made->session->trials; t++)
        if (c->meets[t] && c->targets.of[t] >= 0) used[c->targets.of[t]] = true;
    int count = 0;
    for (int g = 0; g < groups; g++) {
        rank[g] = -1;
        if (!used[g]) continue;
        char *text = column_value_text(made->target, c->targets.first[g]);
        CHECK(text != NULL, NO_MEMORY, "no memory for %d targets", groups);
        found[count++] = (value_text){ text, g };
        if (o->targets[0] && !target_list_has(o->targets, text)) {
            free(text);
            found[--count].text = NULL;
        }
    }
    qsort(found, (size_t)count, sizeof *found, order_values);
    for (int v = 0; v < count; v++) {
        made->text[v] = found[v].text;
        rank[found[v].group] = v;
    }
    made->values = count;
done:
    if (result != OK)
        for (int g = 0; found && g < groups; g++) free(found[g].text);
    free(found);
    free(used);
    return result;
}

/* Every value that the option lists must occur. */
static status check_listed(const trial_options *o, const selection *made)
{
    char listed[TARGET_VALUE_MAX];
    for (const char *at = o->targets; target_list_next(&at, listed, sizeof listed);) {
        bool occurs = false;
        for (int v = 0; v < made->values; v++)
            occurs = occurs || target_value_compare(listed, made->text[v]) == 0;
        if (!occurs)
            return failure(BAD_INPUT, "data.targets: no trial of session %s that takes part has target '%s'",
                           made->session->name, listed);
    }
    return OK;
}

/* 0: train, 1: test, -1: neither is said. */
static status part_of(const candidates *c, const recorded_session *s, int64_t trial, int *part)
{
    *part = -1;
    if (c->parts.of[trial] < 0) return OK;
    char *text = column_value_text(c->part, trial);
    if (text == NULL) return failure(NO_MEMORY, "no memory for a text");
    if (strcmp(text, "train") == 0) *part = 0;
    if (strcmp(text, "test") == 0) *part = 1;
    if (*part < 0)
        failure(
            BAD_INPUT,
            "data.part: trial %lld of session %s has '%.40s' in column '%s'; right would be train or test",
            (long long)trial + 1, s->name, text, c->part->name);
    free(text);
    return *part < 0 ? BAD_INPUT : OK;
}

static status take_trials(const candidates *c, const int32_t *rank, selection *made)
{
    status result = OK;
    const recorded_session *s = made->session;
    for (int64_t t = 0; t < s->trials; t++) {
        int32_t group = c->targets.of[t], value = group < 0 ? -1 : rank ? rank[group] : 0;
        int part = 0;
        if (!c->meets[t] || value < 0) continue;
        if (c->part) {
            TRY(part_of(c, s, t, &part));
            if (part < 0) continue;
            made->tests[made->trials] = (uint8_t)part;
        }
        CHECK(!c->by_block || c->blocks.of[t] >= 0, BAD_INPUT,
              "data.block: trial %lld of session %s belongs to no block", (long long)t + 1, s->name);
        made->trial[made->trials] = (int32_t)t;
        made->value[made->trials] = value;
        made->block[made->trials++] = c->by_block ? c->blocks.of[t] : (int32_t)t;
    }
    CHECK(made->trials > 0, BAD_INPUT,
          "session %s has no trial that takes part; see data.trials, data.target and "
          "data.targets",
          s->name);
done:
    return result;
}

static status selection_make(const recordings *r, const recorded_session *s, const trial_options *o,
                             selection **out)
{
    status result = OK;
    candidates c = { 0 };
    int32_t *rank = NULL;
    size_t trials = (size_t)s->trials;
    selection *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a selection");
    CHECK(s->trials <= INT32_MAX, BAD_INPUT, "session %s has more trials than %d", s->name, INT32_MAX);
    made->session = s;
    TRY(find_column(s, "target", o->target[0] ? o->target : r->target, &made->target));
    TRY(find_candidates(s, made->target, o, &c));
    made->trial = malloc(trials * sizeof *made->trial);
    made->value = malloc(trials * sizeof *made->value);
    made->block = malloc(trials * sizeof *made->block);
    made->tests = c.part ? malloc(trials * sizeof *made->tests) : NULL;
    CHECK(made->trial && made->value && made->block && (made->tests || !c.part), NO_MEMORY,
          "no memory for %zu trials", trials);
    if (o->target_type == TARGET_CLASS) {
        rank = malloc(((size_t)c.targets.count + 1) * sizeof *rank);
        CHECK(rank != NULL, NO_MEMORY, "no memory for %d targets", c.targets.count);
        TRY(sort_values(&c, o, made, rank));
        TRY(check_listed(o, made));
    } else {
        made->values = 1;
        made->text = calloc(1, sizeof *made->text);
        if (made->text) made->text[0] = strdup("");
        CHECK(made->text && made->text[0], NO_MEMORY, "no memory for a selection");
    }
    TRY(take_trials(&c, rank, made));
    *out = made;
    made = NULL;
done:
    free_candidates(&c);
    free(rank);
    selection_free(made);
    return result;
}

bool selection_targets_equal(const selection *a, const selection *b)
{
    if (a->values != b->values) return false;
    for (int v = 0; v < a->values; v++)
        if (strcmp(a->text[v], b->text[v]) != 0) return false;
    return true;
}

char *selection_targets_text(const selection *s)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) return NULL;
    for (int v = 0; v < s->values; v++) fprintf(to, "%s%s", v > 0 ? ", " : "", s->text[v]);
    fclose(to);
    return text;
}

/* ---- those that are kept ---------------------------------------------------------------------------------------------- */

typedef struct kept_selection {
    struct kept_selection *next;
    const recordings *recordings;
    char *key; /* the options that it was made by */
    selection *selection;
} kept_selection;
static kept_selection *kept;

static char *key_of(const trial_options *o)
{
    char *key = NULL;
    size_t size;
    FILE *to = open_memstream(&key, &size);
    if (to == NULL) return NULL;
    /* no text of an option holds a line break */
    fprintf(to, "%s\n%d\n%s\n%s\n%s\n%s", o->target, o->target_type, o->targets, o->trials, o->block,
            o->split == SPLIT_GIVEN ? o->part : "");
    fclose(to);
    return key;
}

status selection_find(const recordings *r, const recorded_session *s, const trial_options *o,
                      const selection **out)
{
    status result = OK;
    kept_selection *made = NULL;
    char *key = key_of(o);
    CHECK(key != NULL, NO_MEMORY, "no memory for a selection");
    for (const kept_selection *k = kept; k; k = k->next) {
        if (k->selection->session != s || strcmp(k->key, key) != 0) continue;
        *out = k->selection;
        goto done;
    }
    made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a selection");
    TRY(selection_make(r, s, o, &made->selection));
    made->recordings = r;
    made->key = key;
    made->next = kept;
    kept = made;
    *out = made->selection;
    key = NULL;
    made = NULL;
done:
    free(made);
    free(key);
    return result;
}

void selections_forget(const recordings *r)
{
    for (kept_selection **at = &kept; *at;) {
        kept_selection *k = *at;
        if (r != NULL && k->recordings != r) {
            at = &k->next;
            continue;
        }
        *at = k->next;
        selection_free(k->selection);
        free(k->key);
        free(k);
    }
}
