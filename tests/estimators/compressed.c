/* What compression costs in information: Gaussian examples in which it is known exactly, and what mi tells of it. */
#include <math.h>

#include "data/compress_of.h"
#include "estimators/run_sweep.h"
#include "gaussian_information.h"
#include "pca.h"

/* ---- the bound ----------------------------------------------------------------------------------------------------------- */

/* Source X + Z of N numbers and a target of M: X is K common normals, mixed, with weights that fall, and Y is mixed of the same
 * normals with noise of its own. */
enum { N = 8, K = 5, M = 2, SAMPLES = 4000 };

typedef struct example {
    double noise;                         /* standard deviation of each number of Z */
    double x[N][K], y[M][K];              /* mixing */
    double covariance[(N + M) * (N + M)]; /* of X + Z and Y */
} example;

static double weight_of(const example *e, int i, int k)
{
    return i < N ? e->x[i][k] : e->y[i - N][k];
}

static void example_make(double noise, uint64_t seed, example *e)
{
    const random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    uint64_t at = 0;
    e->noise = noise;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < K; k++) e->x[i][k] = random_normal(key, at++) / (1 + k * k);
    for (int i = 0; i < M; i++)
        for (int k = 0; k < K; k++) e->y[i][k] = random_normal(key, at++);
    for (int i = 0; i < N + M; i++)
        for (int j = 0; j < N + M; j++) {
            double sum = i == j ? (i < N ? noise * noise : 0.01) : 0;
            for (int k = 0; k < K; k++) sum += weight_of(e, i, k) * weight_of(e, j, k);
            e->covariance[i * (N + M) + j] = sum;
        }
}

/* Samples of it, fitted part only. */
static samples *example_samples(const example *e, uint64_t seed)
{
    const random_key key = { .seed = seed, .purpose = RANDOM_TRIAL, .stream = 1 };
    const data_shape shape = {
        .sources = 1, .features = { N }, .dimensions = M, .train = SAMPLES, .test = 1
    };
    samples *s = NULL;
    uint64_t at = 0;
    if (samples_make(&shape, &s) != OK) abort();
    for (int r = 0; r <= SAMPLES; r++) {
        double common[K];
        for (int k = 0; k < K; k++) common[k] = random_normal(key, at++);
        for (int i = 0; i < N + M; i++) {
            double sum = (i < N ? e->noise : 0.1) * random_normal(key, at++);
            for (int k = 0; k < K; k++) sum += weight_of(e, i, k) * common[k];
            *(i < N ? &s->x[0][r * N + i] : &s->value[r * M + i - N]) = sum;
        }
    }
    return s;
}

/* I(axes (X + Z); Y) in nats, exactly: axes (kept, N); NULL: all of X + Z. */
static double information_of(const example *e, const double *axes, int kept)
{
    const int n = axes ? kept : N, all = n + M;
    double map[(N + M) * (N + M)] = { 0 }, c[(N + M) * (N + M)], bits = NAN;
    for (int i = 0; i < all; i++)
        for (int j = 0; j < N + M; j++)
            map[i * (N + M) + j] = i >= n ? j - N == i - n : axes ? (j < N ? axes[i * N + j] : 0) : i == j;
    for (int i = 0; i < all; i++)
        for (int j = 0; j < all; j++) {
            double sum = 0;
            for (int a = 0; a < N + M; a++)
                for (int b = 0; b < N + M; b++)
                    sum += map[i * (N + M) + a] * e->covariance[a * (N + M) + b] * map[j * (N + M) + b];
            c[i * all + j] = sum;
        }
    const covariance of = { .sources = 1, .size = { n }, .target = M, .value = c };
    CU_ASSERT_EQUAL(gaussian_information(&of, 1, &bits), OK);
    return bits * log(2);
}

