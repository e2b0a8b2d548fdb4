/* How fast classical estimates of information are, on one core: beside a peer's times where there are some, what sums of kernels reach
 * of a core's limit, and how times grow with the number of samples. Samples are normal: every column of x correlates with one of y.
 * The fastest round counts, in processor time, so that others on the machine disturb less; a peer's seconds are of a machine like this
 * one.
 * Argument: a part of a line's name; all of them without. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/product.h"
#include "information.h"
#include "numerics/drawn_normal.h"
#include "numerics/kernel_sums.h"
#include "numerics/neighbours_parts.h"

enum { NEIGHBOURS = 5, ROUNDS = 5, GROWTH_ROUNDS = 2 };

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

/* h(X) + h(Y) - h(X, Y) at the bandwidth that is best for both, as the peer does it */
static void by_kernels(const task *t, bandwidth_rule rule)
{
    double bandwidth;
    estimate e;
    need(kernel_bandwidth(t->xy, t->count, 2 * t->n, rule, &bandwidth));
    need(entropy_kernel(t->pairs.x, t->count, t->n, bandwidth, &e));
    need(entropy_kernel(t->pairs.y, t->count, t->n, bandwidth, &e));
    need(entropy_kernel(t->xy, t->count, 2 * t->n, bandwidth, &e));
}

static void by_kernels_likelihood(const task *t)
{
    by_kernels(t, BANDWIDTH_LIKELIHOOD);
}

static void by_kernels_squares(const task *t)
{
    by_kernels(t, BANDWIDTH_SQUARES);
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
    { "information, kernels, likelihood", by_kernels_likelihood, 2, 5000, 60 },
    { "information, kernels, likelihood", by_kernels_likelihood, 4, 5000, 103 },
    { "information, kernels, squares", by_kernels_squares, 2, 5000, 0 },
    { "information, kernels, squares", by_kernels_squares, 4, 5000, 0 },
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

/* ---- kernels ------------------------------------------------------------------------------------------------ */

/* Additions, multiplications and comparisons of a squared difference and of a kernel that is added to two sums. Doubles that are not
 * fused reach a quarter of the arithmetic of SGEMM, at best. */
enum { OF_DIFFERENCE = 3, OF_KERNEL = 26 };

/* Sums of all kernels at the rates of a whole grid: fastest of the rounds, which take turns with the product. */
static double measure_sums(int dimensions, int64_t count, int rates, product *p)
{
    static const double bandwidths[RATES_MOST] = { 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9 };
    drawn_pairs drawn = draw_pairs(1, count, dimensions, dimensions, 0);
    kernel_sums *k = NULL;
    double best = 0, *log_sum = malloc((size_t)count * RATES_MOST * sizeof *log_sum);
    if (!log_sum) abort();
    need(kernel_sums_make(drawn.x, count, dimensions, 1, &k));
    for (int round = 0; round < ROUNDS; round++) {
        product_measure(p);
        double start = processor_seconds();
        need(kernel_log_sums(k, bandwidths, rates, log_sum));
        double seconds = processor_seconds() - start;
        if (round == 0 || seconds < best) best = seconds;
    }
    kernel_sums_free(k);
    free_pairs(drawn);
    free(log_sum);
    return best;
}

static void print_kernels(const char *part)
{
    static const int dimensions[] = { 1, 2, 4, 8, 32 }, rates[] = { 1, RATES_MOST };
    enum { SAMPLES = 5000 };
    if (!strstr("kernels, limit", part)) return;
    product p = product_make();
    printf("\nsums of kernels of %d samples, by the set %s\n%10s %10s %9s %14s %9s %9s\n", SAMPLES,
           panel_kernels_best()->name, "dimensions", "bandwidths", "seconds", "kernels/ns", "GFLOP/s",
           "of SGEMM");
    for (size_t d = 0; d < sizeof dimensions / sizeof dimensions[0]; d++)
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
            double seconds = measure_sums(dimensions[d], SAMPLES, rates[r], &p);
            double pairs = 0.5 * SAMPLES * (SAMPLES - 1);
            double speed = pairs * (dimensions[d] * OF_DIFFERENCE + rates[r] * OF_KERNEL) / seconds;
            printf("%10d %10d %9.4f %14.2f %9.1f %7.1f %%\n", dimensions[d], rates[r], seconds,
                   1e-9 * pairs * rates[r] / seconds, 1e-9 * speed, 100 * speed / product_peak(&p));
            fflush(stdout);
        }
    product_free(&p);
}

/* Times the square of the count, until a bandwidth's search takes another step. */
static void print_kernel_growth(const char *part)
{
    static const int64_t counts[] = { 1250, 2500, 5000, 10000, 20000 };
    if (!strstr("kernels, growth", part)) return;
    printf("\nkernels, likelihood, seconds: samples, 2 + 2, 4 + 4\n");
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++)
        printf("%10d %9.4f %9.4f\n", (int)counts[c],
               measure(by_kernels_likelihood, 2, counts[c], GROWTH_ROUNDS),
               measure(by_kernels_likelihood, 4, counts[c], GROWTH_ROUNDS));
}

int main(int argc, char **argv)
{
    const char *part = argc > 1 ? argv[1] : "";
    product_name_core(argv);
    print_lines(part);
    print_kernels(part);
    print_kernel_growth(part);
    print_growth(part);
    return 0;
}
