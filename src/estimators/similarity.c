/* similarity: mean cosine similarity of two sources, with which the paper compares redundant information. Nothing is
 * trained, and the target is not looked at. */
#include <math.h>

#include "compress.h"
#include "estimator.h"

/* Arithmetic rate of the sums, and time to draw or count one number, for the cost model. */
static const double FLOPS_PER_SECOND = 1e9, SECONDS_PER_NUMBER = 3e-8;

/* There is nothing to choose; a section is never empty. */
typedef struct similarity_options {
    char none;
} similarity_options;

static const option similarity_table[] = {
    { .name = NULL },
};

static const quantity similarity_results[] = {
    { "similarity", PER_CELL, "",
      "mean cosine similarity of the two sources over the training part, without zero vectors" },
    { .name = NULL },
};

static status check(const settings *s, const data_shape *shape)
{
    (void)s;
    status result = OK;
    CHECK(shape->sources == 2, BAD_INPUT, "similarity compares two sources, and the data has %d",
          shape->sources);
    CHECK(shape->features[0] == shape->features[1], BAD_INPUT,
          "similarity needs sources with as many features; these have %d and %d", shape->features[0],
          shape->features[1]);
done:
    return result;
}

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    (void)s;
    (void)shape;
    *out = (result_extents){ 0 };
}

static double own_flops(const data_shape *shape)
{
    return 6.0 * shape->features[0] * (double)shape->train;
}

static double flops(const settings *s, const data_shape *shape)
{
    compress_cost c;
    compress_cost_of(s, false, &c);
    return c.flops + own_flops(shape);
}

static double seconds(const settings *s, const data_shape *shape, int count)
{
    double numbers = 2.0 * shape->features[0] * (double)(shape->train + shape->test);
    compress_cost c;
    compress_cost_of(s, false, &c);
    return count * (c.seconds + own_flops(shape) / FLOPS_PER_SECOND + numbers * SECONDS_PER_NUMBER);
}

/* Tasks run one after the other. */
static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    (void)count;
    size_t rows = (size_t)(shape->train + shape->test);
    compress_cost c;
    compress_cost_of(s, false, &c);
    return c.bytes + rows * (2 * (size_t)shape->features[0] * sizeof(float) + sizeof(int32_t));
}

/* Mean over the training part of x1 . x2 / (|x1| |x2|), weighted where the samples are; NaN where every sample has a zero
 * vector. */
static double mean_cosine(const dataset *d)
{
    int features = d->shape.features[0];
    double sum = 0, whole = 0;
    for (int64_t i = 0; i < d->shape.train; i++) {
        const float *a = d->train_x[0] + i * features, *b = d->train_x[1] + i * features;
        double ab = 0, aa = 0, bb = 0;
        for (int k = 0; k < features; k++) {
            ab += (double)a[k] * b[k];
            aa += (double)a[k] * a[k];
            bb += (double)b[k] * b[k];
        }
        if (aa <= 0 || bb <= 0) continue;
        double weight = d->weight ? d->weight[i] : 1;
        sum += weight * ab / (sqrt(aa) * sqrt(bb));
        whole += weight;
    }
    return sum / whole;
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    for (int i = 0; i < pack->count; i++) {
        dataset *d = NULL;
        if (!t->tick(t, (double)i / pack->count)) return WORK_LEFT;
        TRY(prepare_dataset(pack->task[i], NULL, &d));
        double similarity = mean_cosine(d);
        dataset_free(d);
        if (isnan(similarity)) {
            row_fail(rows[i], OUTCOME_FAILED, "every sample of a source is zero");
            continue;
        }
        row_set(rows[i], "similarity", 0, similarity);
        rows[i]->outcome = OUTCOME_DONE;
    }
done:
    return result;
}

const estimator similarity_estimator = {
    .name = "similarity",
    .summary = "mean cosine similarity of two sources",
    .source = "Kleinman et al., Entropy 2021, 23, 922, Figure 5 right",
    .when = "as a quick look at whether two sources are alike at all; it is no information and knows nothing "
            "of the target",
    .section = { "similarity", similarity_table, sizeof(similarity_options) },
    .results = similarity_results,
    .needs = NEEDS_DATA,
    .check = check,
    .extents = extents,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};
