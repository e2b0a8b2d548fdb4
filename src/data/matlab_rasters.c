#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/matlab_plan.h"

enum { SPIKES_MAX = 255, BINS_MAX = 1 << 20 };

/* The rasters of one area. */
typedef struct rasters {
    const char *area, *field;
    matlab_field of[MATLAB_PARTS_MAX];
    int64_t units; /* 0 until the first one is seen */
    int64_t most;  /* values of the largest */
} rasters;

/* Bins that all trials share: number 0 begins at the event. */
typedef struct bin_range {
    int64_t first, end;
} bin_range;

static void close_rasters(matlab_import *m, rasters *r)
{
    for (int p = 0; p < m->plan.parts; p++) matlab_field_close(m->file, &r->of[p]);
}

static status open_rasters(matlab_import *m, int area_index, rasters *out)
{
    status result = OK;
    const node *areas = m->plan.areas;
    *out = (rasters){ .area = areas->key[area_index].text };
    TRY(import_text(areas, out->area, &out->field));
    if (out->field == NULL) TRY(node_refuse(&areas->item[area_index], "area %s has no field", out->area));
    for (int p = 0; p < m->plan.parts; p++)
        TRY(matlab_field_open(m->file, &m->structs[p], m->plan.array[p], out->field, &out->of[p]));
done:
    if (result != OK) close_rasters(m, out);
    return result;
}

/* ---- shapes ------------------------------------------------------------------------------------------------------ */

/* The raster of a trial, which must have the units of the first one. */
static status find_raster(const matlab_import *m, rasters *r, const matlab_trial *t, matlab_value *out,
                          int64_t *samples)
{
    status result = OK;
    char where[MATLAB_WHERE_MAX], shape[MATLAB_SHAPE_MAX];
    const char *path = matlab_path(m->file);
    int time = m->plan.time_first ? 0 : 1;
    matlab_where(m, t, r->field, where);
    TRY(matlab_element(m->file, &r->of[t->part], t->element, out));
    CHECK(out->kind == MATLAB_NUMBERS && out->rank == 2 && out->count > 0, BAD_INPUT,
          "%s: %s is %s; right would be a matrix of %s", path, where, matlab_shape(out, shape),
          time ? "units × time" : "time × units");
    *samples = out->extent[time];
    if (r->units == 0) r->units = out->extent[1 - time];
    CHECK(out->extent[1 - time] == r->units, BAD_INPUT,
          "%s: %s is %s; right would be %" PRId64 " units, as in the first trial", path, where,
          matlab_shape(out, shape), r->units);
    if (out->count > r->most) r->most = out->count;
done:
    if (result != OK) matlab_value_free(m->file, out);
    return result;
}

/* Looks at all rasters without their data; those of a trial are alike in time, and those of all trials unless the mapping says
 * where each is valid. */
static status measure(matlab_import *m, rasters *r, bool first_area)
{
    status result = OK;
    matlab_value value = { 0 };
    char where[MATLAB_WHERE_MAX];
    for (int64_t k = 0; k < m->session->trials; k++) {
        matlab_trial *t = &m->trial[k];
        int64_t samples;
        TRY(find_raster(m, r, t, &value, &samples));
        matlab_value_free(m->file, &value);
        if (first_area) t->samples = samples;
        CHECK(samples == t->samples, BAD_INPUT,
              "%s: %s has %" PRId64 " samples, and the trial's first area %" PRId64
              "; right would be the same for all areas",
              matlab_path(m->file), matlab_where(m, t, r->field, where), samples, t->samples);
        CHECK(m->plan.valid || samples == m->trial[0].samples, BAD_INPUT,
              "%s: %s has %" PRId64 " samples, and the first trial %" PRId64
              "; where trials differ in length the mapping says which part is valid: `valid: {from: 0, to: "
              "end}`",
              matlab_path(m->file), matlab_where(m, t, r->field, where), samples, m->trial[0].samples);
    }
done:
    return result;
}

/* ---- times ------------------------------------------------------------------------------------------------------- */

