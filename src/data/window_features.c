#include "data/window_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of features that are kept between tasks, and what two edges may differ by, in bins, and be the same. */
static const size_t kept_bytes_most = (size_t)512 << 20;
static const double same_edge = 1e-6;

typedef struct span {
    int first, bins;
} span;

/* ---- where a window lies ---------------------------------------------------------------------------------------------- */

/* Bins that hold data: those wholly within the valid part of a trial; none where that part is not a number. */
static span valid_span(const recorded_session *s, const area *a, int64_t trial)
{
    if (a->bin_ms <= 0 || s->valid_from == NULL) return (span){ 0, a->bins };
    double first = fmax(ceil((s->valid_from[trial] - a->start_ms) / a->bin_ms - same_edge), 0);
    double end = fmin(floor((s->valid_to[trial] - a->start_ms) / a->bin_ms + same_edge), a->bins);
    bool unknown = isnan(s->valid_from[trial]) || isnan(s->valid_to[trial]);
    if (unknown || end <= first) return (span){ 0, 0 };
    return (span){ (int)first, (int)(end - first) };
}

/* A window in bins: the same for all trials. */
static status window_span(const area *a, const trial_options *o, int side, span *out)
{
    status result = OK;
    double start = o->side[side].window;
    CHECK(a->bin_ms > 0, BAD_INPUT,
          "data.width is %lld ms, but area %s has no bins in time; right would be width: all",
          (long long)o->width, a->name);
    double first = (start - a->start_ms) / a->bin_ms, bins = (double)o->width / a->bin_ms;
    bool between_bins = fabs(first - round(first)) < same_edge && fabs(bins - round(bins)) < same_edge;
    CHECK(between_bins, BAD_INPUT,
          "data.window_%d: %g to %g ms does not start and end between two bins of area %s, which are %g ms "
          "long "
          "from %g ms on",
          side + 1, start, start + (double)o->width, a->name, a->bin_ms, a->start_ms);
    CHECK(round(first) >= 0 && round(first) + round(bins) <= a->bins, BAD_INPUT,
          "data.window_%d: %g to %g ms, but area %s has %g to %g ms", side + 1, start,
          start + (double)o->width, a->name, a->start_ms, a->start_ms + a->bins * a->bin_ms);
    *out = (span){ (int)round(first), (int)round(bins) };
done:
    return result;
}

static status check_options(const area *a, const trial_options *o, int side)
{
    status result = OK;
    CHECK(a->count != NULL || o->feature == FEATURE_MEAN, BAD_INPUT,
          "data.feature is %s, but area %s holds no spike counts; right would be mean",
          o->feature == FEATURE_COUNT ? "count" : "rate", a->name);
    CHECK(o->feature != FEATURE_RATE || a->bin_ms > 0, BAD_INPUT,
          "data.feature is rate, but area %s has no bins in time; right would be mean or count", a->name);
    CHECK(o->width != WIDTH_ALL || o->side[side].window == 0, BAD_INPUT,
          "data.window_%d is %g ms, but data.width is all, which is every bin that holds data; give a width",
          side + 1, o->side[side].window);
done:
    return result;
}

status window_features_check(const selection *s, const area *a, const trial_options *o, int side)
{
    status result = OK;
    span window = { 0 };
    const recorded_session *session = s->session;
    TRY(check_options(a, o, side));
    if (o->width != WIDTH_ALL) TRY(window_span(a, o, side, &window));
    for (int64_t t = 0; t < s->trials; t++) {
        span valid = valid_span(session, a, s->trial[t]);
        CHECK(valid.bins > 0, BAD_INPUT,
              "trial %d of session %s holds no whole bin of area %s; leave it out with data.trials",
              s->trial[t] + 1, session->name, a->name);
        CHECK(o->width == WIDTH_ALL ||
                  (window.first >= valid.first && window.first + window.bins <= valid.first + valid.bins),
              BAD_INPUT,
              "data.window_%d: %g to %g ms, but area %s of session %s has %g to %g ms in trial %d; leave "
              "such trials "
              "out with data.trials or use width: all",
              side + 1, o->side[side].window, o->side[side].window + (double)o->width, a->name, session->name,
              a->start_ms + valid.first * a->bin_ms, a->start_ms + (valid.first + valid.bins) * a->bin_ms,
              s->trial[t] + 1);
    }
done:
    return result;
}

