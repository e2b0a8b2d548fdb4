#include "data/mi_transforms.h"

#include <math.h>
#include <string.h>

/* ---- number by number --------------------------------------------------------------------------------------------- */

static void keep(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    memcpy(to, from, (size_t)columns * sizeof *to);
}

static void make_uniform(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = normal_distribution(from[i]);
}

/* Both derivatives are positive everywhere: their waves add up to 0.84 and 0.47 at most. */
static void wiggle_x(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) {
        const double x = from[i];
        to[i] = x + 0.4 * sin(x) + 0.2 * sin(1.7 * x + 1) + 0.03 * sin(3.3 * x - 2.5);
    }
}

static void wiggle_y(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) {
        const double y = from[i];
        to[i] = y - 0.4 * sin(0.4 * y) + 0.17 * sin(1.3 * y + 3.5) + 0.02 * sin(4.3 * y - 2.5);
    }
}

static void half_cube(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = from[i] * sqrt(fabs(from[i]));
}

static void shorten_tails(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = asinh(from[i]);
}

/* Two normal peaks of variance 1. */
typedef struct mixture {
    double share, first, second; /* of the first; where they lie, first < second */
} mixture;

/* The number below which a mixture has as much as a normal distribution below z; above, where z > 0, to keep the digits of small
 * tails. It lies between z + first and z + second; those are halved until doubles have nothing between them. */
static double mixture_quantile(const mixture *m, double z)
{
    const double sign = z > 0 ? -1 : 1, wanted = normal_distribution(sign * z);
    double low = z + m->first, high = z + m->second;
    for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
        const double tail = m->share * normal_distribution(sign * (middle - m->first)) +
                            (1 - m->share) * normal_distribution(sign * (middle - m->second));
        if (sign * tail < sign * wanted)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void split_x(const void *how, int columns, const double *from, double *to)
{
    static const mixture peaks = { .share = 0.3, .first = 0, .second = 5 };
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = mixture_quantile(&peaks, from[i]);
}

static void split_y(const void *how, int columns, const double *from, double *to)
{
    static const mixture peaks = { .share = 0.5, .first = -1, .second = 3 };
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = mixture_quantile(&peaks, from[i]);
}

/* ---- vectors ------------------------------------------------------------------------------------------------------ */

/* Turns numbers i and i + 1 by an angle that grows with the square of the vector's length, which stays. */
static void turn(const void *how, int columns, int i, double *x)
{
    const mi_options *o = how;
    double squares = 0;
    for (int k = 0; k < columns; k++) squares += x[k] * x[k];
    const double c = cos(o->speed * squares), s = sin(o->speed * squares), before = x[i];
    x[i] = c * before - s * x[i + 1];
    x[i + 1] = s * before + c * x[i + 1];
}

static void spiral_x(const void *how, int columns, const double *from, double *to)
{
    keep(how, columns, from, to);
    turn(how, columns, 0, to);
}

static void spiral_y(const void *how, int columns, const double *from, double *to)
{
    keep(how, columns, from, to);
    turn(how, columns, 1, to);
}

static void spiral_uniform_x(const void *how, int columns, const double *from, double *to)
{
    make_uniform(how, columns, from, to);
    turn(how, columns, 0, to);
}

static void spiral_uniform_y(const void *how, int columns, const double *from, double *to)
{
    make_uniform(how, columns, from, to);
    turn(how, columns, 1, to);
}

/* A uniform number rolled up in a plane: the angle is from 3/2 pi to 9/2 pi, the radius is the angle / 21. */
static void roll_up(const void *how, int columns, const double *from, double *to)
{
    const double three_half_pi = 4.71238898038469;
    (void)how, (void)columns;
    const double angle = three_half_pi * (1 + 2 * normal_distribution(from[0]));
    to[0] = angle * cos(angle) / 21;
    to[1] = angle * sin(angle) / 21;
}

/* ---- all of them -------------------------------------------------------------------------------------------------- */

typedef struct transform {
    const char *name;
    pair_map x, y;
    int x_least, x_most, y_least; /* numbers that it takes; 0: any */
    int columns;                  /* of X after it; 0: as many as before */
    bool normal;                  /* it starts from the distribution function of normal numbers */
} transform;

static const transform transforms[MI_TRANSFORMS] = {
    [MI_NONE] = { "none", keep, keep },
    [MI_UNIFORM] = { "uniform", make_uniform, make_uniform, .normal = true },
    [MI_BIMODAL] = { "bimodal", split_x, split_y, .normal = true },
    [MI_WIGGLY] = { "wiggly", wiggle_x, wiggle_y },
    [MI_HALF_CUBE] = { "half_cube", half_cube, half_cube },
    [MI_ASINH] = { "asinh", shorten_tails, shorten_tails },
    [MI_SPIRAL] = { "spiral", spiral_x, spiral_y, .x_least = 2, .y_least = 3 },
    [MI_SPIRAL_UNIFORM] = { "spiral_uniform", spiral_uniform_x, spiral_uniform_y, .x_least = 2, .y_least = 3,
                            .normal = true },
    [MI_SWISS_ROLL] = { "swiss_roll", roll_up, make_uniform, .x_most = 1, .columns = 2, .normal = true },
};

status mi_transform_check(const mi_options *o)
{
    status result = OK;
    const transform *t = &transforms[o->transform];
    const int x = (int)o->dimension_x, y = (int)o->dimension_y;
    CHECK(
        !t->normal || o->distribution == MI_NORMAL, BAD_INPUT,
        "data.transform %s is of normal numbers: set data.distribution to normal, or take wiggly, half_cube "
        "or asinh",
        t->name);
    CHECK(x >= t->x_least && y >= t->y_least, BAD_INPUT,
          "data.transform %s turns X in its first plane and Y in its second: dimension_x is at least %d and "
          "dimension_y %d, not %d and %d",
          t->name, t->x_least, t->y_least, x, y);
    CHECK(t->x_most == 0 || x <= t->x_most, BAD_INPUT,
          "data.transform %s rolls up one number: dimension_x is %d, not %d", t->name, t->x_most, x);
done:
    return result;
}

int mi_transform_columns(const mi_options *o)
{
    const int columns = transforms[o->transform].columns;
    return columns > 0 ? columns : (int)o->dimension_x;
}

void mi_transform_maps(const mi_options *o, pair_map *x, pair_map *y)
{
    *x = transforms[o->transform].x;
    *y = transforms[o->transform].y;
}
