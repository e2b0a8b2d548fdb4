/* gaussian: what jointly normal sources and target share, in closed form: from a covariance, or from samples as if they were normal. */
#include "estimators/gaussian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "estimator.h"
#include "estimators/gaussian_bootstrap.h"

#define FIELD(f) offsetof(gaussian_options, f)
static const option gaussian_rows[] = {
    { "measure", OPTION_CHOICE, FIELD(measure), "joint", 0, 0, "",
      "what measured_information is: joint, of all sources and the target; union, of the best single source, "
      "which is the least "
      "that predictors with these correlations to the target can have; gk, the synergy beside it (Griffith "
      "and Koch); ci, "
      "correlational importance, a synergy; mmi, redundancy, the least of the sources' informations; wms, "
      "whole minus sum; tc, "
      "total correlation of the sources. union, gk, ci and mmi are of a target of one column",
      GAUSSIAN_MEASURES, OPTION_LANE },
    { "corrected", OPTION_FLAG, FIELD(corrected), "true", 0, 0, "",
      "take away the bias of a finite sample, exact for normal ones: of all results but ci", NULL,
      OPTION_LANE },
    { "part", OPTION_CHOICE, FIELD(part), "all", 0, 0, "",
      "which samples: all, or the test part alone, where the training part is there to fit a transform",
      "all|test", OPTION_LANE },
    { "bootstrap", OPTION_INTEGER, FIELD(bootstrap), "0", 0, 1e6, "resamples",
      "of the samples, for an interval of measured_information; some 1000 are enough", NULL, OPTION_LANE },
    { "confidence", OPTION_REAL, FIELD(confidence), "0.95", 0.5, 0.999, "", "of that interval", NULL,
      OPTION_LANE },
    { .name = NULL },
};
#undef FIELD

/* In the order of the table. */
enum {
    MEASURED,
    LOWER,
    UPPER,
    EXACT,
    INFORMATION,
    JOINT,
    UNITED,
    GK,
    CI,
    WHOLE_MINUS_SUM,
    TOTAL_CORRELATION,
    MMI_REDUNDANCY,
    MMI_UNIQUE,
    MMI_SYNERGY,
    CI_COEFFICIENT,
    CI_VARIANCE,
    COMPONENTS,
    KEPT_VARIANCE,
    RESULTS
};
static const quantity gaussian_results[RESULTS + 1] = {
    [MEASURED] = { "measured_information", PER_CELL, "bits", "what gaussian.measure asks for",
                   "wms counts what sources share against them; corrected estimates may fall below 0 by "
                   "chance" },
    [LOWER] = { "lower", PER_CELL, "bits", "lower end of its bootstrap interval" },
    [UPPER] = { "upper", PER_CELL, "bits", "upper end of its bootstrap interval" },
    [EXACT] = { "exact_measured_information", PER_CELL, "bits",
                "the same of the distribution that samples were drawn from, where it is known" },
    [INFORMATION] = { "information", PER_SOURCE, "bits", "mutual information of one source and the target" },
    [JOINT] = { "information_joint", PER_CELL, "bits",
                "mutual information of all sources together and the target" },
    [UNITED] = { "union_information", PER_CELL, "bits",
                 "of the source that knows most of a target of one column" },
    [GK] = { "gk_synergy", PER_CELL, "bits", "joint minus union information (Griffith and Koch)" },
    [CI] = { "ci_synergy", PER_CELL, "bits",
             "correlational importance (Nirenberg and Latham); not corrected for the size of a sample" },
    [WHOLE_MINUS_SUM] = { "whole_minus_sum", PER_CELL, "bits",
                          "joint information minus those of the single sources",
                          "sources that share more than they have together only make it negative" },
    [TOTAL_CORRELATION] = { "total_correlation", PER_CELL, "bits",
                            "of all columns of the sources among themselves" },
    [MMI_REDUNDANCY] = { "mmi_redundancy", PER_CELL, "bits",
                         "redundant information by minimal mutual information (Barrett 2015)" },
    [MMI_UNIQUE] = { "mmi_unique", PER_SOURCE, "bits", "information of one of two sources beyond that" },
    [MMI_SYNERGY] = { "mmi_synergy", PER_CELL, "bits",
                      "joint information of two sources minus that of the better one" },
    [CI_COEFFICIENT] = { "ci_coefficient", PER_SOURCE, "",
                         "of the decoder behind ci_synergy, in standard deviations: its mean is their sum, "
                         "where every source "
                         "is one column" },
    [CI_VARIANCE] = { "ci_variance", PER_CELL, "", "of that decoder, in variances of the target" },
    [COMPONENTS] = { "components", PER_SOURCE, "", "principal components of the source that were kept" },
    [KEPT_VARIANCE] = { "kept_variance", PER_SOURCE, "", "share of the source's variance that they have" },
    [RESULTS] = { .name = NULL },
};

