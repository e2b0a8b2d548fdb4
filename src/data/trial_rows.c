#include "data/trial_rows.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/recordings_parts.h"

enum {
    /* Kept bins are padded to the longest trial. A table in which that would make most of a large area empty has a wrong
     * trial column. */
    PADDED_FREELY = 1 << 24,
    PADDED_MOST = 32,
    PLACE_MAX = 64,
};

/* "line 17" or "row 12". */
static const char *place(const trial_rows *t, int64_t row, char to[PLACE_MAX])
{
    if (t->line)
        snprintf(to, PLACE_MAX, "line %d", t->line[row]);
    else
        snprintf(to, PLACE_MAX, "row %lld", (long long)row);
    return to;
}

/* ---- which rows make a trial --------------------------------------------------------------------------- */

static status check_number(const trial_rows *t, const double *number, int64_t row)
{
    status result = OK;
    char at[PLACE_MAX];
    CHECK(isfinite(number[row]), BAD_INPUT, "%s: %s: the number of the trial is missing or not finite",
          t->path, place(t, row, at));
    CHECK(row == 0 || number[row] >= number[row - 1], BAD_INPUT,
          "%s: %s: the number of the trial jumps back from %.10g to %.10g; sort the rows by trial", t->path,
          place(t, row, at), number[row - 1], number[row]);
done:
    return result;
}

status trial_rows_make(const char *path, const int *line, int64_t rows, const double *number, trial_rows *out)
{
    status result = OK;
    trial_rows t = { .path = path, .line = line, .rows = rows };
    CHECK(rows > 0, BAD_INPUT, "%s: there are no trials: the table has no rows", path);
    t.first = malloc(((size_t)rows + 1) * sizeof *t.first);
    CHECK(t.first != NULL, NO_MEMORY, "no memory for %lld trials", (long long)rows);
    for (int64_t row = 0; row < rows; row++) {
        if (number) TRY(check_number(&t, number, row));
        if (row == 0 || number == NULL || number[row] > number[row - 1]) t.first[t.trials++] = row;
    }
    t.first[t.trials] = rows;
    for (int64_t i = 0; i < t.trials; i++)
        if (t.first[i + 1] - t.first[i] > t.longest) t.longest = t.first[i + 1] - t.first[i];
    *out = t;
    t.first = NULL;
done:
    free(t.first);
    return result;
}

void trial_rows_free(trial_rows *t)
{
    free(t->first);
    t->first = NULL;
}

/* ---- columns ------------------------------------------------------------------------------------------- */

/* The mean of one dimension over the rows of a trial, and exactly their value where all have the same. */
static double mean(const trial_rows *t, int64_t trial, const double *number, int64_t stride, bool *differ)
{
    int64_t first = t->first[trial], end = t->first[trial + 1];
    double sum = 0;
    double one = number[first * stride];
    *differ = false;
    for (int64_t row = first; row < end; row++) {
        double value = number[row * stride];
        sum += value;
        if (value != one && !(isnan(value) && isnan(one))) *differ = true;
    }
    return *differ ? sum / (double)(end - first) : one;
}

static status refuse_difference(const trial_rows *t, int64_t trial, const char *name)
{
    char from[PLACE_MAX], to[PLACE_MAX];
    return failure(
        BAD_INPUT,
        "%s: %s changes within trial %lld, counted from 0 (%s to %s); it must be one value per trial",
        t->path, name, (long long)trial, place(t, t->first[trial], from),
        place(t, t->first[trial + 1] - 1, to));
}

status trial_rows_numbers(const trial_rows *t, recorded_session *s, const char *name, const double *number,
                          int dimensions, bool constant)
{
    status result = OK;
    column *made;
    if (session_column(s, name)) return OK;
    TRY(session_add_column(s, name, "", dimensions, &made));
    for (int64_t i = 0; i < t->trials; i++)
        for (int d = 0; d < dimensions; d++) {
            bool differ;
            made->number[i * dimensions + d] = mean(t, i, number + d, dimensions, &differ);
            if (differ && constant) TRY(refuse_difference(t, i, name));
        }
done:
    return result;
}

status trial_rows_texts(const trial_rows *t, recorded_session *s, const char *name, char *const *text,
                        int64_t stride)
{
    status result = OK;
    column *made;
    if (session_column(s, name)) return OK;
    TRY(session_add_text_column(s, name, &made));
    for (int64_t i = 0; i < t->trials; i++) {
        const char *first = text[t->first[i] * stride];
        for (int64_t row = t->first[i] + 1; row < t->first[i + 1]; row++)
            if (strcmp(first, text[row * stride]) != 0) TRY(refuse_difference(t, i, name));
        made->text[i] = strdup(first);
        CHECK(made->text[i] != NULL, NO_MEMORY, "no memory for the texts of %s", name);
    }
done:
    return result;
}

/* ---- areas --------------------------------------------------------------------------------------------- */

static status read_flag(const node *mapping, const char *key, bool *out)
{
    const node *n = node_find(mapping, key);
    if (n == NULL) return OK;
    *out = node_is_word(n, "true");
    if (!*out && !node_is_word(n, "false")) return node_refuse(n, "%s is true or false", key);
    return OK;
}

