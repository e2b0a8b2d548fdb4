#include <math.h>
#include <stdlib.h>

#include "exact.h"

/* A row of the table as seen through some function g of its sources: what g says, the class, the probability. */
typedef struct outcome_view {
    int key[SOURCES_MAX];
    int y;
    double p;
} outcome_view;

static int by_key(const outcome_view *a, const outcome_view *b)
{
    for (int i = 0; i < SOURCES_MAX; i++)
        if (a->key[i] != b->key[i]) return a->key[i] < b->key[i] ? -1 : 1;
    return 0;
}

static int by_key_and_class(const void *a, const void *b)
{
    const outcome_view *left = a, *right = b;
    int order = by_key(left, right);
    return order != 0 ? order : (left->y > right->y) - (left->y < right->y);
}

/* H(Y | g) in bits: - sum over (g, y) of p(g, y) log2 p(y | g). Sorts the rows. */
static double conditional_entropy_bits(outcome_view *rows, int count)
{
    double entropy = 0;
    qsort(rows, (size_t)count, sizeof *rows, by_key_and_class);
    for (int first = 0, end; first < count; first = end) {
        double whole = 0;
        for (end = first; end < count && by_key(&rows[first], &rows[end]) == 0; end++) whole += rows[end].p;
        for (int r = first; r < end;) {
            int y = rows[r].y;
            double part = 0;
            for (; r < end && rows[r].y == y; r++) part += rows[r].p;
            entropy -= part * log2(part / whole);
        }
    }
    return entropy;
}

/* The rows of the table as seen through the sources in the set `sources`; NULL for want of memory. */
static outcome_view *view_make(const table *t, unsigned sources)
{
    outcome_view *rows = calloc((size_t)t->rows, sizeof *rows);
    for (int r = 0; rows && r < t->rows; r++) {
        for (int i = 0; i < t->sources; i++)
            if (sources & 1U << i) rows[r].key[i] = t->symbol[r * t->sources + i];
        rows[r].y = t->y[r];
        rows[r].p = t->p[r];
    }
    return rows;
}

static double entropy_given_bits(const table *t, unsigned sources)
{
    outcome_view *rows = view_make(t, sources);
    double entropy = rows ? conditional_entropy_bits(rows, t->rows) : NAN;
    free(rows);
    return entropy;
}

double table_target_entropy_bits(const table *t)
{
    return entropy_given_bits(t, 0);
}

double table_information_bits(const table *t, unsigned sources)
{
    return entropy_given_bits(t, 0) - entropy_given_bits(t, sources);
}

/* The root of an element's component; halves the path on the way. */
static int root_of(int *parent, int element)
{
    while (parent[element] != element) {
        parent[element] = parent[parent[element]];
        element = parent[element];
    }
    return element;
}

double table_wedge_bits(const table *t)
{
    int nodes = 0, first[SOURCES_MAX] = { 0 }; /* a node per symbol of each source */
    for (int i = 0; i < t->sources; i++) {
        first[i] = nodes;
        nodes += t->symbols[i];
    }
    double information = NAN;
    int *parent = malloc((size_t)nodes * sizeof *parent);
    outcome_view *rows = view_make(t, 0);
    if (parent == NULL || rows == NULL) goto done;

    for (int k = 0; k < nodes; k++) parent[k] = k;
    for (int r = 0; r < t->rows; r++) {
        int root = root_of(parent, first[0] + t->symbol[r * t->sources]);
        for (int i = 1; i < t->sources; i++)
            parent[root_of(parent, first[i] + t->symbol[r * t->sources + i])] = root;
    }
    for (int r = 0; r < t->rows; r++) rows[r].key[0] = root_of(parent, t->symbol[r * t->sources]);
    information = entropy_given_bits(t, 0) - conditional_entropy_bits(rows, t->rows);
done:
    free(parent);
    free(rows);
    return information;
}
