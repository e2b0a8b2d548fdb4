/* What must hold of redundancies, whatever the table: a thousand random draws of two sources of up to eight symbols and four classes.
 * I_GH, whose rays are too many there, is held to the same where it is small (decomposition_rays.c). */
#include "check.h"
#include "decomposition.h"
#include "exact.h"
#include "numerics/tables.h"

/* The path to BROJA's optimum ends some 1e-11 nats off, and programs over rays where no price lacks more than 1e-10. */
#define CLOSE 1e-9

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

/* NaN in a build without its solver. */
static double precise(const table *t)
{
    ray_solution s = { .bits = NAN };
    if (!decomposition_has_rays()) return NAN;
    CU_ASSERT_EQUAL(redundancy_prec(t, NULL, &s), OK);
    return s.bits;
}

/* All there is to say of a table of two sources, in bits. */
typedef struct answers {
    double first, second, joint;
    double wedge, prec, broja, min, united; /* prec: NaN in a build without its solver */
} answers;

static answers ask(const table *t)
{
    answers a = { .first = table_information_bits(t, 1),
                  .second = table_information_bits(t, 2),
                  .joint = table_information_bits(t, 3),
                  .wedge = table_wedge_bits(t),
                  .prec = precise(t),
                  .min = least_specific(t),
                  .united = united(t) };
    a.broja = a.first + a.second - a.united;
    return a;
}

/* Of draw k, asked once. */
static const answers *answered(int k)
{
    static answers of[DRAWS];
    static bool asked[DRAWS];
    if (!asked[k]) {
        table *t = draw(k);
        of[k] = ask(t);
        asked[k] = true;
        table_free(t);
    }
    return &of[k];
}

static void redundancies_are_ordered(void)
{
    for (int k = 0; k < DRAWS; k++) {
        const answers *a = answered(k);
        CU_ASSERT(a->wedge >= 0);
        if (!isnan(a->prec)) CU_ASSERT(a->wedge <= a->prec + CLOSE && a->prec <= a->broja + CLOSE);
        CU_ASSERT(a->wedge <= a->broja + CLOSE && a->broja <= a->min + CLOSE);
        CU_ASSERT(a->min <= fmin(a->first, a->second) + CLOSE);
    }
}

/* Redundancy, what each has alone, and what only both have. */
static void atoms_of_broja_are_not_negative(void)
{
    for (int k = 0; k < DRAWS; k++) {
        const answers *a = answered(k);
        CU_ASSERT(a->broja >= -CLOSE);
        CU_ASSERT(a->first - a->broja >= -CLOSE && a->second - a->broja >= -CLOSE);
        CU_ASSERT(a->joint - a->united >= -CLOSE);
    }
}

static void the_order_of_sources_does_not_matter(void)
{
    static const int swapped[] = { 1, 0 };
    for (int k = 0; k < DRAWS; k++) {
        const answers *a = answered(k);
        table *t = draw(k), *other = with_sources(t, 2, swapped);
        answers b = ask(other);
        CHECK_NEAR(b.wedge, a->wedge, CLOSE);
        CHECK_NEAR(b.min, a->min, CLOSE);
        CHECK_NEAR(b.broja, a->broja, CLOSE);
        if (!isnan(a->prec)) CHECK_NEAR(b.prec, a->prec, CLOSE);
        table_free(t);
        table_free(other);
    }
}

static void a_source_shares_all_that_it_knows_with_itself(void)
{
    static const int twice[] = { 0, 0 };
    for (int k = 0; k < DRAWS; k++) {
        table *t = draw(k), *both = with_sources(t, 2, twice);
        answers a = ask(both);
        CHECK_NEAR(a.wedge, a.first, CLOSE);
        CHECK_NEAR(a.min, a.first, CLOSE);
        CHECK_NEAR(a.broja, a.first, CLOSE);
        if (!isnan(a.prec)) CHECK_NEAR(a.prec, a.first, CLOSE);
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
        double all = united(t);
        CU_ASSERT(all >= united(fewer) - CLOSE);
        CU_ASSERT(all <= table_information_bits(t, 7) + CLOSE);
        if (decomposition_has_rays()) CU_ASSERT(precise(t) <= precise(fewer) + CLOSE);
        table_free(t);
        table_free(fewer);
    }
}

CHECK_MAIN("decomposition_draws", TEST(redundancies_are_ordered), TEST(atoms_of_broja_are_not_negative),
           TEST(the_order_of_sources_does_not_matter), TEST(a_source_shares_all_that_it_knows_with_itself),
           TEST(another_source_never_raises_redundancy_nor_lowers_union))
