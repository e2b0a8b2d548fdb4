#include <math.h>

#include "data/kinds.h"
#include "data/pair_samples.h"

typedef enum shown { SHOW_IMAGE, SHOW_LATENT } shown;
enum { PARAMETERS = 4, SIZE_MOST = 256 };

typedef struct rectangle_options {
    int64_t size;
    int show; /* enum shown */
    pair_options pair;
} rectangle_options;

#define FIELD(f) offsetof(rectangle_options, f)
#define AT(f)    offsetof(rectangle_options, pair.f)
static const option rectangle_option_table[] = {
    PAIR_INFORMATION_ROW(AT),
    { "size", OPTION_INTEGER, FIELD(size), "16", 3, SIZE_MOST, "pixels", "of an image, wide and high", NULL,
      OPTION_LANE },
    { "show", OPTION_CHOICE, FIELD(show), "image", 0, 0, "",
      "image; latent, left, right, top and bottom of the rectangle in a square from 0 to 1", "image|latent",
      OPTION_LANE },
    PAIR_ROTATE_ROW(AT),
    PAIR_SIZE_ROWS(AT),
    { .name = NULL }
};

static status design(const rectangle_options *o, pair_design *out)
{
    return pair_design_of(&o->pair, PARAMETERS, PARAMETERS, PARAMETERS, out);
}

static status rectangle_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const rectangle_options *o = s->block[SECTION_DATA];
    pair_design d;
    TRY(design(o, &d));
    *shape =
        o->show == SHOW_IMAGE ? pair_image_shape(&o->pair, (int)o->size) : pair_shape(&o->pair, d.x, d.y);
done:
    return result;
}

/* From two normal numbers the two ends of an interval in 0 to 1 that is at least two pixels long: the first end like the
 * smaller of two uniform numbers, the second uniform in what that leaves. */
static void place_ends(const double *from, int size, double *ends)
{
    const double least = 2.0 / size;
    ends[0] = (1 - least) * (1 - sqrt(normal_distribution(-from[0])));
    ends[1] = ends[0] + least + normal_distribution(from[1]) * (1 - ends[0] - least);
}

static void show_sides(const void *how, int columns, const double *from, double *to)
{
    const rectangle_options *o = how;
    for (int i = 0; i < columns; i += 2) place_ends(from + i, (int)o->size, to + i);
}

/* How much of each pixel of a line lies between two ends. A pixel or more is covered fully, so the image tells both ends. */
static void cover(const double *ends, int size, double *share)
{
    for (int i = 0; i < size; i++) {
        const double left = fmax(ends[0] * size, i), right = fmin(ends[1] * size, i + 1);
        share[i] = fmax(right - left, 0);
    }
}

/* A pixel is the area that the rectangle covers of it. */
static void draw_rectangle(const void *how, int columns, const double *from, double *to)
{
    const rectangle_options *o = how;
    const int size = (int)o->size;
    double side[PARAMETERS], across[SIZE_MOST], down[SIZE_MOST];
    show_sides(how, columns, from, side);
    cover(side, size, across);
    cover(side + 2, size, down);
    for (int row = 0; row < size; row++)
        for (int column = 0; column < size; column++) *to++ = down[row] * across[column];
}

static status rectangle_samples(const settings *s, samples **out)
{
    status result = OK;
    const rectangle_options *o = s->block[SECTION_DATA];
    const pair_map map = o->show == SHOW_IMAGE ? draw_rectangle : show_sides;
    data_shape shape;
    pair_design d;
    TRY(design(o, &d));
    TRY(rectangle_shape(s, &shape));
    TRY(pair_shown(s, &o->pair, &d, &shape, map, o, out));
done:
    return result;
}

const data_kind rectangles_kind = {
    .name = "rectangles",
    .summary = "images of a rectangle, X (source 1) and Y (target, row after row like X), of known mutual "
               "information",
    .source = "Butakov et al., ICLR 2024 (information bottleneck analysis by lossy compression), Figure 4, "
              "and their program",
    .section = { "data", rectangle_option_table, sizeof(rectangle_options) },
    .drawn = data_always_drawn,
    .shape = rectangle_shape,
    .make = pair_dataset,
    .table = data_no_table,
    .samples = rectangle_samples,
    .files = data_no_files,
};
