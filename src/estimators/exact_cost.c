#include "estimators/exact_cost.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* What occurs in a table. */
typedef struct support {
    double rows, sources, classes;
    double symbols; /* of all sources together */
    double pairs;   /* (x_i, y) of all sources together */
    double entries; /* combinations of symbols and a class that no p(x_i, y) = 0 forbids */
    double cells;   /* combinations of symbols alone, at most */
} support;

/* Counts the pairs of a source and multiplies the symbols of each class into `product` (classes). `occurs` (symbols, classes) is
 * false everywhere. */
static void count_source(const table *t, int source, bool *occurs, double *product, support *s)
{
    int symbols = t->symbols[source], used = 0;
    for (int r = 0; r < t->rows; r++)
        occurs[t->symbol[r * t->sources + source] * t->classes + t->y[r]] = true;
    for (int x = 0; x < symbols; x++) {
        bool any = false;
        for (int y = 0; y < t->classes; y++) any = any || occurs[x * t->classes + y];
        used += any;
    }
    for (int y = 0; y < t->classes; y++) {
        int of_class = 0;
        for (int x = 0; x < symbols; x++) of_class += occurs[x * t->classes + y];
        product[y] *= of_class;
        s->pairs += of_class;
    }
    s->symbols += used;
    s->cells *= used;
}

static bool look_at(const table *t, support *s)
{
    double *product = calloc((size_t)t->classes, sizeof *product);
    bool all = product != NULL;
    *s = (support){ .rows = t->rows, .sources = t->sources, .classes = t->classes, .cells = 1 };
    for (int y = 0; y < t->classes && all; y++) product[y] = 1;
    for (int i = 0; i < t->sources && all; i++) {
        bool *occurs = calloc((size_t)t->symbols[i] * (size_t)t->classes, sizeof *occurs);
        all = occurs != NULL;
        if (all) count_source(t, i, occurs, product, s);
        free(occurs);
    }
    for (int y = 0; y < t->classes && all; y++) s->entries += product[y];
    s->cells = fmin(s->cells, s->entries);
    free(product);
    return all;
}

/* Entropies and informations, which every task tells: the rows are sorted for each set of sources. */
static exact_cost cost_of_informations(const support *s)
{
    static const double SECONDS_PER_ROW = 100e-9, SECONDS_LEAST = 3e-6, FLOPS_PER_ROW = 20;
    double visits = s->rows * (s->sources + 2);
    return (exact_cost){ .flops = FLOPS_PER_ROW * visits,
                         .seconds = SECONDS_LEAST + SECONDS_PER_ROW * visits,
                         .bytes = (size_t)(s->rows * (s->sources + 4) * sizeof(double)) };
}

/* min, wedge, wms, ci: sums over the rows; ci sorts them. */
static exact_cost cost_of_formula(const support *s)
{
    static const double SECONDS_PER_ROW = 50e-9, FLOPS_PER_ROW = 50;
    return (exact_cost){ .flops = FLOPS_PER_ROW * s->rows,
                         .seconds = SECONDS_PER_ROW * s->rows,
                         .bytes = (size_t)((s->symbols * s->classes + 8 * s->rows) * sizeof(double)) };
}

/* broja, union: steps of Newton's method. An equation for each pair that occurs but one of each source and class, without one
 * source; a cell adds to it for all pairs of its entries and of their marginals. */
static exact_cost cost_of_path(const support *s)
{
    static const double STEPS = 12, FLOPS_PER_ENTRY = 60;
    static const double SECONDS_PER_ENTRY = 180e-9, SECONDS_PER_ADDITION = 2e-9, CHOLESKY_FLOPS = 9e9;
    double equations = s->pairs - (s->sources - 1) * s->classes;
    double factor = equations * equations * equations / 3;
    double additions = s->entries * s->entries / s->cells * s->sources * s->sources;
    double numbers = equations * equations + 8 * s->pairs + 12 * s->cells + 5 * s->entries * s->sources;
    return (exact_cost){ .flops = STEPS * (factor + 2 * additions + FLOPS_PER_ENTRY * s->entries),
                         .seconds = STEPS * (factor / CHOLESKY_FLOPS + SECONDS_PER_ADDITION * additions +
                                             SECONDS_PER_ENTRY * s->entries),
                         .bytes = (size_t)(numbers * sizeof(double)) };
}

