/* Log-determinants of a large covariance and of all its leading blocks: information and entropies of Gaussians are differences of
 * these. On one rank in plain loops; on a gang by ScaLAPACK, the matrix spread over the ranks. BAD_INPUT as in
 * gaussian_information.h. */
#ifndef LOG_DETERMINANT_H
#define LOG_DETERMINANT_H

#include "gang.h"
#include "sample_rows.h"

/* A covariance that is read by its columns when they are wanted, each rank those it works on. */
typedef struct covariance_reader {
    int n;
    status (*read)(void *context, int column, double *to); /* to (n) */
    void *context;
} covariance_reader;

/* Both collective over the gang, all of whose ranks pass the same. nats (n): ln det of the first j + 1 columns and rows at j, on
 * every rank. */
status log_determinants(gang *g, const covariance_reader *c, double *nats);
/* Of the covariance of samples, divided by their number - 1. nats (features). */
status log_determinants_of_rows(gang *g, const sample_rows *rows, double *nats);

#endif
