/* Information of Gaussians in closed form against known values, a direct minimisation and sums over grids. */
#include "gaussian_information.h"

#include <float.h>
#include <stdlib.h>

#include "check.h"
#include "random.h"
#include "status.h"

static const double nats = 0.6931471805599453; /* of a bit */

enum { MOST = 6 };

/* Scalar predictors with correlations rho to a scalar target, and among themselves; in units of `scale` (predictors + 1). */
static covariance scalars(int predictors, const double *rho, const double *among, const double *scale,
                          double *value)
{
    int n = predictors + 1;
    covariance c = { .sources = predictors, .target = 1, .value = value };
    for (int i = 0; i < predictors; i++) c.size[i] = 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double r = i == j                               ? 1
                       : i == predictors || j == predictors ? rho[i < j ? i : j]
                                                            : among[i * predictors + j];
            value[i * n + j] = r * (scale ? scale[i] * scale[j] : 1);
        }
    return c;
}

static covariance pair(double rho1, double rho2, double among, const double *scale, double *value)
{
    return scalars(2, (double[]){ rho1, rho2 }, (double[]){ 1, among, among, 1 }, scale, value);
}

/* ---- known values ---------------------------------------------------------------------------------------- */

/* rho = (1/2, 3/4). Nats to 4 decimals, by the formulas with their signs put right. */
static const struct known {
    double among, information, union_information, synergy, ci, whole_minus_sum;
} known[] = {
    { -0.10, 1.1339, 0.4133, 0.7206, 0.4452, 0.5767 }, { 0, 0.8370, 0.4133, 0.4236, 0.1919, 0.2798 },
    { 0.375, 0.4814, 0.4133, 0.0681, 0, -0.0758 },     { 2. / 3, 0.4133, 0.4133, 0, 0.0592, -0.1438 },
    { 0.67, 0.4134, 0.4133, 0, 0.0607, -0.1438 },      { 0.90, 0.6431, 0.4133, 0.2298, 0.3908, 0.0859 },
};

static void compare_known(const covariance *c, const struct known *k)
{
    const double rounding = 0.5001e-4; /* of values printed with 4 decimals */
    double whole, bits;
    CU_ASSERT_EQUAL(gaussian_information(c, 3, &whole), OK);
    CHECK_NEAR(whole * nats, k->information, rounding);
    CU_ASSERT_EQUAL(gaussian_union(c, &bits), OK);
    CHECK_NEAR(bits * nats, k->union_information, rounding);
    CHECK_NEAR((whole - bits) * nats, k->synergy, rounding);
    CU_ASSERT_EQUAL(gaussian_ci_synergy(c, &bits), OK);
    CHECK_NEAR(bits * nats, k->ci, rounding);
    for (unsigned i = 1; i <= 2; i++) {
        CU_ASSERT_EQUAL(gaussian_information(c, i, &bits), OK);
        whole -= bits;
    }
    CHECK_NEAR(whole * nats, k->whole_minus_sum, rounding);
}

static void the_pair_of_the_paper_has_its_values_in_any_units(void)
{
    double value[9];
    const double scale[] = { 1e-7, 3, 2e9 };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        covariance c = pair(0.5, 0.75, known[i].among, NULL, value);
        compare_known(&c, &known[i]);
        c = pair(0.5, 0.75, known[i].among, scale, value);
        compare_known(&c, &known[i]);
        c = pair(0.5, -0.75, -known[i].among, NULL, value); /* signs of columns do not matter */
        compare_known(&c, &known[i]);
    }
}

static void the_ci_decoder_of_the_paper_has_its_coefficients(void)
{
    double value[9], a[2], variance;
    covariance c = pair(0.5, 0.75, 0.1, NULL, value);
    CU_ASSERT_EQUAL(gaussian_ci_decoder(&c, a, &variance), OK);
    CHECK_NEAR(a[0], 0.2545, 0.5e-4); /* printed with 4 decimals, also the next two */
    CHECK_NEAR(a[1], 0.6545, 0.5e-4);
    CHECK_NEAR(variance, 0.3818, 0.5e-4);
}

