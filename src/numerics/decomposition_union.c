/* Union information by a primal-dual path-following method, with a certificate. In nats, and with q the distributions that
 * share all p(x_i, y) with the table:
 *
 *     U = H(Y) + min over q of F(q),      F(q) = sum over x, y of q(x, y) ln(q(x, y) / q(x)) = -H_q(Y | X).
 *
 * F is convex and homogeneous of degree one: F(q) is the most sum w q of all w with sum_y exp w(x, y) <= 1 for every x (at
 * w = ln q(y | x)). Where w = sum_i l_i(x_i, y) is a sum of prices of the marginals, sum w q is the same for all these q. So
 *
 *     min F = max over l of sum_i sum over x_i, y of l_i(x_i, y) p(x_i, y)      where ln sum_y exp sum_i l_i(x_i, y) <= 0
 *
 * for every x, the sum being over the y that no marginal forbids, p(x_i, y) > 0 for all i; elsewhere every q is 0. Both are
 * attained, since the product of all p(x_i | y) under p(y) lies inside of the former and low prices inside of the latter.
 * Any prices give a lower bound once they are lowered until no cell is above 0, and any q with the right marginals an upper
 * bound; the difference is the gap that is reported.
 *
 * The optimum is q = m r with r(y | x) = exp(w) / sum_y exp(w), masses m >= 0, slacks s(x) = -ln sum_y exp w(x, y) >= 0, the
 * marginals A(m r) = p, and m s = 0: cells that the optimum leaves empty have slack. The path (union_path.c) holds m s = mu v
 * and lets mu go to 0, by Newton's method (union_newton.c). v(x) is sum_y min_i p(x_i, y), the most that q(x) can be, made to sum to
 * 1: with a v that is the same for all cells, those of unlikely symbols would need slacks of mu over their probability. s is an
 * unknown of its own that meets the prices in the end, since the sums of exponentials bend too much for steps that keep to them.
 * The path begins at the product, whose r is that of the prices ln p(x_i | y) - ln p(x_i), and ln p(y). Steps look ahead
 * (Mehrotra): how far mu can fall, and a correction for what a straight step misses; where such steps lead astray, the path is
 * followed again in steps that lower mu only as far as they keep to it. At its end, proportional fitting brings the marginals to
 * rounding, and both bounds are taken. */
#include <math.h>
#include <string.h>

#include "decomposition.h"
#include "exact.h"
#include "numerics/union_path.h"

static const double BITS_PER_NAT = 1.4426950408889634; /* 1 / ln 2 */
static const double GAP_ACCEPTED_BITS = 1e-6, GAP_ROUNDING_BITS = 1e-10;
static const double DRIFT_GOAL = 1e-15, DRIFT_ACCEPTED = 1e-12;
enum { SWEEPS = 50, ROUNDS = 4 };

static double find_drift(union_path *w)
{
    const union_problem *m = &w->problem;
    double drift = 0;
    union_problem_sums(m, w->q, w->sum);
    for (int k = 0; k < m->prices; k++) drift = fmax(drift, fabs(w->sum[k] - m->marginal[k]));
    return drift;
}

/* Iterative proportional fitting: scales the entries of one source after another. The drift that is left. */
static double fit_in_turn(union_path *w)
{
    const union_problem *m = &w->problem;
    double drift = find_drift(w);
    for (int k = 0; k < SWEEPS && drift > DRIFT_GOAL; k++) {
        for (int i = 0; i < m->sources; i++) {
            memset(w->sum, 0, (size_t)m->prices * sizeof *w->sum);
            for (int e = 0; e < m->entries; e++) w->sum[m->price[e * m->sources + i]] += w->q[e];
            for (int e = 0; e < m->entries; e++) {
                int price = m->price[e * m->sources + i];
                w->q[e] *= m->marginal[price] / w->sum[price];
            }
        }
        drift = find_drift(w);
    }
    return drift;
}

