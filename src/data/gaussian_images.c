#include <math.h>

#include "data/kinds.h"
#include "data/pair_samples.h"

typedef enum shown { SHOW_IMAGE, SHOW_LATENT } shown;
enum { ROUND_PARAMETERS = 2, CORRELATED_PARAMETERS = 5 };

typedef struct blob_options {
    int64_t size;
    bool correlated;
    int show; /* enum shown */
    pair_options pair;
} blob_options;

#define FIELD(f) offsetof(blob_options, f)
#define AT(f)    offsetof(blob_options, pair.f)
static const option blob_option_table[] = {
    PAIR_INFORMATION_ROW(AT),
    { "size", OPTION_INTEGER, FIELD(size), "16", 3, 256, "pixels", "of an image, wide and high", NULL,
      OPTION_LANE },
    { "correlated", OPTION_FLAG, FIELD(correlated), "false", 0, 0, "",
      "width, height and tilt of the peak vary too: five parameters instead of two", NULL, OPTION_LANE },
    { "show", OPTION_CHOICE, FIELD(show), "image", 0, 0, "",
      "image; latent, the parameters that it is drawn from, each uniform in 0 to 1", "image|latent",
      OPTION_LANE },
    PAIR_ROTATE_ROW(AT),
    PAIR_SIZE_ROWS(AT),
    { .name = NULL }
};

static int parameters(const blob_options *o)
{
    return o->correlated ? CORRELATED_PARAMETERS : ROUND_PARAMETERS;
}

static status design(const blob_options *o, pair_design *out)
{
    return pair_design_of(&o->pair, parameters(o), parameters(o), parameters(o), out);
}

static status blob_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const blob_options *o = s->block[SECTION_DATA];
    pair_design d;
    TRY(design(o, &d));
    *shape =
        o->show == SHOW_IMAGE ? pair_image_shape(&o->pair, (int)o->size) : pair_shape(&o->pair, d.x, d.y);
done:
    return result;
}

static void show_parameters(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = normal_distribution(from[i]);
}

/* exp(-10 q), q a quadratic form in the distance from the centre (p0, p1); pixels lie on a grid from 0 to 1 in both
 * directions, row after row, x along a row. q = (sx dx)^2 + (sy dy)^2 + tilt sx dx sy dy, which for round peaks is the squared
 * distance, else sx = 1 + p2, sy = 1 + p3, tilt = 2 p4 - 1. Three pixels in both directions tell all five parameters. */
static void draw_peak(const void *how, int columns, const double *from, double *to)
{
    const blob_options *o = how;
    const int size = (int)o->size;
    const double step = 1.0 / (size - 1);
    double p[CORRELATED_PARAMETERS] = { 0, 0, 0, 0, 0.5 };
    show_parameters(how, columns, from, p);
    const double sx = 1 + p[2], sy = 1 + p[3], tilt = 2 * p[4] - 1;
    for (int row = 0; row < size; row++) {
        const double v = sy * (row * step - p[1]);
        for (int column = 0; column < size; column++) {
            const double u = sx * (column * step - p[0]);
            *to++ = exp(-10 * (u * u + v * v + tilt * u * v));
        }
    }
}

static status blob_samples(const settings *s, samples **out)
{
    status result = OK;
    const blob_options *o = s->block[SECTION_DATA];
    const pair_map map = o->show == SHOW_IMAGE ? draw_peak : show_parameters;
    data_shape shape;
    pair_design d;
    TRY(design(o, &d));
    TRY(blob_shape(s, &shape));
    TRY(pair_shown(s, &o->pair, &d, &shape, map, o, out));
done:
    return result;
}

const data_kind gaussian_images_kind = {
    .name = "gaussian_images",
    .summary = "images of a Gaussian peak, X (source 1) and Y (target, row after row like X), of known "
               "mutual information",
    .source = "Butakov et al., ICLR 2024 (information bottleneck analysis by lossy compression), Figure 3, "
              "and their program (correlated)",
    .section = { "data", blob_option_table, sizeof(blob_options) },
    .drawn = data_always_drawn,
    .shape = blob_shape,
    .make = pair_dataset,
    .table = data_no_table,
    .samples = blob_samples,
    .files = data_no_files,
};
