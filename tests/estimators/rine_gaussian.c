/* RINE with a continuous target against closed forms for jointly Gaussian sources.
 *
 * Training and test part are the same samples, and what is expected follows from their second moments: what is left is how
 * far training stops from the optimum, and how far the samples are from a Gaussian where a mean absolute value enters. */
#include "estimators/drawn_data.h"
#include "estimators/train_sweep.h"
#include "random.h"

enum { SAMPLES = 4000, FEATURES_MAX = 2 };

typedef enum scenario {
    SEPARATE,    /* x_i = y + noise of its own */
    SHARED,      /* x_i = y + noise of both + little of its own */
    TWO_NUMBERS, /* y of two numbers, a thousand and a hundredth wide; x_i = y / width + noise */
    OTHER_UNITS, /* SEPARATE with 5000 + 1000 y */
    CONSTANT,    /* y is always 3 */
} scenario;

/* ---- data ------------------------------------------------------------------------------------------------------------ */

/* `which` is a scenario, `parameter` how many samples fewer there are. */
static void drawn_shape(const drawn_options *o, data_shape *shape)
{
    const int d = o->which == TWO_NUMBERS ? 2 : 1;
    const int64_t samples = o->parameter > 0 ? (int64_t)o->parameter : SAMPLES;
    *shape = (data_shape){
        .sources = 2, .features = { d, d }, .dimensions = d, .train = samples, .test = samples
    };
}

static double normal(int64_t seed, uint32_t stream, int64_t index)
{
    random_key key = { .seed = (uint64_t)seed, .purpose = RANDOM_DATA, .stream = stream };
    return random_normal(key, (uint64_t)index);
}

static void draw_sample(const drawn_options *o, int64_t seed, int64_t k, dataset *d)
{
    static const double own[2][2] = { { 0.5, 1 }, { 0.2, 0.4 } }, width[2] = { 1000, 0.01 };
    const int dimensions = d->shape.dimensions, shared = o->which == SHARED;
    for (int j = 0; j < dimensions; j++) {
        int64_t at = k * dimensions + j;
        double y = normal(seed, 0, at), both = shared ? 0.7 * normal(seed, 1, at) : 0;
        for (int i = 0; i < 2; i++)
            d->train_x[i][at] =
                (float)(y + both + own[shared][i] * (1 + j) * normal(seed, 2 + (uint32_t)i, at));
        if (o->which == TWO_NUMBERS) y *= width[j];
        if (o->which == OTHER_UNITS) y = 5000 + 1000 * y;
        if (o->which == CONSTANT) y = 3;
        d->train_value[at] = (float)y;
    }
}

/* Central second moment of two columns. */
static double moment(const float *a, int of_a, int column_a, const float *b, int of_b, int column_b,
                     int64_t n)
{
    double mean_a = 0, mean_b = 0, sum = 0;
    for (int64_t k = 0; k < n; k++) {
        mean_a += (double)a[k * of_a + column_a];
        mean_b += (double)b[k * of_b + column_b];
    }
    mean_a /= (double)n;
    mean_b /= (double)n;
    for (int64_t k = 0; k < n; k++)
        sum += ((double)a[k * of_a + column_a] - mean_a) * ((double)b[k * of_b + column_b] - mean_b);
    return sum / (double)n;
}

static double target_moment(const dataset *d, int j, int k)
{
    const int of = d->shape.dimensions;
    return moment(d->train_value, of, j, d->train_value, of, k, d->shape.train);
}

static const double two_pi_e = 17.079468445347132;

static void drawn_fill(const drawn_options *o, int64_t seed, dataset *d)
{
    const size_t row = (size_t)d->shape.dimensions * sizeof(float), samples = (size_t)d->shape.train;
    for (int64_t k = 0; k < d->shape.train; k++) draw_sample(o, seed, k, d);
    for (int i = 0; i < 2; i++) memcpy(d->test_x[i], d->train_x[i], samples * row);
    memcpy(d->test_value, d->train_value, samples * row);
    double determinant = target_moment(d, 0, 0);
    if (d->shape.dimensions == 2)
        determinant = determinant * target_moment(d, 1, 1) - pow(target_moment(d, 0, 1), 2);
    d->target_entropy_bits = log2(pow(two_pi_e, d->shape.dimensions) * determinant) / 2;
}