/* Newton's method for the same scales, all at once: fitting in turn is slow where the sources leave few cells. Its equations are
 * those of the path for masses q(x), shares q(y | x) and slacks 1. */
static bool fit_at_once(union_path *w)
{
    const union_problem *m = &w->problem;
    union_point *at = &w->trial;
    for (int x = 0; x < m->cells; x++) {
        at->mass[x] = 0;
        for (int e = m->start[x]; e < m->start[x + 1]; e++) at->mass[x] += w->q[e];
        for (int e = m->start[x]; e < m->start[x + 1]; e++) at->share[e] = w->q[e] / at->mass[x];
        at->slack[x] = 1;
        at->level[x] = -1;
        w->aim[x] = at->mass[x];
    }
    if (!union_newton_factor(&w->newton, m, at)) return false;
    union_newton_solve(&w->newton, m, at, w->aim, &w->step);
    for (int e = 0; e < m->entries; e++) {
        double exponent = 0;
        for (int i = 0; i < m->sources; i++) exponent += w->step.price[m->price[e * m->sources + i]];
        w->q[e] *= exp(exponent);
    }
    return true;
}

/* Makes q the end of the path, with the right marginals; the drift that is left. */
static double fit(union_path *w)
{
    const union_problem *m = &w->problem;
    for (int x = 0; x < m->cells; x++)
        for (int e = m->start[x]; e < m->start[x + 1]; e++) w->q[e] = w->here.mass[x] * w->here.share[e];
    double drift = fit_in_turn(w), *before = w->here.share; /* whose shares are in q now */
    for (int k = 0; k < ROUNDS && drift > DRIFT_GOAL; k++) {
        memcpy(before, w->q, (size_t)m->entries * sizeof *before);
        double now = fit_at_once(w) ? fit_in_turn(w) : INFINITY;
        if (!(now < drift)) memcpy(w->q, before, (size_t)m->entries * sizeof *before);
        if (!(now < drift)) break;
        drift = now;
    }
    return drift;
}

/* F(q), in nats. */
static double upper_bound(const union_path *w)
{
    const union_problem *m = &w->problem;
    double sum = 0;
    for (int x = 0; x < m->cells; x++) {
        double whole = 0;
        for (int e = m->start[x]; e < m->start[x + 1]; e++) whole += w->q[e];
        for (int e = m->start[x]; e < m->start[x + 1]; e++)
            if (w->q[e] > 0) sum += w->q[e] * log(w->q[e] / whole);
    }
    return sum;
}

/* What the prices certify, in nats. */
static double lower_bound(union_path *w)
{
    const union_problem *m = &w->problem;
    double sum = 0;
    union_path_lower_prices(w, &w->here, 0);
    for (int k = 0; k < m->prices; k++) sum += m->marginal[k] * w->here.price[k];
    return sum;
}

status union_information(const table *t, solver_pause *pause, union_solution *out)
{
    status result = OK;
    union_path w;
    TRY(union_path_make(t, &w));
    TRY(union_path_follow(&w, pause));
    double drift = fit(&w), upper = upper_bound(&w), gap = BITS_PER_NAT * (upper - lower_bound(&w));
    CHECK(drift <= DRIFT_ACCEPTED, BROKEN,
          "union information: the marginals of a table of %d rows are met to %.2g only", t->rows, drift);
    CHECK(gap >= -GAP_ROUNDING_BITS && gap <= GAP_ACCEPTED_BITS, BROKEN,
          "union information: that of a table of %d rows is certified to %.2g bits only, after %d steps",
          t->rows, gap, w.steps);
    double entropy = table_target_entropy_bits(t);
    CHECK(!isnan(entropy), NO_MEMORY, "no memory for a table of %d rows", t->rows);
    *out = (union_solution){ .bits = fmax(0, entropy + BITS_PER_NAT * upper),
                             .gap_bits = fabs(gap),
                             .drift = drift,
                             .steps = w.steps };
done:
    union_path_free(&w);
    return result;
}
