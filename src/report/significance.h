/* Significance: a value against the same with shuffled targets. */
#ifndef REPORT_SIGNIFICANCE_H
#define REPORT_SIGNIFICANCE_H

#include <stdint.h>

#include "status.h"

typedef struct significance {
    double p; /* (1 + shuffles that reach the value) / (1 + shuffles); NaN without a value or a shuffle */
    double null_mean; /* over the shuffles; NaN without */
    int64_t shuffles; /* that have a value */
} significance;

/* Of a value and the values under shuffles; NaN is what is missing. */
significance significance_test(double value, const double *null, int64_t shuffles);

/* Benjamini and Hochberg's adjusted p-values (J. R. Stat. Soc. B 57 (1995) 289): q[i] is the least share of false
 * discoveries at which p[i] counts as one. Over those that are numbers; NaN stays NaN. */
status significance_adjust(const double *p, int64_t count, double *q);

#endif
