#include "numerics/cholesky.h"

#include <float.h>

#include "check.h"
#include "random.h"

enum { MOST = 23 };

/* b b^T + a little on the diagonal, with what lies above the diagonal spoilt. */
static void random_matrix(int n, uint64_t seed, double *a)
{
    static double b[MOST * MOST];
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    for (int i = 0; i < n * n; i++) b[i] = random_normal(key, (uint64_t)i);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) {
            double sum = i == j ? 0.1 : 0;
            for (int k = 0; k < n; k++) sum += b[i + k * n] * b[j + k * n];
            a[i + j * n] = i < j ? NAN : sum;
        }
    }
}

static void a_factor_times_itself_is_the_matrix(void)
{
    static double a[MOST * MOST], factor[MOST * MOST];
    for (int n = 1; n <= MOST; n++) { /* all remainders of the loops by four */
        random_matrix(n, (uint64_t)n, a);
        memcpy(factor, a, sizeof a);
        CU_ASSERT_FATAL(cholesky_factor(n, factor));
        for (int j = 0; j < n; j++)
            for (int i = j; i < n; i++) {
                double sum = 0;
                for (int k = 0; k <= j; k++) sum += factor[i + k * n] * factor[j + k * n];
                CHECK_NEAR(sum, a[i + j * n],
                           4 * n * n * DBL_EPSILON * n); /* rounding of sums of n terms near n */
            }
    }
}

static void forward_and_backward_solve_the_equations(void)
{
    static double a[MOST * MOST], factor[MOST * MOST];
    double x[MOST], right[MOST];
    for (int n = 1; n <= MOST; n++) {
        random_matrix(n, 50 + (uint64_t)n, a);
        memcpy(factor, a, sizeof a);
        CU_ASSERT_FATAL(cholesky_factor(n, factor));
        for (int i = 0; i < n; i++) x[i] = right[i] = i == n / 2 ? 1 : i < n / 2 ? 0 : -0.5;
        cholesky_forward(n, factor, x);
        cholesky_backward(n, factor, x);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += (i >= j ? a[i + j * n] : a[j + i * n]) * x[j];
            CHECK_NEAR(sum, right[i],
                       1e-10); /* condition below 1e4 by the 0.1 on the diagonal, times rounding */
        }
    }
}

static void a_matrix_that_is_not_positive_definite_is_told(void)
{
    double indefinite[] = { 1, 2, 0, 1 }, zero[] = { 0 }, nan[] = { NAN };
    CU_ASSERT_FALSE(cholesky_factor(2, indefinite));
    CU_ASSERT_FALSE(cholesky_factor(1, zero));
    CU_ASSERT_FALSE(cholesky_factor(1, nan));
}

CHECK_MAIN("cholesky", TEST(a_factor_times_itself_is_the_matrix),
           TEST(forward_and_backward_solve_the_equations),
           TEST(a_matrix_that_is_not_positive_definite_is_told))
