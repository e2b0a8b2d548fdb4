/* The distribution of the latent symbols of simulated sessions. */
#include <stdlib.h>

#include "data/simulation.h"

/* p(s | z) of an area: the symbol as it is, or, with the probability of a loss, any of the session's. */
static double reads(double loss, symbol_range symbols, int symbol, int latent)
{
    return (symbol == latent ? 1 - loss : 0) + loss / symbols.count;
}

/* p(z | y) */
static double shows(const simulated_code *c, int latent, int y)
{
    symbol_range shown = code_shown(c, y);
    return latent >= shown.first && latent < shown.first + shown.count ? 1.0 / shown.count : 0;
}

typedef struct sources {
    simulated_code code[2];
    symbol_range symbols[2];
    double loss[2];
    bool same_trials, same_area;
} sources;

/* p(s | y) of one source */
static double marginal(const sources *q, int side, int symbol, int y)
{
    double sum = 0;
    symbol_range of = q->symbols[side];
    for (int z = of.first; z < of.first + of.count; z++)
        sum += shows(&q->code[side], z, y) * reads(q->loss[side], of, symbol, z);
    return sum;
}

/* p(s1, s2 | y) */
static double joint(const sources *q, int first, int second, int y)
{
    double sum = 0;
    symbol_range of = q->symbols[0];
    if (!q->same_trials) return marginal(q, 0, first, y) * marginal(q, 1, second, y);
    if (q->same_area) return first == second ? marginal(q, 0, first, y) : 0;
    for (int z = of.first; z < of.first + of.count; z++)
        sum += shows(&q->code[0], z, y) * reads(q->loss[0], of, first, z) * reads(q->loss[1], of, second, z);
    return sum;
}

/* Visits all symbols of both sources and all classes; puts what is possible into `t`, unless NULL, and counts it. */
static int fill(const sources *q, int classes, table *t)
{
    int row = 0;
    for (int y = 0; y < classes; y++)
        for (int a = 0; a < q->symbols[0].count; a++)
            for (int b = 0; b < q->symbols[1].count; b++) {
                double p = joint(q, q->symbols[0].first + a, q->symbols[1].first + b, y) / classes;
                if (p <= 0) continue;
                if (t) {
                    t->symbol[2 * row] = a;
                    t->symbol[2 * row + 1] = b;
                    t->y[row] = y;
                    t->p[row] = p;
                }
                row++;
            }
    return row;
}

status simulation_table(const simulation *o, const int session[2], const int place[2], bool same_trials,
                        table **out)
{
    status result = OK;
    table *t;
    sources q = { .same_trials = same_trials, .same_area = place[0] == place[1] };
    int count[2];
    for (int i = 0; i < 2; i++) {
        q.code[i] = simulated_code_of(o, session[i]);
        q.symbols[i] = code_symbols(&q.code[i]);
        q.loss[i] = place[i] == 0 ? 0 : o->area_loss;
        count[i] = q.symbols[i].count;
    }
    TRY(table_make(2, count, (int)o->classes, fill(&q, (int)o->classes, NULL), &t));
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < count[i]; k++) t->value[i][k] = q.symbols[i].first + k;
    fill(&q, (int)o->classes, t);
    *out = t;
done:
    return result;
}
