/* The optimum of RINE's objective on a table by a path-following Newton method, with a certificate.
 *
 * The distances are smoothed and z >= 0 is kept by a barrier, both of strength mu, which goes to 0. At any point, the
 * gradient h of the smoothed distances bounds weight D from below by h . z (distance.h), and the minimum of
 * cross-entropy + h . z falls apart into one small problem per symbol that has a closed form up to one number. So every
 * point comes with a lower bound of the minimum, and the gap between the two is what is reported.
 *
 * A term whose weight is larger than any optimum needs holds its predictions together exactly (L1 and L2 do, JS does
 * not), and only spoils the arithmetic. Terms therefore count with `most` at the most: a lower bound for less weight is one
 * for more, and the predictions that such terms hold together are made equal before the point is judged at its full
 * weight. Where that certifies nothing, `most` was too little and is raised. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/newton.h"

static const double BITS_PER_NAT = 1.4426950408889634;     /* 1 / ln 2 */
static const double GAP_GOAL = 1e-10, GAP_ACCEPTED = 1e-7; /* nats */
static const double MOST_AT_FIRST = 4, MOST_FACTOR = 16;
static const double MU_AT_FIRST = 1, MU_FACTOR = 0.1, MU_LEAST = 1e-16;
enum { STEPS_PER_MU = 60, HALVINGS = 60, POLISH_STEPS = 3, BOUND_STEPS = 100 };

typedef struct search {
    rine_problem problem;
    newton newton;
    int unknowns;
    rine_point here, trial;
    double *gradient, *step; /* (classes, symbols) */
    double *step_apart;      /* (terms, classes) of the step */
    double *best;         /* (classes, symbols) the point with the least gap, its equal predictions made so */
    int *group, *members; /* (symbols) those held together, by one of them; how many it stands for */
    double gap;
    int iterations;
    double *room; /* the memory behind the arrays */
} search;

static void search_free(search *w)
{
    rine_problem_free(&w->problem);
    newton_free(&w->newton);
    free(w->room);
    free(w->group);
    free(w->members);
}

static status search_make(const table *t, rine_distance distance, rine_coupling coupling, double weight,
                          search *out)
{
    status result = OK;
    search *w = out;
    *w = (search){ .gap = INFINITY };
    TRY(rine_problem_make(t, distance, coupling, weight, &w->problem));
    TRY(newton_make(&w->problem, &w->newton));
    w->unknowns = w->problem.classes * w->problem.symbols;
    size_t unknowns = (size_t)w->unknowns, parts = (size_t)w->problem.terms * (size_t)w->problem.classes;
    w->room = calloc(5 * unknowns + 3 * parts, sizeof *w->room);
    w->group = calloc((size_t)w->problem.symbols, sizeof *w->group);
    w->members = calloc((size_t)w->problem.symbols, sizeof *w->members);
    CHECK(w->room && w->group && w->members, NO_MEMORY, "no memory for %d unknowns", w->unknowns);
    double **whole[] = { &w->here.z, &w->trial.z, &w->gradient, &w->step, &w->best };
    double **apart[] = { &w->here.apart, &w->trial.apart, &w->step_apart };
    for (size_t i = 0; i < 5; i++) *whole[i] = w->room + i * unknowns;
    for (size_t i = 0; i < 3; i++) *apart[i] = w->room + 5 * unknowns + i * parts;
done:
    if (result != OK) search_free(w);
    return result;
}

/* Longest step up to 1 that keeps a hundredth of every unknown. */
static double reach(const search *w)
{
    double longest = 1;
    for (int i = 0; i < w->unknowns; i++)
        if (w->step[i] < 0) longest = fmin(longest, -0.99 * w->here.z[i] / w->step[i]);
    return longest;
}

static void move(const rine_point *from, double length, const search *w, rine_point *to)
{
    for (int i = 0; i < w->unknowns; i++) to->z[i] = from->z[i] + length * w->step[i];
    for (int i = 0; i < w->problem.terms * w->problem.classes; i++)
        to->apart[i] = from->apart[i] + length * w->step_apart[i];
}

