/* Tasks of the benchmark: their information against the densities of their samples, and transforms against their inverses. */
#include <math.h>

#include "data/mi_benchmark.h"
#include "data/pairs_of.h"

static const double pi = 3.141592653589793;

/* ---- densities of normal and Student vectors -------------------------------------------------------------------------- */

enum { NUMBERS_MOST = 16 };

/* ln det of a dispersion (n, n) and z^T dispersion^-1 z, by elimination without pivots, which a positive definite one takes. */
static void eliminate(const double *dispersion, int n, const double *z, double *log_determinant,
                      double *squares)
{
    double a[NUMBERS_MOST][NUMBERS_MOST + 1];
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) a[i][j] = dispersion[i * NUMBERS_MOST + j];
        a[i][n] = z[i];
    }
    *log_determinant = *squares = 0;
    for (int k = 0; k < n; k++) {
        *log_determinant += log(a[k][k]);
        *squares += a[k][n] * a[k][n] / a[k][k];
        for (int i = k + 1; i < n; i++)
            for (int j = n; j >= k; j--) a[i][j] -= a[i][k] / a[k][k] * a[k][j];
    }
}

/* ln p of n numbers z with a dispersion, normal where degrees is 0. */
static double log_density(const double *dispersion, int n, const double *z, double degrees)
{
    double log_determinant, squares;
    eliminate(dispersion, n, z, &log_determinant, &squares);
    if (degrees > 0)
        return lgamma((degrees + n) / 2) - lgamma(degrees / 2) - 0.5 * n * log(degrees * pi) -
               0.5 * log_determinant - (degrees + n) / 2 * log1p(squares / degrees);
    return -0.5 * (n * log(2 * pi) + log_determinant + squares);
}

typedef struct task {
    const char *distribution, *dispersion, *x, *y, *correlation, *pairs, *degrees;
    double nats; /* as published or by hand; NaN: not at hand */
} task;

/* Dense: ln((1 + r(x-1)) (1 + r(y-1)) / ((1 - r) (1 + r(x+y-1)))) / 2. Pairs: -ln(1 - r^2) / 2 each. Cauchy's of 1 and 1: twice its
 * entropy ln 4 pi, minus ln 2 pi + 3 of both. */
static const task tasks[] = {
    { "normal", "dense", "1", "1", "0.75", "1", "1", 0.413339286592 },
    { "normal", "dense", "2", "2", "0.5", "1", "1", 0.293893332451 },
    { "normal", "dense", "2", "3", "0.4", "1", "1", 0.239786540131 },
    { "normal", "dense", "5", "5", "0", "1", "1", 0 },
    { "normal", "pairs", "3", "3", "0.8", "2", "1", 1.021651247532 },
    { "normal", "pairs", "2", "5", "-0.6", "1", "1", 0.223143551314 },
    { "student", "identity", "1", "1", "0.75", "2", "1", 0.224171427529 },
    { "student", "identity", "2", "2", "0", "2", "2", NAN },
    { "student", "identity", "3", "3", "0", "2", "3", NAN },
    { "student", "identity", "5", "5", "0", "2", "2", NAN },
    { "student", "pairs", "3", "2", "0.8", "2", "5", NAN },
    { "student", "dense", "2", "4", "0.5", "2", "10", NAN },
    { "student", "dense", "5", "5", "0.5", "2", "3", NAN },
};
enum { TASKS = sizeof tasks / sizeof tasks[0] };

static samples *samples_of_task(const task *t)
{
    return SAMPLES("mi_task", "distribution", t->distribution, "dispersion", t->dispersion, "dimension_x",
                   t->x, "dimension_y", t->y, "correlation", t->correlation, "pairs", t->pairs, "degrees",
                   t->degrees, "samples", "20000");
}

static void design(const task *t, int x, int y, double *dispersion)
{
    const double r = atof(t->correlation);
    for (int i = 0; i < x + y; i++)
        for (int j = 0; j < x + y; j++) {
            const bool paired = abs(i - j) == x && (i < j ? i : j) < atoi(t->pairs);
            const bool related = t->dispersion[0] == 'd' || (t->dispersion[0] == 'p' && paired);
            dispersion[i * NUMBERS_MOST + j] = i == j ? 1 : related ? r : 0;
        }
}