/* ---- the numbers ------------------------------------------------------------------------------------------------------ */

static double sum_of(const area *a, int64_t row, span bins)
{
    double sum = 0;
    if (a->count) {
        const uint8_t *counts = a->count + row * a->bins + bins.first;
        int64_t spikes = 0;
        for (int b = 0; b < bins.bins; b++) spikes += counts[b];
        return (double)spikes;
    }
    const float *values = a->feature + row * a->bins + bins.first;
    for (int b = 0; b < bins.bins; b++) sum += (double)values[b];
    return sum;
}

static void fill(const recorded_session *s, const area *a, const trial_options *o, span window, float *out)
{
    for (int64_t t = 0; t < s->trials; t++) {
        span valid = valid_span(s, a, t), bins = o->width == WIDTH_ALL ? valid : window;
        bool inside = bins.first >= valid.first && bins.first + bins.bins <= valid.first + valid.bins;
        double divisor = o->feature == FEATURE_COUNT  ? 1
                         : o->feature == FEATURE_MEAN ? bins.bins
                                                      : bins.bins * a->bin_ms / 1000;
        for (int u = 0; u < a->units; u++) {
            int64_t row = t * a->units + u;
            out[row] = inside && bins.bins > 0 ? (float)(sum_of(a, row, bins) / divisor) : 0.0F;
        }
    }
}

/* ---- those that are kept, the youngest first -------------------------------------------------------------------------- */

typedef struct kept_features {
    struct kept_features *next;
    const recordings *recordings;
    const area *area;
    int64_t width;
    double window;
    int feature;
    size_t bytes;
    float *value;
} kept_features;
static kept_features *kept;

status window_features_find(const recordings *r, const recorded_session *s, const area *a,
                            const trial_options *o, int side, const float **out)
{
    status result = OK;
    span window = { 0 };
    kept_features *made = NULL;
    for (const kept_features *k = kept; k; k = k->next) {
        if (k->area != a || k->width != o->width || k->window != o->side[side].window ||
            k->feature != o->feature)
            continue;
        *out = k->value;
        goto done;
    }
    if (o->width != WIDTH_ALL) TRY(window_span(a, o, side, &window));
    made = malloc(sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for the features of area %s", a->name);
    *made = (kept_features){ .next = kept,
                             .recordings = r,
                             .area = a,
                             .width = o->width,
                             .window = o->side[side].window,
                             .feature = o->feature,
                             .bytes = (size_t)s->trials * (size_t)a->units * sizeof(float) };
    made->value = malloc(made->bytes);
    CHECK(made->value != NULL, NO_MEMORY, "no memory for the features of area %s", a->name);
    fill(s, a, o, window, made->value);
    kept = made;
    *out = made->value;
    made = NULL;
done:
    free(made);
    return result;
}

static void forget(kept_features **at)
{
    kept_features *k = *at;
    *at = k->next;
    free(k->value);
    free(k);
}

void window_features_forget(const recordings *r)
{
    for (kept_features **at = &kept; *at;) {
        if (r == NULL || (*at)->recordings == r)
            forget(at);
        else
            at = &(*at)->next;
    }
}

void window_features_trim(void)
{
    size_t bytes = 0;
    for (kept_features **at = &kept; *at;) {
        bytes += (*at)->bytes;
        if (bytes > kept_bytes_most)
            forget(at);
        else
            at = &(*at)->next;
    }
}
