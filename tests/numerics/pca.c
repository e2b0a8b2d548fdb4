/* Principal components on one rank, against the definition of an eigenvector. */
#include "pca.h"

#include "check.h"
#include "drawn_rows.h"

static status fit(const double *x, int64_t count, int features, pca_keep keep, pca *out)
{
    rows_in_memory memory = { .x = x, .features = features };
    sample_rows rows = sample_rows_of(&memory, count);
    return pca_fit(NULL, &rows, keep, out);
}

/* Largest difference of C a_k from variance_k a_k, and of products of axes from 0 and 1. */
static double worst_axis(const pca *p, const double *covariance)
{
    double worst = 0;
    int n = p->features;
    for (int k = 0; k < p->components; k++) {
        const double *axis = p->axes + k * n;
        for (int i = 0; i < n; i++) {
            double sum = -p->variance[k] * axis[i];
            for (int j = 0; j < n; j++) sum += covariance[i * n + j] * axis[j];
            worst = fmax(worst, fabs(sum) / p->variance[0]);
        }
        for (int l = 0; l <= k; l++) {
            double sum = l == k ? -1 : 0;
            for (int j = 0; j < n; j++) sum += axis[j] * p->axes[l * n + j];
            worst = fmax(worst, fabs(sum));
        }
    }
    return worst;
}

static double trace(const double *covariance, int n)
{
    double sum = 0;
    for (int j = 0; j < n; j++) sum += covariance[j * n + j];
    return sum;
}

/* Of each shape as many components as there can be. */
static void axes_are_eigenvectors_of_the_covariance_of_tall_and_of_wide_data(void)
{
    const struct {
        int count, features;
    } shape[] = { { 300, 7 }, { 9, 40 }, { 3, 2 },  { 12, 12 },  { 13, 12 },
                  { 12, 13 }, { 2, 5 },  { 50, 1 }, { 700, 90 }, { 90, 700 } };
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        int count = shape[i].count, n = shape[i].features;
        double *x = drawn_rows(count, n, i), *c = plain_covariance(x, count, n);
        pca p;
        CU_ASSERT_EQUAL_FATAL(fit(x, count, n, (pca_keep){ .components = n < count ? n : count - 1 }, &p),
                              OK);
        CHECK_NEAR(worst_axis(&p, c), 0,
                   1e-12); /* 700 terms of rounding; variances down to 1e-3 of the largest */
        CHECK_NEAR(p.total_variance, trace(c, n), 1e-12 * p.total_variance); /* sums in another order */
        for (int k = 1; k < n; k++) CU_ASSERT(p.variance[k] <= p.variance[k - 1] && p.variance[k] >= 0);
        pca_free(&p);
        free(x);
        free(c);
    }
}

static void the_largest_loading_of_a_component_is_positive(void)
{
    double *x = drawn_rows(40, 6, 3);
    pca p, turned;
    CU_ASSERT_EQUAL_FATAL(fit(x, 40, 6, (pca_keep){ .components = 6 }, &p), OK);
    for (int k = 0; k < 6; k++) {
        double largest = 0;
        for (int j = 0; j < 6; j++)
            if (fabs(p.axes[k * 6 + j]) > fabs(largest)) largest = p.axes[k * 6 + j];
        CU_ASSERT(largest > 0);
    }
    for (int i = 0; i < 240; i++) x[i] = -x[i];
    CU_ASSERT_EQUAL_FATAL(fit(x, 40, 6, (pca_keep){ .components = 6 }, &turned), OK);
    for (int i = 0; i < 36; i++) CHECK_NEAR(turned.axes[i], p.axes[i], 1e-12); /* rounding */
    pca_free(&p);
    pca_free(&turned);

    /* two loadings that are as large as each other: the first of them, whatever rounding does */
    const double line[] = { 1, -1, 0, 2, -2, 0, 4, -4, 0, 0.3, -0.3, 0.1 };
    CU_ASSERT_EQUAL_FATAL(fit(line, 4, 3, (pca_keep){ .components = 1 }, &p), OK);
    CU_ASSERT(p.axes[0] > 0 && p.axes[1] < 0);
    pca_free(&p);
    free(x);
}

static void scores_are_uncorrelated_and_vary_as_told(void)
{
    enum { COUNT = 500, N = 11, KEPT = 4 };
    double *x = drawn_rows(COUNT, N, 5), *scores = malloc(COUNT * KEPT * sizeof *scores);
    pca p;
    CU_ASSERT_EQUAL_FATAL(fit(x, COUNT, N, (pca_keep){ .components = KEPT }, &p), OK);
    CU_ASSERT_EQUAL(p.components, KEPT);
    pca_apply(&p, x, COUNT, scores);
    double *c = plain_covariance(scores, COUNT, KEPT);
    for (int k = 0; k < KEPT; k++)
        for (int l = 0; l < KEPT; l++)
            CHECK_NEAR(c[k * KEPT + l], k == l ? p.variance[k] : 0, 1e-12 * p.variance[0]); /* rounding */
    pca_free(&p);
    free(c);
    free(x);
    free(scores);
}

static void a_share_of_variance_keeps_as_few_components_as_have_it(void)
{
    double *x = drawn_rows(200, 8, 7);
    for (double share = 0.1; share < 1.05; share += 0.15) {
        pca p;
        double most = fmin(share, 1), sum = 0;
        CU_ASSERT_EQUAL_FATAL(fit(x, 200, 8, (pca_keep){ .share = most }, &p), OK);
        for (int k = 0; k < p.components - 1; k++) sum += p.variance[k];
        CU_ASSERT(sum < most * p.total_variance);
        sum += p.variance[p.components - 1];
        CU_ASSERT(sum >= most * p.total_variance * (1 - 1e-15)); /* all of it in another order of adding */
        pca_free(&p);
    }
    free(x);
}

