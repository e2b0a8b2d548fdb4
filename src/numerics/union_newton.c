/* Newton's equations of
 *
 *     A(m r) = p,      m(x) s(x) = aim(x),
 *
 * A adding entries up to marginals, in the steps dl of the prices and dm of the masses. With dw = A^T dl, what the exponents
 * of a cell's sum change by, r changes by r (dw - r.dw) and s by -r.dw, so that dm = (aim - m s + m r.dw) / s and
 *
 *     sum over cells of A [m (diag r - r r^T) + (m / s) r r^T] A^T dl = p - A(r aim / s).
 *
 * The matrix is positive definite once what follows from other marginals is left out. Different symbols of one source share
 * no cell: its leading blocks, of the leading source, are one per symbol and keep the factorisation short. */
#include "numerics/union_newton.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/cholesky.h"

/* Where the optimum leaves cells empty, prices that only these tell apart have next to no curvature: the diagonal is raised by
 * the first of these parts that the factorisation carries, which shortens steps along such prices. */
static const double RAISES[] = { 0, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11 };

void union_point_look(const union_problem *m, union_point *at)
{
    for (int x = 0; x < m->cells; x++) {
        double most = -INFINITY, sum = 0;
        for (int e = m->start[x]; e < m->start[x + 1]; e++) {
            const int *price = m->price + e * m->sources;
            double exponent = 0;
            for (int i = 0; i < m->sources; i++) exponent += at->price[price[i]];
            at->share[e] = exponent;
            most = fmax(most, exponent);
        }
        for (int e = m->start[x]; e < m->start[x + 1]; e++) sum += at->share[e] = exp(at->share[e] - most);
        for (int e = m->start[x]; e < m->start[x + 1]; e++) at->share[e] /= sum;
        at->level[x] = most + log(sum);
    }
}

status union_newton_make(const union_problem *m, union_newton *out)
{
    status result = OK;
    size_t unknowns = (size_t)m->unknowns;
    *out = (union_newton){ .unknowns = m->unknowns };
    out->matrix = calloc(unknowns * unknowns, sizeof(double));
    out->right = calloc(unknowns, sizeof(double));
    out->sum = calloc((size_t)m->prices, sizeof(double));
    out->flow = calloc((size_t)m->entries, sizeof(double));
    CHECK(out->matrix && out->right && out->sum && out->flow, NO_MEMORY, "no memory for %d equations",
          m->unknowns);
done:
    if (result != OK) union_newton_free(out);
    return result;
}

void union_newton_free(union_newton *n)
{
    free(n->matrix);
    free(n->right);
    free(n->sum);
    free(n->flow);
    *n = (union_newton){ 0 };
}

/* Adds what two entries of a cell have in common, to the lower triangle. */
static void add_pair(union_newton *n, const union_problem *m, int e, int f, double weight)
{
    const int *of_e = m->price + e * m->sources, *of_f = m->price + f * m->sources;
    for (int j = 0; j < m->sources; j++) {
        int column = m->unknown[of_f[j]];
        if (column < 0) continue;
        double *to = n->matrix + (size_t)column * (size_t)n->unknowns;
        for (int i = 0; i < m->sources; i++) {
            int row = m->unknown[of_e[i]];
            if (row >= column) to[row] += weight;
        }
    }
}

static void assemble(union_newton *n, const union_problem *m, const union_point *at)
{
    memset(n->matrix, 0, (size_t)n->unknowns * (size_t)n->unknowns * sizeof *n->matrix);
    for (int x = 0; x < m->cells; x++) {
        double mass = at->mass[x], across = mass / at->slack[x] - mass;
        for (int f = m->start[x]; f < m->start[x + 1]; f++) {
            add_pair(n, m, f, f, mass * at->share[f]);
            double weight = across * at->share[f];
            for (int e = m->start[x]; e < m->start[x + 1]; e++) add_pair(n, m, e, f, weight * at->share[e]);
        }
    }
}

bool union_newton_factor(union_newton *n, const union_problem *m, const union_point *at)
{
    for (size_t k = 0; k < sizeof RAISES / sizeof RAISES[0]; k++) {
        assemble(n, m, at);
        for (size_t i = 0; i < (size_t)n->unknowns; i++)
            n->matrix[i * ((size_t)n->unknowns + 1)] *= 1 + RAISES[k];
        if (cholesky_factor(n->unknowns, n->matrix)) return true;
    }
    return false;
}

void union_newton_solve(union_newton *n, const union_problem *m, const union_point *at, const double *aim,
                        union_step *out)
{
    for (int x = 0; x < m->cells; x++)
        for (int e = m->start[x]; e < m->start[x + 1]; e++)
            n->flow[e] =
                at->share[e] * ((aim[x] + at->mass[x] * (at->slack[x] + at->level[x])) / at->slack[x]);
    union_problem_sums(m, n->flow, n->sum);
    for (int k = 0; k < m->prices; k++)
        if (m->unknown[k] >= 0) n->right[m->unknown[k]] = m->marginal[k] - n->sum[k];
    cholesky_forward(n->unknowns, n->matrix, n->right);
    cholesky_backward(n->unknowns, n->matrix, n->right);

    for (int k = 0; k < m->prices; k++) out->price[k] = m->unknown[k] >= 0 ? n->right[m->unknown[k]] : 0;
    for (int x = 0; x < m->cells; x++) {
        double tilt = 0;
        for (int e = m->start[x]; e < m->start[x + 1]; e++)
            for (int i = 0; i < m->sources; i++)
                tilt += at->share[e] * out->price[m->price[e * m->sources + i]];
        out->slack[x] = -(at->slack[x] + at->level[x]) - tilt;
        out->mass[x] = (aim[x] - at->mass[x] * out->slack[x]) / at->slack[x] - at->mass[x];
    }
}
