#ifndef DIGAMMA_H
#define DIGAMMA_H

/* psi(x), the derivative of ln Gamma(x), for x > 0: to 1e-15 of max(1, |psi|). */
double digamma(double x);

#endif