static void check_information(const task *t)
{
    samples *s = samples_of_task(t);
    const int x = s->shape.features[0], y = s->shape.dimensions;
    const double degrees = t->distribution[0] == 's' ? atof(t->degrees) : 0;
    double dispersion[NUMBERS_MOST * NUMBERS_MOST], z[NUMBERS_MOST], sum = 0, squares = 0;
    design(t, x, y, dispersion);
    for (int64_t row = 0; row < 20000; row++) {
        memcpy(z, s->x[0] + row * x, (size_t)x * sizeof *z);
        memcpy(z + x, s->value + row * y, (size_t)y * sizeof *z);
        const double ratio = log_density(dispersion, x + y, z, degrees) -
                             log_density(dispersion, x, z, degrees) -
                             log_density(dispersion + x * (NUMBERS_MOST + 1), y, z + x, degrees);
        sum += ratio / 20000, squares += ratio * ratio / 20000;
    }
    CHECK_NEAR(sum, s->information_bits * log(2), 3 * sqrt(fabs(squares - sum * sum) / 20000) + 1e-12);
    if (!isnan(t->nats)) CHECK_NEAR(s->information_bits * log(2), t->nats, 1e-11);
    samples_free(s);
}

/* Over 20000 samples within 3 standard errors, for 13 tasks, whose seed is fixed. */
static void the_information_is_the_mean_logarithm_of_the_density_ratio(void)
{
    for (int k = 0; k < TASKS; k++) check_information(&tasks[k]);
}

/* Columns of X come first. */
static double covariance(const samples *s, int i, int j)
{
    const int x = s->shape.features[0], y = s->shape.dimensions;
    double sum = 0;
    for (int64_t r = 0; r < s->shape.test; r++) {
        const double a = i < x ? s->x[0][r * x + i] : s->value[r * y + i - x];
        const double b = j < x ? s->x[0][r * x + j] : s->value[r * y + j - x];
        sum += a * b / (double)s->shape.test;
    }
    return sum;
}

/* Mean products of normal numbers with correlation r vary by (1 + r^2) / 20000; within 4 standard errors. */
static void normal_numbers_correlate_as_designed(void)
{
    for (int k = 0; k < TASKS; k++) {
        if (tasks[k].distribution[0] != 'n') continue;
        samples *s = samples_of_task(&tasks[k]);
        const int x = s->shape.features[0], y = s->shape.dimensions;
        double dispersion[NUMBERS_MOST * NUMBERS_MOST];
        design(&tasks[k], x, y, dispersion);
        for (int i = 0; i < x + y; i++)
            for (int j = 0; j < x + y; j++) {
                const double r = dispersion[i * NUMBERS_MOST + j];
                CHECK_NEAR(covariance(s, i, j), r, 4 * sqrt((1 + r * r) / 20000));
            }
        samples_free(s);
    }
}

/* With 10 degrees of freedom the variance is 10/8, and that of a square 3 * 100 / (8 * 6) - (10/8)^2 = 4.6875. */
static void student_numbers_have_students_variance(void)
{
    samples *s = SAMPLES("mi_task", "distribution", "student", "degrees", "10", "dispersion", "identity",
                         "samples", "20000");
    CHECK_NEAR(covariance(s, 0, 0), 1.25, 4 * sqrt(4.6875 / 20000));
    CHECK_NEAR(covariance(s, 1, 1), 1.25, 4 * sqrt(4.6875 / 20000));
    samples_free(s);
}

/* ---- additive noise --------------------------------------------------------------------------------------------------- */

/* H(Y) - H(N) by the midpoint rule; the density of Y is the length of [y-e, y+e] inside [0, 1], over 2e. */
static double additive_nats(double epsilon)
{
    enum { STEPS = 400000 };
    const double step = (1 + 2 * epsilon) / STEPS;
    double entropy = 0;
    for (int i = 0; i < STEPS; i++) {
        const double y = -epsilon + (i + 0.5) * step;
        const double p = (fmin(y + epsilon, 1) - fmax(y - epsilon, 0)) / (2 * epsilon);
        entropy -= p * log(p) * step;
    }
    return entropy - log(2 * epsilon);
}

/* The midpoint rule has about a step's error where p ln p has infinite slope. Noise and X: within 4 standard errors of uniform
 * numbers, 20000 of them. */
