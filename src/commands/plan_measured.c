#include "plan_measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "results.h"

/* Tasks that are predicted to take the same. */
typedef struct likes {
    const struct estimator *estimator;
    const struct data_kind *data;
    const struct model_kind *model;
    double seconds;                             /* predicted for one of them alone */
    double predicted_seconds, measured_seconds; /* sums over packs */
} likes;

struct measured {
    int64_t count, room;
    likes *group;
};

void measured_free(measured *m)
{
    if (m == NULL) return;
    free(m->group);
    free(m);
}

static bool same_kinds(const likes *l, const settings *t)
{
    return l->estimator == t->estimator && l->data == t->data && l->model == t->model;
}

/* Predictions of one formula for equal settings: equal but for rounding. */
static bool same_seconds(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(a, b);
}

static status add(measured *m, const settings *t, double seconds, double predicted, double took)
{
    status result = OK;
    int64_t i = m->count - 1; /* packs come sorted by ranks and time: the group is the last, or near it */
    while (i >= 0 && !(same_kinds(&m->group[i], t) && same_seconds(m->group[i].seconds, seconds))) i--;
    if (i < 0) {
        if (m->count == m->room) {
            m->room = 2 * m->room + 16;
            likes *larger = realloc(m->group, (size_t)m->room * sizeof *larger);
            CHECK(larger != NULL, NO_MEMORY, "%lld groups of tasks", (long long)m->room);
            m->group = larger;
        }
        i = m->count++;
        m->group[i] =
            (likes){ .estimator = t->estimator, .data = t->data, .model = t->model, .seconds = seconds };
    }
    m->group[i].predicted_seconds += predicted;
    m->group[i].measured_seconds += took;
done:
    return result;
}

/* Packs of what is done, as they would be run now, and what their tasks took then. */
static status add_packs(measured *m, const sweep *s, const packs *p, const double *wall_seconds)
{
    status result = OK;
    settings *slot = NULL;
    for (int64_t i = 0; i < p->count; i++) {
        const pack *k = &p->pack[i];
        double one, took = 0;
        if (!(k->seconds > 0)) continue;
        for (int64_t c = k->first; c < k->first + k->count; c++) took += wall_seconds[p->cell[c]];
        TRY(sweep_settings(s, p->cell[k->first], &slot));
        TRY(pack_seconds(s, p, k->first, 1, &one));
        TRY(add(m, slot, one, pack_span(k, k->seconds), took));
    }
done:
    settings_free(slot);
    return result;
}

/* Adds the lines of a text, which is cut into them. */
static status add_lines(char *text, strings *sets)
{
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (sets->count == STRINGS_MAX)
            return failure(BAD_INPUT, "was made with more than %d --set", STRINGS_MAX);
        sets->item[sets->count++] = line;
    }
    return OK;
}

/* The sweep of a result file, with the shapes of its data: it was parsed loosely. */
static status whole_sweep(const results *r, sweep **out)
{
    status result = OK;
    const sweep *loose = results_sweep(r);
    strings sets = { .count = 0 };
    char *typed = strdup(sweep_sets(loose)), *members = strdup(sweep_members(loose));
    CHECK(typed && members, NO_MEMORY, "the --set of a sweep");
    TRY(add_lines(typed, &sets));
    TRY(add_lines(members, &sets));
    TRY(sweep_parse(sweep_text(loose), sweep_path(loose), sets.item, sets.count, false, out));
done:
    free(typed);
    free(members);
    return result;
}

static status read_done(const results *r, measured *m)
{
    status result = OK;
    sweep *s = NULL;
    packs *p = NULL;
    uint8_t *wanted = NULL;
    double *wall_seconds = NULL;
    TRY(whole_sweep(r, &s));
    TRY(results_status(r, &wanted));
    TRY(results_values(r, "wall_seconds", &wall_seconds));
    for (int64_t c = 0; c < sweep_grid(s)->cells; c++)
        wanted[c] = wanted[c] == OUTCOME_DONE && wall_seconds[c] > 0 ? WANT_PACKED : WANT_NOT;
    TRY(packs_make(s, wanted, &p));
    TRY(add_packs(m, s, p, wall_seconds));
    CHECK(m->count > 0, BAD_INPUT, "nothing in it is done, so nothing was measured");
done:
    packs_free(p);
    free(wanted);
    free(wall_seconds);
    sweep_free(s);
    return result;
}

status measured_read(const char *path, measured **out)
{
    status result = OK;
    results *r = NULL;
    measured *m = calloc(1, sizeof *m);
    CHECK(m != NULL, NO_MEMORY, "%s", path);
    TRY(results_open(path, &r));
    result = read_done(r, m);
    if (result != OK) TRY(failure_at(result, "%s", path));
    *out = m;
    m = NULL;
done:
    results_close(r);
    measured_free(m);
    return result;
}

double measured_ratio(const measured *m, const settings *t, double seconds)
{
    enum { ESTIMATOR, KINDS, ALIKE, LEVELS };
    double predicted[LEVELS] = { 0 }, took[LEVELS] = { 0 };
    for (int64_t i = 0; i < m->count; i++) {
        const likes *l = &m->group[i];
        if (l->estimator != t->estimator) continue;
        int nearest = !same_kinds(l, t) ? ESTIMATOR : !same_seconds(l->seconds, seconds) ? KINDS : ALIKE;
        for (int level = ESTIMATOR; level <= nearest; level++) {
            predicted[level] += l->predicted_seconds;
            took[level] += l->measured_seconds;
        }
    }
    for (int level = ALIKE; level >= ESTIMATOR; level--)
        if (predicted[level] > 0) return took[level] / predicted[level];
    return NAN;
}
