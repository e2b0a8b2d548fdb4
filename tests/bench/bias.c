/* How far estimates of differential entropy are from the truth, against the number of samples: nats, mean over five draws. Where the
 * bias exceeds three standard errors of one draw, a star stands beside it: there a confidence interval from the spread alone is wrong. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pair_draw.h"
#include "information.h"
#include "numerics/digamma.h"

enum {
    DRAWS = 10,
    DIMENSIONS_MAX = 8,
    COUNT_MAX = 20000,
    FREEDOM = 5,
    NEIGHBOURS = 5,
    KERNEL_COUNT_MAX = 5000
};
static double samples[COUNT_MAX * DIMENSIONS_MAX];

static void need(status s)
{
    if (s == OK) return;
    fprintf(stderr, "%s\n", failure_text());
    exit(2);
}

/* ---- distributions --------------------------------------------------------------------------------------------------- */

typedef struct distribution {
    const char *name;
    void (*draw)(uint64_t seed, int count, int d);
    double (*entropy)(int d);
} distribution;

static void normal(uint64_t seed, int count, int d)
{
    draw_normal((random_key){ .seed = seed, .purpose = RANDOM_DATA }, 0, count * d, samples);
}

static double normal_entropy(int d)
{
    return 0.5 * d * (1 + log(2 * acos(-1)));
}

static void uniform(uint64_t seed, int count, int d)
{
    draw_uniform((random_key){ .seed = seed, .purpose = RANDOM_DATA }, 0, count * d, samples);
}

static double uniform_entropy(int d)
{
    (void)d;
    return 0;
}

static void student(uint64_t seed, int count, int d)
{
    const random_key key = { .seed = seed, .purpose = RANDOM_NOISE };
    normal(seed, count, d);
    for (int i = 0; i < count; i++) {
        double squares = 0;
        for (int f = 0; f < FREEDOM; f++) {
            const double x = random_normal(key, (uint64_t)(i * FREEDOM + f));
            squares += x * x / FREEDOM;
        }
        for (int k = 0; k < d; k++) samples[i * d + k] /= sqrt(squares);
    }
}

static double student_entropy(int d)
{
    const double a = 0.5 * (FREEDOM + d), b = 0.5 * FREEDOM;
    return lgamma(b) - lgamma(a) + 0.5 * d * log(FREEDOM * acos(-1)) + a * (digamma(a) - digamma(b));
}

static const distribution distributions[] = { { "normal", normal, normal_entropy },
                                              { "student 5", student, student_entropy },
                                              { "uniform", uniform, uniform_entropy } };

/* ---- estimates ------------------------------------------------------------------------------------------------------- */

static estimate by_weights(weighting rule, int count, int d)
{
    double weight[NEIGHBOURS], norm;
    estimate e;
    need(entropy_weights(rule, NEIGHBOURS, d, weight, &norm));
    need(entropy_neighbours(samples, count, d, weight, NEIGHBOURS, &e));
    return e;
}

static estimate nearest(int count, int d)
{
    return by_weights(WEIGHTS_NEAREST, count, d);
}

static estimate weighted(int count, int d)
{
    return by_weights(WEIGHTS_FORMULA, count, d);
}

static estimate kernels(int count, int d)
{
    double bandwidth;
    estimate e = { NAN, NAN };
    if (count > KERNEL_COUNT_MAX) return e; /* minutes */
    need(kernel_bandwidth(samples, count, d, BANDWIDTH_LIKELIHOOD, &bandwidth));
    need(entropy_kernel(samples, count, d, bandwidth, &e));
    return e;
}

static void print_bias(const distribution *p, estimate (*of)(int, int), int count, int d)
{
    double mean = 0, error = 0;
    for (int s = 0; s < DRAWS; s++) {
        p->draw((uint64_t)s, count, d);
        const estimate e = of(count, d);
        mean += (e.nats - p->entropy(d)) / DRAWS;
        error += e.error / DRAWS;
    }
    if (isnan(mean))
        printf("         —");
    else
        printf(" %+8.3f%c", mean, fabs(mean) > 3 * error ? '*' : ' ');
}

int main(void)
{
    static const int dimensions[] = { 1, 2, 4, 8 }, counts[] = { 1000, 5000, 20000 };
    printf("bias of entropies, nats (* more than 3 standard errors of one draw)\n");
    printf("               d       N   nearest  weighted  kernels\n");
    for (size_t p = 0; p < sizeof distributions / sizeof distributions[0]; p++)
        for (size_t k = 0; k < sizeof dimensions / sizeof dimensions[0]; k++)
            for (size_t n = 0; n < sizeof counts / sizeof counts[0]; n++) {
                printf("  %-10s %4d %7d", distributions[p].name, dimensions[k], counts[n]);
                print_bias(&distributions[p], nearest, counts[n], dimensions[k]);
                print_bias(&distributions[p], weighted, counts[n], dimensions[k]);
                print_bias(&distributions[p], kernels, counts[n], dimensions[k]);
                printf("\n");
                fflush(stdout);
            }
    return 0;
}
