/* Information of jointly Gaussian vectors, in bits, from their covariance. The columns of the sources come first, the target's
 * last. BAD_INPUT where a covariance is not symmetric or not positive definite, in one line that names the first leading block
 * that is not. Units of columns do not matter: all is computed from correlations. */
#ifndef GAUSSIAN_INFORMATION_H
#define GAUSSIAN_INFORMATION_H

#include "data.h"

typedef struct covariance {
    int sources;
    int size[SOURCES_MAX]; /* columns of each source */
    int target;            /* columns of the target */
    double *value;         /* (n, n), n the sum of them all */
} covariance;

int covariance_columns(const covariance *c);
/* Zeroed, of these sizes. */
status covariance_make(int sources, const int *size, int target, covariance **out);
void covariance_free(covariance *c);

status gaussian_information(const covariance *c, unsigned sources,
                            double *bits);                            /* I(X_S; Y), S a bit mask */
status gaussian_total_correlation(const covariance *c, double *bits); /* of all source columns */

/* For a target of one column; every column of every source is a predictor of its own, with correlation rho_j to the target. */

/* Union information (Griffith and Koch 2014) among Gaussians: the least information that predictors have which share all
 * rho_j, over the correlations among them. It is that of the best one alone, -1/2 log2(1 - max rho_j^2); I(X; Y) minus it is
 * their synergy. */
status gaussian_union(const covariance *c, double *bits);
/* Correlational importance (Nirenberg and Latham 2003), a synergy: E KL(p(y|x) || p_CI(y|x)), in closed form. */
status gaussian_ci_synergy(const covariance *c, double *bits);
/* The decoder behind it: p_CI(y|x), proportional to p(y) prod_j p(x_j|y), has the mean sum_j coefficient[j] x_j and this
 * variance, where all variables have mean 0 and variance 1. coefficient (predictors). */
status gaussian_ci_decoder(const covariance *c, double *coefficient, double *variance);

#endif
