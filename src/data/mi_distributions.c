#include "data/mi_distributions.h"

#include <math.h>

#include "numerics/digamma.h"

/* ---- which there are ---------------------------------------------------------------------------------------------- */

status mi_distribution_check(const mi_options *o)
{
    status result = OK;
    const int x = (int)o->dimension_x, y = (int)o->dimension_y, fewer = x < y ? x : y;
    if (o->distribution == MI_ADDITIVE) {
        CHECK(x == 1 && y == 1, BAD_INPUT,
              "data.distribution additive_uniform has one number of X and one of Y: dimension_x and "
              "dimension_y are 1, not %d and %d",
              x, y);
        return OK;
    }
    CHECK(o->dispersion == MI_IDENTITY || fabs(o->correlation) < 1, BAD_INPUT,
          "data.correlation %g makes X and Y tell each other without error: the information is infinite",
          o->correlation);
    CHECK(o->dispersion != MI_DENSE || o->correlation >= 0, BAD_INPUT,
          "data.correlation %g of all numbers with all others: between 0 and 1 where dispersion is dense",
          o->correlation);
    CHECK(o->dispersion != MI_PAIRS || o->pairs <= fewer, BAD_INPUT,
          "data.pairs is at most %d, as many as both X and Y have numbers, not %d", fewer, (int)o->pairs);
done:
    return result;
}

/* ---- information -------------------------------------------------------------------------------------------------- */

/* Of normal vectors, 1/2 ln(det A det B / det C), A of X, B of Y, C of both. n numbers that all correlate by r have the
 * determinant (1 - r)^(n-1) (1 + (n-1) r). */
static double normal_nats(const mi_options *o)
{
    const double r = o->correlation, x = (double)o->dimension_x, y = (double)o->dimension_y;
    switch ((mi_dispersion)o->dispersion) {
    case MI_DENSE:
        return 0.5 * (log1p((x - 1) * r) + log1p((y - 1) * r) - log1p(-r) - log1p((x + y - 1) * r));
    case MI_PAIRS:
        return fabs(0.5 * (double)o->pairs * log1p(-r * r)); /* of 0 pairs: 0, not -0 */
    case MI_IDENTITY:
        break;
    }
    return 0;
}

/* a psi(a) - ln Gamma(a), a = twice / 2. */
static double student_part(int64_t twice)
{
    const double a = (double)twice / 2;
    return a * digamma(a) - lgamma(a);
}

/* What the common scale of all numbers adds to the information of normal vectors, whatever their dispersion: H(X) + H(Y) - H(X, Y),
 * with identity, of Student's entropy in n dimensions (Arellano-Valle et al., Scandinavian Journal of Statistics 40
 * (2013) 42), ln Gamma(v/2) - ln Gamma((v+n)/2) + n/2 ln(pi v) + (v+n)/2 (psi((v+n)/2) - psi(v/2)). */
static double scale_nats(int64_t degrees, int64_t x, int64_t y)
{
    return student_part(degrees + x) + student_part(degrees + y) - student_part(degrees + x + y) -
           student_part(degrees);
}

/* Y = X + N, X uniform in 0 to 1, N in -e to e. I = H(Y) - ln 2e, and the density of Y is a trapezium: up over 2e (over 1
 * where that is less), level, and down. With height h a slope of length l adds l h (1/4 - ln(h)/2) to H(Y). For e <= 1/2 the slopes
 * are 2e long and h = 1: H(Y) = e. Else they are 1 long and h = 1/2e: H(Y) = ln 2e + 1/4e. */
static double additive_nats(double epsilon)
{
    return epsilon > 0.5 ? 0.25 / epsilon : epsilon - log(2 * epsilon);
}

double mi_distribution_nats(const mi_options *o)
{
    switch ((mi_distribution)o->distribution) {
    case MI_NORMAL:
        return normal_nats(o);
    case MI_STUDENT:
        return normal_nats(o) + scale_nats(o->degrees, o->dimension_x, o->dimension_y);
    case MI_ADDITIVE:
        break;
    }
    return additive_nats(o->epsilon);
}

/* ---- samples ------------------------------------------------------------------------------------------------------ */

/* sqrt(r) c + sqrt(1 - r) z: a number c of the row that all its numbers have in common. */
static void add_common(random_key key, double correlation, pair_part p, int x, int y)
{
    const double shared = sqrt(correlation), own = sqrt(1 - correlation);
    for (int64_t r = 0; r < p.rows; r++) {
        double common;
        draw_normal(key, 2 * r, 1, &common);
        for (int i = 0; i < x; i++) p.x[r * x + i] = shared * common + own * p.x[r * x + i];
        for (int i = 0; i < y; i++) p.y[r * y + i] = shared * common + own * p.y[r * y + i];
    }
}

/* Divides each row by the root of the mean square of so many normal numbers. */
static void add_scale(random_key key, int degrees, pair_part p, int x, int y)
{
    double number[MI_DEGREES_MOST];
    for (int64_t r = 0; r < p.rows; r++) {
        double squares = 0;
        draw_normal(key, r * (degrees + degrees % 2), degrees, number);
        for (int i = 0; i < degrees; i++) squares += number[i] * number[i];
        const double scale = sqrt(degrees / squares);
        for (int i = 0; i < x; i++) p.x[r * x + i] *= scale;
        for (int i = 0; i < y; i++) p.y[r * y + i] *= scale;
    }
}

/* Normal vectors, of which only the paired numbers are correlated yet, to those of the options. */
static void finish_normal(const settings *s, const mi_options *o, data_part part, samples *made)
{
    const pair_part p = pair_part_of(made, part);
    const int x = (int)o->dimension_x, y = (int)o->dimension_y;
    if (o->dispersion == MI_DENSE) add_common(pair_key(s, part, PAIR_COMMON), o->correlation, p, x, y);
    if (o->distribution == MI_STUDENT) add_scale(pair_key(s, part, PAIR_SCALE), (int)o->degrees, p, x, y);
}

static status normal_samples(const settings *s, const mi_options *o, samples **out)
{
    status result = OK;
    const double r = o->correlation;
    const pair_design d = { .x = (int)o->dimension_x,
                            .y = (int)o->dimension_y,
                            .pairs = o->dispersion == MI_PAIRS ? (int)o->pairs : 0,
                            .correlation = r,
                            .rest = sqrt((1 - r) * (1 + r)) };
    TRY(pair_samples(s, &o->sizes, &d, out));
    finish_normal(s, o, DATA_TRAIN, *out);
    finish_normal(s, o, DATA_TEST, *out);
done:
    return result;
}

static void draw_additive(const settings *s, double epsilon, data_part part, samples *made)
{
    const pair_part p = pair_part_of(made, part);
    draw_uniform(pair_key(s, part, PAIR_X), 0, p.rows, p.x);
    draw_uniform(pair_key(s, part, PAIR_Y), 0, p.rows, p.y);
    for (int64_t r = 0; r < p.rows; r++) p.y[r] = p.x[r] + epsilon * (2 * p.y[r] - 1);
}

status mi_distribution_samples(const settings *s, const mi_options *o, samples **out)
{
    status result = OK;
    if (o->distribution == MI_ADDITIVE) {
        const data_shape shape = pair_shape(&o->sizes, 1, 1);
        TRY(samples_make(&shape, out));
        draw_additive(s, o->epsilon, DATA_TRAIN, *out);
        draw_additive(s, o->epsilon, DATA_TEST, *out);
    } else {
        TRY(normal_samples(s, o, out));
    }
    (*out)->information_bits = mi_distribution_nats(o) / log(2);
done:
    return result;
}
