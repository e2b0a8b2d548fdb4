/* The convex program behind union information: which outcomes a distribution can have that shares all p(x_i, y) with a table,
 * and what they add up to. A cell is a combination x of the sources' symbols; an entry is a cell and a class y where no
 * marginal forbids it, p(x_i, y) > 0 for all i. Everywhere else such a distribution is 0. */
#ifndef UNION_PROBLEM_H
#define UNION_PROBLEM_H

#include "data.h"

typedef struct union_problem {
    int sources, classes;
    int cells, entries;
    int *start; /* (cells + 1) the first entry of a cell: entries run cell by cell, class by class */
    int *price; /* (entries, sources) the marginals that an entry adds to */
    int *lead;  /* (cells) symbol of the leading source, which has most marginals */
    int leads, lead_price; /* alphabet of the leading source, and where its marginals begin */
    int prices;
    double *
        marginal; /* (prices) p(x_i, y), 0 where it never occurs: source by source, symbol by symbol, class by class */
    /* (prices) its place among the equations, or -1: what never occurs, and one symbol of each source but the leading one per
     * class, whose marginal follows from the others. The leading source comes first, symbol by symbol. */
    int *unknown;
    int unknowns;
} union_problem;

/* BAD_INPUT for a table too large, NO_MEMORY. */
status union_problem_make(const table *t, union_problem *out);
void union_problem_free(union_problem *m);

/* What the entries of each marginal add up to. */
void union_problem_sums(const union_problem *m, const double *q, double *sum);

#endif
