/* From what a person typed to the option that it names, and what to say when it names none. */
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "estimator.h"
#include "sweep/names.h"
#include "sweep/option_words.h"

const char *names_hint(const char *typed, const char *const *words, int count, char hint[HINT_MAX])
{
    enum { FEW = 16 };
    const char *nearest = option_suggest(typed, words, count);
    int at = 0;
    hint[0] = '\0';
    if (nearest) at = snprintf(hint, HINT_MAX, "; did you mean '%s'?", nearest);
    size_t letters = (size_t)at + sizeof "; allowed here: ";
    for (int i = 0; i < count; i++) letters += strlen(words[i]) + 2;
    if (count == 0 || count > FEW || letters > HINT_MAX) return hint;
    at += snprintf(hint + at, HINT_MAX - (size_t)at, "%s", nearest ? " Allowed here: " : "; allowed here: ");
    for (int i = 0; i < count; i++)
        at += snprintf(hint + at, HINT_MAX - (size_t)at, "%s%s", i ? ", " : "", words[i]);
    return hint;
}

/* Is `typed` an option of this section, as "PREFIX.NAME" or "NAME"? */
static bool section_has(const char *prefix, const section *of, const char *typed)
{
    size_t length = strlen(prefix);
    if (strncmp(typed, prefix, length) == 0 && typed[length] == '.') typed += length + 1;
    return option_find(of->options, typed) != NULL;
}

bool names_elsewhere(const char *typed, char where[HINT_MAX])
{
    for (int i = 0; estimators[i]; i++)
        if (section_has(estimators[i]->name, &estimators[i]->section, typed))
            return snprintf(where, HINT_MAX, "estimator %s", estimators[i]->name) > 0;
    for (int i = 0; data_kinds[i]; i++)
        if (section_has("data", &data_kinds[i]->section, typed))
            return snprintf(where, HINT_MAX, "data kind %s", data_kinds[i]->name) > 0;
    for (int i = 0; model_kinds[i]; i++)
        if (section_has("model", &model_kinds[i]->section, typed))
            return snprintf(where, HINT_MAX, "model kind %s", model_kinds[i]->name) > 0;
    if (section_has("compress", &compress_section, typed))
        return snprintf(where, HINT_MAX, "compress, for estimators that learn from data") > 0;
    if (section_has("train", &train_section, typed))
        return snprintf(where, HINT_MAX, "train, for estimators that train a network") > 0;
    return false;
}

/* Names whose tail is `tail`: how many, and the last of them. */
static int count_tails(const names *n, const char *tail, option_name **last)
{
    int count = 0;
    for (int i = 0; i < n->count; i++) {
        if (strcmp(n->name[i].tail, tail) != 0) continue;
        *last = &n->name[i];
        count++;
    }
    return count;
}

static status refuse_ambiguous(const names *n, const node *typed)
{
    char list[HINT_MAX] = "";
    size_t at = 0;
    for (int i = 0; i < n->count && at < sizeof list; i++)
        if (strcmp(n->name[i].tail, typed->text) == 0)
            at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", at ? " or " : "", n->name[i].full);
    return node_refuse(typed, "'%s' is ambiguous; write %s", typed->text, list);
}

static status refuse_unknown(const names *n, const node *typed)
{
    status result = OK;
    char hint[HINT_MAX], word[SHOWN_MAX];
    if (names_elsewhere(typed->text, hint))
        return node_refuse(typed, "no cell of this sweep has the option %s; it is one of %s",
                           option_shown(typed->text, word), hint);
    const char **words = malloc(2 * (size_t)n->count * sizeof *words);
    CHECK(words != NULL, NO_MEMORY, "%d names of options", n->count);
    for (int i = 0; i < n->count; i++) {
        words[2 * i] = n->name[i].tail;
        words[2 * i + 1] = n->name[i].full;
    }
    names_hint(typed->text, words, 2 * n->count, hint);
    free(words);
    return node_refuse(typed, "%s is no option of this sweep%s", option_shown(typed->text, word), hint);
done:
    return result;
}

status names_find(const names *n, const node *typed, option_name **out)
{
    *out = names_find_full(n, typed->text);
    if (*out) return OK;
    int count = count_tails(n, typed->text, out);
    if (count == 1) return OK;
    return count > 1 ? refuse_ambiguous(n, typed) : refuse_unknown(n, typed);
}

/* Names that the result file needs for something else: its bookkeeping, its inner axes and its results. */
static bool is_reserved(const names *n, const char *word)
{
    static const char *const reserved[] = { "status",   "attempts", "wall_seconds", "rank",
                                            "checksum", "reason",   "runs",         "source",
                                            "class",    "epoch",    "metric",       "sample" };
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strcmp(word, reserved[i]) == 0) return true;
    for (int e = 0; estimators[e]; e++)
        for (const quantity *r = estimators[e]->results; n->chosen[CHOICE_ESTIMATOR][e] && r->name; r++)
            if (strcmp(word, r->name) == 0) return true;
    return false;
}

const char *names_short(const names *n, const option_name *of)
{
    option_name *last = NULL;
    bool hidden = names_find_full(n, of->tail) != NULL; /* a full name wins over a tail */
    return !hidden && count_tails(n, of->tail, &last) == 1 && !is_reserved(n, of->tail) ? of->tail : of->full;
}