static const gaussian_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

/* ---- can it run, and at what cost ------------------------------------------------------------------------------------- */

static bool is_given(const settings *s, const data_shape *shape)
{
    return s->data->covariance != NULL && shape->test == 0;
}

static bool is_of_one_column(int measure)
{
    return measure == GAUSSIAN_UNION || measure == GAUSSIAN_GK || measure == GAUSSIAN_CI ||
           measure == GAUSSIAN_MMI;
}

static status check(const settings *s, const data_shape *shape)
{
    status result = OK;
    const gaussian_options *o = options_of(s);
    const int columns = gaussian_columns_of(shape);
    CHECK(!shape->weighted, BAD_INPUT,
          "gaussian looks at a covariance or at samples, and data kind %s gives a finite table here; exact "
          "looks at tables",
          s->data->name);
    CHECK(shape->classes == 0, BAD_INPUT,
          "gaussian wants a continuous target, and that of data kind %s is a class here; mi takes classes",
          s->data->name);
    CHECK(!shape->augmented, BAD_INPUT,
          "gaussian looks at samples once, and passes of data kind %s differ; set data.augment to none",
          s->data->name);
    CHECK(shape->dimensions == 1 || !is_of_one_column(o->measure), BAD_INPUT,
          "gaussian.measure union, gk, ci and mmi are of a target of one column, and this one has %d; joint, "
          "wms and tc take any",
          shape->dimensions);
    CHECK(is_given(s, shape) || gaussian_samples_used(s, shape) > columns, BAD_INPUT,
          "gaussian needs more samples than columns: there are %lld samples of %d columns",
          (long long)gaussian_samples_used(s, shape), columns);
    CHECK(
        !is_given(s, shape) || o->bootstrap == 0, BAD_INPUT,
        "gaussian.bootstrap resamples samples, and there is a covariance only: set data.samples to a number");
done:
    return result;
}

static void omit(result_extents *e, int first, int last)
{
    for (int k = first; k <= last; k++) e->omitted |= (uint64_t)1 << k;
}

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    const bool scalar = shape->dimensions == 1, given = is_given(s, shape);
    *out = (result_extents){ .sources = shape->sources };
    if (options_of(s)->bootstrap == 0) omit(out, LOWER, UPPER);
    if (given) omit(out, EXACT, EXACT);
    if (!scalar) omit(out, UNITED, CI), omit(out, MMI_REDUNDANCY, MMI_SYNERGY);
    if (shape->sources != 2) omit(out, MMI_UNIQUE, MMI_SYNERGY);
    if (!scalar || gaussian_columns_of(shape) != shape->sources + 1) omit(out, CI_COEFFICIENT, CI_VARIANCE);
    if (!compress_is_on(s)) omit(out, COMPONENTS, KEPT_VARIANCE);
}

/* Large determinants, and compression, are worth a gang. */
static bool is_large(const data_shape *shape)
{
    enum { LARGE = 256 };
    return gaussian_columns_of(shape) >= LARGE;
}

static void manner(const settings *s, const data_shape *shape, task_manner *out)
{
    enum { RANKS_MOST = 1024 };
    *out = (task_manner){ .lanes = 1, .ranks = is_large(shape) || compress_is_on(s) ? RANKS_MOST : 1 };
}