/* The synergy is 0 where the weaker predictor says nothing beyond the stronger, CI where they are independent given the target;
 * both grow from there to both ends of what correlations allow. */
static void synergies_have_their_minima_where_theory_puts_them(void)
{
    double value[9], gk, ci;
    const double ends = sqrt(0.75 * (1 - 0.5625)), lowest[] = { 2. / 3, 0.375 };
    for (int m = 0; m < 2; m++)
        for (int side = -1; side <= 1; side += 2) {
            double end = 0.375 + side * ends, before = -1;
            for (int step = 0; step < 40; step++) {
                covariance c = pair(0.5, 0.75, lowest[m] + (end - lowest[m]) * step / 40., NULL, value);
                double whole, shared;
                CU_ASSERT_EQUAL(gaussian_information(&c, 3, &whole), OK);
                CU_ASSERT_EQUAL(gaussian_union(&c, &shared), OK);
                CU_ASSERT_EQUAL(gaussian_ci_synergy(&c, &ci), OK);
                gk = whole - shared;
                double now = m == 0 ? gk : ci;
                if (step == 0) CHECK_NEAR(now, 0, 1e-15); /* rounding of numbers near 1 */
                CU_ASSERT(now > before);
                before = now;
            }
        }
}

/* ---- many columns ---------------------------------------------------------------------------------------- */

/* b b^T + 0.1 on the diagonal. */
static void random_covariance(int n, uint64_t seed, double *value)
{
    double b[MOST * MOST];
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    for (int i = 0; i < n * n; i++) b[i] = random_normal(key, (uint64_t)i);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            value[i * n + j] = i == j ? 0.1 : 0;
            for (int k = 0; k < n; k++) value[i * n + j] += b[i * n + k] * b[j * n + k];
        }
}

/* By the definition with permutations' signs, which shares nothing with a factorisation. */
static double determinant(int n, const double *a, int stride)
{
    double sum = 0, minor[MOST * MOST];
    if (n == 0) return 1;
    for (int k = 0; k < n; k++) {
        for (int i = 1; i < n; i++)
            for (int j = 0, to = 0; j < n; j++)
                if (j != k) minor[(i - 1) * MOST + to++] = a[i * stride + j];
        sum += (k % 2 ? -1 : 1) * a[k] * determinant(n - 1, minor, MOST);
    }
    return sum;
}

static double determinant_of(const double *value, int n, const int *column, int count)
{
    double part[MOST * MOST];
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) part[i * MOST + j] = value[column[i] * n + column[j]];
    return determinant(count, part, MOST);
}

static void information_is_that_of_determinants(void)
{
    double value[MOST * MOST], bits;
    covariance c = { .sources = 2, .size = { 1, 3 }, .target = 2, .value = value };
    for (uint64_t seed = 0; seed < 50; seed++) {
        random_covariance(MOST, seed, value);
        double y = determinant_of(value, MOST, (int[]){ 4, 5 }, 2);
        double first = value[0] * y / determinant_of(value, MOST, (int[]){ 0, 4, 5 }, 3);
        double second = determinant_of(value, MOST, (int[]){ 1, 2, 3 }, 3) * y /
                        determinant_of(value, MOST, (int[]){ 1, 2, 3, 4, 5 }, 5);
        double sources = determinant_of(value, MOST, (int[]){ 0, 1, 2, 3 }, 4);
        double both = sources * y / determinant(MOST, value, MOST);
        /* 720 terms of a determinant that is 1e-6 of the largest at worst */
        const double rounding = 1e-8;
        CU_ASSERT_EQUAL(gaussian_information(&c, 1, &bits), OK);
        CHECK_NEAR(bits, 0.5 * log2(first), rounding);
        CU_ASSERT_EQUAL(gaussian_information(&c, 2, &bits), OK);
        CHECK_NEAR(bits, 0.5 * log2(second), rounding);
        CU_ASSERT_EQUAL(gaussian_information(&c, 3, &bits), OK);
        CHECK_NEAR(bits, 0.5 * log2(both), rounding);
        CU_ASSERT_EQUAL(gaussian_information(&c, 0, &bits), OK);
        CU_ASSERT_EQUAL(bits, 0);
        CU_ASSERT_EQUAL(gaussian_total_correlation(&c, &bits), OK);
        CHECK_NEAR(bits, 0.5 * log2(value[0] * value[7] * value[14] * value[21] / sources), rounding);
    }
}

