/* What the two ways of factoring a covariance (log_determinant.h) share. Covariances are divided by standard deviations first, so
 * that what is too small for a pivot does not depend on units. */
#ifndef LOG_DETERMINANT_PARTS_H
#define LOG_DETERMINANT_PARTS_H

#include "log_determinant.h"
#include "numerics/centred_rows.h"

/* inverse (n): 1 over the standard deviation of each column. */
status covariance_scale(int n, const double *variance, double *inverse);
/* The determinants of leading blocks from the diagonal of a factor, of which `factored` columns could be made. */
status covariance_leading(int n, int factored, const double *pivot, const double *inverse, double *nats);

/* Collective over a gang of more than one rank: of a covariance that is read, or of rows; the other is NULL. */
status log_determinants_spread(gang *g, const covariance_reader *c, const centred_rows *rows, double *nats);

#endif