/* Both round by their number of ranks. */
static bool rounds(const settings *s)
{
    data_shape shape;
    return compress_is_on(s) || (s->data->shape(s, &shape) == OK && is_large(&shape));
}

/* ---- running ---------------------------------------------------------------------------------------------------------- */

static gaussian_columns columns_like(const data_shape *shape)
{
    gaussian_columns c = { .sources = shape->sources, .target = shape->dimensions };
    memcpy(c.size, shape->features, sizeof c.size);
    return c;
}

/* Rows of the part that is looked at, side by side: (count, columns), which the caller frees. */
static status join(const samples *d, int64_t first, gaussian_columns *c, double **out)
{
    status result = OK;
    const data_shape *shape = &d->shape;
    const size_t n = (size_t)gaussian_columns_of(shape), dy = (size_t)shape->dimensions;
    c->count = shape->train + shape->test - first;
    double *to = malloc((size_t)c->count * n * sizeof *to);
    c->z = *out = to;
    CHECK(to != NULL, NO_MEMORY, "no memory for %lld samples", (long long)c->count);
    for (int64_t r = first; r < first + c->count; r++) {
        for (int i = 0; i < shape->sources; to += shape->features[i++])
            memcpy(to, d->x[i] + r * shape->features[i], (size_t)shape->features[i] * sizeof *to);
        memcpy(to, d->value + r * shape->dimensions, dy * sizeof *to);
        to += dy;
    }
done:
    return result;
}

static void set_measures(const gaussian_columns *c, const gaussian_measures *m, gaussian_measure which,
                         task_row *row)
{
    row_set(row, "measured_information", 0, gaussian_measured(m, which));
    row_set(row, "information_joint", 0, m->joint);
    row_set(row, "union_information", 0, m->united);
    row_set(row, "gk_synergy", 0, m->gk);
    row_set(row, "ci_synergy", 0, m->ci);
    row_set(row, "whole_minus_sum", 0, m->whole_minus_sum);
    row_set(row, "total_correlation", 0, m->total_correlation);
    row_set(row, "mmi_redundancy", 0, m->shared);
    row_set(row, "ci_variance", 0, m->variance);
    for (int i = 0; i < c->sources; i++) {
        row_set(row, "information", i, m->single[i]);
        row_set(row, "ci_coefficient", i, m->coefficient[i]);
        if (c->sources == 2) row_set(row, "mmi_unique", i, m->single[i] - m->shared);
    }
    if (c->sources == 2) row_set(row, "mmi_synergy", 0, m->joint - fmax(m->single[0], m->single[1]));
}

/* What the samples were drawn from, where that is known. */
static status set_exact(const settings *s, const samples *d, task_row *row)
{
    status result = OK;
    const gaussian_measure which = (gaussian_measure)options_of(s)->measure;
    covariance *known = NULL;
    gaussian_measures m;
    if (s->data->covariance && !compress_is_on(s)) {
        TRY(s->data->covariance(s, &known));
        gaussian_columns c = columns_like(&d->shape);
        c.given = known;
        TRY(gaussian_measures_of(NULL, &c, false, true, &m));
        row_set(row, "exact_measured_information", 0, gaussian_measured(&m, which));
    } else if (which == GAUSSIAN_JOINT) {
        row_set(row, "exact_measured_information", 0, d->information_bits);
    }
done:
    covariance_free(known);
    return result;
}

static status from_covariance(const settings *s, gang *g, const data_shape *shape, task_row *row)
{
    status result = OK;
    const gaussian_options *o = options_of(s);
    covariance *known = NULL;
    gaussian_measures m;
    gaussian_columns c = columns_like(shape);
    TRY(s->data->covariance(s, &known));
    c.given = known;
    TRY(gaussian_measures_of(g, &c, false, o->measure == GAUSSIAN_CI, &m));
    if (gang_rank(g) == 0) set_measures(&c, &m, (gaussian_measure)o->measure, row);
done:
    covariance_free(known);
    return result;
}

