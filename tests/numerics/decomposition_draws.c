/* What must hold of redundancies, whatever the table: a thousand random draws of two sources of up to eight symbols and four classes.
 * I_GH, whose rays are too many there, is held to the same where it is small (decomposition_rays.c). */
#include "check.h"
#include "decomposition.h"
#include "exact.h"
#include "numerics/tables.h"

/* The path to BROJA's optimum ends some 1e-11 nats off, and a little more where cells empty; all else is closer. */
#define CLOSE 1e-8

enum { DRAWS = 1000 };

/* 2 to 8 symbols of each source, 2 to 4 classes; a seventh of the draws is of the largest. Three outcomes of ten do not occur;
 * probabilities are alike, or of one, two, six orders of magnitude. */
static table *draw(int k)
{
    static const double orders[] = { 0, 1, 2, 6 };
    int symbols[] = { k % 7 ? 2 + k % 7 : 8, k % 7 ? 2 + k / 7 % 7 : 8 },
        classes = k % 7 ? 2 + k / 49 % 3 : 4;
    return wide_table(2, symbols, classes, orders[k % 4], 20000 + (uint64_t)k);
}

static double least_specific(const table *t)
{
    double bits = NAN;
    CU_ASSERT_EQUAL(redundancy_min(t, &bits), OK);
    return bits;
}

static double united(const table *t)
{
    union_solution u = { .bits = NAN };
    CU_ASSERT_EQUAL(union_information(t, NULL, &u), OK);
    CU_ASSERT(u.gap_bits <= CLOSE);
    return u.bits;
}

static double unique_free(const table *t)
{
    return table_information_bits(t, 1) + table_information_bits(t, 2) - united(t);
}

/* NaN in a build without its solver. */
static double precise(const table *t)
{
    ray_solution s = { .bits = NAN };
    if (!decomposition_has_rays()) return NAN;
    CU_ASSERT_EQUAL(redundancy_prec(t, NULL, &s), OK);
    return s.bits;
}

static void redundancies_are_ordered(void)
{
    for (int k = 0; k < DRAWS; k++) {
        table *t = draw(k);
        double wedge = table_wedge_bits(t), prec = precise(t), broja = unique_free(t),
               min = least_specific(t);
        if (!isnan(prec)) CU_ASSERT(wedge <= prec + CLOSE && prec <= broja + CLOSE);
        CU_ASSERT(wedge <= broja + CLOSE && broja <= min + CLOSE);
        CU_ASSERT(min <= fmin(table_information_bits(t, 1), table_information_bits(t, 2)) + CLOSE);
        CU_ASSERT(wedge >= 0);
        table_free(t);
    }
}

static void the_order_of_sources_does_not_matter(void)
{
    static const int swapped[] = { 1, 0 };
    for (int k = 0; k < DRAWS; k++) {
        table *t = draw(k), *other = with_sources(t, 2, swapped);
        CHECK_NEAR(table_wedge_bits(other), table_wedge_bits(t), CLOSE);
        CHECK_NEAR(least_specific(other), least_specific(t), CLOSE);
        CHECK_NEAR(united(other), united(t), CLOSE);
        if (decomposition_has_rays()) CHECK_NEAR(precise(other), precise(t), CLOSE);
        table_free(t);
        table_free(other);
    }
}

static void a_source_shares_all_that_it_knows_with_itself(void)
{
    static const int twice[] = { 0, 0 };
    for (int k = 0; k < DRAWS; k++) {
        table *t = draw(k), *both = with_sources(t, 2, twice);
        double own = table_information_bits(t, 1);
        CHECK_NEAR(table_wedge_bits(both), own, CLOSE);
        CHECK_NEAR(least_specific(both), own, CLOSE);
        CHECK_NEAR(unique_free(both), own, CLOSE);
        if (decomposition_has_rays()) CHECK_NEAR(precise(both), own, CLOSE);
        table_free(t);
        table_free(both);
    }
}

/* Of three sources, of 2 to 4 symbols: without the last there is no less in common and no more in all. */
static void another_source_never_raises_redundancy_nor_lowers_union(void)
{
    static const int two[] = { 0, 1 };
    for (int k = 0; k < DRAWS; k++) {
        int symbols[] = { 2 + k % 3, 2 + k / 3 % 3, 2 + k / 9 % 3 };
        table *t = wide_table(3, symbols, 2 + k / 27 % 3, k % 3, 30000 + (uint64_t)k),
              *fewer = with_sources(t, 2, two);
        CU_ASSERT(table_wedge_bits(t) <= table_wedge_bits(fewer) + CLOSE);
        CU_ASSERT(least_specific(t) <= least_specific(fewer) + CLOSE);
        CU_ASSERT(united(t) >= united(fewer) - CLOSE);
        CU_ASSERT(united(t) <= table_information_bits(t, 7) + CLOSE);
        if (decomposition_has_rays()) CU_ASSERT(precise(t) <= precise(fewer) + CLOSE);
        table_free(t);
        table_free(fewer);
    }
}

/* Of BROJA none is negative: redundancy, what each has alone, and what only both have. */
static void atoms_of_broja_are_not_negative(void)
{
    for (int k = 0; k < DRAWS; k++) {
        table *t = draw(k);
        double all = united(t), first = table_information_bits(t, 1), second = table_information_bits(t, 2);
        CU_ASSERT(first + second - all >= -CLOSE);
        CU_ASSERT(all - second >= -CLOSE && all - first >= -CLOSE);
        CU_ASSERT(table_information_bits(t, 3) - all >= -CLOSE);
        table_free(t);
    }
}

CHECK_MAIN("decomposition_draws", TEST(redundancies_are_ordered), TEST(the_order_of_sources_does_not_matter),
           TEST(a_source_shares_all_that_it_knows_with_itself),
           TEST(another_source_never_raises_redundancy_nor_lowers_union),
           TEST(atoms_of_broja_are_not_negative))
