#include "numerics/digamma.h"

#include "check.h"

static const double euler = 0.57721566490153286061, pi = 3.14159265358979323846;

static void known_values_are_met(void)
{
    const struct {
        double x, psi;
    } known[] = {
        { 1, -euler },
        { 2, 1 - euler },
        { 3, 1.5 - euler },
        { 0.5, -euler - 2 * log(2) },
        { 2.5, -euler - 2 * log(2) + 2 + 2.0 / 3 },
        { 0.25, -euler - pi / 2 - 3 * log(2) },
        { 1.0 / 3, -euler - pi / (2 * sqrt(3)) - 1.5 * log(3) },
        { 1.4616321449683623413, 0 }, /* its only zero there */
        { 10, 2.2517525890667211077 },
        { 100, 4.6001618527380874002 },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        CHECK_NEAR(digamma(known[i].x), known[i].psi,
                   1e-14 * fmax(1, fabs(known[i].psi))); /* some ten roundings */
}

static void one_step_adds_an_inverse_from_tiny_to_huge(void)
{
    for (double x = 1e-6; x < 1e9; x *= 1.37)
        CHECK_NEAR(digamma(x + 1) - digamma(x), 1 / x, 2e-14 * fmax(1, fmax(1 / x, log(x))));
}

static void far_out_it_is_the_logarithm(void)
{
    CHECK_NEAR(digamma(1e12), log(1e12) - 0.5e-12, 1e-14);
}

static void halves_double(void) /* psi(2x) = psi(x)/2 + psi(x + 1/2)/2 + ln 2 */
{
    for (double x = 0.3; x < 40; x += 0.7)
        CHECK_NEAR(digamma(2 * x), 0.5 * digamma(x) + 0.5 * digamma(x + 0.5) + log(2),
                   1e-14 * fmax(1, 1 / x));
}

CHECK_MAIN("digamma", TEST(known_values_are_met), TEST(one_step_adds_an_inverse_from_tiny_to_huge),
           TEST(far_out_it_is_the_logarithm), TEST(halves_double))
