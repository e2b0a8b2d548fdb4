/* I_prec of a binary target by plane geometry, which shares nothing with rays and linear programs. A channel from a binary target
 * is a convex curve from (0, 0) to (p(y=0), p(y=1)): its symbols, as steps (p(x, 0), p(x, 1)), in the order of their slopes.
 * One channel can be garbled into another if its curve lies nowhere above the other's (Blackwell 1953), and the largest of
 * several convex curves is convex: it is the best channel below all of them. */
#include "check.h"
#include "decomposition.h"
#include "exact.h"
#include "numerics/tables.h"

enum { SYMBOLS_MOST = 12, PLACES_MOST = 2000 };

/* The solver stops where no price lacks more than 1e-10; corners of curves are sums of a dozen probabilities. */
#define CLOSE 1e-9

typedef struct step {
    double x, y;
} step;

typedef struct curve {
    int steps;
    step step[SYMBOLS_MOST];
} curve;

static int by_slope(const void *a, const void *b)
{
    const step *left = a, *right = b;
    double turn = left->x * right->y - left->y * right->x;
    return (turn < 0) - (turn > 0);
}

static curve curve_of(const table *t, int source)
{
    curve c = { .steps = 0 };
    step all[SYMBOLS_MOST] = { { 0, 0 } };
    for (int r = 0; r < t->rows; r++) {
        step *s = &all[t->symbol[r * t->sources + source]];
        *(t->y[r] ? &s->y : &s->x) += t->p[r];
    }
    for (int k = 0; k < t->symbols[source]; k++)
        if (all[k].x + all[k].y > 0) c.step[c.steps++] = all[k];
    qsort(c.step, (size_t)c.steps, sizeof c.step[0], by_slope);
    return c;
}

/* The height of a curve above x, below its last, upright step. */
static double height(const curve *c, double x)
{
    double y = 0;
    for (int k = 0; k < c->steps && c->step[k].x > 0; k++) {
        double part = fmin(1, fmax(0, x) / c->step[k].x);
        y += part * c->step[k].y;
        x -= c->step[k].x;
        if (part < 1) break;
    }
    return y;
}

static double height_of_all(const curve *c, int curves, double x)
{
    double most = 0;
    for (int i = 0; i < curves; i++) most = fmax(most, height(&c[i], x));
    return most;
}

static int by_number(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Where the highest curve may turn: at every step of every curve, and where two cross between such places. */
static int turns(const curve *c, int curves, double *place)
{
    int count = 0;
    for (int i = 0; i < curves; i++) {
        double x = 0;
        place[count++] = x;
        for (int k = 0; k < c[i].steps; k++) place[count++] = x += c[i].step[k].x;
    }
    qsort(place, (size_t)count, sizeof *place, by_number);
    int corners = count;
    for (int k = 1; k < corners; k++)
        for (int i = 0; i < curves; i++)
            for (int j = 0; j < i; j++) {
                double before = height(&c[i], place[k - 1]) - height(&c[j], place[k - 1]);
                double after = height(&c[i], place[k]) - height(&c[j], place[k]);
                if (before * after < 0)
                    place[count++] = place[k - 1] + (place[k] - place[k - 1]) * before / (before - after);
            }
    qsort(place, (size_t)count, sizeof *place, by_number);
    return count;
}

/* A symbol's part of the information, the classes having probabilities p0 and p1. */
static double part_bits(double x, double y, double p0, double p1)
{
    double bits = 0;
    if (x > 0) bits += x * log2(x / ((x + y) * p0));
    if (y > 0) bits += y * log2(y / ((x + y) * p1));
    return bits;
}

static double prec_by_curves(const table *t)
{
    static double place[PLACES_MOST];
    curve c[SOURCES_MAX];
    double p1 = 0, bits = 0, x = 0, y = 0;
    for (int r = 0; r < t->rows; r++) p1 += t->y[r] ? t->p[r] : 0;
    for (int i = 0; i < t->sources; i++) c[i] = curve_of(t, i);
    int count = turns(c, t->sources, place);
    for (int k = 0; k < count; k++) {
        double to = height_of_all(c, t->sources, place[k]);
        bits += part_bits(place[k] - x, fmax(0, to - y), 1 - p1, p1);
        x = place[k];
        y = to;
    }
    return bits + part_bits(0, fmax(0, p1 - y), 1 - p1, p1);
}

static void prec_of_binary_targets_is_that_of_the_highest_curve(void)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        table *t =
            random_table(2 + (int)(seed % 2), seed % 2 ? 3 + (int)(seed % 3) : 2 + (int)(seed % 9), 2, seed);
        ray_solution s = { NAN, 0, NAN };
        CU_ASSERT_EQUAL(redundancy_prec(t, NULL, &s), OK);
        CHECK_NEAR(s.bits, prec_by_curves(t), CLOSE);
        table_free(t);
    }
}

static void curves_tell_what_one_source_knows(void)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        table *t = random_table(1, 2 + (int)(seed % 11), 2, seed + 1000);
        CHECK_NEAR(prec_by_curves(t), table_information_bits(t, 1), CLOSE);
        table_free(t);
    }
}

int main(int argc, char **argv)
{
    static const check_test with[] = { TEST(curves_tell_what_one_source_knows),
                                       TEST(prec_of_binary_targets_is_that_of_the_highest_curve) };
    if (!decomposition_has_rays()) puts("skipped: built without GLPK (I_prec of binary targets)");
    return check_run("decomposition_binary", with, decomposition_has_rays() ? 2 : 1, argc, argv);
}
