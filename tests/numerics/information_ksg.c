#include "check.h"
#include "information.h"
#include "numerics/drawn_normal.h"

static double ksg(int algorithm, int k, drawn_pairs p, int n, int64_t count)
{
    estimate e = { NAN, NAN };
    CU_ASSERT_EQUAL(information_ksg(algorithm, k, p.x, n, p.y, n, count, &e), OK);
    return e.nats;
}

/* Means over some seeds as others found them, with the first algorithm, 3 neighbours and 10 000 samples; theirs have two or three
 * digits. */
typedef struct published {
    int n, pairs;
    double nats, correlation; /* one of the two is 0 */
    double mean, rounding;
} published;

static const published all_published[] = {
    { 1, 1, 0, .75, .414, .0005 }, /* of .413 */
    { 2, 2, 2, 0, 2.02, .005 },    { 2, 2, 6, 0, 5.73, .005 },
    { 2, 2, 10, 0, 7.57, .005 },   { 5, 2, 0, .8, .783, .0005 }, /* of 1.022 */
};

static void estimates_have_the_means_that_others_published(void)
{
    enum { SEEDS = 5, COUNT = 10000 };
    for (size_t i = 0; i < sizeof all_published / sizeof all_published[0]; i++) {
        const published *a = &all_published[i];
        double nats[SEEDS];
        for (int s = 0; s < SEEDS; s++) {
            double correlation = a->nats > 0 ? correlation_of(a->nats, a->pairs) : a->correlation;
            drawn_pairs p = draw_pairs((uint64_t)s + 1, COUNT, a->n, a->pairs, correlation);
            nats[s] = ksg(1, 3, p, a->n, COUNT);
            free_pairs(p);
        }
        drawn_mean m = mean_of(nats, SEEDS);
        /* theirs has an error like ours; 3 of both is 4.3 of one, and 5 seeds tell an error itself to a third only */
        CHECK_NEAR(m.mean, a->mean, 6 * m.error + a->rounding);
        CU_ASSERT(m.error < 0.012); /* so that the check above is one */
    }
}

static void both_algorithms_find_no_information_in_independent_samples(void)
{
    enum { SEEDS = 10, COUNT = 1000 };
    for (int algorithm = 1; algorithm <= 2; algorithm++) {
        double nats[SEEDS];
        for (int s = 0; s < SEEDS; s++) {
            drawn_pairs p = draw_pairs((uint64_t)s, COUNT, 2, 0, 0);
            nats[s] = ksg(algorithm, 4, p, 2, COUNT);
            free_pairs(p);
        }
        drawn_mean m = mean_of(nats, SEEDS);
        CHECK_NEAR(m.mean, 0, 4 * m.error); /* 4: of 10 seeds */
        CU_ASSERT(m.error < 0.01);
    }
}

static void the_error_that_is_told_is_the_spread_over_seeds(void)
{
    enum { SEEDS = 40, COUNT = 1000 };
    double nats[SEEDS], told = 0;
    for (int s = 0; s < SEEDS; s++) {
        estimate e = { 0 };
        drawn_pairs p = draw_pairs((uint64_t)s, COUNT, 1, 1, .75);
        CU_ASSERT_EQUAL(information_ksg(1, 5, p.x, 1, p.y, 1, COUNT, &e), OK);
        nats[s] = e.nats;
        told += e.error / SEEDS;
        free_pairs(p);
    }
    double seen = mean_of(nats, SEEDS).error * sqrt(SEEDS);
    CU_ASSERT(told > 0.7 * seen &&
              told < 2 * seen); /* terms of neighbours depend on each other: only its size is right */
}

/* ---- what must not change anything --------------------------------------------------------------------------- */

enum { FEW = 500 };

static void which_of_the_two_comes_first_does_not_matter(void)
{
    drawn_pairs p = draw_pairs(3, FEW, 2, 1, .9);
    for (int algorithm = 1; algorithm <= 2; algorithm++)
        CU_ASSERT_EQUAL(ksg(algorithm, 3, p, 2, FEW),
                        ksg(algorithm, 3, (drawn_pairs){ p.y, p.x }, 2, FEW)); /* every bit */
    free_pairs(p);
}

static void the_order_of_samples_matters_to_rounding_only(void)
{
    drawn_pairs p = draw_pairs(4, FEW, 2, 1, .9), q = draw_pairs(4, FEW, 2, 1, .9);
    for (int i = 0; i < FEW * 2; i++) {
        int from = (i / 2 * 7 + 3) % FEW * 2 + i % 2;
        q.x[i] = p.x[from];
        q.y[i] = p.y[from];
    }
    for (int algorithm = 1; algorithm <= 2; algorithm++)
        CHECK_NEAR(ksg(algorithm, 3, q, 2, FEW), ksg(algorithm, 3, p, 2, FEW),
                   1e-13); /* a sum of 500 terms near 1 */
    free_pairs(p);
    free_pairs(q);
}

static void scaling_both_by_a_power_of_two_keeps_every_bit(void)
{
    drawn_pairs p = draw_pairs(5, FEW, 3, 2, .5);
    double first = ksg(1, 3, p, 3, FEW), second = ksg(2, 3, p, 3, FEW);
    for (int i = 0; i < FEW * 3; i++) {
        p.x[i] *= 0x1p-40;
        p.y[i] *= 0x1p-40;
    }
    CU_ASSERT_EQUAL(ksg(1, 3, p, 3, FEW), first);
    CU_ASSERT_EQUAL(ksg(2, 3, p, 3, FEW), second);
    free_pairs(p);
}

