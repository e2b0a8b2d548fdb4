/* Cholesky factorisation in plain loops of a fixed order: small matrices, and the same bits on every processor, which a
 * tuned library does not promise. Matrices (n, n) are column-major, and only the lower triangle is looked at. */
#ifndef CHOLESKY_H
#define CHOLESKY_H

#include <stdbool.h>

/* a = L L^T; L takes the place of a. False where a is not positive definite, to rounding. */
bool cholesky_factor(int n, double *a);
/* The same as far as each column keeps more than `least` of its diagonal when what follows from the columns before it is taken
 * off: how many columns that are; n where they are all. */
int cholesky_leading(int n, double *a, double least);
/* x becomes L^-1 x, and L^-T x. */
void cholesky_forward(int n, const double *factor, double *x);
void cholesky_backward(int n, const double *factor, double *x);

#endif
