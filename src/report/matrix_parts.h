/* What a matrix comes to: its diagonal, with recorded trials and with surrogate pairs, and its pairs within and between
 * animals, beside the ceiling that pairs of different sessions can reach. */
#ifndef REPORT_MATRIX_PARTS_H
#define REPORT_MATRIX_PARTS_H

#include "matrix.h"

/* Has the matrix a diagonal of surrogate pairs beside pairs of different sessions? */
bool matrix_has_ceiling(const matrix *m);
/* The ceiling of a pair: mean of the surrogate diagonal at both; NaN where there is none above 0. */
double matrix_ceiling(const matrix *m, int64_t i, int64_t j);
/* Means over the parts, with intervals. Nothing where there is no diagonal to set apart. */
status matrix_parts_print(const matrix *m, FILE *to);

#endif
