#include "numerics/newton.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/cholesky.h"

status newton_make(const rine_problem *m, newton *out)
{
    status result = OK;
    bool apart = m->distance != DISTANCE_L2;
    *out = (newton){ .blocks = apart ? m->classes : 1, .symbols = m->symbols, .classes = m->classes };
    out->size = apart ? m->symbols : m->symbols * m->classes;
    size_t size = (size_t)out->size, symbols = (size_t)m->symbols, blocks = (size_t)out->blocks;
    out->factor = calloc(blocks * size * size, sizeof(double));
    out->response = calloc(blocks * size * symbols, sizeof(double));
    out->schur = calloc(symbols * symbols, sizeof(double));
    out->multiplier = calloc(symbols, sizeof(double));
    CHECK(out->factor && out->response && out->schur && out->multiplier, NO_MEMORY,
          "no memory for the equations of %d unknowns", m->symbols * m->classes);
done:
    if (result != OK) newton_free(out);
    return result;
}

void newton_free(newton *n)
{
    free(n->factor);
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

/* The part of the equations for classes first … last-1, which are one block. */
typedef struct block {
    int first, last;
    double *matrix;   /* (size, size) */
    double *response; /* (symbols, size) */
    size_t start;     /* of the block's unknowns in a vector of all */
} block;

static block block_at(const newton *n, int index)
{
    size_t size = (size_t)n->size, at = (size_t)index;
    int classes = n->classes / n->blocks;
    return (block){ .first = index * classes,
                    .last = (index + 1) * classes,
                    .matrix = n->factor + at * size * size,
                    .response = n->response + at * size * (size_t)n->symbols,
                    .start = at * size };
}

/* Adds the second derivatives of a term, whose slope was just found. */
static void add_term(const newton *n, const rine_problem *m, int index, const rine_point *at, const block *b)
{
    double in_p[SOURCES_MAX], in_q[SOURCES_MAX];
    const slope *d = &m->slope;
    const rine_term *k = &m->term[index];
    const double *u = at->apart + (size_t)index * (size_t)m->classes;
    rine_term_forms(k, in_p, in_q);
    for (int i = 0; i < k->count; i++) {
        for (int j = 0; j < k->count; j++) {
            double pp = in_p[i] * in_p[j], qq = in_q[i] * in_q[j], pq = in_p[i] * in_q[j] + in_q[i] * in_p[j];
            double across = d->outer * (in_p[i] - in_q[i]) * (in_p[j] - in_q[j]);
            for (int c = b->first; c < b->last; c++) {
                double *column = b->matrix + (size_t)place(n, c, k->symbol[j]) * (size_t)n->size;
                column[place(n, c, k->symbol[i])] += pp * d->in_pp[c] + pq * d->in_pq[c] + qq * d->in_qq[c];
                if (d->outer <= 0) continue;
                for (int e = b->first; e < b->last; e++)
                    column[place(n, e, k->symbol[i])] -= across * u[e] * u[c];
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

/* Second derivatives of all blocks. */
static void assemble(newton *n, rine_problem *m, double mu, const rine_point *at)
{
    memset(n->factor, 0, (size_t)n->blocks * (size_t)n->size * (size_t)n->size * sizeof(double));
    for (int i = 0; i < n->blocks; i++) {
        block b = block_at(n, i);
        for (int c = b.first; c < b.last; c++) {
            for (int s = 0; s < n->symbols; s++) {
                int unknown = c * n->symbols + s;
                size_t diagonal = (size_t)place(n, c, s) * ((size_t)n->size + 1);
                b.matrix[diagonal] = (m->mass[unknown] + mu) / (at->z[unknown] * at->z[unknown]);
            }
        }
    }
    for (int k = 0; k < m->terms && m->weight > 0; k++) {
        rine_term_slope(m, k, mu, at);
        for (int i = 0; i < n->blocks; i++) {
            block b = block_at(n, i);
            add_term(n, m, k, at, &b);
        }
    }
}

/* Eliminates a block: what is left of its step is L^-1 of it, and the Schur complement gets its share. */
static bool eliminate(newton *n, const block *b, double *step)
{
    size_t size = (size_t)n->size;
    strengthen(b->matrix, n->size);
    if (!cholesky_factor(n->size, b->matrix)) return false;
    cholesky_forward(n->size, b->matrix, step + b->start);
    memset(b->response, 0, size * (size_t)n->symbols * sizeof(double));
    for (int s = 0; s < n->symbols; s++) {
        double *column = b->response + (size_t)s * size;
        for (int c = b->first; c < b->last; c++) column[place(n, c, s)] = 1;
        cholesky_forward(n->size, b->matrix, column);
        for (int i = 0; i < n->size; i++) n->multiplier[s] += column[i] * step[b->start + (size_t)i];
        for (int t = 0; t <= s; t++) {
            const double *other = b->response + (size_t)t * size;
            double sum = 0;
            for (int i = 0; i < n->size; i++) sum += column[i] * other[i];
            n->schur[t * n->symbols + s] += sum;
        }
    }
    return true;
}

/* H step + A^T multiplier = -gradient, A step = 0, where A adds up the classes of each symbol. */
bool newton_step(newton *n, rine_problem *m, double mu, const rine_point *at, const double *gradient,
                 double *step)
{
    memset(n->schur, 0, (size_t)n->symbols * (size_t)n->symbols * sizeof(double));
    memset(n->multiplier, 0, (size_t)n->symbols * sizeof(double));
    for (int i = 0; i < n->classes * n->symbols; i++) step[i] = -gradient[i];
    assemble(n, m, mu, at);
    for (int i = 0; i < n->blocks; i++) {
        block b = block_at(n, i);
        if (!eliminate(n, &b, step)) return false;
    }
    strengthen(n->schur, n->symbols);
    if (!cholesky_factor(n->symbols, n->schur)) return false;
    cholesky_forward(n->symbols, n->schur, n->multiplier);
    cholesky_backward(n->symbols, n->schur, n->multiplier);
    for (int i = 0; i < n->blocks; i++) {
        block b = block_at(n, i);
        for (int s = 0; s < n->symbols; s++)
            for (int k = 0; k < n->size; k++)
                step[b.start + (size_t)k] -=
                    n->multiplier[s] * b.response[(size_t)s * (size_t)n->size + (size_t)k];
        cholesky_backward(n->size, b.matrix, step + b.start);
    }
    return true;
}
