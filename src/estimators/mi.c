/* mi: classical estimates of the mutual information of each source and the target, from samples, without training. */
#include "estimators/mi.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "estimator.h"
#include "gang.h"

#define FIELD(f) offsetof(mi_options, f)
static const option mi_rows[] = {
    { "method", OPTION_CHOICE, FIELD(method), "ksg", 0, 0, "",
      "ksg, ksg2: Kraskov's algorithms; kl, wkl: entropies by nearest neighbours, plain and weighted "
      "(wkl_code: weights as "
      "the authors' code has them); kde_ml, kde_lse: by kernels, bandwidth by likelihood or least squares; "
      "gaussian: as if normal",
      MI_METHODS, 0 },
    { "neighbours", OPTION_INTEGER, FIELD(neighbours), "auto", 1, 1000, "neighbours",
      "of ksg (auto: 3) and wkl (auto: 5); more of them: less variance, more bias", "auto", OPTION_LANE },
    { "whiten", OPTION_FLAG, FIELD(whiten), "false", 0, 0, "",
      "multiply samples by the inverse root of their covariance before each entropy, as the authors' code "
      "does; ksg and "
      "gaussian are not changed",
      NULL, OPTION_LANE },
    { "bandwidth", OPTION_CHOICE, FIELD(bandwidth), "joint", 0, 0, "",
      "of kernels: one for all terms, chosen on the joint samples (authors' code), or one for each term",
      "joint|each", OPTION_LANE },
    { "part", OPTION_CHOICE, FIELD(part), "all", 0, 0, "",
      "which samples: all, or the test part alone, where the training part is there to fit a transform",
      "all|test", OPTION_LANE },
    { "permutations", OPTION_INTEGER, FIELD(permutations), "0", 0, 1e6, "permutations",
      "of the target, for what the estimate comes to where there is nothing, and a p-value", NULL, 0 },
    { .name = NULL },
};
#undef FIELD

/* In the order of the table. */
enum {
    MUTUAL_INFORMATION,
    STANDARD_ERROR,
    EXACT_INFORMATION,
    NULL_INFORMATION,
    NULL_DEVIATION,
    P_VALUE,
    BANDWIDTH,
    WEIGHTS_NORM,
    COMPONENTS,
    KEPT_VARIANCE,
    LOST_INFORMATION,
    TIED_SAMPLES,
    RESULTS
};
static const quantity mi_results[RESULTS + 1] = {
    [MUTUAL_INFORMATION] = { "mutual_information", PER_SOURCE, "bits",
                             "mutual information of one source and the target",
                             "mutual information is never negative; what is estimated may be, by chance or "
                             "bias. Values are not "
                             "clipped, since that "
                             "would bias their means" },
    [STANDARD_ERROR] = { "standard_error", PER_SOURCE, "bits",
                         "of the mutual information, from the spread of its terms; of a difference of "
                         "entropies their errors are added, as the "
                         "authors do, which is more than it has; no measure of bias" },
    [EXACT_INFORMATION] = { "exact_mutual_information", PER_SOURCE, "bits",
                            "of a single source, where the distribution is known" },
    [NULL_INFORMATION] = { "null_information", PER_SOURCE, "bits",
                           "mean of the estimates for permuted targets" },
    [NULL_DEVIATION] = { "null_deviation", PER_SOURCE, "bits",
                         "standard deviation of the estimates for permuted targets" },
    [P_VALUE] = { "p_value", PER_SOURCE, "",
                  "share of permuted targets, and the true one, that come to as much" },
    [BANDWIDTH] = { "bandwidth", PER_SOURCE, "",
                    "of the kernels, for the joint samples (whitened, if they are)" },
    [WEIGHTS_NORM] = { "weights_norm", PER_SOURCE, "",
                       "Euclidean norm of the weights of the neighbours in the joint space; the error grows "
                       "with it" },
    [COMPONENTS] = { "components", PER_SOURCE, "", "principal components of the source that were kept" },
    [KEPT_VARIANCE] = { "kept_variance", PER_SOURCE, "", "share of the source's variance that they have" },
    [LOST_INFORMATION] = { "lost_information", PER_SOURCE, "bits",
                           "most that can be lost by them, where the noise of the features is known "
                           "(compress.feature_noise)" },
    [TIED_SAMPLES] = { "tied_samples", PER_SOURCE, "samples",
                       "that equal another in the source or in the target, and got noise of 1e-10 standard "
                       "deviations; where they are many, "
                       "numbers are not continuous, and differences of entropies mean little" },
    [RESULTS] = { .name = NULL },
};

