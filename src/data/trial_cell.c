#include "data/trial_cell.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/gaussian_entropy.h"
#include "data/window_features.h"

void trial_cell_free(trial_cell *c)
{
    if (c == NULL) return;
    if (c->set[1] != c->set[0]) trial_set_free(c->set[1]);
    trial_set_free(c->set[0]);
    for (int i = 0; i < 2; i++) unit_list_free(&c->units[i]);
    trial_pairs_free(c->pairs);
    free(c->target);
    free(c);
}

/* ---- sessions --------------------------------------------------------------------------------------------------------- */

static status refuse_session(const recordings *r, const char *name, int side)
{
    char *names = NULL;
    size_t size;
    FILE *to = open_memstream(&names, &size);
    if (to == NULL) return failure(NO_MEMORY, "no memory for a message");
    for (int s = 0; s < r->sessions; s++) fprintf(to, "%s%s", s > 0 ? ", " : "", r->session[s].name);
    fclose(to);
    if (name[0])
        failure(BAD_INPUT, "data.session_%d: there is no session '%s'; there are %.400s", side + 1, name,
                names);
    else
        failure(BAD_INPUT, "data.session_%d is not given, and there are several: %.400s", side + 1, names);
    free(names);
    return BAD_INPUT;
}

static status find_session(const recordings *r, const trial_options *o, int side,
                           const recorded_session **out)
{
    const char *name = o->side[side].session;
    *out = name[0] ? recordings_find(r, name) : r->sessions == 1 ? &r->session[0] : NULL;
    return *out ? OK : refuse_session(r, name, side);
}

/* Targets are matched by value; one that only one session has leaves nothing to compare. */
static status check_targets(const selection *const *s)
{
    status result = OK;
    char *first = NULL, *second = NULL;
    if (selection_targets_equal(s[0], s[1])) return OK;
    first = selection_targets_text(s[0]);
    second = selection_targets_text(s[1]);
    CHECK(first != NULL && second != NULL, NO_MEMORY, "no memory for a message");
    result = failure(
        BAD_INPUT,
        "session %s has trials of the targets %.200s, and session %s of %.200s; choose those that both "
        "have with data.targets",
        s[0]->session->name, first, s[1]->session->name, second);
done:
    free(first);
    free(second);
    return result;
}

static status check_continuous(const trial_options *o, const selection *const *s)
{
    status result = OK;
    if (o->target_type != TARGET_CONTINUOUS) return OK;
    CHECK(s[0] == s[1] && o->pairing == PAIRING_RECORDED, BAD_INPUT,
          "data.target_type is continuous, and no two trials have the same target: right would be pairing: "
          "recorded "
          "and one session on both sides");
done:
    return result;
}

/* ---- equal numbers ---------------------------------------------------------------------------------------------------- */

/* Does a session have trials of every target of this cell? Then it is part of the same matrix. */
static bool shares_targets(const selection *s, const selection *with)
{
    int found = 0;
    for (int v = 0; v < with->values; v++)
        for (int w = 0; w < s->values; w++) found += strcmp(with->text[v], s->text[w]) == 0;
    return found == with->values;
}

/* The selection of another session of the file; *out is NULL where it has other columns or targets. */
static status find_other(const recordings *r, int index, const trial_options *o, const selection *with,
                         const selection **out)
{
    status result = selection_find(r, &r->session[index], o, out);
    if (result == OK && !shares_targets(*out, with)) *out = NULL;
    if (result != BAD_INPUT) return result;
    *out = NULL;
    failure_clear();
    return OK;
}

static status matched_trials(const recordings *r, const trial_options *o, const selection *with, int64_t *out)
{
    status result = OK;
    *out = o->match_trials;
    if (o->match_trials != MATCH_FEWEST) return OK;
    *out = INT64_MAX;
    for (int k = 0; k < r->sessions; k++) {
        const selection *s;
        TRY(find_other(r, k, o, with, &s));
        int64_t fewest = s ? trial_set_fewest(s) : INT64_MAX;
        if (fewest < *out) *out = fewest;
    }
done:
    return result;
}

/* Units of one area of a session, or of all side by side, that the options of a side leave; INT_MAX where it has none. */
static status count_units(const recorded_session *s, const char *name, const trial_options *o, int side,
                          int *count)
{
    unit_list units = { 0 };
    status result = unit_list_make(s, name, o, side, 0, &units);
    *count = result == OK ? units.count : INT_MAX;
    unit_list_free(&units);
    if (result != BAD_INPUT) return result;
    failure_clear();
    return OK;
}

