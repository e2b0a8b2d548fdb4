#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/recordings.h"
#include "data/recordings_parts.h"

enum { NAME_BYTES_MAX = 255 };

/* ---- texts ------------------------------------------------------------------------------------------------------- */

/* Bytes of the UTF-8 character at `s`; 0 where there is none: overlong forms, surrogates and what lies beyond Unicode. */
static int character_bytes(const unsigned char *s)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (s[0] < 0x80) return 1;
    int bytes = s[0] >= 0xF0 && s[0] < 0xF8   ? 4
                : s[0] >= 0xE0 && s[0] < 0xF0 ? 3
                : s[0] >= 0xC0 && s[0] < 0xE0 ? 2
                                              : 0;
    if (bytes == 0) return 0;
    uint32_t code = s[0] & (0xFFU >> (bytes + 1));
    for (int i = 1; i < bytes; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
        code = code << 6 | (s[i] & 0x3FU);
    }
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code >= least[bytes] && code <= 0x10FFFF && !surrogate ? bytes : 0;
}

/* Valid UTF-8 whose control characters are all among `controls`? */
static bool is_plain(const char *text, const char *controls)
{
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        int bytes = character_bytes(s);
        bool control = *s < 0x20 || *s == 0x7F;
        if (bytes == 0 || (control && strchr(controls, *s) == NULL)) return false;
        s += bytes;
    }
    return true;
}

bool name_is_usable(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= NAME_BYTES_MAX && strchr(name, '/') == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 && is_plain(name, "");
}