static const mi_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

static status check(const settings *s, const data_shape *shape)
{
    status result = OK;
    table *finite = NULL;
    CHECK(!shape->weighted, BAD_INPUT,
          "mi looks at samples, and data kind %s gives a finite table here; exact looks at tables",
          s->data->name);
    CHECK(!shape->augmented, BAD_INPUT,
          "mi looks at samples once, and passes of data kind %s differ; set data.augment to none",
          s->data->name);
    TRY(s->data->table(s, &finite));
    CHECK(finite == NULL, BAD_INPUT,
          "mi is of numbers that do not repeat, and data kind %s draws symbols of a finite table; exact "
          "looks at tables",
          s->data->name);
    TRY(mi_accepts(options_of(s), shape));
done:
    table_free(finite);
    return result;
}

static void omit(result_extents *e, int first, int last)
{
    for (int k = first; k <= last; k++) e->omitted |= (uint64_t)1 << k;
}

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    const mi_options *o = options_of(s);
    const bool kernels = o->method == METHOD_KDE_ML || o->method == METHOD_KDE_LSE;
    const bool weighted = o->method >= METHOD_KL && o->method <= METHOD_WKL_CODE;
    *out = (result_extents){ .sources = shape->sources };
    if (o->permutations == 0) omit(out, NULL_INFORMATION, P_VALUE);
    if (!kernels) omit(out, BANDWIDTH, BANDWIDTH);
    if (!weighted) omit(out, WEIGHTS_NORM, WEIGHTS_NORM);
    if (!compress_is_on(s)) omit(out, COMPONENTS, LOST_INFORMATION);
}

/* Compression alone is worth a gang. */
static void manner(const settings *s, const data_shape *shape, task_manner *out)
{
    enum { RANKS_MOST = 1024 };
    (void)shape;
    *out = (task_manner){ .lanes = 1, .ranks = compress_is_on(s) ? RANKS_MOST : 1 };
}

static bool rounds(const settings *s)
{
    return compress_is_on(s);
}

/* ---- cost ------------------------------------------------------------------------------------------------------------ */

static double samples_used(const settings *s, const data_shape *shape)
{
    return (double)(shape->test + (options_of(s)->part == 0 ? shape->train : 0));
}

/* Distances: of all pairs for kernels, of some hundred for neighbours in few dimensions. */
static double estimate_flops(const settings *s, const data_shape *shape)
{
    enum { SEARCHED = 300, BANDWIDTHS = 25, FEW = 12 };
    const mi_options *o = options_of(s);
    const double n = samples_used(s, shape);
    double sum = 0;
    for (int i = 0; i < shape->sources; i++) {
        const double d = shape->features[i] + (shape->classes > 0 ? 0 : shape->dimensions);
        const double pairs = o->method <= METHOD_WKL_CODE && d <= FEW ? n * fmin(n, SEARCHED) : n * n;
        if (o->method == METHOD_GAUSSIAN)
            sum += n * d * d;
        else if (o->method <= METHOD_WKL_CODE)
            sum += 4 * pairs * d;
        else
            sum += pairs * (0.6 * d + (o->method == METHOD_KDE_LSE ? 7.0 : 3.5)) * BANDWIDTHS;
    }
    return sum * (double)(1 + o->permutations);
}

