#include "data/unit_list.h"

#include <stdlib.h>
#include <string.h>

#include "data/condition.h"
#include "data/trial_keys.h"

enum { PLACE_MAX = 200 };

/* Draws for different uses are different. */
enum { STREAM_HALVES, STREAM_MATCH };

void unit_list_free(unit_list *list)
{
    free(list->unit);
    *list = (unit_list){ 0 };
}

static status refuse_area(const recorded_session *s, const char *name, int side)
{
    char *names = NULL;
    size_t size;
    FILE *to = open_memstream(&names, &size);
    if (to == NULL) return failure(NO_MEMORY, "no memory for a message");
    for (int a = 0; a < s->areas; a++) fprintf(to, "%s%s", a > 0 ? ", " : "", s->area[a].name);
    fclose(to);
    failure(BAD_INPUT, "data.area_%d: session %s has no area '%s'; it has %.400s", side + 1, s->name, name,
            names ? names : "");
    free(names);
    return BAD_INPUT;
}

/* Adds the units of one area that meet the condition and are of the wanted parity. */
static status add_area(const recorded_session *s, int area_index, const trial_options *o, int side,
                       unit_list *list)
{
    status result = OK;
    const area *a = &s->area[area_index];
    char place[PLACE_MAX];
    snprintf(place, sizeof place, "area %.80s of session %.80s", a->name, s->name);
    bool *meets = malloc((size_t)a->units * sizeof *meets);
    unit_ref *larger = realloc(list->unit, (size_t)(list->count + a->units) * sizeof *larger);
    if (larger) list->unit = larger;
    CHECK(meets != NULL && larger != NULL, NO_MEMORY, "no memory for %d units", a->units);
    TRY(condition_evaluate(o->units, "data.units", place, a->column, a->columns, a->units, meets));
    for (int u = 0; u < a->units; u++) {
        bool parity = (o->side[side].units != UNITS_EVEN || u % 2 == 0) &&
                      (o->side[side].units != UNITS_ODD || u % 2 == 1);
        if (meets[u] && parity) list->unit[list->count++] = (unit_ref){ area_index, u };
    }
done:
    free(meets);
    return result;
}

/* Keeps the units at positions first … last-1 of a random order, in their own order. */
static status keep_drawn(random_key key, int first, int last, unit_list *list)
{
    status result = OK;
    int kept = 0;
    int32_t *order = malloc((size_t)list->count * sizeof *order);
    bool *keep = calloc((size_t)list->count, sizeof *keep);
    CHECK(order != NULL && keep != NULL, NO_MEMORY, "no memory for %d units", list->count);
    random_permutation(key, list->count, order);
    for (int k = first; k < last; k++) keep[order[k]] = true;
    for (int u = 0; u < list->count; u++)
        if (keep[u]) list->unit[kept++] = list->unit[u];
    list->count = kept;
done:
    free(order);
    free(keep);
    return result;
}

status unit_list_make(const recorded_session *s, const char *name, const trial_options *o, int side,
                      int64_t seed, unit_list *out)
{
    status result = OK;
    unit_list made = { 0 };
    bool found = false;
    for (int a = 0; a < s->areas; a++) {
        if (name[0] && strcmp(s->area[a].name, name) != 0) continue;
        found = true;
        TRY(add_area(s, a, o, side, &made));
    }
    if (!found) TRY(refuse_area(s, name, side));
    int choice = o->side[side].units, half = made.count / 2;
    if (choice == UNITS_RANDOM || choice == UNITS_OTHERS) {
        /* by what is selected: "" is the only area, where there is one */
        const char *called = name[0] == '\0' && s->areas == 1 ? s->area[0].name : name;
        random_key key = trial_key(RANDOM_SUBSET, seed, s->name, called);
        key.stream = STREAM_HALVES;
        TRY(keep_drawn(key, choice == UNITS_RANDOM ? 0 : half, choice == UNITS_RANDOM ? half : made.count,
                       &made));
    }
    CHECK(made.count > 0, BAD_INPUT, "data.units and data.units_%d leave no unit of session %s%s%s", side + 1,
          s->name, name[0] ? ", area " : "", name);
    *out = made;
    made = (unit_list){ 0 };
done:
    unit_list_free(&made);
    return result;
}

status unit_list_match(const recorded_session *s, const char *name, int count, int side, int64_t seed,
                       unit_list *list)
{
    random_key key = trial_key(RANDOM_SUBSET, seed, s->name, name);
    key.stream = STREAM_MATCH;
    if (count > list->count)
        return failure(BAD_INPUT, "data.match_units is %d, and session %s%s%s has %d units for source %d",
                       count, s->name, name[0] ? ", area " : "", name, list->count, side + 1);
    return keep_drawn(key, 0, count, list);
}
