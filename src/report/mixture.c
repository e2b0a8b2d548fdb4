#include "mixture.h"

#include <math.h>
#include <stdlib.h>

status mixture_make(const means *m, mixture *out)
{
    *out = (mixture){ .weight = calloc((size_t)m->groups + 1, sizeof *out->weight) };
    return out->weight ? OK : failure(NO_MEMORY, "a mean over %lld values", (long long)m->groups);
}

void mixture_free(mixture *x)
{
    free(x->weight);
}

void mixture_add(mixture *x, int64_t group, double weight)
{
    x->weight[group] += weight;
    x->total += weight;
}

void mixture_subtract(mixture *x, const means *m, const mixture *from, const mixture *what)
{
    for (int64_t g = 0; g < m->groups; g++)
        x->weight[g] = from->weight[g] / from->total - what->weight[g] / what->total;
    x->total = 1;
}

double mixture_value(const mixture *x, const means *m)
{
    double value = 0;
    for (int64_t g = 0; g < m->groups; g++)
        if (x->weight[g] != 0) value += x->weight[g] * m->of[g].value.mean;
    return x->total > 0 ? value / x->total : NAN;
}

/* The mixture as resample k has it; NaN where a part has no interval. */
static double resampled(const mixture *x, const means *m, int64_t k)
{
    double value = 0;
    for (int64_t g = 0; g < m->groups; g++)
        if (x->weight[g] != 0) value += x->weight[g] * (m->of[g].value.mean + m->shift[g * m->resamples + k]);
    return value / x->total;
}

status mixture_interval(const mixture *x, const mixture *of, const means *m, double confidence, interval *out)
{
    status result = OK;
    double *value = NULL;
    *out = (interval){ NAN, NAN };
    if (m->shift == NULL || x->total == 0 || (of && of->total == 0)) goto done;
    value = malloc((size_t)m->resamples * sizeof *value);
    CHECK(value != NULL, NO_MEMORY, "%lld resamples", (long long)m->resamples);
    for (int64_t k = 0; k < m->resamples; k++) {
        value[k] = resampled(x, m, k) / (of ? resampled(of, m, k) : 1);
        if (isnan(value[k])) goto done;
    }
    TRY(intervals_percentile(0, value, m->resamples, confidence, out));
done:
    free(value);
    return result;
}
