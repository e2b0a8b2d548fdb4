#include "numerics/digamma.h"

#include <math.h>

/* From here on the series below is exact to rounding. */
static const double series_from = 10;

double digamma(double x)
{
    double steps = 0; /* psi(x) = psi(x + 1) - 1 / x */
    for (; x < series_from; x++) steps += 1 / x;
    /* ln x - 1/(2x) - sum_n B_2n / (2n x^2n) with the Bernoulli numbers B_2 … B_14 */
    double y = 1 / (x * x);
    double series =
        y *
        (1.0 / 12 - y * (1.0 / 120 -
                         y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32760 - y / 12))))));
    return log(x) - 0.5 / x - series - steps;
}