status trial_bins_read(const node *mapping, trial_bins *out)
{
    status result = OK;
    const char *bins = NULL;
    *out = (trial_bins){ .aligned_to = "" };
    TRY(import_text(mapping, "bins", &bins));
    if (bins) {
        out->keep = strcmp(bins, "keep") == 0;
        if (!out->keep && strcmp(bins, "mean") != 0)
            return node_refuse(node_find(mapping, "bins"), "bins are either mean or keep");
    }
    TRY(read_flag(mapping, "counts", &out->counts));
    TRY(import_number(mapping, "bin_ms", &out->bin_ms));
    TRY(import_number(mapping, "start_ms", &out->start_ms));
    const char *event = NULL;
    TRY(import_text(mapping, "aligned_to", &event));
    if (event) out->aligned_to = event;
    bool sound = isfinite(out->bin_ms) && out->bin_ms >= 0 && isfinite(out->start_ms);
    if (!sound) return node_refuse(mapping, "bin_ms must be above 0 and start_ms a number");
done:
    return result;
}

/* Sets valid_from and valid_to where trials have different numbers of bins. */
static status set_valid(const trial_rows *t, recorded_session *s, const trial_bins *how)
{
    status result = OK;
    if (s->valid_to || t->longest * t->trials == t->rows) return OK;
    TRY(session_add_valid(s));
    for (int64_t i = 0; i < t->trials; i++) {
        s->valid_from[i] = how->start_ms;
        s->valid_to[i] = how->start_ms + how->bin_ms * (double)(t->first[i + 1] - t->first[i]);
    }
done:
    return result;
}

static status check_extents(const trial_rows *t, const trial_bins *how, const char *name, int units, int bins)
{
    status result = OK;
    CHECK(bins == 1 || how->bin_ms > 0, BAD_INPUT,
          "%s: %s has %d bins: the mapping needs bin_ms, their length", t->path, name, bins);
    CHECK((double)t->trials * units * bins <= PADDED_FREELY || !how->keep ||
              t->longest <= PADDED_MOST * (t->rows / t->trials + 1),
          BAD_INPUT,
          "%s: %s: the longest trial has %lld bins, %g on average; is this the right column of trials?",
          t->path, name, (long long)t->longest, (double)t->rows / (double)t->trials);
done:
    return result;
}

static status check_values(const trial_rows *t, const char *name, const double *value, int units, int bins)
{
    status result = OK;
    char at[PLACE_MAX];
    for (int64_t row = 0; row < t->rows; row++)
        for (int64_t i = 0; i < (int64_t)units * bins; i++)
            CHECK(isfinite(value[row * units * bins + i]), BAD_INPUT,
                  "%s: %s: %s, unit %lld (from 0): %g is no value to learn from; leave the trial or unit out",
                  t->path, name, place(t, row, at), (long long)(i / bins), value[row * units * bins + i]);
done:
    return result;
}

/* Puts one value where it belongs. */
static status set(const trial_rows *t, area *a, int64_t trial, int unit, int bin, double value)
{
    status result = OK;
    char at[PLACE_MAX];
    int64_t i = (trial * a->units + unit) * a->bins + bin;
    if (a->feature) {
        CHECK(fabs(value) <= 3.4e38, BAD_INPUT, "%s: %s: trial %lld, unit %d: %g is too large", t->path,
              a->name, (long long)trial, unit, value);
        a->feature[i] = (float)value;
    } else {
        CHECK(value >= 0 && value <= UINT8_MAX && value == floor(value), BAD_INPUT,
              "%s: %s: %s, unit %d (from 0): %.10g is no spike count, which is a whole number from 0 to 255 "
              "(rates and the like come without `counts: true`)",
              t->path, a->name, place(t, t->first[trial], at), unit, value);
        a->count[i] = (uint8_t)value;
    }
done:
    return result;
}

/* Means over rows, or rows in time. */
static status fill_rows(const trial_rows *t, area *a, bool keep, const double *value)
{
    status result = OK;
    bool differ;
    for (int64_t i = 0; i < t->trials; i++) {
        int64_t rows = keep ? t->first[i + 1] - t->first[i] : 1;
        for (int u = 0; u < a->units; u++)
            for (int64_t b = 0; b < rows; b++)
                TRY(set(t, a, i, u, (int)b,
                        keep ? value[(t->first[i] + b) * a->units + u]
                             : mean(t, i, value + u, a->units, &differ)));
    }
done:
    return result;
}

status trial_rows_area(const trial_rows *t, recorded_session *s, const trial_bins *how, const char *name,
                       const double *value, int units, int bins)
{
    status result = OK;
    area *a;
    bool timed = how->keep || bins > 1;
    CHECK(units > 0 && bins > 0, BAD_INPUT, "%s: %s has no units", t->path, name);
    CHECK(bins == 1 || t->trials == t->rows, BAD_INPUT,
          "%s: %s has three dimensions (trials, units, bins), so that `trial` must number each row once",
          t->path, name);
    CHECK(
        !how->counts || how->keep || t->trials == t->rows, BAD_INPUT,
        "%s: %s: the mean over a trial's bins is no spike count: keep the bins, or leave out `counts: true`",
        t->path, name);
    CHECK(t->longest <= INT_MAX, BAD_INPUT, "%s: a trial of %lld bins", t->path, (long long)t->longest);
    int kept = bins > 1 ? bins : how->keep ? (int)t->longest : 1;
    TRY(check_extents(t, how, name, units, kept));
    TRY(check_values(t, name, value, units, bins));
    TRY(session_add_area(s, name, units, kept, how->counts, &a));
    a->bin_ms = timed ? how->bin_ms : 0;
    a->start_ms = timed ? how->start_ms : 0;
    TRY(text_set(&a->aligned_to, how->aligned_to));
    if (bins > 1) {
        for (int64_t i = 0; i < t->trials; i++)
            for (int u = 0; u < units; u++)
                for (int b = 0; b < bins; b++) TRY(set(t, a, i, u, b, value[(i * units + u) * bins + b]));
    } else {
        TRY(fill_rows(t, a, how->keep, value));
        if (how->keep) TRY(set_valid(t, s, how));
    }
done:
    return result;
}
