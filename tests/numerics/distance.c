#include "numerics/distance.h"

#include "check.h"

enum { CLASSES = 3 };

static const double p[CLASSES] = { 0.6, 0.3, 0.1 }, q[CLASSES] = { 0.2, 0.3, 0.5 };

static void distances_have_their_values(void)
{
    CHECK_NEAR(distance_value(DISTANCE_L1, CLASSES, p, q), 0.8, 1e-15);
    CHECK_NEAR(distance_value(DISTANCE_L2, CLASSES, p, q), sqrt(0.32), 1e-15);
    double js = 0;
    for (int c = 0; c < CLASSES; c++) {
        double m = (p[c] + q[c]) / 2;
        js += p[c] * log(p[c] / m) / 2 + q[c] * log(q[c] / m) / 2;
    }
    CHECK_NEAR(distance_value(DISTANCE_JS, CLASSES, p, q), js, 1e-15);
    static const double certain[] = { 1, 0 }, other[] = { 0, 1 };
    CHECK_NEAR(distance_value(DISTANCE_JS, 2, certain, other), log(2), 1e-15); /* its largest */
    CHECK_NEAR(distance_value(DISTANCE_JS, 2, certain, certain), 0, 0);
}

static void close_distributions_have_an_accurate_divergence(void)
{
    /* to second order sum (p - q)^2 / (8 m): 1e-16 here, where the definition would lose every digit */
    double a[2] = { 0.5 + 1e-8, 0.5 - 1e-8 }, b[2] = { 0.5 - 1e-8, 0.5 + 1e-8 };
    CHECK_NEAR(distance_value(DISTANCE_JS, 2, a, b), 2e-16, 1e-22);
}

/* Room for a slope and a point that can be moved. */
typedef struct probe {
    slope at;
    double room[5][CLASSES], p[CLASSES], q[CLASSES], u[CLASSES];
} probe;

static void look(probe *b, rine_distance kind, double k, double mu, int side, int c, double by)
{
    b->at = (slope){ 0, b->room[0], b->room[1], b->room[2], b->room[3], b->room[4], 0 };
    memcpy(b->p, p, sizeof p);
    memcpy(b->q, q, sizeof q);
    if (side == 0) b->p[c] += by;
    if (side == 1) b->q[c] += by;
    for (int i = 0; i < CLASSES; i++) b->u[i] = b->p[i] - b->q[i];
    distance_slope(kind, CLASSES, k, mu, b->p, b->q, b->u, &b->at);
}

/* Central differences with h = 1e-5 leave 1e-10 relative from the third derivative and from rounding. */
static void slopes_are_the_derivatives_of_the_value(void)
{
    static const double h = 1e-5, weights[] = { 0.3, 4 }, smoothings[] = { 1, 0.01 };
    for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++) {
        for (int trial = 0; trial < 4; trial++) {
            double k = weights[trial / 2], mu = smoothings[trial % 2];
            probe here, up, down;
            look(&here, (rine_distance)kind, k, mu, 2, 0, 0);
            for (int c = 0; c < CLASSES; c++) {
                look(&up, (rine_distance)kind, k, mu, 0, c, h);
                look(&down, (rine_distance)kind, k, mu, 0, c, -h);
                CHECK_NEAR((up.at.value - down.at.value) / (2 * h), here.at.to_p[c], 1e-6);
                for (int b = 0; b < CLASSES; b++) {
                    double own = here.at.outer * here.u[b] * here.u[c];
                    double same = (b == c ? here.at.in_pp[c] : 0) - own,
                           other = (b == c ? here.at.in_pq[c] : 0) + own;
                    CHECK_NEAR((up.at.to_p[b] - down.at.to_p[b]) / (2 * h), same, 1e-5 * (1 + fabs(same)));
                    CHECK_NEAR((up.at.to_q[b] - down.at.to_q[b]) / (2 * h), other, 1e-5 * (1 + fabs(other)));
                }
                look(&up, (rine_distance)kind, k, mu, 1, c, h);
                look(&down, (rine_distance)kind, k, mu, 1, c, -h);
                CHECK_NEAR((up.at.value - down.at.value) / (2 * h), here.at.to_q[c], 1e-6);
                double same = here.at.in_qq[c] - here.at.outer * here.u[c] * here.u[c];
                CHECK_NEAR((up.at.to_q[c] - down.at.to_q[c]) / (2 * h), same, 1e-5 * (1 + fabs(same)));
            }
        }
    }
}

/* What the lower bound of the optimum rests on. */
static void a_slope_bounds_the_distance_from_below_everywhere(void)
{
    static const double others[][2][CLASSES] = { { { 1, 0, 0 }, { 0, 0, 1 } },
                                                 { { 0.2, 0.2, 0.6 }, { 0.2, 0.2, 0.6 } },
                                                 { { 0.1, 0.9, 0 }, { 0.3, 0.3, 0.4 } },
                                                 { { 0.6, 0.3, 0.1 }, { 0.2, 0.3, 0.5 } } };
    for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++) {
        for (double mu = 1; mu > 1e-9; mu *= 0.1) {
            probe here;
            look(&here, (rine_distance)kind, 2.5, mu, 2, 0, 0);
            for (size_t o = 0; o < sizeof others / sizeof others[0]; o++) {
                double linear = 0;
                for (int c = 0; c < CLASSES; c++)
                    linear += here.at.to_p[c] * others[o][0][c] + here.at.to_q[c] * others[o][1][c];
                double full = 2.5 * distance_value((rine_distance)kind, CLASSES, others[o][0], others[o][1]);
                CU_ASSERT(linear <= full + 1e-14); /* rounding */
            }
        }
    }
}

CHECK_MAIN("distance", TEST(distances_have_their_values),
           TEST(close_distributions_have_an_accurate_divergence),
           TEST(slopes_are_the_derivatives_of_the_value),
           TEST(a_slope_bounds_the_distance_from_below_everywhere))
