#include "numerics/union_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/solver_pause.h"

static const double GAP_GOAL = 1e-11;    /* nats: sum of m s, and the residual */
static const double GAP_GIVEN_UP = 1e-8; /* nats: above that, a quick path that stops is followed with care */
static const double REACH = 0.99;        /* of the way to where a mass or slack is 0 */
static const double NEAREST = 1e-4;      /* least m s / v of a cell, in parts of what they are together */
static const double EXPONENT_STEP = 4;   /* most that an exponent moves by in a step */
static const double BEGIN_INSIDE =
    0.1; /* least m s / v at the beginning, in parts of what they are for the product */
static const double SLACK_TAKEN =
    0.5; /* a slack becomes what its prices leave where that is more than this part of it */
static const double RESIDUAL_KEPT = 0.01; /* mu is not aimed below this part of the residual */
static const double SHORT = 0.1;          /* shorter steps aim too low */
/* most residual after a step, in parts of the gap before */
static const double RESIDUAL_QUICK = 100, RESIDUAL_CAREFUL = 0.5;
enum { STEPS_QUICK = 60, STEPS_CAREFUL = 2000, HALVINGS = 60 };

/* What mu is aimed at, in parts of the gap, after a step that looks ahead was refused; careful paths begin with these. */
static const double AIMS[] = { 0.1, 0.3, 0.6, 0.8, 0.9, 0.95 };
enum { AIM_COUNT = sizeof AIMS / sizeof AIMS[0] };

status union_path_make(const table *t, union_path *out)
{
    status result = OK;
    union_path *w = out;
    *w = (union_path){ 0 };
    TRY(union_problem_make(t, &w->problem));
    TRY(union_newton_make(&w->problem, &w->newton));
    const union_problem *m = &w->problem;
    double **per_price[] = { &w->here.price, &w->trial.price, &w->step.price, &w->sum };
    double **per_cell[] = { &w->here.mass,   &w->here.slack,  &w->here.level, &w->trial.mass,
                            &w->trial.slack, &w->trial.level, &w->step.mass,  &w->step.slack,
                            &w->aim,         &w->second,      &w->weight };
    double **per_entry[] = { &w->here.share, &w->trial.share, &w->q };
    enum { PER_PRICE = 4, PER_CELL = 11, PER_ENTRY = 3 };
    size_t prices = (size_t)m->prices, cells = (size_t)m->cells, entries = (size_t)m->entries;
    w->room = calloc(PER_PRICE * prices + PER_CELL * cells + PER_ENTRY * entries + (size_t)m->leads,
                     sizeof *w->room);
    CHECK(w->room != NULL, NO_MEMORY, "no memory for %d outcomes", m->entries);
    double *next = w->room;
    for (int i = 0; i < PER_PRICE; i++, next += prices) *per_price[i] = next;
    for (int i = 0; i < PER_CELL; i++, next += cells) *per_cell[i] = next;
    for (int i = 0; i < PER_ENTRY; i++, next += entries) *per_entry[i] = next;
    w->raised = next;
done:
    if (result != OK) union_path_free(w);
    return result;
}

void union_path_free(union_path *w)
{
    union_problem_free(&w->problem);
    union_newton_free(&w->newton);
    free(w->room);
    *w = (union_path){ 0 };
}

void union_path_lower_prices(union_path *w, union_point *at, double slack)
{
    const union_problem *m = &w->problem;
    for (int k = 0; k < m->leads; k++) w->raised[k] = -INFINITY;
    for (int x = 0; x < m->cells; x++) w->raised[m->lead[x]] = fmax(w->raised[m->lead[x]], at->level[x]);
    for (int k = 0; k < m->leads; k++)
        for (int y = 0; y < m->classes; y++)
            if (isfinite(w->raised[k])) at->price[m->lead_price + k * m->classes + y] -= w->raised[k] + slack;
}

static double find_gap(const union_problem *m, const union_point *at)
{
    double sum = 0;
    for (int x = 0; x < m->cells; x++) sum += at->mass[x] * at->slack[x];
    return sum;
}