/* ---- the union by minimisation --------------------------------------------------------------------------- */

/* Predictor j is rho_j Y + s_j u_j with a unit vector u_j orthogonal to Y: whatever correlations are possible among predictors
 * are those of some u. */
typedef struct arrangement {
    int n;
    double rho[MOST], u[MOST][MOST];
} arrangement;

static double among(const arrangement *a, int i, int j)
{
    double dot = 0;
    for (int k = 0; k < a->n; k++) dot += a->u[i][k] * a->u[j][k];
    return a->rho[i] * a->rho[j] + dot * sqrt((1 - a->rho[i] * a->rho[i]) * (1 - a->rho[j] * a->rho[j]));
}

/* b = S^-1 rho by elimination with pivots; returns rho' b, the share of the target's variance that is explained. */
static double explained(const arrangement *a, double *b)
{
    double m[MOST][MOST + 1], sum = 0;
    int n = a->n;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) m[i][j] = among(a, i, j);
        m[i][n] = a->rho[i];
    }
    for (int k = 0; k < n; k++) {
        int best = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(m[i][k]) > fabs(m[best][k])) best = i;
        for (int j = 0; j <= n; j++) {
            double kept = m[k][j];
            m[k][j] = m[best][j];
            m[best][j] = kept;
        }
        for (int i = 0; i < n; i++)
            for (int j = n; j >= k && i != k; j--) m[i][j] -= m[k][j] * (m[i][k] / m[k][k]);
    }
    for (int i = 0; i < n; i++) sum += a->rho[i] * (b[i] = m[i][n] / m[i][i]);
    return sum;
}

/* u_i moves along the fall of rho' S^-1 rho, whose derivative by S is -b b^T, and back to length 1. */
static void move(const arrangement *a, const double *b, double step, arrangement *to)
{
    *to = *a;
    for (int i = 0; i < a->n; i++) {
        double length = 0;
        for (int k = 0; k < a->n; k++) {
            for (int j = 0; j < a->n; j++)
                if (j != i) to->u[i][k] += step * b[i] * b[j] * sqrt(1 - a->rho[j] * a->rho[j]) * a->u[j][k];
            length += to->u[i][k] * to->u[i][k];
        }
        for (int k = 0; k < a->n; k++) to->u[i][k] /= sqrt(length);
    }
}

static double least_explained(arrangement *a)
{
    double b[MOST], c[MOST], now = explained(a, b), step = 1;
    arrangement next;
    for (int i = 0; i < 20000 && step > 1e-12; i++) {
        move(a, b, step, &next);
        double then = explained(&next, c);
        if (then < now) {
            *a = next;
            now = then;
            memcpy(b, c, sizeof b);
            step *= 1.5;
        } else {
            step *= 0.5;
        }
    }
    return now;
}

static void arrange(arrangement *a, uint64_t seed)
{
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL, .stream = 1 };
    uint64_t index = 0;
    for (int i = 0; i < a->n; i++) {
        double length = 0;
        for (int k = 0; k < a->n; k++) {
            a->u[i][k] = random_normal(key, index++);
            length += a->u[i][k] * a->u[i][k];
        }
        for (int k = 0; k < a->n; k++) a->u[i][k] /= sqrt(length);
    }
}

