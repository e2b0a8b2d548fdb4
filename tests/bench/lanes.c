/* How fast the lanes engine trains: each kernel set on the networks of two experiments, against the SGEMM of this core.
 *
 * A training epoch is all that an estimator does in one: shuffle, gather, forward and backward of both networks, loss,
 * optimizer. Only the multiply-adds that the networks need are counted; the fastest epoch
 * counts, as the fastest product does for SGEMM. Arguments: a set, a part of an experiment's name; all of them without. */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lanes.h"
#include "random.h"

enum { SOURCES = 2, TRIES = 3 };

typedef struct experiment {
    const char *name;
    mlp_options model;
    int features, classes, samples;
    train_options train;
} experiment;

static const experiment experiments[] = {
    { "canonical 1-25-15-4",
      { { 2, { 25, 15 } }, NORM_BATCH, BIAS_ENDS },
      1,
      4,
      8000,
      { OPTIMIZER_SGD, 0.9, 0.999, 0.01, 0.97, 0.005, 128, LAST_KEEP, 30 } },
    { "windows 97-8-8",
      { { 1, { 8 } }, NORM_BATCH, BIAS_ALL },
      97,
      8,
      728,
      { OPTIMIZER_SGD, 0.9, 0.999, 0.01, 0.97, 0.0005, 10, LAST_KEEP, 50 } },
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
static void draw_lane(pack *p, int lane)
{
    const experiment *e = p->e;
    random_key key = { .seed = (uint64_t)lane, .purpose = RANDOM_DATA };
    size_t samples = (size_t)e->samples, values = samples * (size_t)e->features;
    p->y[lane] = room(samples * sizeof(int32_t));
    p->order[lane] = room(samples * sizeof(int32_t));
    for (size_t i = 0; i < samples; i++) p->y[lane][i] = (int32_t)random_below(key, i, (uint32_t)e->classes);
    for (int s = 0; s < SOURCES; s++) {
        key.stream = (uint32_t)s + 1;
        p->x[s][lane] = room(values * sizeof(float));
        for (size_t i = 0; i < values; i++)
            p->x[s][lane][i] =
                (float)(p->y[lane][i / (size_t)e->features] / (s + 2) + (int32_t)random_below(key, i, 2));
        lanes_network_initialise(p->network[s], lane, lane, s);
    }
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
    for (int l = 0; l < p.lanes; l++) draw_lane(&p, l);
    return p;
}

static void pack_free(pack *p)
{
    for (int s = 0; s < SOURCES; s++) {
        lanes_network_free(p->network[s]);
        free(p->gradient[s]);
        for (int l = 0; l < p->lanes; l++) free(p->x[s][l]);
    }
    for (int l = 0; l < p->lanes; l++) {
        free(p->y[l]);
        free(p->order[l]);
    }
    free(p->weight);
    free(p->label);
}

static void step(pack *p, int64_t at, const lanes_step *s)
{
    const experiment *e = p->e;
    const lanes_loss loss = { SOURCES, e->classes, DISTANCE_L1, COUPLING_PAIRWISE };
    const float *logits[SOURCES];
    float distance_weight[LANES_MAX];
    int64_t first = at * e->train.batch;
    int rows = (int)train_step_rows(&e->train, e->samples, 0, at);
    for (int l = 0; l < LANES_MAX; l++) distance_weight[l] = 2;
    for (int i = 0; i < rows * p->lanes; i++) p->weight[i] = 1.0f / (float)rows;
    lanes_gather_labels(p->k, (const int32_t *const *)p->y, (const int32_t *const *)p->order, first, rows,
                        p->label);
    for (int i = 0; i < SOURCES; i++) {
        lanes_gather(p->k, (const float *const *)p->x[i], (const int32_t *const *)p->order, first, rows,
                     e->features, lanes_network_input(p->network[i]));
        logits[i] = lanes_network_forward(p->network[i], rows, p->weight, (float)rows / (float)(rows - 1));
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
    for (int l = 0; l < p->lanes; l++) train_shuffle(l, number, p->e->samples, p->order[l]);
    for (int64_t i = 0; i < train_steps(o, p->e->samples, 0); i++) step(p, i, &s);
}

static void bench(const experiment *e, const lanes_kernels *k, double peak)
{
    pack p = pack_make(e, k);
    int epochs = strcmp(lanes_kernels_name(k), "reference") == 0 ? 1 : (int)e->train.epochs;
    double best = 1e30;
    for (int n = 0; n < TRIES * epochs; n++) {
        double start = now();
        epoch(&p, n % epochs);
        double seconds = (now() - start) / p.lanes;
        if (seconds < best) best = seconds;
    }
    double flops = 2.0 * SOURCES * (double)network_macs_train(&p.shape) * e->samples / best;
    printf("%-20s %-10s %10.4f %10.1f %9.1f %%\n", e->name, lanes_kernels_name(k),
           best * (double)e->train.epochs, flops / 1e9, 100 * flops / peak);
    pack_free(&p);
}

/* Best of some products of 1024 x 1024 matrices on one thread. */
static double sgemm_flops(void)
{
    enum { N = 1024, PRODUCTS = 12 };
    float *a = room(sizeof(float) * N * N), *b = room(sizeof(float) * N * N),
          *c = room(sizeof(float) * N * N);
    for (int i = 0; i < N * N; i++) a[i] = b[i] = (float)(i % 7) / 7;
    double best = 1e30;
    for (int i = 0; i < PRODUCTS; i++) {
        double start = now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
        if (now() - start < best) best = now() - start;
    }
    free(a);
    free(b);
    free(c);
    return 2.0 * N * N * N / best;
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
    name_core(argv);
    double peak = sgemm_flops();
    printf("SGEMM, one thread: %.1f GFLOP/s\n\n", peak / 1e9);
    printf("%-20s %-10s %10s %10s %11s\n", "experiment", "kernels", "s per run", "GFLOP/s", "of SGEMM");
    for (size_t i = 0; i < sizeof experiments / sizeof experiments[0]; i++)
        for (int k = 0; k < lanes_kernels_count(); k++)
            if ((argc < 2 || strcmp(argv[1], lanes_kernels_name(lanes_kernels_at(k))) == 0) &&
                (argc < 3 || strstr(experiments[i].name, argv[2])))
                bench(&experiments[i], lanes_kernels_at(k), peak);
    return 0;
}
