#include "data/kinds.h"
#include "data/pair_samples.h"

typedef struct gaussian_options {
    int64_t dimension_x, dimension_y;
    pair_options pair;
} gaussian_options;

#define FIELD(f) offsetof(gaussian_options, f)
#define AT(f)    offsetof(gaussian_options, pair.f)
static const option gaussian_option_table[] = {
    PAIR_INFORMATION_ROW(AT),
    { "dimension_x", OPTION_INTEGER, FIELD(dimension_x), "1", 1, 1000, "numbers",
      "of X; the first ones are correlated with those of Y, as many as both have", NULL, OPTION_LANE },
    { "dimension_y", OPTION_INTEGER, FIELD(dimension_y), "1", 1, 1000, "numbers", "of Y", NULL, OPTION_LANE },
    PAIR_ROTATE_ROW(AT),
    PAIR_SIZE_ROWS(AT),
    { .name = NULL }
};

static status design(const settings *s, pair_design *out)
{
    const gaussian_options *o = s->block[SECTION_DATA];
    const int x = (int)o->dimension_x, y = (int)o->dimension_y;
    return pair_design_of(&o->pair, x, y, x < y ? x : y, out);
}

static status gaussian_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const gaussian_options *o = s->block[SECTION_DATA];
    pair_design d;
    TRY(design(s, &d));
    *shape = pair_shape(&o->pair, d.x, d.y);
done:
    return result;
}

static status gaussian_samples(const settings *s, samples **out)
{
    status result = OK;
    const gaussian_options *o = s->block[SECTION_DATA];
    pair_design d;
    TRY(design(s, &d));
    TRY(pair_samples(s, &o->pair, &d, out));
done:
    return result;
}

const data_kind gaussian_pair_kind = {
    .name = "gaussian_pair",
    .summary = "normal vectors X (source 1) and Y (target) of known mutual information",
    .source = "Butakov et al., ICLR 2024 (information bottleneck analysis by lossy compression), Statement 4",
    .section = { "data", gaussian_option_table, sizeof(gaussian_options) },
    .drawn = data_always_drawn,
    .shape = gaussian_shape,
    .make = pair_dataset,
    .table = data_no_table,
    .samples = gaussian_samples,
    .files = data_no_files,
};