/* ---- permutations --------------------------------------------------------------------------------------------- */

static void a_permuted_structure_gives_the_bits_of_permuted_samples(void)
{
    drawn_pairs p = draw_pairs(6, FEW, 2, 2, .9), moved = draw_pairs(6, FEW, 2, 2, .9);
    ksg_structure *s = NULL;
    CU_ASSERT_EQUAL_FATAL(ksg_structure_make(p.x, 2, p.y, 2, FEW, &s), OK);
    for (uint32_t epoch = 0; epoch < 4; epoch++) {
        int32_t order[FEW];
        random_permutation((random_key){ .purpose = RANDOM_TARGET, .epoch = epoch }, FEW, order);
        for (int i = 0; i < FEW * 2; i++) moved.y[i] = p.y[order[i / 2] * 2 + i % 2];
        for (int algorithm = 1; algorithm <= 2; algorithm++) {
            estimate e = { 0 };
            CU_ASSERT_EQUAL(information_ksg_permuted(s, algorithm, 3, order, &e), OK);
            CU_ASSERT_EQUAL(e.nats, ksg(algorithm, 3, (drawn_pairs){ p.x, moved.y }, 2, FEW));
            CU_ASSERT(fabs(e.nats) < 0.3); /* of 1.66: nothing is left of it */
        }
    }
    ksg_structure_free(s);
    free_pairs(p);
    free_pairs(moved);
}

/* ---- a plain computation --------------------------------------------------------------------------------------- */

static double harmonic_psi(int n)
{
    double sum = -0.57721566490153286; /* psi(1) */
    for (int i = 1; i < n; i++) sum += 1.0 / i;
    return sum;
}

/* One dimension each, k = 1: the nearest pair by the larger difference, then counts. */
static double plain_ksg(int algorithm, drawn_pairs p, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        int best = -1, in_x = 0, in_y = 0;
        double least = INFINITY;
        for (int j = 0; j < count; j++) {
            double d = fmax(fabs(p.x[i] - p.x[j]), fabs(p.y[i] - p.y[j]));
            if (j != i && d < least) {
                least = d;
                best = j;
            }
        }
        double reach_x = fabs(p.x[i] - p.x[best]), reach_y = fabs(p.y[i] - p.y[best]);
        for (int j = 0; j < count; j++) {
            double dx = fabs(p.x[i] - p.x[j]), dy = fabs(p.y[i] - p.y[j]);
            in_x += j != i && (algorithm == 1 ? dx < least : dx <= reach_x);
            in_y += j != i && (algorithm == 1 ? dy < least : dy <= reach_y);
        }
        int self = algorithm == 1;
        sum += harmonic_psi(in_x + self) + harmonic_psi(in_y + self);
    }
    return harmonic_psi(1) - (algorithm == 2) + harmonic_psi(count) - sum / count;
}

static void both_algorithms_are_what_a_plain_loop_computes(void)
{
    drawn_pairs p = draw_pairs(8, FEW, 1, 1, .6);
    for (int i = 0; i < FEW; i++)
        p.x[i] = round(p.x[i] * 64) / 64; /* x alone may repeat, and many distances tie */
    for (int algorithm = 1; algorithm <= 2; algorithm++)
        CHECK_NEAR(ksg(algorithm, 1, p, 1, FEW), plain_ksg(algorithm, p, FEW),
                   1e-12); /* sums of 500 terms below 10 */
    free_pairs(p);
}

static void expect_refusal(status code, const char *words)
{
    CU_ASSERT_EQUAL(code, BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), words));
}

static void what_cannot_be_estimated_is_refused_in_one_line(void)
{
    drawn_pairs p = draw_pairs(9, 50, 2, 0, 0);
    estimate e;
    expect_refusal(information_ksg(3, 3, p.x, 2, p.y, 2, 50, &e), "algorithm 3");
    expect_refusal(information_ksg(1, 50, p.x, 2, p.y, 2, 50, &e),
                   "50 samples: 50 neighbours need at least 51");
    expect_refusal(information_ksg(1, 0, p.x, 2, p.y, 2, 50, &e), "0 neighbours");
    p.y[2 * 11] = p.y[2 * 31];
    p.y[2 * 11 + 1] = p.y[2 * 31 + 1];
    CU_ASSERT_EQUAL(information_ksg(1, 3, p.x, 2, p.y, 2, 50, &e), OK); /* y alone may repeat */
    p.x[2 * 11] = p.x[2 * 31];
    p.x[2 * 11 + 1] = p.x[2 * 31 + 1];
    expect_refusal(information_ksg(1, 3, p.x, 2, p.y, 2, 50, &e), "samples 11 and 31 are equal");
    p.y[7] = NAN;
    expect_refusal(information_ksg(1, 3, p.x, 2, p.y, 2, 50, &e), "sample 3, column 1");
    free_pairs(p);
}

CHECK_MAIN("information_ksg", TEST(estimates_have_the_means_that_others_published),
           TEST(both_algorithms_find_no_information_in_independent_samples),
           TEST(the_error_that_is_told_is_the_spread_over_seeds),
           TEST(which_of_the_two_comes_first_does_not_matter),
           TEST(the_order_of_samples_matters_to_rounding_only),
           TEST(scaling_both_by_a_power_of_two_keeps_every_bit),
           TEST(a_permuted_structure_gives_the_bits_of_permuted_samples),
           TEST(both_algorithms_are_what_a_plain_loop_computes),
           TEST(what_cannot_be_estimated_is_refused_in_one_line))