/* How far a point is from the marginals, and its slacks from those of its prices: what that may cost, in nats. */
static double find_residual(union_path *w, const union_point *at)
{
    const union_problem *m = &w->problem;
    double residual = 0;
    for (int x = 0; x < m->cells; x++)
        for (int e = m->start[x]; e < m->start[x + 1]; e++) w->q[e] = at->mass[x] * at->share[e];
    union_problem_sums(m, w->q, w->sum);
    for (int k = 0; k < m->prices; k++) residual += fabs(w->sum[k] - m->marginal[k]);
    for (int k = 0; k < m->leads; k++) w->raised[k] = 0;
    for (int x = 0; x < m->cells; x++)
        w->raised[m->lead[x]] = fmax(w->raised[m->lead[x]], at->level[x] + at->slack[x]);
    for (int k = 0; k < m->leads; k++)
        for (int y = 0; y < m->classes; y++)
            residual += w->raised[k] * m->marginal[m->lead_price + k * m->classes + y];
    return residual;
}

/* Masses and prices of the product of all p(x_i | y) under p(y), whose shares are those of these prices; weights. */
static void begin_at_product(union_path *w)
{
    const union_problem *m = &w->problem;
    const double *marginal = m->marginal;
    double *class = w->sum; /* p(y): what the symbols of the leading source add up to */
    memset(class, 0, (size_t)m->classes * sizeof *class);
    for (int k = 0; k < m->leads * m->classes; k++) class[k % m->classes] += marginal[m->lead_price + k];
    for (int k = 0; k < m->prices; k += m->classes) {
        double symbol = 0; /* p(x_i) */
        bool leads = k >= m->lead_price && k < m->lead_price + m->leads * m->classes;
        for (int y = 0; y < m->classes; y++) symbol += marginal[k + y];
        for (int y = 0; y < m->classes; y++) {
            double given = leads ? marginal[k + y] : marginal[k + y] / class[y];
            w->here.price[k + y] = marginal[k + y] > 0 ? log(given / symbol) : 0;
        }
    }
    double sum = 0;
    for (int x = 0; x < m->cells; x++) {
        w->here.mass[x] = w->weight[x] = 0;
        for (int e = m->start[x]; e < m->start[x + 1]; e++) {
            const int *price = m->price + e * m->sources;
            double given_y = class[price[0] % m->classes], product = given_y, least = given_y;
            for (int i = 0; i < m->sources; i++) {
                product *= marginal[price[i]] / given_y;
                least = fmin(least, marginal[price[i]]);
            }
            w->here.mass[x] += product;
            w->weight[x] += least;
        }
        sum += w->weight[x];
    }
    for (int x = 0; x < m->cells; x++) w->weight[x] /= sum;
}

/* The product, with slacks of 1 or more, and no cell all at the border. */
static void begin(union_path *w)
{
    const union_problem *m = &w->problem;
    begin_at_product(w);
    union_point_look(m, &w->here);
    union_path_lower_prices(w, &w->here, 1);
    union_point_look(m, &w->here);
    for (int x = 0; x < m->cells; x++) w->here.slack[x] = -w->here.level[x];
    double mu = BEGIN_INSIDE * find_gap(m, &w->here);
    for (int x = 0; x < m->cells; x++) w->here.mass[x] += mu * w->weight[x] / w->here.slack[x];
    w->gap = find_gap(m, &w->here);
    w->residual = find_residual(w, &w->here);
    w->steps = 0;
    w->centred = false;
}

/* The longest part of the step, up to 1, to go: masses and slacks stay above 0, and no exponent moves far. */
static double reach(const union_path *w)
{
    const union_problem *m = &w->problem;
    double length = 1, most = EXPONENT_STEP;
    for (int x = 0; x < m->cells; x++) {
        if (w->step.mass[x] < 0) length = fmin(length, -REACH * w->here.mass[x] / w->step.mass[x]);
        if (w->step.slack[x] < 0) length = fmin(length, -REACH * w->here.slack[x] / w->step.slack[x]);
    }
    for (int e = 0; e < m->entries; e++) {
        double move = 0;
        for (int i = 0; i < m->sources; i++) move += w->step.price[m->price[e * m->sources + i]];
        most = fmax(most, fabs(move));
    }
    return fmin(length, EXPONENT_STEP / most);
}