/* Goes along the step as far as the smoothed objective falls as it should; false when it does not fall. */
static bool descend(search *w, double mu, double slope_along)
{
    double before = rine_problem_smooth(&w->problem, mu, &w->here);
    double length = reach(w), noise = 1e-13 * (1 + fabs(before));
    rine_problem_apart(&w->problem, w->step, w->step_apart);
    for (int halving = 0; halving < HALVINGS; halving++, length *= 0.5) {
        move(&w->here, length, w, &w->trial);
        double after = rine_problem_smooth(&w->problem, mu, &w->trial);
        if (after <= before + 1e-4 * length * slope_along + noise) {
            rine_point left = w->here;
            w->here = w->trial;
            w->trial = left;
            return true;
        }
    }
    return false;
}

/* Gradient of the smoothed objective at z, each symbol's mean taken off: it only moves the multiplier of the symbol's sum,
 * and what is left goes to 0 at the minimum, so that the step keeps its digits. */
static void find_gradient(search *w, double mu)
{
    int symbols = w->problem.symbols;
    for (int i = 0; i < w->unknowns; i++) w->gradient[i] = -(w->problem.mass[i] + mu) / w->here.z[i];
    rine_problem_pull(&w->problem, mu, &w->here, w->gradient);
    for (int s = 0; s < symbols; s++) {
        double mean = 0;
        for (int i = s; i < w->unknowns; i += symbols) mean += w->here.z[i] * w->gradient[i];
        for (int i = s; i < w->unknowns; i += symbols) w->gradient[i] -= mean;
    }
}

/* Newton's method at one mu, as far as the arithmetic carries: until the decrement is a small part of mu, and then some
 * steps that square what is left, since the lower bound feels it to first order. False where there is no step. */
static bool center(search *w, double mu)
{
    int polish = POLISH_STEPS;
    for (int k = 0; k < STEPS_PER_MU && polish > 0; k++) {
        find_gradient(w, mu);
        if (!newton_step(&w->newton, &w->problem, mu, &w->here, w->gradient, w->step)) return false;
        w->iterations++;
        double slope_along = 0;
        for (int i = 0; i < w->unknowns; i++) slope_along += w->gradient[i] * w->step[i];
        if (slope_along >= 0 || !descend(w, mu, slope_along)) break;
        if (-slope_along < 0.01 * mu) polish--;
    }
    return true;
}

/* Minimum over one symbol's distribution p of -sum mass ln p + sum h p, or a little less. With the multiplier v of the
 * sum, p = mass / (h + v); v is what makes that sum to 1, or the least that keeps h + v >= 0. Any v gives a bound. */
static double symbol_bound(int classes, int stride, const double *mass, const double *h)
{
    double least = INFINITY, above = 0;
    for (int c = 0; c < classes; c++) least = fmin(least, h[c * stride]);
    for (int c = 0; c < classes; c++) above = fmax(above, mass[c * stride] - (h[c * stride] - least));
    /* v = above - least, from the left; 1 / sum is concave in v, so Newton's method never passes the root */
    for (int k = 0; k < BOUND_STEPS; k++) {
        double sum = 0, fall = 0;
        for (int c = 0; c < classes; c++) {
            double a = mass[c * stride], below = h[c * stride] - least + above;
            if (a <= 0) continue;
            sum += a / below;
            fall += a / (below * below);
        }
        if (sum <= 1) break;
        above += sum * (sum - 1) / fall;
    }
    double bound = least - above;
    for (int c = 0; c < classes; c++) {
        double a = mass[c * stride];
        if (a > 0) bound += a - a * log(a / (h[c * stride] - least + above));
    }
    return bound;
}

static double lower_bound(search *w, double mu)
{
    rine_problem *m = &w->problem;
    double bound = 0;
    memset(w->gradient, 0, (size_t)w->unknowns * sizeof *w->gradient);
    rine_problem_pull(m, mu, &w->here, w->gradient);
    for (int s = 0; s < m->symbols; s++)
        bound += symbol_bound(m->classes, m->symbols, m->mass + s, w->gradient + s);
    return bound;
}

static int group_of(int *group, int symbol)
{
    while (group[symbol] != symbol) symbol = group[symbol] = group[group[symbol]];
    return symbol;
}

