/* Information of jointly Gaussian vectors, from their covariance. Sources' columns come first, the target's last. In bits. BAD_INPUT
 * where a covariance is not symmetric or not positive definite, in one line that names the first leading block that is not. */
#ifndef GAUSSIAN_INFORMATION_H
#define GAUSSIAN_INFORMATION_H

#include "data.h"

typedef struct covariance {
    int sources;
    int size[SOURCES_MAX]; /* columns of each source */
    int target;            /* columns of the target */
    double *value;         /* (n, n), n the sum of them all */
} covariance;

status gaussian_information(const covariance *c, unsigned sources, double *bits); /* I(X_S; Y), S a bit mask */
status gaussian_total_correlation(const covariance *c, double *bits);            /* of all source columns */
/* For a target of one dimension, every column of every source a predictor of its own (facts, minsyn): */
status gaussian_union(const covariance *c, double *bits);     /* Griffith-Koch: -1/2 log(1 - rho_*^2) */
status gaussian_ci_synergy(const covariance *c, double *bits); /* correlational importance in closed form */
/* mean coefficients a_j and variance of the CI decoder, standardised: coefficient (predictors). */
status gaussian_ci_decoder(const covariance *c, double *coefficient, double *variance);

#endif