/* Rays of a cone of so many variables, and equations that make it, and a linear program over them. */
typedef struct ray_count {
    double variables, rank;
    double
        expected; /* ln of how many random equations would leave: 2^-rank of all choices of rank + 1 variables */
    double rays;
} ray_count;

static ray_count count_rays(double variables, double equations)
{
    static const double RAYS_MOST = 60000; /* there it is refused */
    ray_count c = { .variables = variables, .rank = fmax(0, fmin(equations, variables - 1)) };
    double choices = lgamma(variables + 1) - lgamma(c.rank + 2) - lgamma(variables - c.rank);
    c.expected = fmax(0, choices - c.rank * log(2));
    c.rays = fmin(RAYS_MOST, exp(0.88 * c.expected + 0.1 * c.rank - 0.4));
    return c;
}

static exact_cost cost_of_rays(const ray_count *c, double seconds)
{
    static const double BYTES_PER_NUMBER = 100; /* of two sets of rays, and of the program */
    static const double SECONDS_MOST = 10;      /* by then most are refused, which is part of the time */
    return (exact_cost){ .flops = 2 * c->rays * c->variables * (c->rank + 1),
                         .seconds = fmin(SECONDS_MOST, seconds),
                         .bytes = (size_t)(BYTES_PER_NUMBER * c->rays * c->variables) };
}

/* I(Q; Y | X_i) = 0: an equation for each class of a symbol but one, some of which follow from those of other sources. The time is
 * what random tables of two and three sources took, which vary by a factor of three. */
static exact_cost cost_of_gh(const support *s)
{
    ray_count c = count_rays(s->rows, s->pairs - s->symbols - (s->sources - 1) * (s->classes - 1));
    double growth = -1.35 + 0.066 * c.expected + 0.29 * s->sources + 0.265 * s->classes;
    return cost_of_rays(&c, exp(-13.6 + 1.65 * log(c.variables) + growth * c.expected));
}

/* An equation for each class and source but the first. The time, too, is what random tables took. */
static exact_cost cost_of_prec(const support *s)
{
    ray_count c = count_rays(s->symbols, (s->sources - 1) * s->classes);
    return cost_of_rays(&c, exp(-11.8 + c.expected * (0.21 + 0.066 * c.expected) + 0.3 * c.rank));
}

/* Newton steps, each with the factor, the responses and the Schur complement of every block of the equations, and the terms. */
static exact_cost cost_of_rine(const support *s, rine_distance distance)
{
    static const double STEPS = 60, FLOPS_PER_TERM = 15, FLOPS_PER_SECOND = 1.5e9, SECONDS_PER_STEP = 3e-6;
    double blocks = distance == DISTANCE_L2 ? 1 : s->classes, size = s->symbols * s->classes / blocks;
    double equations =
        blocks * (size * size * size / 3 + size * size * s->symbols + size * s->symbols * s->symbols);
    double terms = s->rows * s->sources * (s->sources - 1) / 2 * s->classes,
           unknowns = s->symbols * s->classes;
    double flops = STEPS * (equations + FLOPS_PER_TERM * terms);
    double numbers = size * size + unknowns * s->symbols + s->symbols * s->symbols + 5 * unknowns + 6 * terms;
    return (exact_cost){ .flops = flops,
                         .seconds = STEPS * SECONDS_PER_STEP + flops / FLOPS_PER_SECOND,
                         .bytes = (size_t)(numbers * sizeof(double)) };
}

static exact_cost cost_of_measure(exact_measure m, rine_distance distance, const support *s)
{
    switch (m) {
    case MEASURE_RINE:
        return cost_of_rine(s, distance);
    case MEASURE_GH:
        return cost_of_gh(s);
    case MEASURE_PREC:
        return cost_of_prec(s);
    case MEASURE_BROJA:
    case MEASURE_UNION:
        return cost_of_path(s);
    case MEASURE_MIN:
    case MEASURE_WEDGE:
    case MEASURE_WMS:
    case MEASURE_CI:
        break;
    }
    return cost_of_formula(s);
}

exact_cost exact_cost_of(exact_measure m, rine_distance distance, const table *t)
{
    support s;
    if (!look_at(t, &s)) return (exact_cost){ 0 };
    exact_cost always = cost_of_informations(&s), own = cost_of_measure(m, distance, &s);
    return (exact_cost){ .flops = always.flops + own.flops,
                         .seconds = always.seconds + own.seconds,
                         .bytes = always.bytes + own.bytes };
}