/* Largest share of the bound that was lost with `kept` components; what is lost is between 0 and it. */
static double lost_of_bound(const example *e, samples *from, int kept)
{
    compressing c;
    compressed told;
    pca p;
    rows_in_memory memory = { .x = from->x[0], .features = N };
    sample_rows rows = sample_rows_of(&memory, SAMPLES);
    compressing_start(&c, kept, 1, false);
    c.options.feature_noise = e->noise;
    samples *out = compress_by(&c, from, &told);
    CU_ASSERT_EQUAL_FATAL(pca_fit(NULL, &rows, (pca_keep){ .components = kept }, &p), OK);
    const double lost = information_of(e, NULL, 0) - information_of(e, p.axes, kept),
                 bound = told.lost_nats[0];
    /* variances of 4000 samples have errors of 2 %, by which a bound of (N - kept) / 2 logarithms moves by 0.01 each */
    const double error = 0.01 * (N - kept);
    CU_ASSERT(lost >= -1e-12 && lost <= bound + error);
    CHECK_NEAR(bound, pca_lost_bound_nats(&p, kept, e->noise * e->noise), 1e-12);
    CU_ASSERT(isnan(told.lost_nats[SOURCES_MAX]));
    pca_free(&p);
    samples_free(out);
    return lost / (bound + error);
}

static void what_is_lost_is_within_the_bound(void)
{
    const double noise[] = { 0.01, 0.1, 0.5, 2 };
    double most = 0;
    for (uint64_t seed = 0; seed < 5; seed++)
        for (int i = 0; i < 4; i++) {
            example e;
            example_make(noise[i], seed, &e);
            samples *from = example_samples(&e, seed);
            for (int kept = 1; kept < N; kept++) most = fmax(most, lost_of_bound(&e, from, kept));
            samples_free(from);
        }
    CU_ASSERT(most > 0.2); /* it says something */
}

/* X and Y of four normal numbers each, 0.6 nats in each of four pairs; X as if a quarter of its variance were noise, which can hold
 * ln 4 / 2 = 0.69 nats. Whichever two components are kept, two of four pairs are lost. */
static void mi_tells_the_bound(void)
{
    swept w = run_sweep(
        "estimator: mi\n"
        "data: {kind: gaussian_pair, dimension_x: 4, dimension_y: 4, information: 2.4, samples: 4000,\n"
        "       train_samples: 20000}\n"
        "compress: {by: pca, components: 2, feature_noise: 0.5}\n"
        "mi: {method: gaussian, part: test}\n");
    const double nats = value_of(&w, 0, "mutual_information", 0) * log(2);
    const double bound = value_of(&w, 0, "lost_information", 0) * log(2);
    CHECK_NEAR(nats, 1.2, 0.08);     /* 3 standard errors: sqrt(2 (1 - exp(-2.4 / 2)) / 4000), each of two */
    CHECK_NEAR(bound, log(4), 0.05); /* the largest of 4 variances of 20000 samples is 2 % too large */
    CU_ASSERT(2.4 - 1.2 < bound);
    CU_ASSERT(value_of(&w, 0, "components", 0) == 2);
    CHECK_NEAR(value_of(&w, 0, "kept_variance", 0), 0.5, 0.02);
    swept_free(&w);
}

/* ---- estimators on compressed samples ------------------------------------------------------------------------------------ */

/* All components of a source are a rotation of it, which no estimate notices. */
static void all_components_change_no_estimate(void)
{
    swept w = run_sweep(
        "estimator: mi\n"
        "data: {kind: gaussian_pair, dimension_x: 3, dimension_y: 2, samples: 800, train_samples: 500}\n"
        "mi: {part: test}\n"
        "grid: {compress.by: [none, pca], method: [kl, wkl, kde_ml, gaussian]}\n");
    for (int m = 0; m < 4; m++) {
        /* rounding of distances; of kernels, whose bandwidth is searched from the deviations of columns on, that search */
        const double allowed = m == 2 ? 1e-3 : 1e-9;
        CHECK_NEAR(value_of(&w, m, "mutual_information", 0), value_of(&w, 4 + m, "mutual_information", 0),
                   allowed);
    }
    CU_ASSERT(isnan(value_of(&w, 0, "components", 0)) && value_of(&w, 4, "components", 0) == 3);
    swept_free(&w);
}

