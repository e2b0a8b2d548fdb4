/* What the two ways of a principal component analysis (pca.h) share: eigenvalues and eigenvectors of one of the two matrices of
 * products of centred rows. */
#ifndef PCA_PARTS_H
#define PCA_PARTS_H

#include <stdbool.h>

#include "gang.h"
#include "numerics/centred_rows.h"

/* Eigenvectors on one rank, or on a gang, spread over its ranks. */
typedef struct spread_matrix spread_matrix;

typedef struct spectrum {
    int n;
    bool of_samples;       /* the matrix was that of products of samples */
    double *value;         /* (n) rising, as LAPACK leaves them */
    double *vector;        /* (n, n) in that order; NULL on a gang */
    spread_matrix *spread; /* NULL on one rank */
} spectrum;

/* Collective over the gang where there is one: NULL on one rank. What was made is freed also after a failure. */
status spectrum_make(gang *g, const centred_rows *c, spectrum *out);
void spectrum_free(spectrum *s);
/* The last `count` eigenvectors, of the largest value first, to (count, n). */
status spectrum_vectors(const spectrum *s, int count, double *to);
/* x (count) becomes the sum over ranks. */
void spectrum_sum(const spectrum *s, double *x, int64_t count);

/* The parts of these for a gang: pca_scalapack.c. */
status spectrum_spread(gang *g, const centred_rows *c, spectrum *s);
status spread_vectors(const spectrum *s, int count, double *to);
void spread_sum(const spectrum *s, double *x, int64_t count);
void spread_free(spread_matrix *m);

#endif