/* A column that is constant, and one that is twice another. */
static double *flat_rows(int64_t count, int features)
{
    double *x = drawn_rows(count, features, 9);
    for (int64_t r = 0; r < count; r++) {
        x[r * features + 1] = 1e6;
        x[r * features + 3] = 2 * x[r * features + 2];
    }
    return x;
}

static void what_does_not_vary_has_no_component(void)
{
    enum { N = 6 };
    const int count[] = { 50, 5 };
    for (int i = 0; i < 2; i++) {
        double *x = flat_rows(count[i], N), *c = plain_covariance(x, count[i], N);
        pca p;
        CU_ASSERT_EQUAL_FATAL(fit(x, count[i], N, (pca_keep){ .share = 1 }, &p), OK);
        CU_ASSERT_EQUAL(p.components, 4);
        CHECK_NEAR(worst_axis(&p, c), 0, 1e-12);                                        /* rounding */
        for (int k = 0; k < p.components; k++) CHECK_NEAR(p.axes[k * N + 1], 0, 1e-14); /* rounding */
        CHECK_NEAR(p.total_variance, trace(c, N), 1e-12 * p.total_variance);
        pca_free(&p);
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

static void what_has_no_such_components_is_refused_in_one_line(void)
{
    double *x = flat_rows(50, 6);
    pca p;
    refuses(fit(x, 50, 6, (pca_keep){ .components = 5 }, &p), "vary in 4 dimensions only");
    refuses(fit(x, 50, 6, (pca_keep){ .components = 7 }, &p), "1 to 6 are right");
    refuses(fit(x, 5, 6, (pca_keep){ .components = 5 }, &p), "1 to 4 are right");
    refuses(fit(x, 50, 6, (pca_keep){ .components = -1 }, &p), "1 to 6 are right");
    refuses(fit(x, 50, 6, (pca_keep){ .share = 0 }, &p), "share of 0");
    refuses(fit(x, 50, 6, (pca_keep){ .share = 1.5 }, &p), "share of 1.5");
    refuses(fit(x, 1, 6, (pca_keep){ .components = 1 }, &p), "1 sample:");
    refuses(fit(x, 50, 0, (pca_keep){ .components = 1 }, &p), "0 features");
    x[20 * 6 + 2] = NAN;
    refuses(fit(x, 50, 6, (pca_keep){ .components = 1 }, &p), "sample 21, feature 3");
    x[20 * 6 + 2] = INFINITY;
    refuses(fit(x, 50, 6, (pca_keep){ .components = 1 }, &p), "sample 21, feature 3");
    for (int i = 0; i < 300; i++) x[i] = 3;
    refuses(fit(x, 50, 6, (pca_keep){ .components = 1 }, &p), "are the same");
    CU_ASSERT_PTR_NULL(p.axes);
    free(x);
}

static int64_t reads_left;

static status read_some(void *context, int64_t first, int64_t count, double *to)
{
    if (reads_left-- == 0) return failure(WORK_LEFT, "enough");
    rows_in_memory *m = context;
    memcpy(to, m->x + first * m->features, (size_t)(count * m->features) * sizeof *to);
    return OK;
}

static void a_reader_that_gives_up_ends_the_fit(void)
{
    const int count[] = { 1000, 20 };
    double *x = drawn_rows(1000, 25, 2);
    rows_in_memory memory = { .x = x, .features = 25 };
    for (int i = 0; i < 2; i++) {
        sample_rows rows = { .count = count[i], .features = 25, .read = read_some, .context = &memory };
        pca p;
        int64_t reads = 0;
        for (status got = WORK_LEFT; got != OK && reads < 100; reads++) {
            reads_left = reads;
            got = pca_fit(NULL, &rows, (pca_keep){ .components = 2 }, &p);
            CU_ASSERT(got == WORK_LEFT || got == OK);
            CU_ASSERT_EQUAL(got == OK, p.axes != NULL);
        }
        CU_ASSERT(reads > 2 && reads < 100); /* in every pass over the samples */
        pca_free(&p);
    }
    free(x);
}

static void the_bound_of_what_is_lost_is_that_of_the_first_variance_left_out(void)
{
    double variance[] = { 9, 3, 1, 0 };
    pca p = { .features = 4, .variance = variance };
    CHECK_NEAR(pca_lost_bound_nats(&p, 2, 0.25), log(4), 1e-15); /* (4 - 2) / 2 ln(1 + (1 - 0.25) / 0.25) */
    CHECK_NEAR(pca_lost_bound_nats(&p, 0, 3), 2 * log(3), 1e-15);
    CU_ASSERT_EQUAL(pca_lost_bound_nats(&p, 1, 4), 0);
    CU_ASSERT_EQUAL(pca_lost_bound_nats(&p, 3, 0.25), 0);
    CU_ASSERT_EQUAL(pca_lost_bound_nats(&p, 4, 0.25), 0);
}

/* clang-format off */
CHECK_MAIN("pca",
           TEST(axes_are_eigenvectors_of_the_covariance_of_tall_and_of_wide_data),
           TEST(the_largest_loading_of_a_component_is_positive),
           TEST(scores_are_uncorrelated_and_vary_as_told),
           TEST(a_share_of_variance_keeps_as_few_components_as_have_it),
           TEST(what_does_not_vary_has_no_component),
           TEST(what_has_no_such_components_is_refused_in_one_line),
           TEST(a_reader_that_gives_up_ends_the_fit),
           TEST(the_bound_of_what_is_lost_is_that_of_the_first_variance_left_out))
/* clang-format on */