static void additive_noise_is_uniform_and_its_information_an_integral(void)
{
    static const char *const epsilon[] = { "0.1", "0.3", "0.5", "0.75", "3" };
    for (int k = 0; k < 5; k++) {
        samples *s =
            SAMPLES("mi_task", "distribution", "additive_uniform", "epsilon", epsilon[k], "samples", "20000");
        const double e = atof(epsilon[k]);
        double x_sum = 0, noise_sum = 0, product = 0;
        CHECK_NEAR(s->information_bits * log(2), additive_nats(e), 1e-8);
        for (int i = 0; i < 20000; i++) {
            const double x = s->x[0][i] - 0.5, noise = (s->value[i] - s->x[0][i]) / e;
            CU_ASSERT(fabs(x) < 0.5 && fabs(noise) < 1 + 1e-12);
            x_sum += x / 20000, noise_sum += noise / 20000, product += x * noise / 20000;
        }
        CHECK_NEAR(x_sum, 0, 4 * sqrt(1.0 / 12 / 20000));
        CHECK_NEAR(noise_sum, 0, 4 * sqrt(1.0 / 3 / 20000));
        CHECK_NEAR(product, 0, 4 * sqrt(1.0 / 36 / 20000));
        samples_free(s);
    }
}

/* ---- transforms ------------------------------------------------------------------------------------------------------- */

/* What the transform makes of a number, or what makes the number of it. */
typedef double (*formula)(double);

static double below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double two_peaks_x(double x)
{
    return 0.3 * below(x) + 0.7 * below(x - 5);
}

static double two_peaks_y(double y)
{
    return 0.5 * below(y + 1) + 0.5 * below(y - 3);
}

static double wiggly_x(double x)
{
    return x + 0.4 * sin(x) + 0.2 * sin(1.7 * x + 1) + 0.03 * sin(3.3 * x - 2.5);
}

static double wiggly_y(double y)
{
    return y - 0.4 * sin(0.4 * y) + 0.17 * sin(1.3 * y + 3.5) + 0.02 * sin(4.3 * y - 2.5);
}

static double power_three_halves(double x)
{
    return copysign(pow(fabs(x), 1.5), x);
}

static double itself(double x)
{
    return x;
}

/* `before` of the normal number must be `after` of the transformed one. Rounding of numbers up to 10. */
static void each_number_is_transformed_by_its_formula(void)
{
    static const struct {
        const char *name;
        formula before_x, after_x, before_y, after_y;
    } way[] = {
        { "none", itself, itself, itself, itself },
        { "uniform", below, itself, below, itself },
        { "bimodal", below, two_peaks_x, below, two_peaks_y },
        { "wiggly", wiggly_x, itself, wiggly_y, itself },
        { "half_cube", power_three_halves, itself, power_three_halves, itself },
        { "asinh", itself, sinh, itself, sinh },
    };
    samples *plain = SAMPLES("mi_task", "dimension_x", "3", "dimension_y", "2", "samples", "1000");
    for (int k = 0; k < 6; k++) {
        samples *s = SAMPLES("mi_task", "dimension_x", "3", "dimension_y", "2", "samples", "1000",
                             "transform", way[k].name);
        for (int i = 0; i < 3000; i++)
            CHECK_NEAR(way[k].after_x(s->x[0][i]), way[k].before_x(plain->x[0][i]), 1e-13);
        for (int i = 0; i < 2000; i++)
            CHECK_NEAR(way[k].after_y(s->value[i]), way[k].before_y(plain->value[i]), 1e-13);
        CU_ASSERT_EQUAL(s->information_bits, plain->information_bits);
        samples_free(s);
    }
    samples_free(plain);
}

/* Waves that do not turn a function back keep order; steps of 1/1000 show the least slope, 0.16 and 0.53 at least. */
static void wiggly_functions_rise(void)
{
    for (int i = -50000; i < 50000; i++) {
        CU_ASSERT(wiggly_x((i + 1) / 1e3) - wiggly_x(i / 1e3) > 0.16e-3);
        CU_ASSERT(wiggly_y((i + 1) / 1e3) - wiggly_y(i / 1e3) > 0.53e-3);
    }
}

/* Turns one row back by what its length says, and compares; rounding of numbers up to 10. */
static void check_spiral(const double *turned, const double *plain, int n, int plane, double speed)
{
    double squares = 0;
    for (int i = 0; i < n; i++) squares += turned[i] * turned[i];
    const double c = cos(speed * squares), s = sin(speed * squares);
    for (int i = 0; i < n; i++) {
        double back = turned[i];
        if (i == plane) back = c * turned[plane] + s * turned[plane + 1];
        if (i == plane + 1) back = c * turned[plane + 1] - s * turned[plane];
        CHECK_NEAR(back, plain[i], 1e-13);
    }
}