/* ---- what is expected ---------------------------------------------------------------------------------------------------- */

static dataset *data_of(const trained *t, int64_t cell)
{
    settings *s = NULL;
    dataset *d = NULL;
    CU_ASSERT_FATAL(sweep_settings(t->sweep, cell, &s) == OK);
    CU_ASSERT_FATAL(s->data->make(s, &d) == OK);
    settings_free(s);
    return d;
}

/* Share of the variance of y's number j that two predictors a and b (columns) explain together by least squares. */
static double explained(const dataset *d, int j, const float *a, int column_a, const float *b, int column_b)
{
    const int of = d->shape.dimensions;
    const int64_t n = d->shape.train;
    double aa = moment(a, of, column_a, a, of, column_a, n), bb = moment(b, of, column_b, b, of, column_b, n);
    double ab = moment(a, of, column_a, b, of, column_b, n), yy = target_moment(d, j, j);
    double ay = moment(a, of, column_a, d->train_value, of, j, n),
           by = moment(b, of, column_b, d->train_value, of, j, n);
    return (ay * ay * bb - 2 * ay * by * ab + by * by * aa) / (aa * bb - ab * ab) / yy;
}

/* The same of one predictor. */
static double explained_by_one(const dataset *d, const float *x)
{
    double xy = moment(x, 1, 0, d->train_value, 1, 0, d->shape.train);
    return xy * xy / moment(x, 1, 0, x, 1, 0, d->shape.train) / target_moment(d, 0, 0);
}

static double information(double share_explained)
{
    return -log2(1 - share_explained) / 2;
}

/* ---- the objective over linear predictors ------------------------------------------------------------------------------- */

/* Second moments of one source and of both, with y in units of its standard deviation. */
typedef struct moments {
    double xx[2], xy[2], x12;
} moments;

static moments moments_of(const dataset *d)
{
    moments m = { .x12 = moment(d->train_x[0], 1, 0, d->train_x[1], 1, 0, d->shape.train) };
    for (int i = 0; i < 2; i++) {
        m.xx[i] = moment(d->train_x[i], 1, 0, d->train_x[i], 1, 0, d->shape.train);
        m.xy[i] =
            moment(d->train_x[i], 1, 0, d->train_value, 1, 0, d->shape.train) / sqrt(target_moment(d, 0, 0));
    }
    return m;
}

static double residual(const moments *m, int i, double slope)
{
    return 1 - 2 * slope * m->xy[i] + slope * slope * m->xx[i];
}

/* 1/2 sum_i ln v_i / 2 + w E|a_1 x_1 - a_2 x_2|; of a Gaussian z, E|z| = sqrt(2 / pi) sd z */
static double objective(const moments *m, double weight, const double *a)
{
    double z = a[0] * a[0] * m->xx[0] - 2 * a[0] * a[1] * m->x12 + a[1] * a[1] * m->xx[1];
    double cost = weight * sqrt(2 / acos(-1)) * sqrt(z > 0 ? z : 0);
    for (int i = 0; i < 2; i++) cost += log(residual(m, i, a[i])) / 4;
    return cost;
}