static void the_union_is_the_least_information_over_correlations_among_predictors(void)
{
    random_key key = { .purpose = RANDOM_TRIAL, .stream = 2 };
    uint64_t drawn = 0;
    for (int trial = 0; trial < 24; trial++) {
        arrangement a = { .n = 3 + trial % 2 };
        double b[MOST], value[MOST * MOST], correlations[MOST * MOST], bits;
        for (int j = 0; j < a.n; j++) a.rho[j] = 1.9 * random_uniform(key, drawn++) - 0.95;
        /* (0.9, 0.8, 0.7): the matrix that the paper prints for the minimum is no covariance there */
        if (trial == 0) memcpy(a.rho, (double[]){ 0.9, 0.8, 0.7 }, 3 * sizeof(double));
        arrange(&a, (uint64_t)trial);

        for (int i = 0; i < a.n * a.n; i++) correlations[i] = among(&a, i / a.n, i % a.n);
        covariance c = scalars(a.n, a.rho, correlations, NULL, value);
        CU_ASSERT_EQUAL(gaussian_information(&c, ~0u, &bits), OK);
        CHECK_NEAR(bits, -0.5 * log2(1 - explained(&a, b)), 1e-8); /* conditions up to 1e6 */
        CU_ASSERT_EQUAL(gaussian_union(&c, &bits), OK);
        /* the path ends where steps of 1e-12 bring nothing more */
        CHECK_NEAR(bits, -0.5 * log2(1 - least_explained(&a)), 1e-6);
    }
}

/* ---- correlational importance by its definition ---------------------------------------------------------- */

static double normal(double x, double mean, double variance)
{
    return exp(-0.5 * (x - mean) * (x - mean) / variance) / sqrt(2 * 3.141592653589793 * variance);
}

enum { GRID = 161 };
static const double grid_end = 9, grid_step = 18. / (GRID - 1);

/* The sum over y of p(x1, x2, y) ln p(y|x1, x2) / p_CI(y|x1, x2), densities normalised by sums over the grid. */
static double importance_at(double x1, double x2, double among, const double *rho)
{
    double joint[GRID], ci[GRID], all = 0, all_ci = 0, sum = 0;
    for (int k = 0; k < GRID; k++) {
        double y = -grid_end + k * grid_step, v1 = 1 - rho[0] * rho[0], v2 = 1 - rho[1] * rho[1];
        double link = among - rho[0] * rho[1]; /* covariance of the predictors given y */
        joint[k] = normal(y, 0, 1) * normal(x1, rho[0] * y, v1) *
                   normal(x2, rho[1] * y + link / v1 * (x1 - rho[0] * y), v2 - link * link / v1);
        ci[k] = normal(y, 0, 1) * normal(x1, rho[0] * y, v1) * normal(x2, rho[1] * y, v2);
        all += joint[k];
        all_ci += ci[k];
    }
    for (int k = 0; k < GRID; k++)
        if (joint[k] > 1e-300) sum += joint[k] * log(joint[k] / all / (ci[k] / all_ci));
    return sum;
}

static void the_ci_synergy_is_that_of_its_definition(void)
{
    const double rho[][2] = { { 0.5, 0.75 }, { 0.5, 0.75 }, { -0.3, 0.6 }, { 0.8, 0.1 } };
    const double among[] = { 0, 0.8, 0.4, -0.3 };
    for (int i = 0; i < 4; i++) {
        double sum = 0, value[9], bits;
        for (int j = 0; j < GRID; j++)
            for (int k = 0; k < GRID; k++)
                sum += importance_at(-grid_end + j * grid_step, -grid_end + k * grid_step, among[i], rho[i]);
        covariance c = pair(rho[i][0], rho[i][1], among[i], NULL, value);
        CU_ASSERT_EQUAL(gaussian_ci_synergy(&c, &bits), OK);
        /* sums over a grid finer than the narrowest density are exact but for what lies beyond 9 deviations */
        CHECK_NEAR(bits * nats, sum * pow(grid_step, 3), 1e-8);
    }
}

/* ---- edges ----------------------------------------------------------------------------------------------- */

static void two_equally_good_predictors_have_the_union_of_either(void)
{
    double value[9], bits, whole;
    covariance c = pair(0.6, -0.6, 0.2, NULL, value);
    CU_ASSERT_EQUAL(gaussian_union(&c, &bits), OK);
    CHECK_NEAR(bits, -0.5 * log2(0.64), 1e-15); /* one rounding or two */
    CU_ASSERT_EQUAL(gaussian_information(&c, 3, &whole), OK);
    CU_ASSERT(whole > bits);
}

