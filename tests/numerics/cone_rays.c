#include "numerics/cone_rays.h"

#include "check.h"
#include "random.h"

enum { VARIABLES_MOST = 10, EQUATIONS_MOST = 4 };

/* Equations whose terms add up to 0, so that the cone is never empty: entries are any, or whole numbers, where much coincides. */
static void random_equations(uint64_t seed, int variables, int equations, bool whole, double *equation)
{
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    for (int e = 0; e < equations; e++) {
        double sum = 0, *row = equation + (ptrdiff_t)e * variables;
        for (int j = 0; j < variables - 1; j++) {
            uint64_t index = (uint64_t)(e * variables + j);
            sum += row[j] = whole ? (double)random_below(key, index, 5) - 2 : random_normal(key, index);
        }
        row[variables - 1] = -sum;
    }
}

/* The dimension of { x : A x = 0, x_j = 0 outside the set }, by elimination, and where it is 1 whether x can be positive. */
static int solutions(int variables, int equations, const double *equation, unsigned set, bool *positive)
{
    double a[EQUATIONS_MOST][VARIABLES_MOST], x[VARIABLES_MOST];
    int column[VARIABLES_MOST], columns = 0, rank = 0, pivot[VARIABLES_MOST], open = -1;
    for (int j = 0; j < variables; j++)
        if (set >> j & 1) column[columns++] = j;
    for (int e = 0; e < equations; e++)
        for (int k = 0; k < columns; k++) a[e][k] = equation[e * variables + column[k]];
    for (int k = 0; k < columns; k++) {
        int best = rank;
        for (int e = rank + 1; e < equations; e++)
            if (fabs(a[e][k]) > fabs(a[best][k])) best = e;
        pivot[k] = -1;
        if (rank == equations || fabs(a[best][k]) < 1e-9) { /* entries are about 1, and rounding is 1e-15 */
            open = k;
            continue;
        }
        for (int l = 0; l < columns; l++) {
            double kept = a[best][l];
            a[best][l] = a[rank][l];
            a[rank][l] = kept;
        }
        for (int e = 0; e < equations; e++) {
            double factor = e == rank ? 0 : a[e][k] / a[rank][k];
            for (int l = 0; l < columns; l++) a[e][l] -= factor * a[rank][l];
        }
        pivot[k] = rank++;
    }
    *positive = columns - rank == 1;
    for (int k = 0; k < columns && *positive; k++) {
        x[k] = k == open ? 1 : -a[pivot[k]][open] / a[pivot[k]][k];
        if (!(x[k] > 1e-9)) *positive = false;
    }
    return columns - rank;
}

/* Is there a ray with exactly this support? */
static bool has_support(const cone_rays *c, unsigned set)
{
    for (int64_t r = 0; r < c->count; r++)
        if (c->support[r] == set) return true;
    return false;
}

static void expect_all_rays(uint64_t seed, int variables, int equations, bool whole)
{
    double equation[EQUATIONS_MOST * VARIABLES_MOST];
    cone_rays *c = NULL;
    int64_t rays = 0;
    random_equations(seed, variables, equations, whole, equation);
    CU_ASSERT_EQUAL_FATAL(cone_rays_find(variables, equations, equation, NULL, &c), OK);
    for (unsigned set = 1; set < 1U << variables; set++) {
        bool positive;
        if (solutions(variables, equations, equation, set, &positive) != 1 || !positive) continue;
        rays++;
        CU_ASSERT(has_support(c, set));
    }
    CU_ASSERT_EQUAL(c->count, rays);
    cone_rays_free(c);
}

static void rays_are_those_that_every_set_of_coordinates_has(void)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        expect_all_rays(seed, 6 + (int)(seed % 5), 1 + (int)(seed % 4), false);
        expect_all_rays(seed, 6 + (int)(seed % 5), 1 + (int)(seed % 4), true);
    }
}

static void rays_lie_on_every_equation(void)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        double equation[EQUATIONS_MOST * VARIABLES_MOST];
        cone_rays *c = NULL;
        random_equations(seed, VARIABLES_MOST, EQUATIONS_MOST, false, equation);
        CU_ASSERT_EQUAL_FATAL(cone_rays_find(VARIABLES_MOST, EQUATIONS_MOST, equation, NULL, &c), OK);
        for (int64_t r = 0; r < c->count; r++)
            for (int e = 0; e < EQUATIONS_MOST; e++) {
                double sum = 0;
                for (int j = 0; j < VARIABLES_MOST; j++)
                    sum += equation[e * VARIABLES_MOST + j] * c->value[r * VARIABLES_MOST + j];
                CHECK_NEAR(sum, 0, 1e-13); /* coordinates up to 1, entries about 1 */
            }
        cone_rays_free(c);
    }
}

/* Twice an equation, and the sum of two, cut nothing off. */
static void equations_that_follow_from_others_change_nothing(void)
{
    for (uint64_t seed = 0; seed < 30; seed++) {
        double equation[EQUATIONS_MOST * VARIABLES_MOST];
        cone_rays *two = NULL, *four = NULL;
        random_equations(seed, VARIABLES_MOST, 2, false, equation);
        for (int j = 0; j < VARIABLES_MOST; j++) {
            equation[2 * VARIABLES_MOST + j] = 3 * equation[j];
            equation[3 * VARIABLES_MOST + j] = equation[j] / 7 + equation[VARIABLES_MOST + j] / 3;
        }
        CU_ASSERT_EQUAL_FATAL(cone_rays_find(VARIABLES_MOST, 2, equation, NULL, &two), OK);
        CU_ASSERT_EQUAL_FATAL(cone_rays_find(VARIABLES_MOST, 4, equation, NULL, &four), OK);
        CU_ASSERT_EQUAL(two->count, four->count);
        for (int64_t r = 0; r < two->count; r++) CU_ASSERT(has_support(four, (unsigned)two->support[r]));
        cone_rays_free(two);
        cone_rays_free(four);
    }
}

static void without_equations_rays_are_unit_vectors(void)
{
    enum { WIDE = 100 }; /* more coordinates than a word has bits */
    cone_rays *c = NULL;
    CU_ASSERT_EQUAL_FATAL(cone_rays_find(WIDE, 0, NULL, NULL, &c), OK);
    CU_ASSERT_EQUAL(c->count, WIDE);
    for (int64_t r = 0; r < c->count; r++)
        for (int j = 0; j < WIDE; j++) CHECK_NEAR(c->value[r * WIDE + j], j == r, 0);
    cone_rays_free(c);
}

/* One equation between two halves: a ray for each pair. */
static void cones_of_many_coordinates_have_a_ray_for_each_pair(void)
{
    enum { HALF = 60 };
    static double equation[2 * HALF];
    cone_rays *c = NULL;
    for (int j = 0; j < 2 * HALF; j++) equation[j] = j < HALF ? 1 + j : -1 - j;
    CU_ASSERT_EQUAL_FATAL(cone_rays_find(2 * HALF, 1, equation, NULL, &c), OK);
    CU_ASSERT_EQUAL(c->count, HALF * HALF);
    cone_rays_free(c);
}

CHECK_MAIN("cone_rays", TEST(rays_are_those_that_every_set_of_coordinates_has),
           TEST(rays_lie_on_every_equation), TEST(equations_that_follow_from_others_change_nothing),
           TEST(without_equations_rays_are_unit_vectors),
           TEST(cones_of_many_coordinates_have_a_ray_for_each_pair))
