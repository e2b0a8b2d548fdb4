/* The benchmark's tasks are distributions and what transforms make of them: its own by their names (mi_benchmark.h), any other by
 * its options. */
#include "data/kinds.h"
#include "data/mi_benchmark.h"

#define FIELD(f) offsetof(mi_options, f)
#define AT(f)    offsetof(mi_options, sizes.f)
static const option mi_option_table[] = {
    { "task", OPTION_CHOICE, FIELD(task), "own", 0, 0, "",
      "one of the benchmark's, named by what it is and by how many numbers X and Y have each (df: degrees of "
      "freedom); own: by the options below, all of which it else sets but speed and the samples",
      MI_BENCHMARK_NAMES, OPTION_LANE },
    { "distribution", OPTION_CHOICE, FIELD(distribution), "normal", 0, 0, "",
      "normal, by dispersion; student, the same divided by one random scale; additive_uniform, X uniform in "
      "0 to 1 and Y = X + noise",
      "normal|student|additive_uniform", OPTION_LANE },
    { "dispersion", OPTION_CHOICE, FIELD(dispersion), "dense", 0, 0, "",
      "dense, all numbers of X and Y correlate alike; pairs, the first of X with the first of Y and so on, "
      "and nothing else; identity, none",
      "dense|pairs|identity", OPTION_LANE },
    { "dimension_x", OPTION_INTEGER, FIELD(dimension_x), "1", 1, 1000, "numbers",
      "of X, before the transform", NULL, OPTION_LANE },
    { "dimension_y", OPTION_INTEGER, FIELD(dimension_y), "1", 1, 1000, "numbers", "of Y", NULL, OPTION_LANE },
    { "correlation", OPTION_REAL, FIELD(correlation), "0.75", -1, 1, "",
      "of numbers that correlate; published: 0.75 of one number each, 0.5 dense, 0.8 pairs", NULL,
      OPTION_LANE },
    { "pairs", OPTION_INTEGER, FIELD(pairs), "2", 1, 1000, "pairs", "that correlate (dispersion: pairs)",
      NULL, OPTION_LANE },
    { "degrees", OPTION_INTEGER, FIELD(degrees), "1", 1, MI_DEGREES_MOST, "",
      "degrees of freedom (distribution: student)", NULL, OPTION_LANE },
    { "epsilon", OPTION_REAL, FIELD(epsilon), "0.75", 1e-6, 1e6, "",
      "the noise is uniform in -epsilon to epsilon (distribution: additive_uniform)", NULL, OPTION_LANE },
    { "transform", OPTION_CHOICE, FIELD(transform), "none", 0, 0, "",
      "of X and of Y, which changes no information: uniform, by the normal distribution function; bimodal, "
      "to "
      "two peaks; wiggly, adds waves; half_cube, x sqrt|x|; asinh; spiral, turned the more the longer; "
      "spiral_uniform, both; swiss_roll, X rolled up in a plane, Y uniform",
      MI_TRANSFORM_NAMES, OPTION_LANE },
    { "speed", OPTION_REAL, FIELD(speed), "0.3333333333333333", -1e6, 1e6, "",
      "of spirals: angle per squared length", NULL, OPTION_LANE },
    PAIR_SIZE_ROWS(AT),
    { .name = NULL }
};

/* What only a task of one's own looks at is left as it is where the benchmark's is named. */
static status check_named(const mi_options *o)
{
    status result = OK;
    mi_options initial;
    option_defaults(mi_option_table, &initial);
    for (const option *row = mi_option_table + 1; o->task != 0 && row->field != FIELD(speed); row++)
        CHECK(option_equal(row, o, &initial), BAD_INPUT,
              "data.%s is what data.task sets; leave it out, or set data.task to own", row->name);
done:
    return result;
}

static status mi_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const mi_options *typed = s->block[SECTION_DATA];
    const mi_options o = mi_benchmark_options(typed);
    TRY(check_named(typed));
    TRY(mi_distribution_check(&o));
    TRY(mi_transform_check(&o));
    *shape = pair_shape(&o.sizes, mi_transform_columns(&o), (int)o.dimension_y);
done:
    return result;
}

static status mi_samples(const settings *s, samples **out)
{
    status result = OK;
    const mi_options o = mi_benchmark_options(s->block[SECTION_DATA]);
    samples *before = NULL;
    data_shape shape;
    pair_map x, y;
    TRY(mi_shape(s, &shape));
    mi_transform_maps(&o, &x, &y);
    TRY(mi_distribution_samples(s, &o, &before));
    TRY(pair_mapped(before, &shape, x, y, &o, out));
done:
    samples_free(before);
    return result;
}

const data_kind mi_task_kind = {
    .name = "mi_task",
    .summary =
        "the tasks of a benchmark of mutual information estimators: X (source 1) and Y (target) of known "
        "information, heavy-tailed, many-dimensional, bent",
    .source = "Czyz et al., NeurIPS 2023 (Beyond Normal: On the Evaluation of Mutual Information Estimators)",
    .section = { "data", mi_option_table, sizeof(mi_options) },
    .drawn = data_always_drawn,
    .shape = mi_shape,
    .make = pair_dataset,
    .table = data_no_table,
    .samples = mi_samples,
    .files = data_no_files,
};
