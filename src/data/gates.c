#include "data/gates.h"

#include <string.h>

enum { OUTCOMES_MAX = 32, GATE_SOURCES = 2 };

/* An outcome and its share of the probability. The number of x1 and x2 is also what enters as a scalar. */
typedef struct outcome_share {
    int x1, x2, y, share;
} outcome_share;

typedef struct gate {
    const char *name;
    outcome_share row[OUTCOMES_MAX]; /* ends where the share is 0 */
} gate;

/* Kleinman et al. 2021, Table 1, and Griffith and Koch 2014 for those not named otherwise. Numbers as the authors of the
 * former feed them to the network: one scalar per source. */
static const gate gates[] = {
    { "xor", { { 0, 0, 0, 1 }, { 0, 1, 1, 1 }, { 1, 0, 1, 1 }, { 1, 1, 0, 1 } } },
    { "and", { { 0, 0, 0, 1 }, { 0, 1, 0, 1 }, { 1, 0, 0, 1 }, { 1, 1, 1, 1 } } },
    { "or", { { 0, 0, 0, 1 }, { 0, 1, 1, 1 }, { 1, 0, 1, 1 }, { 1, 1, 1, 1 } } },
    /* y = 2 x1 + x2 */
    { "unq", { { 0, 0, 0, 1 }, { 0, 1, 1, 1 }, { 1, 0, 2, 1 }, { 1, 1, 3, 1 } } },
    { "rdn", { { 0, 0, 0, 1 }, { 1, 1, 1, 1 } } },
    /* a shared bit r beside an exclusive or: x = bit + 2 r, y = (bit1 xor bit2) + 2 r */
    { "rdnxor",
      { { 0, 0, 0, 1 },
        { 0, 1, 1, 1 },
        { 1, 0, 1, 1 },
        { 1, 1, 0, 1 },
        { 2, 2, 2, 1 },
        { 2, 3, 3, 1 },
        { 3, 2, 3, 1 },
        { 3, 3, 2, 1 } } },
    /* y = x1, and x2 is a copy that reads 1 for two in a thousand zeros */
    { "imperfectrdn", { { 0, 0, 0, 499 }, { 0, 1, 0, 1 }, { 1, 1, 1, 500 } } },
    /* a shared bit r, a bit u of each source alone and an exclusive or of bits a: x = 4 r + 2 u + a,
     * y = 8 r + 4 u1 + 2 u2 + (a1 xor a2) */
    { "rdnunqxor",
      { { 0, 0, 0, 1 },  { 0, 1, 1, 1 },  { 0, 2, 2, 1 },  { 0, 3, 3, 1 },  { 1, 0, 1, 1 },  { 1, 1, 0, 1 },
        { 1, 2, 3, 1 },  { 1, 3, 2, 1 },  { 2, 0, 4, 1 },  { 2, 1, 5, 1 },  { 2, 2, 6, 1 },  { 2, 3, 7, 1 },
        { 3, 0, 5, 1 },  { 3, 1, 4, 1 },  { 3, 2, 7, 1 },  { 3, 3, 6, 1 },  { 4, 4, 8, 1 },  { 4, 5, 9, 1 },
        { 4, 6, 10, 1 }, { 4, 7, 11, 1 }, { 5, 4, 9, 1 },  { 5, 5, 8, 1 },  { 5, 6, 11, 1 }, { 5, 7, 10, 1 },
        { 6, 4, 12, 1 }, { 6, 5, 13, 1 }, { 6, 6, 14, 1 }, { 6, 7, 15, 1 }, { 7, 4, 13, 1 }, { 7, 5, 12, 1 },
        { 7, 6, 15, 1 }, { 7, 7, 14, 1 } } },
    /* y = x1 + x2 */
    { "sum", { { 0, 0, 0, 1 }, { 0, 1, 1, 1 }, { 1, 0, 1, 1 }, { 1, 1, 2, 1 } } },
    /* James and Crutchfield 2017, Table 1, with the third variable as the target. Dyadic: each two of the three share one
     * bit. Triadic: a bit that all three share beside a parity of three. No entropy of theirs tells the two apart. */
    { "dyadic",
      { { 0, 0, 0, 1 },
        { 0, 2, 1, 1 },
        { 1, 0, 2, 1 },
        { 1, 2, 3, 1 },
        { 2, 1, 0, 1 },
        { 2, 3, 1, 1 },
        { 3, 1, 2, 1 },
        { 3, 3, 3, 1 } } },
    { "triadic",
      { { 0, 0, 0, 1 },
        { 1, 1, 1, 1 },
        { 0, 2, 2, 1 },
        { 1, 3, 3, 1 },
        { 2, 0, 2, 1 },
        { 3, 1, 3, 1 },
        { 2, 2, 0, 1 },
        { 3, 3, 1, 1 } } },
    /* The four that follow tell measures of redundancy apart. In this one each source is 1 under one value of y alone. */
    { "diff", { { 0, 0, 0, 1 }, { 0, 0, 1, 1 }, { 0, 1, 0, 1 }, { 1, 0, 1, 1 } } },
    /* Ince 2017: an or of sources that are never both 1 */
    { "reducedor", { { 0, 0, 0, 2 }, { 0, 1, 1, 1 }, { 1, 0, 1, 1 } } },
    /* Finn and Lizier 2018, pointwise unique: either source, never both, reads y + 1 */
    { "pntunq", { { 0, 1, 0, 1 }, { 1, 0, 0, 1 }, { 0, 2, 1, 1 }, { 2, 0, 1, 1 } } },
    /* a shared bit r beside an and: x = bit + 2 r, y = (bit1 and bit2) + 2 r */
    { "gband",
      { { 0, 0, 0, 1 },
        { 0, 1, 0, 1 },
        { 1, 0, 0, 1 },
        { 1, 1, 1, 1 },
        { 2, 2, 2, 1 },
        { 2, 3, 2, 1 },
        { 3, 2, 2, 1 },
        { 3, 3, 3, 1 } } },
};

