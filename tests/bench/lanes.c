/* How fast the lanes engine trains: each kernel set on the networks of two experiments, against the SGEMM of this core.
 *
 * A training epoch is all that an estimator does in one: shuffle, gather, forward and backward of both networks, loss,
 * optimizer. Lanes have the seeds of the sweep: canonical.yaml runs each of 5 at 3 betas, windows.yaml has 10. Only the multiply-adds that the networks need are counted. Machines are shared and clocks move, so the
 * product and one epoch of every experiment take turns, round after round, and each counts with its fastest round.
 * Arguments: a set, a part of an experiment's name; all of them without. */
#include <cblas.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lanes.h"
#include "random.h"

enum { SOURCES = 2, ROUNDS = 150, REFERENCE_ROUNDS = 2, MEASURED_MAX = 16 };

typedef struct experiment {
    const char *name;
    mlp_options model;
    int features, classes, samples;
    int seeds;  /* of the sweep: lanes of one seed visit their samples in the same order, as in rine */
    bool drawn; /* samples come from the seed, so lanes of one seed share them too */
    train_options train;
} experiment;

static const experiment experiments[] = {
    { "canonical 1-25-15-4",
      { { 2, { 25, 15 } }, NORM_BATCH, BIAS_ENDS },
      1,
      4,
      8000,
      5,
      true,
      { OPTIMIZER_SGD, 0.9, 0.999, 0.01, 0.97, 0.005, 128, LAST_KEEP, 30, EPOCH_PASS } },
    { "windows 97-8-8",
      { { 1, { 8 } }, NORM_BATCH, BIAS_ALL },
      97,
      8,
      728,
      10,
      false,
      { OPTIMIZER_SGD, 0.9, 0.999, 0.01, 0.97, 0.0005, 10, LAST_KEEP, 50, EPOCH_PASS } },
};

/* One pack in training. */
typedef struct pack {
    const experiment *e;
    const lanes_kernels *k;
    int lanes;
    network_shape shape;
    lanes_network *network[SOURCES];
    float *x[SOURCES][LANES_MAX];             /* (samples, features) */
    int32_t *y[LANES_MAX], *order[LANES_MAX]; /* (samples) */
    float *weight, *gradient[SOURCES];        /* (batch), (batch, classes) in lanes */
    int32_t *label;                           /* (batch) */
    lanes_sums sums;
} pack;

/* Seconds of processor time, so that others on the machine disturb less. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *room(size_t bytes)
{
    void *memory = lanes_allocate(bytes);
    if (!memory) abort();
    return memory;
}

/* Spike counts or symbols: small whole numbers that say something about the class. */
static void draw_samples(pack *p, int lane)
{
    const experiment *e = p->e;
    random_key key = { .seed = (uint64_t)lane, .purpose = RANDOM_DATA };
    size_t samples = (size_t)e->samples, values = samples * (size_t)e->features;
    p->y[lane] = room(samples * sizeof(int32_t));
    for (size_t i = 0; i < samples; i++) p->y[lane][i] = (int32_t)random_below(key, i, (uint32_t)e->classes);
    for (int s = 0; s < SOURCES; s++) {
        key.stream = (uint32_t)s + 1;
        p->x[s][lane] = room(values * sizeof(float));
        for (size_t i = 0; i < values; i++)
            p->x[s][lane][i] =
                (float)(p->y[lane][i / (size_t)e->features] / (s + 2) + (int32_t)random_below(key, i, 2));
    }
}

static void fill_lane(pack *p, int lane)
{
    const experiment *e = p->e;
    int first = lane % e->seeds; /* lane of the same seed */
    p->order[lane] = first < lane ? p->order[first] : room((size_t)e->samples * sizeof(int32_t));
    if (first == lane || !e->drawn) {
        draw_samples(p, lane);
    } else {
        p->y[lane] = p->y[first];
        for (int s = 0; s < SOURCES; s++) p->x[s][lane] = p->x[s][first];
    }
    for (int s = 0; s < SOURCES; s++) lanes_network_initialise(p->network[s], lane, e->features, lane, s);
}

static pack pack_make(const experiment *e, const lanes_kernels *k)
{
    pack p = { .e = e, .k = k, .lanes = lanes_kernels_lanes(k) };
    p.shape = mlp_shape(&e->model, e->features, e->classes);
    size_t row = (size_t)e->train.batch * (size_t)p.lanes * sizeof(float);
    for (int s = 0; s < SOURCES; s++) {
        if (lanes_network_make(k, &p.shape, (int)e->train.batch, &p.network[s]) != OK) abort();
        p.gradient[s] = room(row * (size_t)e->classes);
    }
    p.weight = room(row);
    p.label = room(row);
    for (int l = 0; l < p.lanes; l++) fill_lane(&p, l);
    return p;
}

static void pack_free(pack *p)
{
    for (int s = 0; s < SOURCES; s++) {
        lanes_network_free(p->network[s]);
        free(p->gradient[s]);
    }
    for (int l = 0; l < p->lanes; l++) {
        bool first = l < p->e->seeds;
        if (first) free(p->order[l]);
        if (!first && p->e->drawn) continue;
        free(p->y[l]);
        for (int s = 0; s < SOURCES; s++) free(p->x[s][l]);
    }
    free(p->weight);
    free(p->label);
}