bool text_is_usable(const char *text)
{
    return is_plain(text, "\t\r\n");
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* `table` is "SESSION" or "SESSION, area AREA"; `row_name` what a row is. */
static status check_column(const column *c, int64_t rows, const char *path, const char *table,
                           const char *row_name)
{
    status result = OK;
    CHECK(name_is_usable(c->name), BAD_INPUT, "%s: %s: '%s' cannot be the name of a column: " NAME_RULE, path,
          table, c->name);
    CHECK((c->number != NULL) != (c->text != NULL) && c->dimensions >= 1, BAD_INPUT,
          "%s: %s: column %s holds nothing", path, table, c->name);
    for (int64_t r = 0; r < rows; r++) {
        if (c->text) {
            CHECK(c->text[r] == NULL || text_is_usable(c->text[r]), BAD_INPUT,
                  "%s: %s: column %s: %s %" PRId64 " is no UTF-8 text", path, table, c->name, row_name,
                  r + 1);
            continue;
        }
        for (int d = 0; d < c->dimensions; d++)
            CHECK(!isinf(c->number[r * c->dimensions + d]), BAD_INPUT,
                  "%s: %s: column %s: %s %" PRId64
                  " is infinite; right would be a number, or NaN where there is none",
                  path, table, c->name, row_name, r + 1);
    }
done:
    return result;
}

static status check_columns(const column *columns, int count, int64_t rows, const char *path,
                            const char *table, const char *row_name)
{
    status result = OK;
    for (int c = 0; c < count; c++) {
        TRY(check_column(&columns[c], rows, path, table, row_name));
        CHECK(column_find(columns, c, columns[c].name) == NULL, BAD_INPUT,
              "%s: %s: two columns are called %s", path, table, columns[c].name);
    }
done:
    return result;
}

/* ---- areas ------------------------------------------------------------------------------------------------------- */

static status check_times(const recorded_session *s, const area *a, const char *path)
{
    status result = OK;
    CHECK(isfinite(a->bin_ms) && isfinite(a->start_ms) && a->bin_ms >= 0, BAD_INPUT,
          "%s: %s, area %s: bins of %g ms from %g ms on; right would be a length and a time", path, s->name,
          a->name, a->bin_ms, a->start_ms);
    CHECK(a->bin_ms > 0 || a->bins == 1, BAD_INPUT,
          "%s: %s, area %s: %d bins without a length; right would be bin_ms above 0", path, s->name, a->name,
          a->bins);
done:
    return result;
}

/* Features are numbers where a trial is valid. */
static status check_features(const recorded_session *s, const area *a, const char *path)
{
    status result = OK;
    if (a->feature == NULL) return OK;
    for (int64_t t = 0; t < s->trials; t++)
        for (int u = 0; u < a->units; u++)
            for (int b = 0; b < a->bins; b++) {
                float value = a->feature[(t * a->units + u) * a->bins + b];
                CHECK(isfinite(value) || !session_bin_is_valid(s, a, t, b), BAD_INPUT,
                      "%s: %s, area %s: trial %" PRId64
                      ", unit %d, bin %d is %s; right would be a number (leave the "
                      "trial or the unit out, or say where trials are valid)",
                      path, s->name, a->name, t + 1, u + 1, b + 1, isnan(value) ? "NaN" : "infinite");
            }
done:
    return result;
}

static status check_area(const recorded_session *s, const area *a, const char *path)
{
    status result = OK;
    char table[2 * NAME_BYTES_MAX + 16];
    CHECK(name_is_usable(a->name), BAD_INPUT, "%s: %s: '%s' cannot be the name of an area: " NAME_RULE, path,
          s->name, a->name);
    CHECK(a->units > 0 && a->bins > 0, BAD_INPUT,
          "%s: %s, area %s: %d units and %d bins; right would be one at least", path, s->name, a->name,
          a->units, a->bins);
    CHECK((a->count != NULL) != (a->feature != NULL), BAD_INPUT, "%s: %s, area %s: holds no recording", path,
          s->name, a->name);
    TRY(check_times(s, a, path));
    TRY(check_features(s, a, path));
    snprintf(table, sizeof table, "%s, area %s", s->name, a->name);
    TRY(check_columns(a->column, a->columns, a->units, path, table, "unit"));
done:
    return result;
}

/* ---- sessions ---------------------------------------------------------------------------------------------------- */

/* Has the trial a target? */
static bool has_target(const column *target, int64_t trial)
{
    if (target->text) return target->text[trial] && target->text[trial][0];
    for (int d = 0; d < target->dimensions; d++)
        if (isnan(target->number[trial * target->dimensions + d])) return false;
    return true;
}

static status check_target(const recordings *r, const recorded_session *s, const char *path)
{
    status result = OK;
    const column *target = session_column(s, r->target);
    CHECK(target != NULL, BAD_INPUT, "%s: %s has no trial column %s, which is the target", path, s->name,
          r->target);
    int64_t with = 0;
    for (int64_t t = 0; t < s->trials; t++) with += has_target(target, t);
    CHECK(with > 0, BAD_INPUT, "%s: %s: no trial has a target: column %s is empty", path, s->name, r->target);
done:
    return result;
}

/* Trials without a target are left out, so they need not be valid anywhere. */
static status check_valid(const recordings *r, const recorded_session *s, const char *path)
{
    status result = OK;
    const column *target = session_column(s, r->target);
    if (s->valid_from == NULL && s->valid_to == NULL) return OK;
    CHECK(s->valid_from && s->valid_to, BAD_INPUT,
          "%s: %s: has one of valid_from and valid_to; right would be both", path, s->name);
    for (int64_t t = 0; t < s->trials; t++) {
        if (!has_target(target, t)) continue;
        double from = s->valid_from[t], to = s->valid_to[t];
        CHECK(isfinite(from) && isfinite(to) && from < to, BAD_INPUT,
              "%s: %s: trial %" PRId64
              " is valid from %g to %g ms; right would be a stretch of time (a trial "
              "without a target is left out)",
              path, s->name, t + 1, from, to);
    }
done:
    return result;
}

static status check_session(const recordings *r, const recorded_session *s, const char *path)
{
    status result = OK;
    CHECK(name_is_usable(s->name), BAD_INPUT, "%s: '%s' cannot be the name of a session: " NAME_RULE, path,
          s->name);
    CHECK(s->trials > 0, BAD_INPUT, "%s: %s has no trials", path, s->name);
    CHECK(s->areas > 0, BAD_INPUT, "%s: %s has no areas", path, s->name);
    TRY(check_columns(s->column, s->columns, s->trials, path, s->name, "trial"));
    TRY(check_target(r, s, path));
    TRY(check_valid(r, s, path));
    for (int a = 0; a < s->areas; a++) {
        TRY(check_area(s, &s->area[a], path));
        for (int b = 0; b < a; b++)
            CHECK(strcmp(s->area[a].name, s->area[b].name) != 0, BAD_INPUT, "%s: %s: two areas are called %s",
                  path, s->name, s->area[a].name);
    }
done:
    return result;
}

static status check_attributes(const attribute *attributes, int count, const char *path, const char *of)
{
    status result = OK;
    for (int a = 0; a < count; a++)
        CHECK(name_is_usable(attributes[a].name) && text_is_usable(attributes[a].value), BAD_INPUT,
              "%s: %s: attribute %d is no UTF-8 text with a usable name", path, of, a + 1);
done:
    return result;
}

status recordings_check(const recordings *r, const char *path)
{
    status result = OK;
    CHECK(text_is_usable(r->title) && text_is_usable(r->mapping), BAD_INPUT,
          "%s: its title or its mapping is no UTF-8 text", path);
    CHECK(r->sessions > 0, BAD_INPUT, "%s: holds no sessions", path);
    CHECK(r->target[0] != '\0', BAD_INPUT, "%s: says of no trial column that it is the target", path);
    TRY(check_attributes(r->attribute, r->attributes, path, "the file"));
    for (int s = 0; s < r->sessions; s++) {
        const recorded_session *one = &r->session[s];
        TRY(check_session(r, one, path));
        CHECK(text_is_usable(one->animal) && text_is_usable(one->source) && text_is_usable(one->sha256),
              BAD_INPUT, "%s: %s: its animal or source is no UTF-8 text", path, one->name);
        TRY(check_attributes(one->attribute, one->attributes, path, one->name));
        CHECK(recordings_find(r, one->name) == one, BAD_INPUT, "%s: two sessions are called %s", path,
              one->name);
    }
done:
    return result;
}
