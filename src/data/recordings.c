#include "data/recordings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/recordings_block.h"
#include "data/recordings_parts.h"
#include "sweep/option_words.h"

/* ---- memory ------------------------------------------------------------------------------------------------------ */

static void free_columns(column *columns, int count, int64_t rows)
{
    for (int c = 0; c < count; c++) {
        for (int64_t r = 0; columns[c].text && r < rows; r++) free(columns[c].text[r]);
        free(columns[c].text);
        free(columns[c].number);
        free(columns[c].name);
        free(columns[c].unit);
    }
    free(columns);
}

static void free_attributes(attribute *attributes, int count)
{
    for (int a = 0; a < count; a++) {
        free(attributes[a].name);
        free(attributes[a].value);
    }
    free(attributes);
}

static void free_session(recorded_session *s)
{
    for (int a = 0; a < s->areas; a++) {
        free(s->area[a].name);
        free(s->area[a].aligned_to);
        free(s->area[a].count);
        free(s->area[a].feature);
        free_columns(s->area[a].column, s->area[a].columns, s->area[a].units);
    }
    free(s->area);
    free_columns(s->column, s->columns, s->trials);
    free_attributes(s->attribute, s->attributes);
    free(s->valid_from);
    free(s->valid_to);
    free(s->name);
    free(s->animal);
    free(s->source);
    free(s->sha256);
}

void recordings_free(recordings *r)
{
    if (r == NULL) return;
    if (r->place == PLACE_OPENED) {
        free(r);
        return;
    }
    if (r->place == PLACE_MOVED) recordings_block_leave(r);
    for (int s = 0; s < r->sessions; s++) free_session(&r->session[s]);
    free(r->session);
    free_attributes(r->attribute, r->attributes);
    free(r->title);
    free(r->target);
    free(r->mapping);
    free(r);
}

status recordings_make(recordings **out)
{
    status result = OK;
    recordings *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for recordings");
    made->title = strdup("");
    made->target = strdup("");
    made->mapping = strdup("");
    CHECK(made->title && made->target && made->mapping, NO_MEMORY, "no memory for recordings");
    *out = made;
    made = NULL;
done:
    recordings_free(made);
    return result;
}

status text_set(char **at, const char *value)
{
    status result = OK;
    char *copy = strdup(value ? value : "");
    CHECK(copy != NULL, NO_MEMORY, "no memory for a text");
    free(*at);
    *at = copy;
done:
    return result;
}