/* The numbers of each column run from 0 without a gap, so they are the symbols themselves. */
static status gate_fill(const gate *g, table **out)
{
    status result = OK;
    int symbols[GATE_SOURCES] = { 0 }, classes = 0, rows = 0, shares = 0;
    for (; rows < OUTCOMES_MAX && g->row[rows].share > 0; rows++) {
        const outcome_share *r = &g->row[rows];
        if (r->x1 >= symbols[0]) symbols[0] = r->x1 + 1;
        if (r->x2 >= symbols[1]) symbols[1] = r->x2 + 1;
        if (r->y >= classes) classes = r->y + 1;
        shares += r->share;
    }
    table *t;
    TRY(table_make(GATE_SOURCES, symbols, classes, rows, &t));
    for (int r = 0; r < rows; r++) {
        t->symbol[GATE_SOURCES * r] = g->row[r].x1;
        t->symbol[GATE_SOURCES * r + 1] = g->row[r].x2;
        t->y[r] = g->row[r].y;
        t->p[r] = (double)g->row[r].share / shares;
    }
    for (int i = 0; i < GATE_SOURCES; i++)
        for (int k = 0; k < symbols[i]; k++) t->value[i][k] = k;
    *out = t;
done:
    return result;
}

status gate_table(const char *name, table **out)
{
    enum { COUNT = sizeof gates / sizeof gates[0] };
    const char *known[COUNT];
    for (int i = 0; i < COUNT; i++) {
        if (strcmp(gates[i].name, name) == 0) return gate_fill(&gates[i], out);
        known[i] = gates[i].name;
    }
    const char *near = option_suggest(name, known, COUNT);
    if (near)
        return failure(BAD_INPUT, "data.gate: there is no gate \"%s\"; did you mean \"%s\"?", name, near);
    return failure(BAD_INPUT, "data.gate: there is no gate \"%s\"; right would be one of %s or file:PATH",
                   name, GATE_NAMES);
}