/* Goes a part of the step; false, and stays, where a cell would come too close to the border or the residual grow too large. */
static bool try_step(union_path *w, double length)
{
    const union_problem *m = &w->problem;
    union_point *to = &w->trial, *from = &w->here;
    for (int k = 0; k < m->prices; k++) to->price[k] = from->price[k] + length * w->step.price[k];
    union_point_look(m, to);
    for (int x = 0; x < m->cells; x++) {
        to->mass[x] = from->mass[x] + length * w->step.mass[x];
        to->slack[x] = from->slack[x] + length * w->step.slack[x];
        if (-to->level[x] >= SLACK_TAKEN * to->slack[x]) to->slack[x] = -to->level[x];
    }
    double gap = find_gap(m, to);
    for (int x = 0; x < m->cells; x++) {
        bool inside = to->mass[x] > 0 && to->slack[x] > 0;
        if (!inside || !(to->mass[x] * to->slack[x] >= NEAREST * gap * w->weight[x])) return false;
    }
    double residual = find_residual(w, to), most = w->careful ? RESIDUAL_CAREFUL : RESIDUAL_QUICK;
    if (!(residual <= fmax(w->residual, most * w->gap))) return false;
    union_point left = *from;
    *from = *to;
    *to = left;
    w->gap = gap;
    w->residual = residual;
    w->steps++;
    return true;
}

/* A step that looks ahead: a straight step shows how far mu can fall and what it misses. */
static bool step_ahead(union_path *w)
{
    const union_problem *m = &w->problem;
    memset(w->aim, 0, (size_t)m->cells * sizeof *w->aim);
    union_newton_solve(&w->newton, m, &w->here, w->aim, &w->step);
    double length = reach(w), ahead = 0;
    for (int x = 0; x < m->cells; x++) {
        ahead +=
            (w->here.mass[x] + length * w->step.mass[x]) * (w->here.slack[x] + length * w->step.slack[x]);
        w->second[x] = w->step.mass[x] * w->step.slack[x];
    }
    double part = ahead / w->gap;
    double mu = fmax(w->gap * part * part * part, RESIDUAL_KEPT * w->residual);
    for (int x = 0; x < m->cells; x++) w->aim[x] = mu * w->weight[x] - w->second[x];
    union_newton_solve(&w->newton, m, &w->here, w->aim, &w->step);
    length = reach(w);
    return length >= SHORT && try_step(w, length);
}

/* The step towards m s / v that are all this part of what they are together. */
static void aim_at(union_path *w, double part)
{
    const union_problem *m = &w->problem;
    double mu = fmax(part * w->gap, w->residual);
    for (int x = 0; x < m->cells; x++) w->aim[x] = mu * w->weight[x];
    union_newton_solve(&w->newton, m, &w->here, w->aim, &w->step);
}

/* The lowest of AIMS that can be gone to; else back to the middle; and from there by any part of a step. */
static bool step_centred(union_path *w)
{
    for (int k = 0; k < AIM_COUNT; k++) {
        aim_at(w, AIMS[k]);
        double length = reach(w);
        if (length >= SHORT && try_step(w, length)) {
            w->centred = false;
            return true;
        }
    }
    if (!w->centred) aim_at(w, 1);
    double length = reach(w);
    for (int halving = 0; halving < HALVINGS; halving++, length *= 0.5)
        if (try_step(w, length)) {
            w->centred = !w->centred && length == 1;
            return true;
        }
    return false;
}

static status follow(union_path *w, solver_pause *pause)
{
    status result = OK;
    int most = w->careful ? STEPS_CAREFUL : STEPS_QUICK;
    begin(w);
    while (w->steps < most && w->gap + w->residual > GAP_GOAL) {
        CHECK(solver_goes_on(pause), WORK_LEFT, "stopped on the path to union information");
        if (!union_newton_factor(&w->newton, &w->problem, &w->here)) break;
        bool gone = !w->careful && step_ahead(w);
        if (!gone && !step_centred(w)) break;
    }
done:
    return result;
}

status union_path_follow(union_path *w, solver_pause *pause)
{
    status result = OK;
    w->careful = false;
    TRY(follow(w, pause));
    if (w->gap + w->residual <= GAP_GIVEN_UP) goto done;
    w->careful = true;
    TRY(follow(w, pause));
done:
    return result;
}