static status set_interval(const settings *s, const gaussian_columns *c, double measured,
                           gaussian_pause *pause, task_row *row)
{
    status result = OK;
    const gaussian_options *o = options_of(s);
    gaussian_interval found;
    const gaussian_resampling how = { .measure = (gaussian_measure)o->measure,
                                      .corrected = o->corrected,
                                      .resamples = o->bootstrap,
                                      .confidence = o->confidence,
                                      .seed = (uint64_t)settings_task(s)->seed };
    if (o->bootstrap == 0) goto done;
    TRY(gaussian_bootstrap(c, &how, measured, pause, &found));
    row_set(row, "lower", 0, found.lower);
    row_set(row, "upper", 0, found.upper);
done:
    return result;
}

static status from_samples(const settings *s, gang *g, gaussian_pause *pause, task_row *row)
{
    status result = OK;
    const gaussian_options *o = options_of(s);
    samples *d = NULL;
    double *z = NULL;
    compressed kept;
    gaussian_measures m;
    TRY(prepare_samples(s, g, &d, &kept));
    gaussian_columns c = columns_like(&d->shape);
    TRY(join(d, o->part == 0 ? 0 : d->shape.train, &c, &z));
    TRY(gaussian_measures_of(g, &c, o->corrected, o->measure == GAUSSIAN_CI, &m));
    if (gang_rank(g) > 0) goto done;
    set_measures(&c, &m, (gaussian_measure)o->measure, row);
    for (int i = 0; i < c.sources; i++) {
        row_set(row, "components", i, kept.components[i] ? (double)kept.components[i] : (double)NAN);
        row_set(row, "kept_variance", i, kept.variance[i]);
    }
    TRY(set_exact(s, d, row));
    TRY(set_interval(s, &c, gaussian_measured(&m, (gaussian_measure)o->measure), pause, row));
done:
    samples_free(d);
    free(z);
    return result;
}

static status run_task(const settings *s, gang *g, gaussian_pause *pause, task_row *row)
{
    data_shape shape;
    status result = s->data->shape(s, &shape);
    if (result == OK)
        result = is_given(s, &shape) ? from_covariance(s, g, &shape, row) : from_samples(s, g, pause, row);
    if (result == OK) row->outcome = OUTCOME_DONE;
    if (result == BROKEN || result == BAD_INPUT) {
        row_fail(row, OUTCOME_FAILED, "%s", failure_text());
        result = OK;
    }
    return result;
}

/* How far a pack is, for ticks. */
typedef struct advance {
    ticker *asker;
    double from, to;
} advance;

static bool go_on(gaussian_pause *self, double done)
{
    const advance *a = self->context;
    return a->asker->tick(a->asker, a->from + done * (a->to - a->from));
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    for (int i = 0; i < pack->count; i++) {
        advance a = { t, (double)i / pack->count, (i + 1.0) / pack->count };
        gaussian_pause pause = { go_on, &a };
        /* all ranks begin a task or none does, since they wait for each other in it */
        TRY(gang_agree(pack->gang, go_on(&pause, 0) ? OK : WORK_LEFT));
        TRY(run_task(pack->task[i], pack->gang, &pause, rows[i]));
    }
done:
    return result;
}

const estimator gaussian_estimator = {
    .name = "gaussian",
    .summary = "what jointly normal sources and target share, in closed form: informations, union, "
               "synergies, redundancy",
    .source = "Disentangled Representations via Synergy Minimization, Allerton 2017, eq. 12-16 with "
              "corrected signs (union, gk, "
              "ci); Barrett 2015 (mmi); Griffith and Koch 2014; Nirenberg and Latham 2003",
    .when = "of variables that are normal, or that a covariance is all that is known of: a thousand columns "
            "take seconds. What is not normal in the data it does not see",
    .section = { "gaussian", gaussian_rows, sizeof(gaussian_options) },
    .results = gaussian_results,
    .needs = NEEDS_DATA,
    .check = check,
    .extents = extents,
    .manner = manner,
    .rounds = rounds,
    .flops = gaussian_flops,
    .seconds = gaussian_seconds,
    .bytes = gaussian_bytes,
    .run = run,
};
