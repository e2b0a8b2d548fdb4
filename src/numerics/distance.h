/* Distances between two distributions (rine.h) as convex functions: their value, and the gradient and curvature of a smooth
 * stand-in for them. All three are homogeneous of degree one and convex, so a gradient of theirs, or of the stand-in,
 * bounds them from below by a linear function through the origin: d(p', q') >= to_p . p' + to_q . q' for all p', q'. */
#ifndef DISTANCE_H
#define DISTANCE_H

#include <stddef.h>

#include "rine.h"

/* d(p, q) over `classes` classes. */
double distance_value(rine_distance kind, int classes, const double *p, const double *q);

/* The stand-in for k d(p, q) at a point. Its second derivatives are, per class, the three diagonals, and, across classes
 * (L2 only), -outer u u^T on (p, p) and (q, q), u = p - q, and the opposite on (p, q). */
typedef struct slope {
    double value;                  /* up to a constant that depends on smoothing and k alone */
    double *to_p, *to_q;           /* (classes) gradient */
    double *in_pp, *in_pq, *in_qq; /* (classes) diagonals */
    double outer;
} slope;

/* L1 and L2 are smoothed by a logarithmic barrier of their epigraph: minimum over t of k t - mu ln(t^2 - |u|^2), u = p - q
 * for a class or for all. They look at `u` alone, which the caller knows to more digits than p - q has. JS is smooth where
 * p, q > 0, and looks at these. */
void distance_slope(rine_distance kind, int classes, double k, double mu, const double *p, const double *q,
                    const double *u, slope *out);

#endif
