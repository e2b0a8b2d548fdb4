/* Log-determinants of leading blocks on one rank. */
#include "log_determinant.h"

#include "check.h"
#include "drawn_rows.h"

enum { N = 9 };

static status read_column(void *context, int column, double *to)
{
    const double *a = context;
    for (int i = 0; i < N; i++) to[i] = a[i * N + column];
    return OK;
}

static status of_matrix(double *a, double *nats)
{
    covariance_reader reader = { .n = N, .read = read_column, .context = a };
    return log_determinants(NULL, &reader, nats);
}

/* ln det by elimination without pivots, which positive definite matrices allow: what is left of the diagonal is multiplied. */
static void eliminate(const double *a, double *nats)
{
    double m[N * N], sum = 0;
    memcpy(m, a, sizeof m);
    for (int k = 0; k < N; k++) {
        nats[k] = sum += log(m[k * N + k]);
        for (int i = k + 1; i < N; i++)
            for (int j = N - 1; j >= k; j--) m[i * N + j] -= m[i * N + k] / m[k * N + k] * m[k * N + j];
    }
}

static void each_leading_block_has_its_determinant_in_any_units(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        double *x = drawn_rows(30, N, seed), nats[N], wanted[N], rows_nats[N];
        for (int i = 0; i < 30 * N; i++) x[i] *= i % N == 4 ? 1e-9 : i % N == 7 ? 1e8 : 1;
        double *c = plain_covariance(x, 30, N);
        rows_in_memory memory = { .x = x, .features = N };
        sample_rows rows = sample_rows_of(&memory, 30);
        eliminate(c, wanted);
        CU_ASSERT_EQUAL(of_matrix(c, nats), OK);
        CU_ASSERT_EQUAL(log_determinants_of_rows(NULL, &rows, rows_nats), OK);
        for (int k = 0; k < N; k++) {
            CHECK_NEAR(nats[k], wanted[k], 1e-11); /* rounding of pivots that are 1e-3 of the diagonal */
            CHECK_NEAR(rows_nats[k], wanted[k], 1e-11);
        }
        free(x);
        free(c);
    }
}

static void refuses(status got, const char *text)
{
    CU_ASSERT_EQUAL(got, BAD_INPUT);
    if (strstr(failure_text(), text) == NULL) fprintf(stderr, "\"%s\" lacks \"%s\"\n", failure_text(), text);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), text));
    failure_clear();
}

static void the_first_leading_block_that_is_not_positive_definite_is_named(void)
{
    double *x = drawn_rows(30, N, 1), nats[N];
    double *c = plain_covariance(x, 30, N);
    for (int i = 0; i < N; i++) c[i * N + 5] = c[5 * N + i] = i == 5 ? c[2 * N + 2] : c[i * N + 2];
    refuses(of_matrix(c, nats), "leading block of 6 columns");
    c[0] = 0;
    refuses(of_matrix(c, nats), "leading block of 1 column ");
    c[4 * N + 4] = NAN;
    refuses(of_matrix(c, nats), "row 5, column 5");
    rows_in_memory memory = { .x = x, .features = N };
    sample_rows rows = sample_rows_of(&memory, N - 2);
    refuses(log_determinants_of_rows(NULL, &rows, nats), "leading block of 7 columns");
    rows.count = 1;
    refuses(log_determinants_of_rows(NULL, &rows, nats), "1 sample:");
    free(x);
    free(c);
}

CHECK_MAIN("log determinant", TEST(each_leading_block_has_its_determinant_in_any_units),
           TEST(the_first_leading_block_that_is_not_positive_definite_is_named))
