/* Synergies of a table that have a closed form. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decomposition.h"
#include "exact.h"

static const double BITS_PER_NAT = 1.4426950408889634; /* 1 / ln 2 */

/* A row of the table under its sources' symbols. */
typedef struct outcome {
    int x[SOURCES_MAX];
    int y;
    double p;
} outcome;

static int by_symbols(const void *a, const void *b)
{
    const outcome *left = a, *right = b;
    for (int i = 0; i < SOURCES_MAX; i++)
        if (left->x[i] != right->x[i]) return left->x[i] < right->x[i] ? -1 : 1;
    return (left->y > right->y) - (left->y < right->y);
}

static bool same_symbols(const outcome *a, const outcome *b)
{
    return memcmp(a->x, b->x, sizeof a->x) == 0;
}

/* What a decoder knows that takes the sources for independent given the class, in nats: ln p(y), and ln p(x_i | y) source by
 * source; -infinity for what never occurs. */
typedef struct decoder {
    int sources, classes;
    double *class;              /* (classes) */
    double *given[SOURCES_MAX]; /* (symbols, classes) */
    double *score;              /* (classes) room */
    outcome *row;               /* (rows) sorted by symbols */
    double *room;               /* the memory behind all but the rows */
} decoder;

static void decoder_free(decoder *d)
{
    free(d->room);
    free(d->row);
}

static void decoder_fill(const table *t, decoder *d)
{
    for (int r = 0; r < t->rows; r++) {
        outcome *to = &d->row[r];
        to->y = t->y[r];
        to->p = t->p[r];
        d->class[to->y] += to->p;
        for (int i = 0; i < t->sources; i++) {
            to->x[i] = t->symbol[r * t->sources + i];
            d->given[i][to->x[i] * t->classes + to->y] += to->p;
        }
    }
    qsort(d->row, (size_t)t->rows, sizeof *d->row, by_symbols);
    for (int y = 0; y < t->classes; y++) d->class[y] = log(d->class[y]);
    for (int i = 0; i < t->sources; i++)
        for (int k = 0; k < t->symbols[i] * t->classes; k++)
            d->given[i][k] = d->given[i][k] > 0 ? log(d->given[i][k]) - d->class[k % t->classes] : -INFINITY;
}

static status decoder_make(const table *t, decoder *out)
{
    status result = OK;
    decoder *d = out;
    *d = (decoder){ .sources = t->sources, .classes = t->classes };
    size_t classes = (size_t)t->classes, numbers = 2 * classes;
    for (int i = 0; i < t->sources; i++) numbers += (size_t)t->symbols[i] * classes;
    d->room = calloc(numbers, sizeof *d->room);
    d->row = calloc((size_t)t->rows, sizeof *d->row);
    CHECK(d->room && d->row, NO_MEMORY, "no memory for a table of %d rows", t->rows);
    d->class = d->room;
    d->score = d->class + classes;
    double *next = d->score + classes;
    for (int i = 0; i < t->sources; i++) {
        d->given[i] = next;
        next += (size_t)t->symbols[i] * classes;
    }
    decoder_fill(t, d);
done:
    if (result != OK) decoder_free(d);
    return result;
}

/* ln p_CI(y | x) for every class. */
static void decode(decoder *d, const int *x)
{
    double most = -INFINITY, sum = 0;
    for (int y = 0; y < d->classes; y++) {
        d->score[y] = d->class[y];
        for (int i = 0; i < d->sources; i++) d->score[y] += d->given[i][x[i] * d->classes + y];
        most = fmax(most, d->score[y]);
    }
    for (int y = 0; y < d->classes; y++) sum += exp(d->score[y] - most);
    for (int y = 0; y < d->classes; y++) d->score[y] -= most + log(sum);
}

status correlational_importance(const table *t, double *bits)
{
    status result = OK;
    decoder d;
    TRY(decoder_make(t, &d));
    double nats = 0;
    for (int first = 0, end; first < t->rows; first = end) {
        double whole = 0;
        for (end = first; end < t->rows && same_symbols(&d.row[first], &d.row[end]); end++)
            whole += d.row[end].p;
        decode(&d, d.row[first].x);
        for (int r = first; r < end; r++)
            nats += d.row[r].p * (log(d.row[r].p / whole) - d.score[d.row[r].y]);
    }
    *bits = fmax(0, BITS_PER_NAT * nats);
    decoder_free(&d);
done:
    return result;
}

status whole_minus_sum(const table *t, double *bits)
{
    status result = OK;
    double difference = table_information_bits(t, (1U << t->sources) - 1);
    for (int i = 0; i < t->sources; i++) difference -= table_information_bits(t, 1U << i);
    CHECK(!isnan(difference), NO_MEMORY, "no memory for a table of %d rows", t->rows);
    *bits = difference;
done:
    return result;
}
