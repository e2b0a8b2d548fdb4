#include "numerics/linear_program.h"

#include "check.h"
#include "random.h"

enum { COORDINATES = 3 };

/* The orthant, each ray scaled to the probability 1 where coordinates have .5, .3 and .2. All is given away in the end: the most is
 * .5 * 1 + .3 * 2 + .2 * 3. */
static double value[] = { 2, 0, 0, 0, 1 / .3, 0, 0, 0, 5 };
static uint64_t support[] = { 1, 2, 4 };
static const cone_rays orthant = { COORDINATES, 1, COORDINATES, COORDINATES, value, support };
static const double worth[] = { 1, 2, 3 };
#define MOST 1.7

static void the_most_is_found_and_certified(void)
{
    double share[COORDINATES], price[COORDINATES];
    if (!linear_program_present()) return;
    CU_ASSERT_EQUAL_FATAL(linear_program_solve(&orthant, worth, NULL, share, price), OK);
    CHECK_NEAR(linear_program_least(&orthant, worth, share), MOST,
               1e-9); /* the solver's tolerance is 1e-10 */
    CHECK_NEAR(linear_program_most(&orthant, worth, price), MOST, 1e-9);
}

/* The best shares are .5, .3 and .2; the best prices .5, .6 and .6. */
static void wrong_shares_and_prices_still_enclose_the_most(void)
{
    random_key key = { .seed = 1, .purpose = RANDOM_TRIAL };
    for (uint64_t k = 0; k < 200; k++) {
        double share[COORDINATES], price[COORDINATES], size = k % 2 ? 1e-3 : 1;
        for (uint64_t j = 0; j < COORDINATES; j++) {
            static const double right_share[] = { .5, .3, .2 }, right_price[] = { .5, .6, .6 };
            share[j] = right_share[j] + size * random_normal(key, 8 * k + j);
            price[j] = right_price[j] + size * random_normal(key, 8 * k + 4 + j);
        }
        double least = linear_program_least(&orthant, worth, share);
        double most = linear_program_most(&orthant, worth, price);
        CU_ASSERT(least < MOST);
        CU_ASSERT(most > MOST);
        CU_ASSERT(most - least < 100 * size); /* and not far off: deviations beyond 5 would be a wonder */
    }
}

static bool never(solver_pause *self)
{
    (void)self;
    return false;
}

/* Not even a stop is asked for where the way is short. */
static void a_short_way_has_no_pause(void)
{
    solver_pause pause = { .go_on = never };
    double share[COORDINATES], price[COORDINATES];
    CU_ASSERT_EQUAL(linear_program_solve(&orthant, worth, &pause, share, price),
                    linear_program_present() ? OK : BAD_INPUT);
}

CHECK_MAIN("linear_program", TEST(the_most_is_found_and_certified),
           TEST(wrong_shares_and_prices_still_enclose_the_most), TEST(a_short_way_has_no_pause))
