/* Tables for tests: random ones, and what relabelling does to one. */
#ifndef TABLES_H
#define TABLES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "random.h"

/* A random table of full alphabets: a share of the outcomes occurs at all, with probabilities that differ widely. */
static inline table *random_table(int sources, int symbols, int classes, uint64_t seed)
{
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    int alphabet[SOURCES_MAX], outcomes = classes, rows = 0;
    for (int i = 0; i < sources; i++) {
        alphabet[i] = symbols;
        outcomes *= symbols;
    }
    for (int k = 0; k < outcomes; k++) rows += random_uniform(key, 2 * (uint64_t)k) < 0.6;
    table *t = NULL;
    if (rows == 0 || table_make(sources, alphabet, classes, rows, &t) != OK) abort();
    double sum = 0;
    for (int k = 0, r = 0; k < outcomes; k++) {
        if (random_uniform(key, 2 * (uint64_t)k) >= 0.6) continue;
        int rest = k;
        for (int i = 0; i < sources; i++, rest /= symbols) t->symbol[r * sources + i] = rest % symbols;
        t->y[r] = rest;
        double u = random_uniform(key, 2 * (uint64_t)k + 1);
        sum += t->p[r++] = u * u * u;
    }
    for (int r = 0; r < rows; r++) t->p[r] /= sum;
    return t;
}

/* A random table of alphabets of any sizes; probabilities are powers of 10 down to 10^-orders, before they are made to sum to 1. */
static inline table *wide_table(int sources, const int *symbols, int classes, double orders, uint64_t seed)
{
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    int outcomes = classes;
    for (int i = 0; i < sources; i++) outcomes *= symbols[i];
    table *t = NULL;
    if (table_make(sources, symbols, classes, outcomes, &t) != OK) abort();
    double sum = 0;
    int rows = 0;
    for (int k = 0; k < outcomes; k++) {
        if (k > 0 && random_uniform(key, 2 * (uint64_t)k) < 0.3) continue;
        int rest = k;
        for (int i = 0; i < sources; i++) {
            t->symbol[rows * sources + i] = rest % symbols[i];
            rest /= symbols[i];
        }
        t->y[rows] = rest;
        sum += t->p[rows++] = pow(10, -orders * random_uniform(key, 2 * (uint64_t)k + 1));
    }
    t->rows = rows;
    for (int r = 0; r < rows; r++) t->p[r] /= sum;
    return t;
}

/* A table whose source i is source from[i] of another, rows that become alike being one. */
static inline table *with_sources(const table *t, int sources, const int *from)
{
    int symbols[SOURCES_MAX], rows = 0;
    table *made = NULL;
    for (int i = 0; i < sources; i++) symbols[i] = t->symbols[from[i]];
    if (table_make(sources, symbols, t->classes, t->rows, &made) != OK) abort();
    for (int r = 0; r < t->rows; r++) {
        int *symbol = made->symbol + rows * sources, same = 0;
        for (int i = 0; i < sources; i++) symbol[i] = t->symbol[r * t->sources + from[i]];
        while (same < rows && (made->y[same] != t->y[r] || memcmp(made->symbol + same * sources, symbol,
                                                                  (size_t)sources * sizeof *symbol) != 0))
            same++;
        made->y[same] = t->y[r];
        made->p[same] += t->p[r];
        rows += same == rows;
    }
    made->rows = rows;
    return made;
}

/* The same distribution with symbols and classes numbered backwards, and the rows in reverse. */
static inline table *relabelled(const table *t)
{
    table *made = NULL;
    if (table_make(t->sources, t->symbols, t->classes, t->rows, &made) != OK) abort();
    for (int r = 0; r < t->rows; r++) {
        int from = t->rows - 1 - r;
        for (int i = 0; i < t->sources; i++)
            made->symbol[r * t->sources + i] = t->symbols[i] - 1 - t->symbol[from * t->sources + i];
        made->y[r] = t->classes - 1 - t->y[from];
        made->p[r] = t->p[from];
    }
    return made;
}

#endif
