/* What a matrix comes to: means over its diagonal, with recorded trials and with surrogate pairs, and over its pairs within
 * and between animals, beside the ceiling that pairs of different sessions can reach. */
#ifndef REPORT_MATRIX_PARTS_H
#define REPORT_MATRIX_PARTS_H

#include "matrix.h"

typedef struct matrix_part {
    char name[96];
    int64_t cells;
    double value;
    interval range; /* NaN where there is none */
    /* of the mean of the cells' ceilings; NaN where there is none above 0, and on the diagonal */
    double share;
    interval share_range;
    bool difference; /* of two parts, no mean of cells */
} matrix_part;

enum { MATRIX_PARTS_MAX = 32 };
typedef struct matrix_parts {
    int count;
    matrix_part part[MATRIX_PARTS_MAX]; /* animals beyond these are left out */
} matrix_parts;

/* *out is empty where there is no diagonal to set apart. */
status matrix_parts_find(const matrix *m, matrix_parts *out);

/* Has the matrix a diagonal of surrogate pairs beside pairs of different sessions? */
bool matrix_has_ceiling(const matrix *m);
/* The ceiling of a pair: mean of the surrogate diagonal at both; NaN where there is none above 0. */
double matrix_ceiling(const matrix *m, int64_t i, int64_t j);
/* The group at a row's place on the diagonal of the matrix that begins at a corner (m->recorded, m->surrogate); -1 where there
 * is no value. */
int64_t matrix_diagonal(const matrix *m, int64_t corner, int64_t i);

#endif
