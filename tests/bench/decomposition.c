/* How long decompositions of finite tables take on one core: BROJA of dense random tables, and each measure of all gates. The best
 * of some rounds. Wanted are half a second at 16 x 16 x 16, and a second for all measures of all gates. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "data/gates.h"
#include "decomposition.h"
#include "exact.h"
#include "random.h"

enum { ROUNDS = 5, GATES_MAX = 64 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Every outcome occurs; the probabilities are drawn evenly from all distributions. */
static status dense_table(int symbols, uint64_t seed, table **out)
{
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    int alphabet[] = { symbols, symbols }, rows = symbols * symbols * symbols;
    status result = table_make(2, alphabet, symbols, rows, out);
    if (result != OK) return result;
    table *t = *out;
    double sum = 0;
    for (int r = 0; r < rows; r++) {
        t->symbol[2 * r] = r % symbols;
        t->symbol[2 * r + 1] = r / symbols % symbols;
        t->y[r] = r / (symbols * symbols);
        sum += t->p[r] = -log(1 - random_uniform(key, (uint64_t)r));
    }
    for (int r = 0; r < rows; r++) t->p[r] /= sum;
    return OK;
}

static status bench_size(int symbols)
{
    status result = OK;
    table *t = NULL;
    union_solution u = { 0 };
    double best = INFINITY;
    TRY(dense_table(symbols, 1, &t));
    for (int k = 0; k < ROUNDS; k++) {
        double begin = now();
        TRY(union_information(t, NULL, &u));
        best = fmin(best, now() - begin);
    }
    double redundancy = table_information_bits(t, 1) + table_information_bits(t, 2) - u.bits;
    printf("BROJA %2d x %2d x %2d %10.6f s %4d steps, gap %.1e bits, redundancy %.6f bits\n", symbols,
           symbols, symbols, best, u.steps, u.gap_bits, redundancy);
done:
    table_free(t);
    return result;
}

static status of_union(const table *t)
{
    union_solution u;
    return union_information(t, NULL, &u);
}

static status of_min(const table *t)
{
    double bits;
    return redundancy_min(t, &bits);
}

static status of_gh(const table *t)
{
    ray_solution r;
    return redundancy_gh(t, NULL, &r);
}

static status of_prec(const table *t)
{
    ray_solution r;
    return redundancy_prec(t, NULL, &r);
}

static status of_importance(const table *t)
{
    double bits;
    return correlational_importance(t, &bits);
}

static status of_wedge(const table *t)
{
    return isnan(table_wedge_bits(t)) ? failure(NO_MEMORY, "no memory for a gate") : OK;
}

static status of_rine(const table *t)
{
    rine_optimum optimum;
    const double weight = 15.0 / t->classes; /* the sweeps' default beta, its mean over classes */
    return rine_optimum_solve(t, DISTANCE_L1, COUPLING_PAIRWISE, weight, &optimum);
}

static status of_whole_minus_sum(const table *t)
{
    double bits;
    return whole_minus_sum(t, &bits);
}

/* Adds the time to *all. */
static status bench_gates(const char *name, status (*measure)(const table *), table *const *gate, int count,
                          double *all)
{
    status result = OK;
    double best = INFINITY;
    for (int k = 0; k < ROUNDS; k++) {
        double begin = now();
        for (int g = 0; g < count; g++) TRY(measure(gate[g]));
        best = fmin(best, now() - begin);
    }
    printf("%-18s %10.6f s for %d gates\n", name, best, count);
    *all += best;
done:
    return result;
}

static const struct {
    const char *name;
    status (*measure)(const table *t);
    bool rays; /* asks for GLPK */
} measures[] = { { "RINE's optimum", of_rine, false }, { "I_min", of_min, false },
                 { "I_wedge", of_wedge, false },       { "I_GH", of_gh, true },
                 { "I_prec", of_prec, true },          { "union, BROJA", of_union, false },
                 { "CI", of_importance, false },       { "whole minus sum", of_whole_minus_sum, false } };
enum { MEASURES = sizeof measures / sizeof measures[0] };

/* All gates by their names, which a bar divides. */
static status make_gates(table **gate, int *count)
{
    status result = OK;
    char name[64];
    for (const char *at = GATE_NAMES; *at && *count < GATES_MAX; at += *at == '|') {
        int length = 0;
        for (; *at && *at != '|' && length < (int)sizeof name - 1; at++) name[length++] = *at;
        name[length] = '\0';
        TRY(gate_table(name, &gate[*count]));
        ++*count;
    }
done:
    return result;
}

int main(void)
{
    status result = OK;
    table *gate[GATES_MAX];
    int count = 0;
    double all = 0;
    for (int symbols = 4; symbols <= 16; symbols *= 2) TRY(bench_size(symbols));
    TRY(make_gates(gate, &count));
    for (int k = 0; k < MEASURES; k++)
        if (decomposition_has_rays() || !measures[k].rays)
            TRY(bench_gates(measures[k].name, measures[k].measure, gate, count, &all));
    printf("%-18s %10.6f s for %d gates, %.3f of the second that is wanted at most\n", "all measures", all,
           count, all);
done:
    for (int g = 0; g < count; g++) table_free(gate[g]);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    return result != OK;
}