static double flops(const settings *s, const data_shape *shape)
{
    compress_cost c;
    compress_cost_of(s, true, &c);
    return c.flops + estimate_flops(s, shape);
}

static double seconds(const settings *s, const data_shape *shape, int count)
{
    const double flops_per_second = 1e10, seconds_per_number = 2e-8;
    compress_cost c;
    compress_cost_of(s, true, &c);
    double numbers = 0;
    for (int i = 0; i < shape->sources; i++)
        numbers += (double)(shape->features[i] + shape->dimensions) * (double)(shape->train + shape->test);
    return count * (c.seconds + estimate_flops(s, shape) / flops_per_second + numbers * seconds_per_number);
}

/* Samples, copies of one source and the target, and what is searched in them. */
static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    const size_t rows = (size_t)(shape->train + shape->test), dy = (size_t)shape->dimensions + 1;
    size_t all = dy, most = 0;
    compress_cost c;
    compress_cost_of(s, true, &c);
    (void)count; /* one after the other */
    for (int i = 0; i < shape->sources; i++) {
        const size_t dx = (size_t)shape->features[i];
        all += dx;
        most = dx > most ? dx : most;
    }
    return c.bytes + rows * (all + 4 * (most + dy)) * sizeof(double);
}

/* ---- running --------------------------------------------------------------------------------------------------------- */

/* Of a pack: how far it is, for ticks. */
typedef struct advance {
    ticker *asker;
    double from, to;
} advance;

static bool go_on(void *context, double done)
{
    const advance *a = context;
    return a->asker->tick(a->asker, a->from + done * (a->to - a->from));
}

static status estimate_source(const settings *s, const mi_pair *pair, int source, const advance *a,
                              task_row *row)
{
    status result = OK;
    const double bits = 1 / log(2);
    const mi_options *o = options_of(s);
    mi_estimate found;
    mi_null null;
    TRY(mi_information(o, pair, &found));
    row_set(row, "mutual_information", source, found.nats * bits);
    row_set(row, "standard_error", source, found.error * bits);
    row_set(row, "bandwidth", source, found.bandwidth);
    row_set(row, "weights_norm", source, found.weights_norm);
    if (o->permutations == 0) goto done;
    TRY(mi_permuted(o, pair, (uint64_t)settings_task(s)->seed, found.nats, go_on, (void *)a, &null));
    row_set(row, "null_information", source, null.mean * bits);
    row_set(row, "null_deviation", source, null.deviation * bits);
    row_set(row, "p_value", source, null.p);
done:
    return result;
}

/* Rows of the part that is looked at, from row `first` on. */
static mi_pair pair_of(const samples *d, int source, int64_t first)
{
    const data_shape *shape = &d->shape;
    const int dx = shape->features[source], dy = shape->dimensions;
    return (mi_pair){ .count = shape->train + shape->test - first,
                      .dx = dx,
                      .dy = dy,
                      .x = d->x[source] + first * dx,
                      .y = d->value ? d->value + first * dy : NULL,
                      .label = d->label ? d->label + first : NULL,
                      .classes = shape->classes };
}

/* Samples as they are looked at: compressed, and without ties in the rows from `first` on. */
typedef struct prepared {
    const settings *of; /* NULL: none yet */
    samples *d;
    compressed kept;
    int64_t first, tied[SOURCES_MAX]; /* in a source or in the target */
} prepared;

static void prepared_free(prepared *p)
{
    samples_free(p->d);
    *p = (prepared){ .of = NULL };
}

/* Tasks that differ in how they estimate alone, as in their method, look at the same. */
static bool serves(const prepared *p, const settings *s)
{
    return p->of && settings_task(p->of)->seed == settings_task(s)->seed &&
           options_of(p->of)->part == options_of(s)->part && settings_equal(p->of, s, SECTION_DATA) &&
           settings_equal(p->of, s, SECTION_COMPRESS);
}

