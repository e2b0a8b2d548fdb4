#include "compress.h"

#include <math.h>
#include <string.h>

#include "data/compress_parts.h"

#define FIELD(f) offsetof(compress_options, f)
static const option compress_table[] = {
    { "by", OPTION_CHOICE, FIELD(by), "none", 0, 0, "",
      "pca: sources are seen by their first principal components, fitted on the training part", "none|pca",
      0 },
    { "components", OPTION_INTEGER, FIELD(components), "0", 0, 100000, "components",
      "most that are kept of each; 0: by variance", NULL, 0 },
    { "share", OPTION_REAL, FIELD(share), "1", 0.001, 1, "",
      "share of the variance that is enough: components beyond are left out", NULL, 0 },
    { "with_target", OPTION_FLAG, FIELD(with_target), "false", 0, 0, "", "compress a continuous target, too",
      NULL, 0 },
    { "feature_noise", OPTION_REAL, FIELD(feature_noise), "0", 0, 1e9, "",
      "standard deviation of independent Gaussian noise that every feature has, where it is known: bounds "
      "what is lost",
      NULL, 0 },
    { .name = NULL },
};
#undef FIELD

const section compress_section = { "compress", compress_table, sizeof(compress_options) };

const compress_options *compress_options_of(const settings *s)
{
    return s->block[SECTION_COMPRESS];
}

bool compress_is_on(const settings *s)
{
    return compress_options_of(s) && compress_options_of(s)->by != COMPRESS_NONE;
}

/* ---- shapes ---------------------------------------------------------------------------------------------------------- */

int64_t compress_fitted_rows(const data_shape *shape)
{
    return shape->train > 0 ? shape->train : shape->test;
}

/* Most components of so many columns. */
static status most_of(const settings *s, const data_shape *shape, const char *what, int columns, int *most)
{
    status result = OK;
    const compress_options *o = compress_options_of(s);
    const int64_t rows = compress_fitted_rows(shape);
    *most = (int)(columns < rows - 1 ? columns : rows - 1);
    if (o->components == 0) goto done;
    CHECK(o->components <= *most, BAD_INPUT,
          "compress.components: %lld of %s are asked for, and %d features of %lld samples have %d at most",
          (long long)o->components, what, columns, (long long)rows, *most);
    *most = (int)o->components;
done:
    return result;
}

bool compress_takes_target(const settings *s, const data_shape *shape)
{
    return compress_options_of(s)->with_target && shape->dimensions > 0;
}

status compress_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    data_shape to = *shape;
    if (!compress_is_on(s)) return OK;
    CHECK(!shape->weighted, BAD_INPUT,
          "compress.by pca is of samples, and data kind %s gives a finite table here", s->data->name);
    CHECK(!shape->augmented, BAD_INPUT,
          "compress.by pca needs samples that stay the same; set data.augment to none");
    CHECK(compress_fitted_rows(shape) > 1, BAD_INPUT, "compress.by pca needs 2 samples or more");
    for (int i = 0; i < shape->sources; i++) {
        TRY(most_of(s, shape, "a source", shape->features[i], &to.features[i]));
        to.image[i] = (image_size){ 0, 0, 0 };
    }
    if (compress_takes_target(s, shape))
        TRY(most_of(s, shape, "the target", shape->dimensions, &to.dimensions));
    *shape = to;
done:
    return result;
}

/* ---- for estimators -------------------------------------------------------------------------------------------------- */

static status find_origin(const settings *s, origin *out)
{
    *out = (origin){ NULL, NULL };
    return s->data->samples ? s->data->samples(s, &out->wide) : s->data->make(s, &out->narrow);
}

static void free_origin(origin *o)
{
    samples_free(o->wide);
    dataset_free(o->narrow);
}

static compressed nothing_kept(void)
{
    compressed k;
    for (int i = 0; i <= SOURCES_MAX; i++) {
        k.components[i] = 0;
        k.variance[i] = k.lost_nats[i] = NAN;
    }
    return k;
}

status prepare_samples(const settings *s, gang *g, samples **out, compressed *what)
{
    status result = OK;
    origin from = { NULL, NULL };
    compressed kept = nothing_kept();
    *out = NULL;
    if (compress_is_on(s)) {
        TRY(find_origin(s, &from));
        TRY(compress_samples(s, g, &from, out, &kept));
    } else {
        TRY(samples_of(s, out));
    }
    if (what) *what = kept;
done:
    free_origin(&from);
    return result;
}

/* Columns that are not there are zeros, so that all cells of a shape are alike. */
static void widen_columns(const double *from, int have, int want, int64_t rows, double *to)
{
    for (int64_t r = 0; r < rows; r++) memcpy(to + r * want, from + r * have, (size_t)have * sizeof *to);
}

static status pad(const samples *from, const data_shape *want, samples **out)
{
    status result = OK;
    const int64_t rows = want->train + want->test;
    TRY(samples_make(want, out));
    for (int i = 0; i < want->sources; i++)
        widen_columns(from->x[i], from->shape.features[i], want->features[i], rows, (*out)->x[i]);
    if (want->dimensions > 0)
        widen_columns(from->value, from->shape.dimensions, want->dimensions, rows, (*out)->value);
    else
        memcpy((*out)->label, from->label, (size_t)rows * sizeof *from->label);
done:
    return result;
}

/* What a dataset says beside its numbers. */
static void copy_record(const dataset *from, dataset *to)
{
    const size_t bytes = (size_t)to->shape.test * sizeof(int32_t);
    to->target_entropy_bits = from->target_entropy_bits;
    for (int i = 0; to->shape.recorded && i < to->shape.sources; i++) {
        memcpy(to->test_trial[i], from->test_trial[i], bytes);
        memcpy(to->test_block[i], from->test_block[i], bytes);
    }
}

status prepare_dataset(const settings *s, gang *g, dataset **out)
{
    status result = OK;
    origin from = { NULL, NULL };
    samples *narrow = NULL, *padded = NULL;
    compressed kept = nothing_kept();
    data_shape shape;
    if (!compress_is_on(s)) return s->data->make(s, out);
    TRY(s->data->shape(s, &shape));
    TRY(compress_shape(s, &shape));
    TRY(find_origin(s, &from));
    TRY(compress_samples(s, g, &from, &narrow, &kept));
    TRY(pad(narrow, &shape, &padded));
    TRY(samples_dataset(padded, out));
    if (from.narrow) copy_record(from.narrow, *out);
done:
    free_origin(&from);
    samples_free(narrow);
    samples_free(padded);
    return result;
}
