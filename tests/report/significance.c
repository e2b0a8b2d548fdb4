#include "report/significance.h"
#include "check.h"

static void a_p_value_counts_the_shuffles_that_reach_the_value(void)
{
    const double null[] = { 0.1, 0.3, 0.2, 0.5, -0.1, 0.0, 0.3, 0.05, 0.02 };
    significance x = significance_test(0.3, null, 9);
    CHECK_NEAR(x.p, 4 / 10.0, 0); /* 0.3, 0.5 and 0.3 reach it: (1 + 3) / (1 + 9) */
    CHECK_NEAR(x.null_mean, 1.37 / 9, 1e-15);
    CU_ASSERT_EQUAL(x.shuffles, 9);
    CHECK_NEAR(significance_test(1, null, 9).p, 1 / 10.0, 0); /* the least there can be */
    CHECK_NEAR(significance_test(-1, null, 9).p, 1, 0);
}

static void shuffles_that_are_missing_are_not_counted(void)
{
    const double null[] = { 0.1, NAN, 0.4, NAN };
    significance x = significance_test(0.3, null, 4), none = significance_test(0.3, null + 1, 1);
    CHECK_NEAR(x.p, 2 / 3.0, 0);
    CU_ASSERT_EQUAL(x.shuffles, 2);
    CU_ASSERT(isnan(none.p) && isnan(none.null_mean) && none.shuffles == 0);
    CU_ASSERT(isnan(significance_test(NAN, null, 4).p));
}

/* m p / rank of the sorted 0.005, 0.01, 0.03, 0.04, 0.5 is 0.025, 0.025, 0.05, 0.05, 0.5, none above a later one. */
static void adjusted_values_are_those_of_a_hand_calculation(void)
{
    const double p[] = { 0.01, 0.5, 0.04, 0.03, 0.005 }, expected[] = { 0.025, 0.5, 0.05, 0.05, 0.025 };
    double q[5];
    CU_ASSERT_EQUAL(significance_adjust(p, 5, q), OK);
    for (int i = 0; i < 5; i++) CHECK_NEAR(q[i], expected[i], 1e-16); /* one rounding */
}

/* 3 × 0.02 / 1 = 0.06 and 3 × 0.021 / 2 = 0.0315: the larger p pulls the smaller one's down. */
static void an_adjusted_value_is_never_above_that_of_a_larger_p(void)
{
    const double p[] = { 0.02, 0.9, 0.021 };
    double q[3];
    CU_ASSERT_EQUAL(significance_adjust(p, 3, q), OK);
    CHECK_NEAR(q[0], 0.0315, 1e-16);
    CHECK_NEAR(q[2], 0.0315, 1e-16);
    CHECK_NEAR(q[1], 0.9, 1e-16);
}

static void what_was_not_tested_does_not_count(void)
{
    const double p[] = { NAN, 0.02, NAN, 0.04 };
    double q[4];
    CU_ASSERT_EQUAL(significance_adjust(p, 4, q), OK);
    CU_ASSERT(isnan(q[0]) && isnan(q[2]));
    CHECK_NEAR(q[1], 0.04, 0);
    CHECK_NEAR(q[3], 0.04, 0);
    CU_ASSERT_EQUAL(significance_adjust(p, 0, q), OK);
}

CHECK_MAIN("significance", TEST(a_p_value_counts_the_shuffles_that_reach_the_value),
           TEST(shuffles_that_are_missing_are_not_counted),
           TEST(adjusted_values_are_those_of_a_hand_calculation),
           TEST(an_adjusted_value_is_never_above_that_of_a_larger_p),
           TEST(what_was_not_tested_does_not_count))