static void similarity_looks_at_components(void)
{
    swept w = run_sweep("estimator: similarity\n"
                        "data: {kind: overlap, design: code, classes_per_input: 8, noise_inputs: 5, samples: "
                        "300, train_fraction: 0.7}\n"
                        "grid: {compress.by: [none, pca]}\n");
    CU_ASSERT(w.rows[0]->outcome == OUTCOME_DONE && w.rows[1]->outcome == OUTCOME_DONE);
    CU_ASSERT(value_of(&w, 0, "similarity", 0) != value_of(&w, 1, "similarity", 0));
    swept_free(&w);
}

/* Tasks of a pack that look at the same samples get what each gets alone. */
static void tasks_of_a_pack_share_samples_and_nothing_else(void)
{
    static const char text[] =
        "estimator: mi\n"
        "data: {kind: gaussian_images, size: 5, samples: 150, train_samples: 100}\n"
        "compress: {by: pca, components: 2, with_target: true}\n"
        "grid: {seed: 0..1, part: [test, all], information: [0, 2], method: [kl, wkl]}\n";
    enum { CELLS = 16 };
    swept alone = run_sweep(text), together = run_sweep(text);
    settings *s[CELLS] = { NULL };
    const settings *task[CELLS];
    ticker t = { .tick = keep_going };
    task_pack pack = { .count = CELLS, .task = task };
    CU_ASSERT_EQUAL_FATAL(together.cells, CELLS);
    for (int i = 0; i < CELLS; i++) {
        CU_ASSERT_EQUAL(sweep_settings(together.sweep, i, &s[i]), OK);
        task[i] = s[i];
        row_clear(together.rows[i]);
    }
    CU_ASSERT_EQUAL(sweep_shape(together.sweep, 0, &pack.shape), OK);
    CU_ASSERT_EQUAL(task[0]->estimator->run(&pack, &t, together.rows), OK);
    for (int i = 0; i < CELLS; i++) {
        CU_ASSERT(value_of(&alone, i, "mutual_information", 0) ==
                  value_of(&together, i, "mutual_information", 0));
        CU_ASSERT(value_of(&alone, i, "tied_samples", 0) == value_of(&together, i, "tied_samples", 0));
        settings_free(s[i]);
    }
    swept_free(&alone);
    swept_free(&together);
}

/* ---- plans --------------------------------------------------------------------------------------------------------------- */

static compress_cost cost_with(const char *set)
{
    static const char text[] = "estimator: mi\n"
                               "data: {kind: gaussian_images, size: 32, samples: 10, train_samples: 3000}\n"
                               "compress: {by: pca, components: 2}\n";
    sweep *made;
    settings *s = NULL;
    compress_cost c;
    CU_ASSERT_EQUAL_FATAL(sweep_parse(text, "test.yaml", &set, set != NULL, false, &made), OK);
    CU_ASSERT_EQUAL_FATAL(sweep_settings(made, 0, &s), OK);
    compress_cost_of(s, true, &c);
    settings_free(s);
    sweep_free(made);
    return c;
}

static void plans_count_compression(void)
{
    const compress_cost one = cost_with(NULL), two = cost_with("run.ranks_per_task=2"),
                        four = cost_with("run.ranks_per_task=4"), small = cost_with("data.size=16"),
                        none = cost_with("compress.by=none");
    const size_t matrix = 1024 * 1024 * sizeof(double);
    CU_ASSERT_EQUAL(one.bytes - two.bytes, matrix);
    CU_ASSERT_EQUAL(two.bytes - four.bytes, matrix);
    CU_ASSERT(one.flops > 1e10 && one.flops == four.flops && one.flops > 16 * small.flops);
    CU_ASSERT(one.seconds > 1 && one.seconds < 30);
    CU_ASSERT(none.flops == 0 && none.seconds == 0 && none.bytes == 0);
}

/* clang-format off */
CHECK_MAIN("compressed",
           TEST(what_is_lost_is_within_the_bound),
           TEST(mi_tells_the_bound),
           TEST(all_components_change_no_estimate),
           TEST(similarity_looks_at_components),
           TEST(tasks_of_a_pack_share_samples_and_nothing_else),
           TEST(plans_count_compression))
/* clang-format on */
