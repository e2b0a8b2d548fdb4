#include "numerics/rine_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOPE_ARRAYS = 7 };

static int by_symbols(const void *a, const void *b)
{
    const rine_term *left = a, *right = b;
    if (left->focus != right->focus) return left->focus < right->focus ? -1 : 1;
    for (int j = 0; j < left->count; j++)
        if (left->symbol[j] != right->symbol[j]) return left->symbol[j] < right->symbol[j] ? -1 : 1;
    return (left->count > right->count) - (left->count < right->count);
}

/* Adds up the terms with the same symbols. */
static void merge_terms(rine_problem *m)
{
    int kept = 0;
    qsort(m->term, (size_t)m->terms, sizeof *m->term, by_symbols);
    for (int k = 0; k < m->terms; k++) {
        if (kept > 0 && by_symbols(&m->term[kept - 1], &m->term[k]) == 0)
            m->term[kept - 1].probability += m->term[k].probability;
        else
            m->term[kept++] = m->term[k];
    }
    m->terms = kept;
}

static void add_pairs(rine_problem *m, const table *t, int row)
{
    const int *symbol = &t->symbol[row * t->sources];
    for (int i = 0; i < t->sources; i++) {
        for (int j = i + 1; j < t->sources; j++) {
            rine_term pair = { .probability = t->p[row], .count = 2, .focus = -1 };
            pair.symbol[0] = m->first[i] + symbol[i];
            pair.symbol[1] = m->first[j] + symbol[j];
            m->term[m->terms++] = pair;
        }
    }
}

static void add_to_centroid(rine_problem *m, const table *t, int row)
{
    const int *symbol = &t->symbol[row * t->sources];
    for (int i = 0; i < t->sources; i++) {
        rine_term whole = { .probability = t->p[row], .count = t->sources, .focus = i };
        for (int j = 0; j < t->sources; j++) whole.symbol[j] = m->first[j] + symbol[j];
        m->term[m->terms++] = whole;
    }
}

static void add_terms(rine_problem *m, const table *t, rine_coupling coupling)
{
    for (int row = 0; row < t->rows; row++) {
        if (coupling == COUPLING_PAIRWISE)
            add_pairs(m, t, row);
        else
            add_to_centroid(m, t, row);
    }
    merge_terms(m);
}

static void share_room(rine_problem *m)
{
    double **array[SLOPE_ARRAYS] = { &m->p,           &m->q,           &m->slope.to_p, &m->slope.to_q,
                                     &m->slope.in_pp, &m->slope.in_pq, &m->slope.in_qq };
    for (int i = 0; i < SLOPE_ARRAYS; i++) *array[i] = m->room + (size_t)i * (size_t)m->classes;
}

status rine_problem_make(const table *t, rine_distance distance, rine_coupling coupling, double weight,
                         rine_problem *out)
{
    status result = OK;
    rine_problem *m = out;
    size_t pairs = (size_t)t->sources * (size_t)(t->sources > 2 ? t->sources - 1 : 1);
    *m = (rine_problem){
        .sources = t->sources, .classes = t->classes, .distance = distance, .weight = weight
    };
    m->most = INFINITY;
    for (int i = 0; i < t->sources; i++) m->first[i + 1] = m->first[i] + t->symbols[i];
    m->symbols = m->first[t->sources];
    m->mass = calloc((size_t)m->classes * (size_t)m->symbols, sizeof *m->mass);
    m->term = calloc((size_t)t->rows * pairs, sizeof *m->term);
    m->room = calloc(SLOPE_ARRAYS * (size_t)m->classes, sizeof *m->room);
    CHECK(m->mass && m->term && m->room, NO_MEMORY, "no memory for a table of %d rows", t->rows);

    share_room(m);
    add_terms(m, t, coupling);
    for (int row = 0; row < t->rows; row++)
        for (int i = 0; i < t->sources; i++)
            m->mass[t->y[row] * m->symbols + m->first[i] + t->symbol[row * t->sources + i]] +=
                t->p[row] / t->sources;
done:
    if (result != OK) rine_problem_free(m);
    return result;
}

void rine_problem_free(rine_problem *m)
{
    free(m->mass);
    free(m->term);
    free(m->room);
    *m = (rine_problem){ 0 };
}

void rine_term_forms(const rine_term *k, double in_p[SOURCES_MAX], double in_q[SOURCES_MAX])
{
    for (int j = 0; j < k->count; j++) {
        in_p[j] = k->focus < 0 ? j == 0 : j == k->focus;
        in_q[j] = k->focus < 0 ? j == 1 : 1.0 / k->count;
    }
}

static void apply_forms(const rine_problem *m, const rine_term *k, const double *z)
{
    double in_p[SOURCES_MAX], in_q[SOURCES_MAX];
    rine_term_forms(k, in_p, in_q);
    for (int c = 0; c < m->classes; c++) {
        const double *row = z + (size_t)c * (size_t)m->symbols;
        m->p[c] = m->q[c] = 0;
        for (int j = 0; j < k->count; j++) {
            m->p[c] += in_p[j] * row[k->symbol[j]];
            m->q[c] += in_q[j] * row[k->symbol[j]];
        }
    }
}

void rine_term_slope(rine_problem *m, int k, double mu, const rine_point *at)
{
    double weight = fmin(m->weight * m->term[k].probability, m->most);
    const double *apart = at->apart + (size_t)k * (size_t)m->classes;
    apply_forms(m, &m->term[k], at->z);
    distance_slope(m->distance, m->classes, weight, mu, m->p, m->q, apart, &m->slope);
}

void rine_problem_apart(rine_problem *m, const double *z, double *apart)
{
    for (int k = 0; k < m->terms; k++) {
        apply_forms(m, &m->term[k], z);
        for (int c = 0; c < m->classes; c++) *apart++ = m->p[c] - m->q[c];
    }
}

double rine_cross_entropy(const rine_problem *m, int source, const double *z)
{
    double sum = 0;
    for (int c = 0; c < m->classes; c++) {
        for (int s = m->first[source]; s < m->first[source + 1]; s++) {
            double mass = m->mass[c * m->symbols + s];
            if (mass > 0) sum -= mass * log(z[c * m->symbols + s]);
        }
    }
    return sum * m->sources;
}

double rine_problem_distance(rine_problem *m, const double *z)
{
    double sum = 0;
    for (int k = 0; k < m->terms; k++) {
        apply_forms(m, &m->term[k], z);
        sum += m->term[k].probability * distance_value(m->distance, m->classes, m->p, m->q);
    }
    return sum;
}

double rine_problem_smooth(rine_problem *m, double mu, const rine_point *at)
{
    double sum = 0;
    for (int i = 0; i < m->classes * m->symbols; i++) sum -= (m->mass[i] + mu) * log(at->z[i]);
    for (int k = 0; k < m->terms && m->weight > 0; k++) {
        rine_term_slope(m, k, mu, at);
        sum += m->slope.value;
    }
    return sum;
}

void rine_problem_pull(rine_problem *m, double mu, const rine_point *at, double *gradient)
{
    double in_p[SOURCES_MAX], in_q[SOURCES_MAX];
    for (int k = 0; k < m->terms && m->weight > 0; k++) {
        const rine_term *term = &m->term[k];
        rine_term_slope(m, k, mu, at);
        rine_term_forms(term, in_p, in_q);
        for (int c = 0; c < m->classes; c++)
            for (int j = 0; j < term->count; j++)
                gradient[c * m->symbols + term->symbol[j]] +=
                    in_p[j] * m->slope.to_p[c] + in_q[j] * m->slope.to_q[c];
    }
}