/* Joins the symbols whose predictions terms of more than `most` hold together. */
static void join_groups(search *w)
{
    const rine_problem *m = &w->problem;
    for (int s = 0; s < m->symbols; s++) w->group[s] = s;
    for (int k = 0; k < m->terms; k++) {
        const rine_term *term = &m->term[k];
        if (m->weight * term->probability <= m->most) continue;
        for (int j = 1; j < term->count; j++)
            w->group[group_of(w->group, term->symbol[j])] = group_of(w->group, term->symbol[0]);
    }
    memset(w->members, 0, (size_t)m->symbols * sizeof *w->members);
    for (int s = 0; s < m->symbols; s++) {
        w->group[s] = group_of(w->group, s);
        w->members[w->group[s]]++;
    }
}

/* Writes z into the trial point, with the predictions of a group replaced by their mean. */
static void equalise(search *w)
{
    int symbols = w->problem.symbols;
    memset(w->trial.z, 0, (size_t)w->unknowns * sizeof *w->trial.z);
    for (int i = 0; i < w->unknowns; i++) {
        int s = i % symbols, group = w->group[s];
        w->trial.z[i - s + group] += w->here.z[i] / w->members[group];
    }
    for (int i = 0; i < w->unknowns; i++) w->trial.z[i] = w->trial.z[i - i % symbols + w->group[i % symbols]];
}

static double objective(search *w, const double *z)
{
    double sum = 0;
    for (int i = 0; i < w->problem.sources; i++) sum += rine_cross_entropy(&w->problem, i, z);
    return sum / w->problem.sources + w->problem.weight * rine_problem_distance(&w->problem, z);
}

/* Follows mu down from the uniform tables, keeping the point with the least gap. */
static void follow(search *w)
{
    join_groups(w);
    for (int i = 0; i < w->unknowns; i++) w->here.z[i] = 1.0 / w->problem.classes;
    memset(w->here.apart, 0, (size_t)w->problem.terms * (size_t)w->problem.classes * sizeof *w->here.apart);
    for (double mu = MU_AT_FIRST; mu >= MU_LEAST && w->gap > GAP_GOAL; mu *= MU_FACTOR) {
        if (!center(w, mu)) return;
        equalise(w);
        double gap = objective(w, w->trial.z) - lower_bound(w, mu);
        /* what is no number, or below the bound by more than rounding, certifies nothing */
        if (!(gap < w->gap && gap > -GAP_GOAL)) continue;
        w->gap = fmax(0, gap);
        memcpy(w->best, w->trial.z, (size_t)w->unknowns * sizeof *w->best);
    }
}

static double heaviest_term(const rine_problem *m)
{
    double heaviest = 0;
    for (int k = 0; k < m->terms; k++) heaviest = fmax(heaviest, m->weight * m->term[k].probability);
    return heaviest;
}

status rine_optimum_solve(const table *t, rine_distance distance, rine_coupling coupling, double weight,
                          rine_optimum *out)
{
    status result = OK;
    search w;
    TRY(search_make(t, distance, coupling, weight, &w));
    double heaviest = heaviest_term(&w.problem);
    double most = distance == DISTANCE_JS ? INFINITY : MOST_AT_FIRST;
    do {
        w.problem.most = most;
        follow(&w);
        most *= MOST_FACTOR;
    } while (w.gap > GAP_ACCEPTED && most / MOST_FACTOR < heaviest);
    CHECK(w.gap <= GAP_ACCEPTED, BROKEN,
          "the optimum of a table of %d rows at weight %g is certified to %.2g nats only", t->rows, weight,
          w.gap);

    double entropy = table_target_entropy_bits(t);
    CHECK(!isnan(entropy), NO_MEMORY, "no memory for a table of %d rows", t->rows);
    *out = (rine_optimum){ .gap_nats = w.gap, .iterations = w.iterations };
    for (int i = 0; i < t->sources; i++) {
        out->usable_information_bits[i] = entropy - BITS_PER_NAT * rine_cross_entropy(&w.problem, i, w.best);
        out->redundant_information_bits += out->usable_information_bits[i] / t->sources;
    }
    out->distance = rine_problem_distance(&w.problem, w.best);
done:
    search_free(&w);
    return result;
}