/* Room for one more item of `size` bytes, zeroed; lists are short, so each grows by one. */
static status grow(void **list, int count, size_t size)
{
    status result = OK;
    unsigned char *larger = realloc(*list, ((size_t)count + 1) * size);
    CHECK(larger != NULL, NO_MEMORY, "no memory for a list of %d", count + 1);
    memset(larger + (size_t)count * size, 0, size);
    *list = larger;
done:
    return result;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

const recorded_session *recordings_find(const recordings *r, const char *name)
{
    for (int s = 0; s < r->sessions; s++)
        if (strcmp(r->session[s].name, name) == 0) return &r->session[s];
    return NULL;
}

const area *session_area(const recorded_session *s, const char *name)
{
    for (int a = 0; a < s->areas; a++)
        if (strcmp(s->area[a].name, name) == 0) return &s->area[a];
    return NULL;
}

const column *column_find(const column *columns, int count, const char *name)
{
    for (int c = 0; c < count; c++)
        if (strcmp(columns[c].name, name) == 0) return &columns[c];
    return NULL;
}

const column *session_column(const recorded_session *s, const char *name)
{
    return column_find(s->column, s->columns, name);
}

const column *area_column(const area *a, const char *name)
{
    return column_find(a->column, a->columns, name);
}

/* ---- building ---------------------------------------------------------------------------------------------------- */

status attribute_add(attribute **list, int *count, const char *name, const char *value)
{
    status result = OK;
    TRY(grow((void **)list, *count, sizeof **list));
    attribute *added = &(*list)[(*count)++];
    TRY(text_set(&added->name, name));
    TRY(text_set(&added->value, value));
done:
    return result;
}

status recordings_add_session(recordings *r, const char *name, recorded_session **out)
{
    status result = OK;
    CHECK(name_is_usable(name), BAD_INPUT, "'%s' cannot be the name of a session: " NAME_RULE, name);
    CHECK(recordings_find(r, name) == NULL, BAD_INPUT, "two sessions are called %s", name);
    TRY(grow((void **)&r->session, r->sessions, sizeof *r->session));
    recorded_session *s = &r->session[r->sessions++];
    TRY(text_set(&s->name, name));
    TRY(text_set(&s->animal, ""));
    TRY(text_set(&s->source, ""));
    TRY(text_set(&s->sha256, ""));
    *out = s;
done:
    return result;
}

/* A column of either kind; `dimensions` is 0 for texts. */
static status add_column(column **list, int *count, const char *table, const char *name, const char *unit,
                         int64_t rows, int dimensions, column **out)
{
    status result = OK;
    bool texts = dimensions == 0;
    int64_t values;
    CHECK(name_is_usable(name), BAD_INPUT, "'%s' cannot be the name of a column: " NAME_RULE, name);
    CHECK(column_find(*list, *count, name) == NULL, BAD_INPUT, "%s: two columns are called %s", table, name);
    CHECK(dimensions >= 0 && !__builtin_mul_overflow(rows, (int64_t)(texts ? 1 : dimensions), &values) &&
              values <= COLUMN_VALUES_MAX,
          BAD_INPUT, "%s: column %s has more values than any memory bears", table, name);
    TRY(grow((void **)list, *count, sizeof **list));
    column *c = &(*list)[(*count)++];
    c->dimensions = texts ? 1 : dimensions;
    TRY(text_set(&c->name, name));
    TRY(text_set(&c->unit, unit));
    if (texts)
        c->text = calloc((size_t)values + 1, sizeof *c->text);
    else
        c->number = malloc(((size_t)values + 1) * sizeof *c->number);
    CHECK(c->text || c->number, NO_MEMORY, "%s: no memory for column %s", table, name);
    for (int64_t i = 0; c->number && i < values; i++) c->number[i] = NAN;
    *out = c;
done:
    return result;
}

status session_add_column(recorded_session *s, const char *name, const char *unit, int dimensions,
                          column **out)
{
    if (dimensions < 1) return failure(BAD_INPUT, "%s: column %s has no dimensions", s->name, name);
    return add_column(&s->column, &s->columns, s->name, name, unit, s->trials, dimensions, out);
}

status session_add_text_column(recorded_session *s, const char *name, column **out)
{
    return add_column(&s->column, &s->columns, s->name, name, "", s->trials, 0, out);
}

status area_add_column(area *a, const char *name, const char *unit, int dimensions, column **out)
{
    if (dimensions < 1) return failure(BAD_INPUT, "%s: column %s has no dimensions", a->name, name);
    return add_column(&a->column, &a->columns, a->name, name, unit, a->units, dimensions, out);
}

status area_add_text_column(area *a, const char *name, column **out)
{
    return add_column(&a->column, &a->columns, a->name, name, "", a->units, 0, out);
}

status session_add_area(recorded_session *s, const char *name, int units, int bins, bool counts, area **out)
{
    status result = OK;
    int64_t values;
    CHECK(name_is_usable(name), BAD_INPUT, "'%s' cannot be the name of an area: " NAME_RULE, name);
    CHECK(session_area(s, name) == NULL, BAD_INPUT, "%s: two areas are called %s", s->name, name);
    CHECK(units > 0 && bins > 0, BAD_INPUT,
          "%s: area %s has %d units and %d bins; right would be one at least", s->name, name, units, bins);
    CHECK(!__builtin_mul_overflow(s->trials, (int64_t)units, &values) &&
              !__builtin_mul_overflow(values, (int64_t)bins, &values) && values <= AREA_VALUES_MAX,
          BAD_INPUT, "%s: area %s has %lld trials × %d units × %d bins, which is too much; longer bins help",
          s->name, name, (long long)s->trials, units, bins);
    TRY(grow((void **)&s->area, s->areas, sizeof *s->area));
    area *a = &s->area[s->areas++];
    a->units = units;
    a->bins = bins;
    TRY(text_set(&a->name, name));
    TRY(text_set(&a->aligned_to, ""));
    if (counts)
        a->count = calloc((size_t)values + 1, sizeof *a->count);
    else
        a->feature = calloc((size_t)values + 1, sizeof *a->feature);
    CHECK(a->count || a->feature, NO_MEMORY, "%s: no memory for area %s", s->name, name);
    *out = a;
done:
    return result;
}

status session_add_valid(recorded_session *s)
{
    status result = OK;
    size_t size = ((size_t)s->trials + 1) * sizeof(double);
    CHECK(s->valid_from == NULL && s->valid_to == NULL, BROKEN, "%s: is told twice where it is valid",
          s->name);
    s->valid_from = malloc(size);
    s->valid_to = malloc(size);
    CHECK(s->valid_from && s->valid_to, NO_MEMORY, "%s: no memory for its trials", s->name);
    for (int64_t t = 0; t < s->trials; t++) s->valid_from[t] = s->valid_to[t] = NAN;
done:
    return result;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

bool session_bin_is_valid(const recorded_session *s, const area *a, int64_t trial, int bin)
{
    if (s->valid_from == NULL || a->bin_ms <= 0) return true;
    double slack = 1e-6 * a->bin_ms; /* ends of bins are sums, which round */
    double start = a->start_ms + bin * a->bin_ms;
    return start >= s->valid_from[trial] - slack && start + a->bin_ms <= s->valid_to[trial] + slack;
}

static char *position_text(const double *number, int dimensions)
{
    enum { NUMBER_TEXT = 40 };
    size_t size = (size_t)dimensions * NUMBER_TEXT + 3, used = 1;
    char *text = malloc(size);
    if (text == NULL) return NULL;
    strcpy(text, "(");
    for (int d = 0; d < dimensions; d++) {
        char one[NUMBER_TEXT];
        option_real_text(number[d] + 0.0, one, sizeof one); /* -0 is 0 */
        used += (size_t)snprintf(text + used, size - used, "%s%s", d > 0 ? ", " : "", one);
    }
    snprintf(text + used, size - used, ")");
    return text;
}

char *column_value_text(const column *c, int64_t row)
{
    if (c->text) return strdup(c->text[row] ? c->text[row] : "");
    const double *number = c->number + row * c->dimensions;
    char text[40];
    for (int d = 0; d < c->dimensions; d++)
        if (isnan(number[d])) return strdup("");
    if (c->dimensions > 1) return position_text(number, c->dimensions);
    option_real_text(number[0] + 0.0, text, sizeof text);
    return strdup(text);
}