static void a_nearly_exact_predictor_has_finite_values(void)
{
    double value[9], bits, a[2], variance, gap = ldexp(1, -36); /* 1 - rho, exactly */
    covariance c = pair(1 - gap, 0.5, 0.5, NULL, value);
    CU_ASSERT_EQUAL(gaussian_union(&c, &bits), OK);
    CHECK_NEAR(bits, -0.5 * log2(gap * (2 - gap)), 1e-12); /* no digit of 1 - rho^2 is lost */
    CU_ASSERT_EQUAL(gaussian_ci_synergy(&c, &bits), OK);
    CU_ASSERT(isfinite(bits) && bits >= 0);
    CU_ASSERT_EQUAL(gaussian_ci_decoder(&c, a, &variance), OK);
    CHECK_NEAR(a[0], 1, 1e-9); /* it is believed: all but 2^-35 of the precision is its own */
}

static void refuses(status got, const char *text)
{
    CU_ASSERT_EQUAL(got, BAD_INPUT);
    if (strstr(failure_text(), text) == NULL) fprintf(stderr, "\"%s\" lacks \"%s\"\n", failure_text(), text);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), text));
    CU_ASSERT_PTR_NULL(strchr(failure_text(), '\n'));
    failure_clear();
}

static void what_is_no_covariance_is_refused_in_one_line(void)
{
    double value[9], bits, many[16];
    covariance c = pair(0.5, 0.75, 0.95, NULL, value); /* beyond 0.9478 */
    refuses(gaussian_information(&c, 3, &bits), "leading block of 3 columns");
    refuses(gaussian_information(&c, 1, &bits), "leading block of 3 columns"); /* whatever is asked of it */
    refuses(gaussian_ci_synergy(&c, &bits), "leading block of 3 columns");
    refuses(gaussian_total_correlation(&c, &bits), "leading block of 3 columns");
    c = pair(0.5, 0.5, 1, NULL, value); /* the same column twice */
    refuses(gaussian_union(&c, &bits), "leading block of 2 columns");
    c = pair(1, 0.5, 0.5, NULL, value);
    refuses(gaussian_union(&c, &bits), "leading block of 3 columns");
    c = pair(0.5, 0.75, 0.1, (double[]){ 0, 1, 1 }, value); /* a column that does not vary */
    refuses(gaussian_union(&c, &bits), "leading block of 1 column ");
    c = pair(0.5, 0.75, 0.1, NULL, value);
    value[1] += 1e-6;
    refuses(gaussian_union(&c, &bits), "not symmetric: row 1, column 2");
    value[1] = NAN;
    refuses(gaussian_union(&c, &bits), "row 1, column 2");
    value[1] = value[3];
    value[4] = -1;
    refuses(gaussian_union(&c, &bits), "leading block of 2 columns");
    random_covariance(4, 1, many);
    c = (covariance){ .sources = 1, .size = { 2 }, .target = 2, .value = many };
    refuses(gaussian_union(&c, &bits), "target of one column");
    c.size[0] = 0;
    refuses(gaussian_information(&c, 1, &bits), "source 1");
    c.sources = SOURCES_MAX + 1;
    refuses(gaussian_total_correlation(&c, &bits), "sources");
}

/* clang-format off */
CHECK_MAIN("gaussian information",
           TEST(the_pair_of_the_paper_has_its_values_in_any_units),
           TEST(the_ci_decoder_of_the_paper_has_its_coefficients),
           TEST(synergies_have_their_minima_where_theory_puts_them),
           TEST(information_is_that_of_determinants),
           TEST(the_union_is_the_least_information_over_correlations_among_predictors),
           TEST(the_ci_synergy_is_that_of_its_definition),
           TEST(two_equally_good_predictors_have_the_union_of_either),
           TEST(a_nearly_exact_predictor_has_finite_values),
           TEST(what_is_no_covariance_is_refused_in_one_line))
/* clang-format on */
