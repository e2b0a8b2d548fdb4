#include "numerics/newton.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* LAPACK: Cholesky factor of a symmetric matrix, and the solution with it. */
void dpotrf_(const char *triangle, const int *n, double *a, const int *stride, int *info);
void dpotrs_(const char *triangle, const int *n, const int *columns, const double *a, const int *stride,
             double *b, const int *stride_b, int *info);

static const char LOWER[] = "L";

status newton_make(const rine_problem *m, newton *out)
{
    status result = OK;
    bool apart = m->distance != DISTANCE_L2;
    *out = (newton){ .blocks = apart ? m->classes : 1, .symbols = m->symbols, .classes = m->classes };
    out->size = apart ? m->symbols : m->symbols * m->classes;
    size_t size = (size_t)out->size, symbols = (size_t)m->symbols;
    out->hessian = calloc(size * size, sizeof(double));
    out->response = calloc(size * (size_t)out->blocks * symbols, sizeof(double));
    out->schur = calloc(symbols * symbols, sizeof(double));
    out->multiplier = calloc(symbols, sizeof(double));
    CHECK(out->hessian && out->response && out->schur && out->multiplier, NO_MEMORY,
          "no memory for the equations of %d unknowns", m->symbols * m->classes);
done:
    if (result != OK) newton_free(out);
    return result;
}

void newton_free(newton *n)
{
    free(n->hessian);
    free(n->response);
    free(n->schur);
    free(n->multiplier);
    *n = (newton){ 0 };
}

/* Where the unknown (c, s) lies in the block that holds class c. */
static int place(const newton *n, int c, int s)
{
    return n->blocks > 1 ? s : c * n->symbols + s;
}

/* Adds a term's second derivatives for classes first … last-1, those of one block. */
static void add_term(newton *n, const rine_problem *m, int index, const rine_point *at, int first, int last)
{
    double in_p[SOURCES_MAX], in_q[SOURCES_MAX];
    const slope *d = &m->slope;
    const rine_term *k = &m->term[index];
    const double *u = at->apart + (size_t)index * (size_t)m->classes;
    rine_term_forms(k, in_p, in_q);
    for (int i = 0; i < k->count; i++) {
        for (int j = 0; j < k->count; j++) {
            double pp = in_p[i] * in_p[j], qq = in_q[i] * in_q[j], pq = in_p[i] * in_q[j] + in_q[i] * in_p[j];
            for (int c = first; c < last; c++) {
                size_t column = (size_t)place(n, c, k->symbol[j]) * (size_t)n->size;
                n->hessian[column + (size_t)place(n, c, k->symbol[i])] +=
                    pp * d->in_pp[c] + pq * d->in_pq[c] + qq * d->in_qq[c];
            }
            if (d->outer <= 0) continue;
            double across = d->outer * (in_p[i] - in_q[i]) * (in_p[j] - in_q[j]);
            for (int c = first; c < last; c++) {
                size_t column = (size_t)place(n, c, k->symbol[j]) * (size_t)n->size;
                for (int b = first; b < last; b++)
                    n->hessian[column + (size_t)place(n, b, k->symbol[i])] -= across * u[b] * u[c];
            }
        }
    }
}

/* Where stiff terms hold unknowns together that nothing else holds, what curvature they have in common is less than the
 * rounding of the stiffness. A little more on the diagonal, in the measure of that rounding, keeps the factorisation
 * going; along such directions steps may be short, since the objective is flat there. */
static void strengthen(double *matrix, int size)
{
    for (int i = 0; i < size; i++) matrix[(size_t)i * ((size_t)size + 1)] *= 1 + 4 * size * DBL_EPSILON;
}

static void assemble(newton *n, rine_problem *m, double mu, const rine_point *at, int first, int last)
{
    memset(n->hessian, 0, (size_t)n->size * (size_t)n->size * sizeof(double));
    for (int c = first; c < last; c++) {
        for (int s = 0; s < n->symbols; s++) {
            int unknown = c * n->symbols + s;
            size_t diagonal = (size_t)place(n, c, s) * ((size_t)n->size + 1);
            n->hessian[diagonal] = (m->mass[unknown] + mu) / (at->z[unknown] * at->z[unknown]);
        }
    }
    for (int k = 0; k < m->terms && m->weight > 0; k++) {
        rine_term_slope(m, k, mu, at);
        add_term(n, m, k, at, first, last);
    }
    strengthen(n->hessian, n->size);
}

/* Eliminates one block: its response to the multipliers, its step without them, its share of the Schur complement. */
static bool eliminate(newton *n, int first, int last, double *response, const double *gradient, double *step)
{
    int info, one = 1;
    size_t start = (size_t)first * (size_t)n->symbols;
    dpotrf_(LOWER, &n->size, n->hessian, &n->size, &info);
    if (info != 0) return false;
    memset(response, 0, (size_t)n->size * (size_t)n->symbols * sizeof(double));
    for (int c = first; c < last; c++)
        for (int s = 0; s < n->symbols; s++)
            response[(size_t)s * (size_t)n->size + (size_t)place(n, c, s)] = 1;
    dpotrs_(LOWER, &n->size, &n->symbols, n->hessian, &n->size, response, &n->size, &info);

    for (int i = 0; i < n->size; i++) step[start + (size_t)i] = -gradient[start + (size_t)i];
    dpotrs_(LOWER, &n->size, &one, n->hessian, &n->size, step + start, &n->size, &info);
    for (int c = first; c < last; c++) {
        for (int s = 0; s < n->symbols; s++) {
            n->multiplier[s] += step[start + (size_t)place(n, c, s)];
            for (int t = 0; t < n->symbols; t++)
                n->schur[t * n->symbols + s] +=
                    response[(size_t)t * (size_t)n->size + (size_t)place(n, c, s)];
        }
    }
    return true;
}

/* H step + A^T multiplier = -gradient, A step = 0, where A adds up the classes of each symbol. */
bool newton_step(newton *n, rine_problem *m, double mu, const rine_point *at, const double *gradient,
                 double *step)
{
    int info, one = 1, classes = n->classes / n->blocks;
    size_t block = (size_t)n->size * (size_t)n->symbols;
    memset(n->schur, 0, (size_t)n->symbols * (size_t)n->symbols * sizeof(double));
    memset(n->multiplier, 0, (size_t)n->symbols * sizeof(double));
    for (int b = 0; b < n->blocks; b++) {
        assemble(n, m, mu, at, b * classes, (b + 1) * classes);
        if (!eliminate(n, b * classes, (b + 1) * classes, n->response + (size_t)b * block, gradient, step))
            return false;
    }
    strengthen(n->schur, n->symbols);
    dpotrf_(LOWER, &n->symbols, n->schur, &n->symbols, &info);
    if (info != 0) return false;
    dpotrs_(LOWER, &n->symbols, &one, n->schur, &n->symbols, n->multiplier, &n->symbols, &info);
    for (int b = 0; b < n->blocks; b++) {
        double *part = step + (size_t)b * (size_t)n->size;
        for (int s = 0; s < n->symbols; s++)
            for (int i = 0; i < n->size; i++)
                part[i] -= n->multiplier[s] *
                           n->response[(size_t)b * block + (size_t)s * (size_t)n->size + (size_t)i];
    }
    return true;
}
