/* RINE's optimum on a table by two methods that have nothing in common with the one under test. */
#ifndef SLOW_OPTIMUM_H
#define SLOW_OPTIMUM_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rine.h"

enum { SLOW_UNKNOWNS_MAX = 128, SLOW_TERMS_MAX = 512 };

/* One distance of one row: d(sum_j form[j] z[symbol j]) with weight k. */
typedef struct slow_term {
    double k;
    double form[SOURCES_MAX];
    int symbol[SOURCES_MAX];
} slow_term;

typedef struct slow_problem {
    int sources, symbols, classes, terms;
    double mass[SLOW_UNKNOWNS_MAX]; /* (symbols, classes) */
    slow_term term[SLOW_TERMS_MAX];
    rine_distance distance;
} slow_problem;

static inline void slow_add_terms(slow_problem *m, const table *t, int row, rine_coupling coupling,
                                  double weight, const int *symbol)
{
    for (int i = 0; i < t->sources; i++) {
        int others = coupling == COUPLING_PAIRWISE ? t->sources - 1 - i : 1;
        for (int o = 0; o < others; o++) {
            if (m->terms == SLOW_TERMS_MAX) abort();
            slow_term *k = &m->term[m->terms++];
            k->k = weight * t->p[row];
            for (int j = 0; j < t->sources; j++) {
                double pair = j == i ? 1 : j == i + 1 + o ? -1 : 0;
                double mean = (j == i) - 1.0 / t->sources;
                k->form[j] = coupling == COUPLING_PAIRWISE ? pair : mean;
                k->symbol[j] = symbol[j];
            }
        }
    }
}

static inline void slow_build(slow_problem *m, const table *t, rine_distance distance, rine_coupling coupling,
                              double weight)
{
    memset(m, 0, sizeof *m);
    m->sources = t->sources;
    m->classes = t->classes;
    m->distance = distance;
    int first[SOURCES_MAX];
    for (int i = 0; i < t->sources; i++) {
        first[i] = m->symbols;
        m->symbols += t->symbols[i];
    }
    if (m->symbols * m->classes > SLOW_UNKNOWNS_MAX) abort();
    for (int row = 0; row < t->rows; row++) {
        int symbol[SOURCES_MAX];
        for (int i = 0; i < t->sources; i++) {
            symbol[i] = first[i] + t->symbol[row * t->sources + i];
            m->mass[symbol[i] * t->classes + t->y[row]] += t->p[row] / t->sources;
        }
        slow_add_terms(m, t, row, coupling, weight, symbol);
    }
}

static inline double slow_apart(const slow_problem *m, const slow_term *k, const double *z, int c)
{
    double sum = 0;
    for (int j = 0; j < m->sources; j++) sum += k->form[j] * z[k->symbol[j] * m->classes + c];
    return sum;
}

static inline double slow_objective(const slow_problem *m, const double *z)
{
    double sum = 0;
    for (int i = 0; i < m->symbols * m->classes; i++)
        if (m->mass[i] > 0) sum -= m->mass[i] * log(z[i]);
    for (int k = 0; k < m->terms; k++) {
        double ones = 0, squares = 0;
        for (int c = 0; c < m->classes; c++) {
            double u = slow_apart(m, &m->term[k], z, c);
            ones += fabs(u);
            squares += u * u;
        }
        sum += m->term[k].k * (m->distance == DISTANCE_L1 ? ones : sqrt(squares));
    }
    return sum;
}

/* argmin over the simplex of -sum mass ln z + |z - b|^2 / (2 step): each z solves a quadratic, given the multiplier. */
static inline void slow_proximal(int classes, double step, const double *mass, double *b)
{
    double low = -50, high = 50;
    for (int k = 0; k < 60; k++) {
        double middle = (low + high) / 2, sum = 0;
        for (int c = 0; c < classes; c++) {
            double d = b[c] - middle;
            sum += (d + sqrt(d * d + 4 * step * mass[c])) / 2;
        }
        if (sum > 1)
            low = middle;
        else
            high = middle;
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
        double d = b[c] - (low + high) / 2;
        sum += b[c] = (d + sqrt(d * d + 4 * step * mass[c])) / 2;
    }
    for (int c = 0; c < classes; c++) b[c] /= sum;
}

