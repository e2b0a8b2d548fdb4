/* RINE's objective on a finite table, with one unknown per source, symbol and class:
 *
 *     f(z) = - sum mass[c, s] ln z[c, s]  +  weight sum_k probability_k d(P_k z, Q_k z),   sum_c z[c, s] = 1
 *
 * z (classes, symbols) holds the conditional tables of all sources side by side. A term k compares two linear forms of it:
 * the predictions of two sources, or that of one source and the mean of all, for symbols that occur together. */
#ifndef RINE_PROBLEM_H
#define RINE_PROBLEM_H

#include "exact.h"
#include "numerics/distance.h"

typedef struct rine_term {
    double probability; /* of these symbols together */
    int count;          /* symbols that take part */
    int focus;          /* which of them is compared with the mean of all; -1: the first with the second */
    int symbol[SOURCES_MAX]; /* columns of z */
} rine_term;

typedef struct rine_problem {
    int sources, classes, symbols; /* symbols: of all sources together */
    int first[SOURCES_MAX + 1];    /* first symbol of each source; the last entry is `symbols` */
    double *mass;                  /* (classes, symbols) p(x, y) / sources */
    int terms;
    rine_term *term;
    rine_distance distance;
    double weight;
    double most;   /* no term counts with more than this; see rine_optimum.c. INFINITY: as they are */
    slope slope;   /* of one term, with the forms below: room for their evaluation */
    double *p, *q; /* (classes) */
    double *room;  /* the memory behind slope, p and q */
} rine_problem;

status rine_problem_make(const table *t, rine_distance distance, rine_coupling coupling, double weight,
                         rine_problem *out);
void rine_problem_free(rine_problem *m);

/* Where the objective is looked at. The difference of a term's forms is carried beside z, since what is left of it close to
 * the optimum, mu / weight, is lost in the rounding of z. */
typedef struct rine_point {
    double *z;     /* (classes, symbols) */
    double *apart; /* (terms, classes) P_k z - Q_k z */
} rine_point;

/* Weights of a term's symbols in its two forms. */
void rine_term_forms(const rine_term *k, double in_p[SOURCES_MAX], double in_q[SOURCES_MAX]);
/* The slope of term k of the smoothed objective: in m->slope. */
void rine_term_slope(rine_problem *m, int k, double mu, const rine_point *at);
/* P_k z - Q_k z of every term. */
void rine_problem_apart(rine_problem *m, const double *z, double *apart);

/* Cross-entropy of a source in nats (all of it, not divided by the sources). */
double rine_cross_entropy(const rine_problem *m, int source, const double *z);
/* D, before the weight. */
double rine_problem_distance(rine_problem *m, const double *z);
/* f with the smooth stand-in for the distances and a logarithmic barrier -mu ln z. */
double rine_problem_smooth(rine_problem *m, double mu, const rine_point *at);
/* Adds the gradient of the stand-in for the distances alone to `gradient` (classes, symbols). */
void rine_problem_pull(rine_problem *m, double mu, const rine_point *at, double *gradient);

#endif