static status time_trial(const matlab_import *m, int64_t row, matlab_trial *t)
{
    status result = OK;
    const matlab_plan *p = &m->plan;
    const recorded_session *table = m->session;
    char where[MATLAB_WHERE_MAX];
    double end = (double)t->samples * p->sample_ms, slack = 1e-6 * p->sample_ms;
    double event = matlab_time_value(&p->align, table, row, end);
    matlab_where(m, t, NULL, where);
    CHECK(fabs(event / p->sample_ms) < 1e9, BAD_INPUT, "%s: %s: the event is at %g ms; right would be a time",
          matlab_path(m->file), where, event);
    t->event = llround(event / p->sample_ms);
    t->from_ms = p->valid ? matlab_time_value(&p->from, table, row, end) : 0;
    t->to_ms = p->valid ? matlab_time_value(&p->to, table, row, end) : end;
    CHECK(t->from_ms >= -slack && t->to_ms <= end + slack && t->from_ms < t->to_ms, BAD_INPUT,
          "%s: %s is valid from %g to %g ms; right would be a stretch of its 0 to %g ms",
          matlab_path(m->file), where, t->from_ms, t->to_ms, end);
done:
    return result;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The bins that lie wholly in the raster of one trial at least. */
static status find_bins(const matlab_import *m, bin_range *out)
{
    *out = (bin_range){ INT64_MAX, INT64_MIN };
    for (int64_t k = 0; k < m->session->trials; k++) {
        const matlab_trial *t = &m->trial[k];
        int64_t first = -floor_divide(t->event, m->plan.bin_samples);
        int64_t end = floor_divide(t->samples - t->event, m->plan.bin_samples);
        if (first < out->first) out->first = first;
        if (end > out->end) out->end = end;
    }
    int64_t bins = out->end - out->first;
    if (bins < 1)
        return node_refuse(m->plan.mapping, "no trial is as long as a bin of %g ms", m->plan.bin_ms);
    if (bins > BINS_MAX)
        return node_refuse(
            m->plan.mapping,
            "trials lie so far apart that they need %lld bins; is `align` in ms from a raster's start?",
            (long long)bins);
    return OK;
}

/* Trials are told apart in time where the mapping says so, or where they lie differently around the event. */
static status add_valid(matlab_import *m)
{
    status result = OK;
    const matlab_plan *p = &m->plan;
    if (!p->valid && matlab_time_is_fixed(&p->align)) return OK;
    TRY(session_add_valid(m->session));
    for (int64_t k = 0; k < m->session->trials; k++) {
        const matlab_trial *t = &m->trial[k];
        m->session->valid_from[k] = t->from_ms - (double)t->event * p->sample_ms;
        m->session->valid_to[k] = t->to_ms - (double)t->event * p->sample_ms;
    }
done:
    return result;
}

/* ---- filling ------------------------------------------------------------------------------------------------------ */

/* Where a raster goes: the bins of one trial. */
typedef struct filling {
    const matlab_import *m;
    const rasters *r;
    const matlab_trial *trial;
    const double *raster;
    bin_range bins;
    area *area;
    int64_t row; /* of the trial */
} filling;

static status refuse_sample(const filling *f, int64_t unit, int64_t sample, double x)
{
    char where[MATLAB_WHERE_MAX];
    bool time_first = f->m->plan.time_first;
    return failure(BAD_INPUT, "%s: %s(%" PRId64 ", %" PRId64 ") is %g; right would be a %s",
                   matlab_path(f->m->file), matlab_where(f->m, f->trial, f->r->field, where),
                   (time_first ? sample : unit) + 1, (time_first ? unit : sample) + 1, x,
                   f->m->plan.counts ? "count of spikes (or `counts: false`)" : "number");
}

/* Sum of one unit's samples first … end-1. What lies outside of the valid time may be anything, and counts for nothing. */
static status sum_bin(const filling *f, int64_t unit, int64_t first, int64_t end, double *sum)
{
    const matlab_plan *p = &f->m->plan;
    *sum = 0;
    for (int64_t s = first; s < end; s++) {
        double x = f->raster[p->time_first ? unit * f->trial->samples + s : s * f->r->units + unit];
        double at = (double)s * p->sample_ms, slack = 1e-6 * p->sample_ms;
        if (at < f->trial->from_ms - slack || at + p->sample_ms > f->trial->to_ms + slack) continue;
        bool count = x >= 0 && x <= SPIKES_MAX && x == floor(x);
        if (p->counts ? !count : !isfinite(x)) return refuse_sample(f, unit, s, x);
        *sum += x;
    }
    return OK;
}

static status fill_bin(const filling *f, int64_t unit, int64_t bin)
{
    status result = OK;
    const matlab_plan *p = &f->m->plan;
    int64_t first = f->trial->event + (f->bins.first + bin) * p->bin_samples, end = first + p->bin_samples;
    int64_t to = (f->row * f->area->units + unit) * f->area->bins + bin;
    double sum;
    if (first < 0 || end > f->trial->samples) return OK;
    TRY(sum_bin(f, unit, first, end, &sum));
    if (!p->counts) {
        f->area->feature[to] = (float)(sum / (double)p->bin_samples);
        goto done;
    }
    CHECK(sum <= SPIKES_MAX, BAD_INPUT,
          "%s: area %s: unit %" PRId64 " has %g spikes in a bin of %g ms; at most %d are kept: shorter "
          "bins, or `counts: false`",
          matlab_path(f->m->file), f->area->name, unit + 1, sum, p->bin_ms, SPIKES_MAX);
    f->area->count[to] = (uint8_t)sum;
done:
    return result;
}

static status fill_area(matlab_import *m, rasters *r, const bin_range *bins)
{
    status result = OK;
    matlab_value value = { 0 };
    char where[MATLAB_WHERE_MAX];
    double *raster = NULL;
    filling f = { .m = m, .r = r, .bins = *bins };
    CHECK(r->units <= INT_MAX, BAD_INPUT, "%s: area %s has too many units", matlab_path(m->file), r->area);
    TRY(session_add_area(m->session, r->area, (int)r->units, (int)(bins->end - bins->first), m->plan.counts,
                         &f.area));
    f.area->bin_ms = m->plan.bin_ms;
    f.area->start_ms = (double)bins->first * m->plan.bin_ms;
    TRY(text_set(&f.area->aligned_to, m->plan.aligned_to));
    raster = malloc((size_t)r->most * sizeof *raster);
    CHECK(raster != NULL, NO_MEMORY, "%s: no memory for a raster of area %s", matlab_path(m->file), r->area);
    f.raster = raster;
    for (f.row = 0; f.row < m->session->trials; f.row++) {
        int64_t samples;
        f.trial = &m->trial[f.row];
        TRY(find_raster(m, r, f.trial, &value, &samples));
        TRY(matlab_numbers(m->file, &value, matlab_where(m, f.trial, r->field, where), raster));
        matlab_value_free(m->file, &value);
        for (int64_t u = 0; u < r->units; u++)
            for (int64_t b = 0; b < bins->end - bins->first; b++) TRY(fill_bin(&f, u, b));
    }
done:
    matlab_value_free(m->file, &value);
    free(raster);
    return result;
}

status matlab_rasters_read(matlab_import *m)
{
    status result = OK;
    int areas = m->plan.areas->count, opened = 0;
    bin_range bins;
    rasters *all = calloc((size_t)areas, sizeof *all);
    CHECK(all != NULL, NO_MEMORY, "%s: no memory for %d areas", matlab_path(m->file), areas);
    for (; opened < areas; opened++) TRY(open_rasters(m, opened, &all[opened]));
    for (int a = 0; a < areas; a++) TRY(measure(m, &all[a], a == 0));
    for (int64_t k = 0; k < m->session->trials; k++) TRY(time_trial(m, k, &m->trial[k]));
    TRY(find_bins(m, &bins));
    TRY(add_valid(m));
    for (int a = 0; a < areas; a++) TRY(fill_area(m, &all[a], &bins));
done:
    for (int a = 0; a < opened; a++) close_rasters(m, &all[a]);
    free(all);
    return result;
}