static void spirals_turn_back(void)
{
    static const char *const base[] = { "none", "uniform" }, *const spiral[] = { "spiral", "spiral_uniform" };
    for (int k = 0; k < 2; k++) {
        samples *plain = SAMPLES("mi_task", "dimension_x", "2", "dimension_y", "4", "samples", "500",
                                 "transform", base[k]);
        samples *turned = SAMPLES("mi_task", "dimension_x", "2", "dimension_y", "4", "samples", "500",
                                  "transform", spiral[k]);
        samples *fast = SAMPLES("mi_task", "dimension_x", "2", "dimension_y", "4", "samples", "500",
                                "transform", spiral[k], "speed", "-2");
        for (int i = 0; i < 500; i++) {
            check_spiral(turned->x[0] + 2 * i, plain->x[0] + 2 * i, 2, 0, 1.0 / 3);
            check_spiral(turned->value + 4 * i, plain->value + 4 * i, 4, 1, 1.0 / 3);
            check_spiral(fast->x[0] + 2 * i, plain->x[0] + 2 * i, 2, 0, -2);
        }
        CU_ASSERT_EQUAL(turned->information_bits, plain->information_bits);
        samples_free(plain);
        samples_free(turned);
        samples_free(fast);
    }
}

/* The radius tells the uniform number, and the direction agrees with it. */
static void a_swiss_roll_unrolls(void)
{
    samples *flat = SAMPLES("mi_task", "dimension_y", "2", "samples", "500", "transform", "uniform");
    samples *roll = SAMPLES("mi_task", "dimension_y", "2", "samples", "500", "transform", "swiss_roll");
    CU_ASSERT_EQUAL(roll->shape.features[0], 2);
    CU_ASSERT_EQUAL(roll->shape.dimensions, 2);
    for (int i = 0; i < 500; i++) {
        const double *x = roll->x[0] + 2 * i, angle = 21 * hypot(x[0], x[1]);
        CHECK_NEAR((angle / (1.5 * pi) - 1) / 2, flat->x[0][i], 1e-14);
        CHECK_NEAR(x[0] * sin(angle) - x[1] * cos(angle), 0, 1e-14);
        CU_ASSERT_EQUAL(roll->value[2 * i], flat->value[2 * i]);
    }
    CU_ASSERT_EQUAL(roll->information_bits, flat->information_bits);
    samples_free(flat);
    samples_free(roll);
}

/* With one degree of freedom numbers reach thousands, as asinh 10; the information is the same. */
static void heavy_tails_can_be_shortened(void)
{
    samples *heavy = SAMPLES("mi_task", "distribution", "student", "samples", "20000");
    samples *shortened =
        SAMPLES("mi_task", "distribution", "student", "samples", "20000", "transform", "asinh");
    double most = 0;
    for (int i = 0; i < 20000; i++) {
        CHECK_NEAR(sinh(shortened->x[0][i]) / heavy->x[0][i], 1, 1e-13);
        most = fmax(most, fabs(heavy->x[0][i]));
    }
    CU_ASSERT(most > 1000);
    CU_ASSERT_EQUAL(heavy->information_bits, shortened->information_bits);
    samples_free(heavy);
    samples_free(shortened);
}

/* ---- by name ------------------------------------------------------------------------------------------------------- */

/* Rows of a named task and of the same one by its options; samples are the same bits. */
static void check_named(const char *name, samples *by_options)
{
    samples *named = SAMPLES("mi_task", "task", name, "samples", "50");
    CU_ASSERT(memcmp(&named->information_bits, &by_options->information_bits, sizeof(double)) == 0);
    CU_ASSERT(named->shape.features[0] == by_options->shape.features[0] &&
              are_rows_equal(named, 0, by_options, 0, 50));
    samples_free(named);
    samples_free(by_options);
}

static void a_named_task_is_that_of_its_options(void)
{
    check_named("wiggly_1", SAMPLES("mi_task", "transform", "wiggly", "samples", "50"));
    check_named("swiss_roll_1", SAMPLES("mi_task", "transform", "swiss_roll", "samples", "50"));
    check_named("additive_0.1",
                SAMPLES("mi_task", "distribution", "additive_uniform", "epsilon", "0.1", "samples", "50"));
    check_named("asinh_5_df2",
                SAMPLES("mi_task", "distribution", "student", "dispersion", "identity", "degrees", "2",
                        "dimension_x", "5", "dimension_y", "5", "transform", "asinh", "samples", "50"));
    check_named("dense_50", SAMPLES("mi_task", "correlation", "0.5", "dimension_x", "50", "dimension_y", "50",
                                    "samples", "50"));
    check_named("spiral_uniform_25",
                SAMPLES("mi_task", "dispersion", "pairs", "correlation", "0.8", "dimension_x", "25",
                        "dimension_y", "25", "transform", "spiral_uniform", "samples", "50"));
}

