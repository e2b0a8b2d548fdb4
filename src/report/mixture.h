/* Mixtures: weighted means of the means of groups, such as the mean over the pairs within an animal, and differences of two.
 * Since a resample of a session is the same in all groups, a mixture has an interval, too. */
#ifndef REPORT_MIXTURE_H
#define REPORT_MIXTURE_H

#include "means.h"

typedef struct mixture {
    double *weight; /* (groups) */
    double total;   /* that weights are divided by; 0: of nothing */
} mixture;

status mixture_make(const means *m, mixture *out);
void mixture_free(mixture *x);
void mixture_add(mixture *x, int64_t group, double weight);
/* Makes an empty mixture the difference of two others. */
void mixture_subtract(mixture *x, const means *m, const mixture *from, const mixture *what);
double mixture_value(const mixture *x, const means *m); /* NaN of nothing */
/* Interval of x, or, with `of`, of the ratio x / of. NaN where a part has none. */
status mixture_interval(const mixture *x, const mixture *of, const means *m, double confidence,
                        interval *out);

#endif