/* Pulls the multiplier of a term back to where it may be: each class, or its length, at most k. */
static inline void slow_confine(const slow_problem *m, double k, double *multiplier)
{
    double squares = 0;
    for (int c = 0; c < m->classes; c++) squares += multiplier[c] * multiplier[c];
    for (int c = 0; c < m->classes; c++) {
        if (m->distance == DISTANCE_L1)
            multiplier[c] = fmax(-k, fmin(k, multiplier[c]));
        else if (sqrt(squares) > k)
            multiplier[c] *= k / sqrt(squares);
    }
}

/* The primal-dual splitting of Chambolle and Pock (2011) for L1 and L2; the best objective that any step had. */
static inline double slow_optimum_nats(const table *t, rine_distance distance, rine_coupling coupling,
                                       double weight, int steps)
{
    static slow_problem m;
    static double multiplier[SLOW_TERMS_MAX][16];
    double z[SLOW_UNKNOWNS_MAX], ahead[SLOW_UNKNOWNS_MAX], pull[SLOW_UNKNOWNS_MAX], best = INFINITY;
    slow_build(&m, t, distance, coupling, weight);
    memset(multiplier, 0, sizeof multiplier);
    int unknowns = m.symbols * m.classes;
    for (int i = 0; i < unknowns; i++) z[i] = ahead[i] = 1.0 / m.classes;
    double step = 1 / sqrt(2.0 * m.sources * m.terms); /* the norm of the forms is at most this root */
    for (int s = 0; s < steps; s++) {
        memset(pull, 0, sizeof pull);
        for (int k = 0; k < m.terms; k++) {
            for (int c = 0; c < m.classes; c++)
                multiplier[k][c] += step * slow_apart(&m, &m.term[k], ahead, c);
            slow_confine(&m, m.term[k].k, multiplier[k]);
            for (int j = 0; j < m.sources; j++)
                for (int c = 0; c < m.classes; c++)
                    pull[m.term[k].symbol[j] * m.classes + c] += m.term[k].form[j] * multiplier[k][c];
        }
        for (int i = 0; i < unknowns; i++) {
            ahead[i] = -z[i];
            z[i] -= step * pull[i];
        }
        for (int x = 0; x < m.symbols; x++)
            slow_proximal(m.classes, step, &m.mass[x * m.classes], &z[x * m.classes]);
        for (int i = 0; i < unknowns; i++) ahead[i] += 2 * z[i];
        best = fmin(best, slow_objective(&m, z));
    }
    return best;
}

static inline double searched_js(double p, double q)
{
    double m = (p + q) / 2, sum = 0;
    if (p > 0) sum += p * log(p / m) / 2;
    if (q > 0) sum += q * log(q / m) / 2;
    return sum;
}

/* Two binary sources and a binary target: z[x] = p(y = 1 | x) for the four symbols. */
static inline double searched_objective(const table *t, rine_distance distance, double weight,
                                        const double *z)
{
    double sum = 0;
    for (int r = 0; r < t->rows; r++) {
        double a = z[t->symbol[2 * r]], b = z[2 + t->symbol[2 * r + 1]];
        double u = fabs(a - b), d = distance == DISTANCE_L1 ? 2 * u : sqrt(2) * u;
        if (distance == DISTANCE_JS) d = searched_js(a, b) + searched_js(1 - a, 1 - b);
        sum -= t->p[r] * (log(t->y[r] ? a : 1 - a) + log(t->y[r] ? b : 1 - b)) / 2;
        sum += weight * t->p[r] * d;
    }
    return sum;
}

/* A grid of 9^4 points around the best so far, that shrinks: the objective is convex, so what is best stays inside. */
static inline double searched_optimum_nats(const table *t, rine_distance distance, double weight)
{
    double center[4] = { 0.5, 0.5, 0.5, 0.5 }, best = INFINITY;
    for (double reach = 0.5; reach > 1e-5; reach *= 0.75) {
        double around[4], found[4];
        memcpy(found, center, sizeof found);
        for (int k = 0; k < 6561; k++) {
            for (int i = 0, rest = k; i < 4; i++, rest /= 9) {
                around[i] = center[i] + reach * (rest % 9 - 4) / 4;
                around[i] = fmax(1e-7, fmin(1 - 1e-7, around[i]));
            }
            double value = searched_objective(t, distance, weight, around);
            if (value >= best) continue;
            best = value;
            memcpy(found, around, sizeof found);
        }
        memcpy(center, found, sizeof center);
    }
    return best;
}

#endif