#define NAME_OF(name, distribution, dispersion, numbers, correlation, extra, transform) name,

/* Of additive noise 0.1 most, ln 5 + 0.1 nats; of Student's 3 numbers of 3 degrees least, 0.179. */
static void all_forty_can_be_drawn(void)
{
    static const char *const names[] = { MI_BENCHMARK(NAME_OF) };
    const int count = sizeof names / sizeof names[0];
    CU_ASSERT_EQUAL(count, 40);
    for (int i = 0; i < count; i++) {
        samples *s = SAMPLES("mi_task", "task", names[i], "samples", "3");
        const double nats = s->information_bits * log(2);
        CU_ASSERT(nats > 0.17 && nats < log(5) + 0.1 + 1e-12);
        samples_free(s);
    }
}

static void what_a_named_task_sets_cannot_be_set(void)
{
    CU_ASSERT(is_refused(WITH("mi_task", "task", "dense_5", "correlation", "0.3"),
                         "data.correlation is what data.task sets"));
    CU_ASSERT(is_refused(WITH("mi_task", "task", "dense_5", "transform", "asinh"),
                         "data.transform is what data.task sets"));
    samples_free(
        SAMPLES("mi_task", "task", "spiral_3", "speed", "0.1", "samples", "5", "train_samples", "2"));
}

/* ---- drawing, refusals ------------------------------------------------------------------------------------------------ */

static void the_same_settings_give_the_same_samples(void)
{
    check_drawn("mi_task", "dimension_x", "3");
    check_drawn("mi_task", "distribution", "student");
    check_drawn("mi_task", "distribution", "additive_uniform");
    check_drawn("mi_task", "transform", "swiss_roll");
}

static void what_there_is_not_is_refused(void)
{
    CU_ASSERT(is_out_of_bounds("mi_task", "dimension_x", "0"));
    CU_ASSERT(is_out_of_bounds("mi_task", "correlation", "1.5"));
    CU_ASSERT(is_out_of_bounds("mi_task", "degrees", "0"));
    CU_ASSERT(is_out_of_bounds("mi_task", "epsilon", "0"));
    CU_ASSERT(is_out_of_bounds("mi_task", "transform", "cube"));
    CU_ASSERT(is_refused(WITH("mi_task", "correlation", "1"), "the information is infinite"));
    CU_ASSERT(
        is_refused(WITH("mi_task", "correlation", "-0.2"), "between 0 and 1 where dispersion is dense"));
    CU_ASSERT(
        is_refused(WITH("mi_task", "dispersion", "pairs", "dimension_x", "4"), "data.pairs is at most 1"));
    CU_ASSERT(is_refused(WITH("mi_task", "distribution", "additive_uniform", "dimension_y", "2"),
                         "dimension_y are 1, not 1 and 2"));
    CU_ASSERT(is_refused(WITH("mi_task", "distribution", "student", "transform", "uniform"),
                         "data.transform uniform is of normal numbers"));
    CU_ASSERT(is_refused(WITH("mi_task", "transform", "spiral", "dimension_x", "2", "dimension_y", "2"),
                         "dimension_x is at least 2 and dimension_y 3, not 2 and 2"));
    CU_ASSERT(is_refused(WITH("mi_task", "transform", "swiss_roll", "dimension_x", "2"),
                         "dimension_x is 1, not 2"));
}

CHECK_MAIN("mi_tasks", TEST(the_information_is_the_mean_logarithm_of_the_density_ratio),
           TEST(normal_numbers_correlate_as_designed), TEST(student_numbers_have_students_variance),
           TEST(additive_noise_is_uniform_and_its_information_an_integral),
           TEST(each_number_is_transformed_by_its_formula), TEST(wiggly_functions_rise),
           TEST(spirals_turn_back), TEST(a_swiss_roll_unrolls), TEST(heavy_tails_can_be_shortened),
           TEST(a_named_task_is_that_of_its_options), TEST(all_forty_can_be_drawn),
           TEST(what_a_named_task_sets_cannot_be_set), TEST(the_same_settings_give_the_same_samples),
           TEST(what_there_is_not_is_refused))