/* The fewest over the areas of the session, or of the whole session where areas are not chosen. */
static status fewest_units(const recorded_session *s, const trial_options *o, int *fewest)
{
    status result = OK;
    for (int side = 0; side < 2; side++) {
        bool whole = o->side[side].area[0] == '\0';
        for (int a = 0; a < (whole ? 1 : s->areas); a++) {
            int count;
            TRY(count_units(s, whole ? "" : s->area[a].name, o, side, &count));
            if (count < *fewest) *fewest = count;
        }
    }
done:
    return result;
}

static status matched_units(const recordings *r, const trial_options *o, const selection *with, int *out)
{
    status result = OK;
    *out = (int)o->match_units;
    if (o->match_units != MATCH_FEWEST) return OK;
    *out = INT_MAX;
    for (int k = 0; k < r->sessions; k++) {
        const selection *s;
        TRY(find_other(r, k, o, with, &s));
        if (s) TRY(fewest_units(&r->session[k], o, out));
    }
done:
    return result;
}

/* ---- the cell --------------------------------------------------------------------------------------------------------- */

static status choose_units(const recordings *r, const trial_options *o, int64_t seed, trial_cell *c)
{
    status result = OK;
    int matched;
    TRY(matched_units(r, o, c->set[0]->selection, &matched));
    for (int i = 0; i < 2; i++) {
        const selection *s = c->set[i]->selection;
        const char *name = o->side[i].area;
        TRY(unit_list_make(s->session, name, o, i, seed, &c->units[i]));
        if (matched != MATCH_ALL) TRY(unit_list_match(s->session, name, matched, i, seed, &c->units[i]));
        for (int a = 0; a < s->session->areas; a++)
            if (name[0] == '\0' || strcmp(s->session->area[a].name, name) == 0)
                TRY(window_features_check(s, &s->session->area[a], o, i));
    }
done:
    return result;
}

static status choose_trials(const recordings *r, const trial_options *o, int64_t seed, trial_cell *c)
{
    status result = OK;
    const selection *s[2];
    int64_t matched;
    for (int i = 0; i < 2; i++) {
        const recorded_session *session;
        TRY(find_session(r, o, i, &session));
        TRY(selection_find(r, session, o, &s[i]));
    }
    TRY(check_targets(s));
    TRY(check_continuous(o, s));
    TRY(matched_trials(r, o, s[0], &matched));
    for (int i = 0; i < 2; i++) {
        if (i == 1 && s[1] == s[0])
            c->set[1] = c->set[0];
        else
            TRY(trial_set_make(s[i], o, matched, seed, &c->set[i]));
    }
    TRY(trial_pairs_make(c->set[0], c->set[1], o, seed, &c->pairs));
    CHECK(c->pairs->test > 0, BAD_INPUT,
          "sessions %s and %s have no target in common in the test part; use fewer data.folds or a larger "
          "data.test_fraction",
          s[0]->session->name, s[1]->session->name);
done:
    return result;
}

/* The numbers of a continuous target, which both sides have in common. */
static status take_numbers(trial_cell *c)
{
    status result = OK;
    const trial_set *set = c->set[0];
    const column *of = set->selection->target;
    int64_t samples = c->pairs->train + c->pairs->test;
    size_t bytes = (size_t)of->dimensions * sizeof *c->target;
    c->target = malloc((size_t)samples * bytes);
    CHECK(c->target != NULL, NO_MEMORY, "no memory for the targets of %lld trials", (long long)samples);
    for (int64_t k = 0; k < samples; k++) {
        int64_t trial = set->target[c->pairs->member[0][k]];
        memcpy(c->target + k * of->dimensions, of->number + trial * of->dimensions, bytes);
    }
    TRY(gaussian_entropy_bits(c->target, samples, of->dimensions, &c->target_entropy_bits));
    CHECK(isfinite(c->target_entropy_bits), BAD_INPUT,
          "data.target: the numbers of column '%s' of session %s do not vary, or one follows from the others",
          of->name, set->selection->session->name);
done:
    return result;
}

status trial_cell_make(const recordings *r, const trial_options *o, int64_t seed, trial_cell **out)
{
    status result = OK;
    trial_cell *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a cell");
    TRY(choose_trials(r, o, seed, made));
    TRY(choose_units(r, o, seed, made));
    const selection *s = made->set[0]->selection;
    bool continuous = o->target_type == TARGET_CONTINUOUS;
    if (continuous)
        TRY(take_numbers(made));
    else
        made->target_entropy_bits = dataset_empirical_entropy_bits(
            made->pairs->class, made->pairs->train + made->pairs->test, s->values);
    made->shape = (data_shape){ .sources = 2,
                                .features = { made->units[0].count, made->units[1].count },
                                .classes = continuous ? 0 : s->values,
                                .dimensions = continuous ? s->target->dimensions : 0,
                                .train = made->pairs->train,
                                .test = made->pairs->test,
                                .recorded = 1 };
    *out = made;
    made = NULL;
done:
    trial_cell_free(made);
    return result;
}