static status prepare(const settings *s, gang *g, prepared *p)
{
    status result = OK;
    const uint64_t seed = (uint64_t)settings_task(s)->seed;
    int64_t of_target = 0;
    prepared_free(p);
    TRY(prepare_samples(s, g, &p->d, &p->kept));
    const data_shape *shape = &p->d->shape;
    p->first = options_of(s)->part == 0 ? 0 : shape->train;
    const int64_t count = shape->train + shape->test - p->first;
    if (p->d->value)
        TRY(break_ties(p->d->value + p->first * shape->dimensions, count, shape->dimensions, seed,
                       &of_target));
    for (int i = 0; i < shape->sources; i++) {
        const int dx = shape->features[i];
        TRY(break_ties(p->d->x[i] + p->first * dx, count, dx, seed + 1 + (uint64_t)i, &p->tied[i]));
        p->tied[i] += of_target;
    }
    p->of = s;
done:
    return result;
}

static status fill_row(const settings *s, const prepared *p, const advance *a, task_row *row)
{
    status result = OK;
    const double bits = 1 / log(2);
    const compressed *kept = &p->kept;
    if (p->d->shape.sources == 1) row_set(row, "exact_mutual_information", 0, p->d->information_bits);
    for (int i = 0; i < p->d->shape.sources; i++) {
        const mi_pair pair = pair_of(p->d, i, p->first);
        row_set(row, "components", i, kept->components[i] ? (double)kept->components[i] : (double)NAN);
        row_set(row, "kept_variance", i, kept->variance[i]);
        row_set(row, "lost_information", i, kept->lost_nats[i] * bits);
        row_set(row, "tied_samples", i, (double)p->tied[i]);
        TRY(estimate_source(s, &pair, i, a, row));
    }
    row->outcome = OUTCOME_DONE;
done:
    return result;
}

/* Ranks of a gang prepare together; rank 0 alone estimates, since that is little work. */
static status run_task(const settings *s, gang *g, prepared *p, const advance *a, task_row *row)
{
    status result = OK;
    if (!serves(p, s)) TRY(prepare(s, g, p));
    if (gang_rank(g) == 0) TRY(fill_row(s, p, a, row));
done:
    if (result == BROKEN || result == BAD_INPUT) {
        row_fail(row, OUTCOME_FAILED, "%s", failure_text());
        result = OK;
    }
    return result;
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    prepared p = { .of = NULL };
    for (int i = 0; i < pack->count; i++) {
        const advance a = { t, (double)i / pack->count, (i + 1.0) / pack->count };
        /* all ranks begin a task or none does, since they wait for each other in it */
        TRY(gang_agree(pack->gang, go_on((void *)&a, 0) ? OK : WORK_LEFT));
        TRY(run_task(pack->task[i], pack->gang, &p, &a, rows[i]));
    }
done:
    prepared_free(&p);
    return result;
}

const estimator mi_estimator = {
    .name = "mi",
    .summary = "mutual information of each source and the target, by neighbours, kernels or as if normal",
    .source = "Kraskov et al. 2004 (ksg); Kozachenko and Leonenko 1987 (kl); Berrett et al. 2019 (wkl); "
              "Butakov et al., ICLR 2024 (kde, "
              "whitening)",
    .when = "of vectors, without training. Up to some five numbers each: ksg has the least bias. Of a target "
            "that is a class: kl, wkl. wkl has less bias than kl from four numbers on, and more variance; "
            "kde_ml underestimates, the more the more there is. In more dimensions all of them fail, far "
            "below the truth: compress first, or take rine",
    .section = { "mi", mi_rows, sizeof(mi_options) },
    .results = mi_results,
    .needs = NEEDS_DATA,
    .check = check,
    .extents = extents,
    .manner = manner,
    .rounds = rounds,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};
