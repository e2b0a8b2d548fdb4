/* How fast classical estimates of information are, on one core: beside a peer's times where there are some, and how they grow with
 * the number of samples. Samples are normal: every column of x correlates with one of y. The fastest round counts, in processor time,
 * so that others on the machine disturb less; a peer's seconds are of a machine like this one.
 * Argument: a part of a line's name; all of them without. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "information.h"
#include "numerics/drawn_normal.h"
#include "numerics/neighbours_parts.h"

enum { NEIGHBOURS = 5, ROUNDS = 5, GROWTH_ROUNDS = 2 };

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What is measured: x and y (count, n) and both side by side, xy (count, 2 n). */
typedef struct task {
    drawn_pairs pairs;
    double *xy;
    int n;
    int64_t count;
    ksg_structure *structure;
    int32_t *order; /* a permutation */
} task;

static void need(status s)
{
    if (s == OK) return;
    fprintf(stderr, "%s\n", failure_text());
    exit(2);
}

static task make_task(int n, int64_t count)
{
    task t = {
        draw_pairs(1, count, n, n, .8), NULL, n, count, NULL, malloc((size_t)count * sizeof(int32_t))
    };
    t.xy = malloc((size_t)count * 2 * (size_t)n * sizeof(double));
    if (!t.xy || !t.order) abort();
    for (int64_t i = 0; i < count; i++)
        for (int d = 0; d < n; d++) {
            t.xy[i * 2 * n + d] = t.pairs.x[i * n + d];
            t.xy[i * 2 * n + n + d] = t.pairs.y[i * n + d];
        }
    need(ksg_structure_make(t.pairs.x, n, t.pairs.y, n, count, &t.structure));
    random_permutation((random_key){ .purpose = RANDOM_TARGET }, count, t.order);
    return t;
}

static void free_task(task t)
{
    free_pairs(t.pairs);
    free(t.xy);
    free(t.order);
    ksg_structure_free(t.structure);
}

/* ---- estimates ---------------------------------------------------------------------------------------------- */

static void neighbours_of(const double *samples, int dimensions, const task *t)
{
    double weight[NEIGHBOURS], norm;
    estimate e;
    need(entropy_weights(WEIGHTS_CODE, NEIGHBOURS, dimensions, weight, &norm));
    need(entropy_neighbours(samples, t->count, dimensions, weight, NEIGHBOURS, &e));
}

/* h(X) + h(Y) - h(X, Y) by Kozachenko and Leonenko, as the peer weights neighbours */
static void by_neighbours(const task *t)
{
    neighbours_of(t->pairs.x, t->n, t);
    neighbours_of(t->pairs.y, t->n, t);
    neighbours_of(t->xy, 2 * t->n, t);
}

static void by_ksg(const task *t)
{
    estimate e;
    need(information_ksg(1, 3, t->pairs.x, t->n, t->pairs.y, t->n, t->count, &e));
}

static void by_ksg_permuted(const task *t)
{
    estimate e;
    need(information_ksg_permuted(t->structure, 1, 3, t->order, &e));
}

/* Structure and all, of a y that is permuted already: what the null would cost without one. */
static void by_ksg_permuted_anew(const task *t)
{
    ksg_structure *s = NULL;
    estimate e;
    need(ksg_structure_make(t->pairs.x, t->n, t->pairs.y, t->n, t->count, &s));
    need(information_ksg_permuted(s, 1, 3, t->order, &e));
    ksg_structure_free(s);
}

static void search(const task *t, bool tree)
{
    neighbours *n = NULL;
    double *distance = malloc((size_t)t->count * NEIGHBOURS * sizeof *distance);
    if (!distance) abort();
    need(neighbours_make_so((neighbours_way){ tree, panel_kernels_best() }, t->xy, t->count, 2 * t->n,
                            NORM_EUCLID, &n));
    need(neighbours_nearest(n, NEIGHBOURS, distance, NULL));
    neighbours_free(n);
    free(distance);
}

static void by_tree(const task *t)
{
    search(t, true);
}

static void by_blocks(const task *t)
{
    search(t, false);
}

/* ---- measuring ---------------------------------------------------------------------------------------------- */

static double measure(void (*run)(const task *), int n, int64_t count, int rounds)
{
    task t = make_task(n, count);
    double best = 0;
    for (int round = 0; round < rounds; round++) {
        double start = processor_seconds();
        run(&t);
        double seconds = processor_seconds() - start;
        if (round == 0 || seconds < best) best = seconds;
    }
    free_task(t);
    return best;
}

/* One line each; the peer is Information-v3, whose trees are scikit-learn's. */
static const struct {
    const char *name;
    void (*run)(const task *);
    int n;
    int64_t count;
    double peer; /* seconds; 0: none known */
} lines[] = {
    { "information, Kozachenko-Leonenko", by_neighbours, 2, 5000, 0.27 },
    { "information, Kozachenko-Leonenko", by_neighbours, 4, 5000, 0.67 },
    { "information, Kraskov", by_ksg, 1, 10000, 0 },
    { "information, Kraskov", by_ksg, 3, 10000, 0 },
    { "information, Kraskov, permuted", by_ksg_permuted, 3, 10000, 0 },
    { "information, Kraskov, permuted, anew", by_ksg_permuted_anew, 3, 10000, 0 },
};

static void print_lines(const char *part)
{
    printf("%-38s %6s %8s %9s %9s %8s\n", "estimate", "x + y", "samples", "seconds", "peer", "ratio");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(lines[i].name, part)) continue;
        double seconds = measure(lines[i].run, lines[i].n, lines[i].count, ROUNDS);
        printf("%-38s  %d + %d %8d %9.4f", lines[i].name, lines[i].n, lines[i].n, (int)lines[i].count,
               seconds);
        if (lines[i].peer > 0) printf(" %9.2f %7.1fx", lines[i].peer, lines[i].peer / seconds);
        printf("\n");
        fflush(stdout);
    }
}

/* Microseconds per sample, of which a tree's grow slowly with the count; where blocks overtake it. */
static void print_growth(const char *part)
{
    static const int64_t counts[] = { 2500, 10000, 40000 };
    static const int halves[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    if (!strstr("search, growth", part)) return;
    printf("\n5 nearest neighbours, microseconds per sample: tree / blocks\n%10s", "dimensions");
    for (int c = 0; c < 3; c++) printf(" %8d samples", (int)counts[c]);
    printf("\n");
    for (size_t h = 0; h < sizeof halves / sizeof halves[0]; h++) {
        printf("%10d", 2 * halves[h]);
        for (int c = 0; c < 3; c++) {
            double scale = 1e6 / (double)counts[c];
            printf(" %7.2f", scale * measure(by_tree, halves[h], counts[c], GROWTH_ROUNDS));
            if (counts[c] <= 10000)
                printf(" /%6.2f", scale * measure(by_blocks, halves[h], counts[c], GROWTH_ROUNDS));
            else
                printf("        ");
            fflush(stdout);
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    const char *part = argc > 1 ? argv[1] : "";
    print_lines(part);
    print_growth(part);
    return 0;
}