static void step(pack *p, int64_t at, const lanes_step *s)
{
    const experiment *e = p->e;
    const lanes_loss loss = { SOURCES, e->classes, DISTANCE_L1, COUPLING_PAIRWISE };
    const float *logits[SOURCES];
    const int32_t *visit[LANES_MAX];
    float distance_weight[LANES_MAX], unbias[LANES_MAX];
    int own[LANES_MAX];
    int64_t first = at * e->train.batch;
    int rows = (int)train_step_rows(&e->train, e->samples, 0, at);
    for (int l = 0; l < LANES_MAX; l++) {
        distance_weight[l] = 2;
        unbias[l] = (float)rows / (float)(rows - 1);
    }
    for (int i = 0; i < rows * p->lanes; i++) p->weight[i] = 1.0f / (float)rows;
    for (int l = 0; l < p->lanes; l++) {
        visit[l] = p->order[l] + first;
        own[l] = e->features;
    }
    lanes_gather_labels(p->k, (const int32_t *const *)p->y, visit, rows, p->label);
    for (int i = 0; i < SOURCES; i++) {
        lanes_gather(p->k, (const float *const *)p->x[i], own, visit, rows, e->features,
                     lanes_network_input(p->network[i]));
        logits[i] = lanes_network_forward(p->network[i], rows, p->weight, unbias);
    }
    lanes_loss_run(p->k, &loss, rows, logits, p->label, p->weight, distance_weight, p->gradient, NULL,
                   &p->sums);
    for (int i = 0; i < SOURCES; i++) {
        lanes_network_backward(p->network[i], rows, p->weight, p->gradient[i]);
        lanes_network_step(p->network[i], s);
    }
}

static void epoch(pack *p, int number)
{
    const train_options *o = &p->e->train;
    lanes_step s = { .optimizer = o->optimizer, .step = 1 };
    for (int l = 0; l < LANES_MAX; l++) {
        s.rate[l] = (float)train_rate(o, number);
        s.momentum[l] = (float)o->momentum;
        s.weight_decay[l] = (float)o->weight_decay;
    }
    for (int l = 0; l < p->lanes && l < p->e->seeds; l++)
        train_shuffle(l, number, p->e->samples, p->order[l]);
    for (int64_t i = 0; i < train_steps(o, p->e->samples, 0); i++) step(p, i, &s);
}

/* One experiment with one kernel set. */
typedef struct measured {
    pack pack;
    double best; /* seconds of an epoch of one lane */
} measured;

static void measure_epoch(measured *m, int round)
{
    bool plain = strcmp(lanes_kernels_name(m->pack.k), "reference") == 0; /* takes seconds */
    if (plain && round >= REFERENCE_ROUNDS) return;
    double start = now();
    epoch(&m->pack, round % (int)m->pack.e->train.epochs);
    double seconds = (now() - start) / m->pack.lanes;
    if (round == 0 || seconds < m->best) m->best = seconds;
}

static void print(const measured *m, double peak)
{
    const pack *p = &m->pack;
    double flops = 2.0 * SOURCES * (double)network_macs_train(&p->shape) * p->e->samples / m->best;
    printf("%-20s %-10s %10.4f %10.1f %9.1f %%\n", p->e->name, lanes_kernels_name(p->k),
           m->best * (double)p->e->train.epochs, flops / 1e9, 100 * flops / peak);
}

/* A product of two matrices on one thread. */
enum { N = 1024 };
typedef struct product {
    float *a, *b, *c; /* (N, N) */
    double best;      /* seconds */
} product;

static product product_make(void)
{
    size_t bytes = sizeof(float) * N * N;
    product p = { room(bytes), room(bytes), room(bytes), 0 };
    for (int i = 0; i < N * N; i++) p.a[i] = p.b[i] = (float)(i % 7) / 7;
    return p;
}

static void measure_product(product *p, int round)
{
    double start = now();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, p->a, N, p->b, N, 0, p->c, N);
    double seconds = now() - start;
    if (round == 0 || seconds < p->best) p->best = seconds;
}

static void product_free(product *p)
{
    free(p->a);
    free(p->b);
    free(p->c);
}

/* An OpenBLAS that does not know the processor falls back to SSE, and a peak measured so would flatter us: start again
 * with the core named. */
static void name_core(char **argv)
{
    const char *core = NULL;
    if (lanes_kernels_find("avx2")) core = "Haswell";
    if (lanes_kernels_find("avx512")) core = "SkylakeX";
    if (!core || getenv("OPENBLAS_CORETYPE")) return;
    setenv("OPENBLAS_CORETYPE", core, 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
    static measured m[MEASURED_MAX];
    int count = 0;
    name_core(argv);
    product p = product_make();
    for (size_t i = 0; i < sizeof experiments / sizeof experiments[0]; i++)
        for (int k = 0; k < lanes_kernels_count(); k++)
            if ((argc < 2 || strcmp(argv[1], lanes_kernels_name(lanes_kernels_at(k))) == 0) &&
                (argc < 3 || strstr(experiments[i].name, argv[2])))
                m[count++].pack = pack_make(&experiments[i], lanes_kernels_at(k));
    for (int round = 0; round < ROUNDS; round++) {
        measure_product(&p, round);
        for (int i = 0; i < count; i++) measure_epoch(&m[i], round);
    }
    double peak = 2.0 * N * N * N / p.best;
    printf("Processor time; SGEMM and the experiments take turns, each counts with the best of %d rounds.\n",
           ROUNDS);
    printf("SGEMM, one thread: %.1f GFLOP/s\n\n", peak / 1e9);
    printf("%-20s %-10s %10s %10s %11s\n", "experiment", "kernels", "s per run", "GFLOP/s", "of SGEMM");
    for (int i = 0; i < count; i++) {
        print(&m[i], peak);
        pack_free(&m[i].pack);
    }
    product_free(&p);
    return 0;
}