/* The best slopes on a grid, which closes in on them. */
static double optimum(const moments *m, double weight, double *information_bits)
{
    double best[2] = { 0.5, 0.5 }, width = 0.5, lowest = objective(m, weight, best);
    while (width > 1e-6) {
        double middle[2] = { best[0], best[1] };
        for (int i = -20; i <= 20; i++)
            for (int j = -20; j <= 20; j++) {
                double a[2] = { middle[0] + i * width / 20, middle[1] + j * width / 20 };
                double cost = objective(m, weight, a);
                if (cost >= lowest) continue;
                lowest = cost;
                best[0] = a[0];
                best[1] = a[1];
            }
        width *= 0.5;
    }
    *information_bits = 0;
    for (int i = 0; i < 2; i++) *information_bits -= log2(residual(m, i, best[i])) / 4;
    return lowest;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------------- */

/* All samples in one batch, steps that add up to 5 and end at 5e-5: the optimum is met to some 1e-4 nats. */
#define LINEAR                                   \
    "data: {kind: drawn}\nmodel: {hidden: []}\n" \
    "train: {optimizer: adam, rate: 0.05, rate_decay: 0.99, weight_decay: 0, batch: 4096, epochs: 700}\n"
#define NEAR 0.002

static void without_coupling_each_source_tells_what_its_correlation_does(void)
{
    trained t = train(LINEAR "rine: {beta: 0}\ngrid: {which: 0..1, seed: 0..2}\n", NULL);
    for (int64_t cell = 0; cell < t.cells; cell++) {
        dataset *d = data_of(&t, cell);
        double mean = 0;
        for (int i = 0; i < 2; i++) {
            double share = explained_by_one(d, d->train_x[i]);
            mean += information(share) / 2;
            CHECK_NEAR(value(&t, cell, "usable_information", i), information(share), NEAR);
            CHECK_NEAR(value(&t, cell, "explained_variance", i), share, NEAR);
        }
        CHECK_NEAR(value(&t, cell, "redundant_information", 0), mean, NEAR);
        CHECK_NEAR(value(&t, cell, "redundant_information_train", 0), mean, NEAR); /* the same samples */
        CHECK_NEAR(value(&t, cell, "target_entropy", 0), d->target_entropy_bits, 0);
        dataset_free(d);
    }
    trained_free(&t);
}

static void numbers_of_any_size_tell_what_theirs_do_together(void)
{
    trained t = train(LINEAR "rine: {beta: 0}\ngrid: {which: [2], seed: 0..2}\n", NULL);
    for (int64_t cell = 0; cell < t.cells; cell++) {
        dataset *d = data_of(&t, cell);
        for (int i = 0; i < 2; i++) {
            double cross_entropy = 0;
            for (int j = 0; j < 2; j++) {
                double left = 1 - explained(d, j, d->train_x[i], 0, d->train_x[i], 1);
                cross_entropy += log2(two_pi_e * target_moment(d, j, j) * left) / 2;
            }
            CHECK_NEAR(value(&t, cell, "usable_information", i), d->target_entropy_bits - cross_entropy,
                       NEAR);
        }
        dataset_free(d);
    }
    trained_free(&t);
}

static void units_of_the_target_change_entropies_and_no_information(void)
{
    static const char *const names[] = { "redundant_information", "distance", "explained_variance" };
    trained t = train(LINEAR "rine: {beta: 1}\ngrid: {which: [0, 3], seed: 0..2}\n", NULL);
    for (int64_t cell = 0; cell < 3; cell++) {
        for (int k = 0; k < 3; k++) /* floats of 5000 +- 1000 are rounded to 5e-7 of their deviation */
            CHECK_NEAR(value(&t, cell, names[k], 0), value(&t, 3 + cell, names[k], 0), 1e-4);
        CHECK_NEAR(value(&t, 3 + cell, "target_entropy", 0) - value(&t, cell, "target_entropy", 0),
                   log2(1000), 1e-5);
    }
    trained_free(&t);
}

static void a_fixed_variance_leaves_the_explained_share(void)
{
    /* CE = ln(2 pi) / 2 + (1 - rho^2) / 2 against H = ln(2 pi e) / 2, with y of variance 1 */
    trained t = train(LINEAR "rine: {beta: 0, variance: fixed}\ngrid: {which: 0..1, seed: 0..2}\n", NULL);
    for (int64_t cell = 0; cell < t.cells; cell++) {
        dataset *d = data_of(&t, cell);
        for (int i = 0; i < 2; i++)
            CHECK_NEAR(value(&t, cell, "usable_information", i),
                       explained_by_one(d, d->train_x[i]) / 2 / log(2), NEAR);
        dataset_free(d);
    }
    trained_free(&t);
}

static void coupled_predictors_reach_the_optimum_over_linear_ones(void)
{
    /* E|z| of 4000 samples is within 1.2 percent of sqrt(2 / pi) sd z: as much as 1.2 percent of beta, which moves these
     * informations by 0.003 bit at most. At 5 only predictions that say nothing agree. Adam keeps a common offset there,
     * because the signs of the L1 set the size of its steps. */
    trained t = train(LINEAR "rine: {beta_schedule: 0}\n"
                             "grid: {which: [0, 1], beta: [0.05, 0.2, 0.5, 0.8, 5], seed: 0..1}\n",
                      "optimizer=sgd");
    double last = 0;
    for (int64_t cell = 0; cell < t.cells; cell++) {
        double bits;
        dataset *d = data_of(&t, cell);
        moments m = moments_of(d);
        optimum(&m, value(&t, cell, "distance_weight", 0), &bits);
        CHECK_NEAR(value(&t, cell, "redundant_information", 0), bits, 0.01);
        if (cell / 2 % 5 > 0 && cell % 2 == 0)
            CU_ASSERT(bits < last + 1e-9); /* agreement costs information */
        if (cell % 2 == 0) last = bits;
        dataset_free(d);
    }
    trained_free(&t);
}

static void both_sources_together_tell_what_their_least_squares_do(void)
{
    trained t = train(LINEAR "rine: {decompose: true, beta: 3}\ngrid: {which: 0..1, seed: 0..1}\n", NULL);
    for (int64_t cell = 0; cell < t.cells; cell++) {
        dataset *d = data_of(&t, cell);
        double joint = value(&t, cell, "joint_information", 0),
               r = value(&t, cell, "redundant_information", 0);
        double u1 = value(&t, cell, "unique_information", 0), u2 = value(&t, cell, "unique_information", 1);
        CHECK_NEAR(joint, information(explained(d, 0, d->train_x[0], 0, d->train_x[1], 0)), NEAR);
        for (int i = 0; i < 2; i++)
            CHECK_NEAR(value(&t, cell, "single_information", i),
                       information(explained_by_one(d, d->train_x[i])), NEAR);
        CHECK_NEAR(r + u1 + u2 + value(&t, cell, "synergistic_information", 0), joint, 1e-14);
        dataset_free(d);
    }
    trained_free(&t);
}

static void padded_tasks_have_the_bits_that_they_have_alone(void)
{
    const char *text =
        "data: {kind: drawn}\nmodel: {hidden: [5]}\ntrain: {epochs: 3, batch: 16, epoch_steps: 7}\n"
        "rine: {history: true, average_last: 2}\n"
        "grid: {which: [0, 1], parameter: [130, 133, 141, 144], beta: [0.5, 5], seed: 0..1}\n";
    trained one = train(text, "run.pack=1"), many = train(text, "run.pack=64");
    for (int64_t i = 0; i < one.cells; i++) {
        CU_ASSERT(one.rows[i]->outcome == OUTCOME_DONE);
        CU_ASSERT(
            memcmp(one.rows[i]->value, many.rows[i]->value, (size_t)one.layout->size * sizeof(double)) == 0);
    }
    trained_free(&one);
    trained_free(&many);
}

static void a_target_that_does_not_vary_is_a_row_with_a_reason(void)
{
    trained t =
        train("data: {kind: drawn}\ntrain: {epochs: 3}\ngrid: {which: [0, 4], parameter: [100]}\n", NULL);
    CU_ASSERT(t.rows[0]->outcome == OUTCOME_DONE);
    CU_ASSERT(t.rows[1]->outcome == OUTCOME_FAILED && strstr(t.rows[1]->reason, "does not vary") != NULL);
    trained_free(&t);
}

static void what_needs_classes_is_refused(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        { "rine: {distance: js}\n", "rine.distance js is between predictions of classes" },
        { "rine: {target_entropy: uniform}\n", "rine.target_entropy uniform and empirical count classes" },
        { "rine: {target_entropy: empirical}\n", "a continuous target takes known" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        sweep *s = NULL;
        snprintf(text, sizeof text, "data: {kind: drawn}\n%s", cases[i].text);
        CU_ASSERT(sweep_parse(text, "test.yaml", NULL, 0, false, &s) == BAD_INPUT);
        CU_ASSERT(strstr(failure_text(), cases[i].words) != NULL);
        sweep_free(s);
    }
}

CHECK_MAIN("rine with a continuous target",
           TEST(without_coupling_each_source_tells_what_its_correlation_does),
           TEST(numbers_of_any_size_tell_what_theirs_do_together),
           TEST(units_of_the_target_change_entropies_and_no_information),
           TEST(a_fixed_variance_leaves_the_explained_share),
           TEST(coupled_predictors_reach_the_optimum_over_linear_ones),
           TEST(both_sources_together_tell_what_their_least_squares_do),
           TEST(padded_tasks_have_the_bits_that_they_have_alone),
           TEST(a_target_that_does_not_vary_is_a_row_with_a_reason), TEST(what_needs_classes_is_refused))
