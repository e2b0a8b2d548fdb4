#include "numerics/union_problem.h"

#include <stdlib.h>
#include <string.h>

/* What a step costs: additions to its equations, and the equations, whose third power counts; they take 32 MiB. Either most is
 * some seconds of a core. */
enum { ADDITIONS_MAX = 1 << 25, EQUATIONS_MAX = 2048 };

/* Where the marginals of a source begin. */
static int offset_of(const table *t, int source)
{
    int offset = 0;
    for (int i = 0; i < source; i++) offset += t->symbols[i] * t->classes;
    return offset;
}

static void find_marginals(const table *t, double *marginal)
{
    for (int i = 0; i < t->sources; i++) {
        double *of_source = marginal + offset_of(t, i);
        for (int r = 0; r < t->rows; r++)
            of_source[t->symbol[r * t->sources + i] * t->classes + t->y[r]] += t->p[r];
    }
}

/* The source with most marginals that occur; the first of these. */
static int leading_source(const table *t, const double *marginal)
{
    int lead = 0, most = -1;
    for (int i = 0; i < t->sources; i++) {
        int occur = 0;
        const double *of_source = marginal + offset_of(t, i);
        for (int k = 0; k < t->symbols[i] * t->classes; k++) occur += of_source[k] > 0;
        if (occur > most) {
            most = occur;
            lead = i;
        }
    }
    return lead;
}

/* Numbers the marginals of a source; all but the likeliest symbol of each class where `all` is false. */
static void number_source(union_problem *m, int offset, int symbols, bool all)
{
    const double *marginal = m->marginal + offset;
    int *unknown = m->unknown + offset, count = symbols * m->classes;
    for (int k = 0; k < count; k++) unknown[k] = marginal[k] > 0 ? 0 : -1;
    for (int y = 0; y < m->classes && !all; y++) {
        int likeliest = y;
        for (int k = y; k < count; k += m->classes)
            if (marginal[k] > marginal[likeliest]) likeliest = k;
        unknown[likeliest] = -1;
    }
    for (int k = 0; k < count; k++)
        if (unknown[k] == 0) unknown[k] = m->unknowns++;
}

/* The entries of the cell x behind those so far; how many. Counts alone while there is no room for them. */
static int add_cell(const table *t, union_problem *m, const int *x)
{
    int found = 0;
    for (int y = 0; y < t->classes; y++) {
        int price[SOURCES_MAX], offset = 0;
        bool allowed = true;
        for (int i = 0; i < t->sources; i++) {
            price[i] = offset + x[i] * t->classes + y;
            offset += t->symbols[i] * t->classes;
            allowed = allowed && m->marginal[price[i]] > 0;
        }
        if (!allowed) continue;
        if (m->price)
            memcpy(m->price + (m->entries + found) * t->sources, price, (size_t)t->sources * sizeof *price);
        found++;
    }
    return found;
}

/* Every combination of symbols that some class allows: counted in the first call, written down in the second. */
static void find_cells(const table *t, union_problem *m, int lead)
{
    int x[SOURCES_MAX] = { 0 };
    m->cells = m->entries = 0;
    for (;;) {
        int found = add_cell(t, m, x);
        if (found > 0 && m->start) {
            m->start[m->cells + 1] = m->entries + found;
            m->lead[m->cells] = x[lead];
        }
        m->entries += found;
        m->cells += found > 0;
        int i = t->sources - 1;
        while (i >= 0 && ++x[i] == t->symbols[i]) x[i--] = 0;
        if (i < 0) break;
    }
}

static status check_size(const table *t)
{
    int64_t additions = (int64_t)t->classes * t->sources * t->sources;
    if (additions <= ADDITIONS_MAX) additions *= t->classes;
    for (int i = 0; i < t->sources && additions <= ADDITIONS_MAX; i++) additions *= t->symbols[i];
    if (additions <= ADDITIONS_MAX) return OK;
    return failure(BAD_INPUT,
                   "union information: a table of %d sources and %d classes has too many combinations of "
                   "symbols: times the "
                   "squares of both numbers they may be %d at the most",
                   t->sources, t->classes, ADDITIONS_MAX);
}

status union_problem_make(const table *t, union_problem *out)
{
    status result = OK;
    union_problem *m = out;
    *m = (union_problem){ .sources = t->sources, .classes = t->classes };
    TRY(check_size(t));
    m->prices = offset_of(t, t->sources);
    m->marginal = calloc((size_t)m->prices, sizeof *m->marginal);
    m->unknown = calloc((size_t)m->prices, sizeof *m->unknown);
    CHECK(m->marginal && m->unknown, NO_MEMORY, "no memory for %d marginals", m->prices);
    find_marginals(t, m->marginal);
    int lead = leading_source(t, m->marginal);
    m->leads = t->symbols[lead];
    m->lead_price = offset_of(t, lead);
    number_source(m, m->lead_price, m->leads, true);
    for (int i = 0; i < t->sources; i++)
        if (i != lead) number_source(m, offset_of(t, i), t->symbols[i], false);
    CHECK(m->unknowns <= EQUATIONS_MAX, BAD_INPUT,
          "union information: the table has %d independent marginals p(x_i, y); it is found for up to %d",
          m->unknowns, EQUATIONS_MAX);

    find_cells(t, m, lead);
    m->start = calloc((size_t)m->cells + 1, sizeof *m->start);
    m->lead = calloc((size_t)m->cells, sizeof *m->lead);
    m->price = calloc((size_t)m->entries * (size_t)m->sources, sizeof *m->price);
    CHECK(m->start && m->lead && m->price, NO_MEMORY, "no memory for %d outcomes", m->entries);
    find_cells(t, m, lead);
done:
    if (result != OK) union_problem_free(m);
    return result;
}

void union_problem_free(union_problem *m)
{
    free(m->marginal);
    free(m->unknown);
    free(m->start);
    free(m->lead);
    free(m->price);
    *m = (union_problem){ 0 };
}

void union_problem_sums(const union_problem *m, const double *q, double *sum)
{
    memset(sum, 0, (size_t)m->prices * sizeof *sum);
    for (int e = 0; e < m->entries; e++)
        for (int i = 0; i < m->sources; i++) sum[m->price[e * m->sources + i]] += q[e];
}
