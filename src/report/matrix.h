/* A matrix: the means of one result over a pair of axes (session_1 × session_2), all others held. */
#ifndef REPORT_MATRIX_H
#define REPORT_MATRIX_H

#include "means.h"

/* Do two kept axes make a pair? On true, `row` and `column` are their indices; of several pairs (sessions, areas) those of the
 * pair with the most cells, the first of equals. */
bool matrix_axes(const summary *s, int *row, int *column);

typedef struct matrix {
    const view *view;
    const summary *summary;
    const means *means;
    int row, column; /* axes */
    int64_t rows, columns;
    int64_t corner; /* group at the first value of both axes */
    int64_t recorded,
        surrogate; /* corners of the matrices of recorded and surrogate pairs; -1 where there are none */
    bool
        alike; /* on the diagonal both sources are the same, so that the orders of a pair differ by noise alone */
} matrix;

/* Does a matrix begin at this group? */
bool matrix_at(const view *v, const summary *s, const means *m, int64_t group, matrix *out);
int64_t matrix_group(const matrix *m, int64_t i, int64_t j);
/* The column that has the value of a row, or -1: where the diagonal passes. */
int64_t matrix_same(const matrix *m, int64_t row);
/* What a row belongs to, or a column: an animal; NULL where nothing is said. */
const char *matrix_row_group(const matrix *m, int64_t i);
const char *matrix_column_group(const matrix *m, int64_t j);
/* Has the matrix a value off its diagonal? */
bool matrix_has_pairs(const matrix *m);

/* |M_ij − M_ji| over pairs that have both. */
typedef struct matrix_noise {
    int64_t pairs;
    double mean, largest;
    int64_t row, column; /* of the largest */
} matrix_noise;
matrix_noise matrix_find_noise(const matrix *m);

#endif
