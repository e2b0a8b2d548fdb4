/* How fast the lanes engine trains: each kernel set on the networks of three experiments, against the SGEMM of this core.
 *
 * A training epoch is all that an estimator does in one: shuffle, gather, forward and backward of both networks, loss,
 * optimizer. Lanes have the seeds of the sweep: canonical.yaml runs each of 5 at 3 betas, windows.yaml has 10. Lanes of
 * `sessions` are pairs of recordings with different units and trials, trained for equally many steps, as in
 * sessions.yaml. Only the multiply-adds that each lane's own networks need are counted; `full` is their share of those
 * that are made. Machines are shared and clocks move, so the product and one epoch of every experiment take turns, round
 * after round, and each counts with its fastest round.
 * Arguments: a set, a part of an experiment's name; all of them without. */
#include <cblas.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "estimators/rine_batches.h"
#include "estimators/rine_decoder.h"
#include "lanes.h"
#include "random.h"

enum { SOURCES = 2, ROUNDS = 150, REFERENCE_ROUNDS = 2, MEASURED_MAX = 16 };

typedef struct experiment {
    const char *name;
    mlp_options model;
    int features, classes, samples;
    int features_less, samples_more; /* of some lanes: units and trials of other recordings */
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
      0,
      0,
      5,
      true,
      { OPTIMIZER_SGD, 0.9, 0.999, 0.01, 0.97, 0.005, 128, LAST_KEEP, 30, EPOCH_PASS } },
    { "windows 97-8-8",
      { { 1, { 8 } }, NORM_BATCH, BIAS_ALL },
      97,
      8,
      728,
      0,
      0,
      10,
      false,
      { OPTIMIZER_SGD, 0.9, 0.999, 0.01, 0.97, 0.0005, 10, LAST_KEEP, 50, EPOCH_PASS } },
    { "sessions 96-8-8",
      { { 1, { 8 } }, NORM_BATCH, BIAS_ALL },
      96,
      8,
      144,
      15,
      54,
      5,
      false,
      { OPTIMIZER_ADAM, 0.9, 0.999, 0.01, 0.97, 0.005, 10, LAST_KEEP, 50, 16 } },
};

/* One pack in training. */
typedef struct pack {
    const experiment *e;
    const lanes_kernels *k;
    int lanes;
    network_shape shape;
    lanes_network *network[SOURCES];
    dataset *data[LANES_MAX];
    rine_batches batches;
    rine_decoder decoder;
    float *gradient[SOURCES]; /* (batch, classes) in lanes */
    int64_t epochs;           /* so far */
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
static dataset *draw_samples(const experiment *e, int lane)
{
    random_key key = { .seed = (uint64_t)lane, .purpose = RANDOM_DATA };
    dataset *d = NULL;
    data_shape shape = { .sources = SOURCES,
                         .classes = e->classes,
                         .train = e->samples + e->samples_more * (lane % 4) / 3 };
    for (int s = 0; s < SOURCES; s++)
        shape.features[s] = e->features - e->features_less * ((lane + s) % 4) / 3;
    if (dataset_make(&shape, &d) != OK) abort();
    for (int64_t i = 0; i < shape.train; i++)
        d->train_y[i] = (int32_t)random_below(key, (uint64_t)i, (uint32_t)e->classes);
    for (int s = 0; s < SOURCES; s++) {
        const int features = shape.features[s];
        key.stream = (uint32_t)s + 1;
        for (int64_t i = 0; i < shape.train * features; i++)
            d->train_x[s][i] =
                (float)(d->train_y[i / features] / (s + 2) + (int32_t)random_below(key, (uint64_t)i, 2));
    }
    return d;
}

static pack pack_make(const experiment *e, const lanes_kernels *k)
{
    pack p = { .e = e, .k = k, .lanes = lanes_kernels_lanes(k) };
    int64_t seed[LANES_MAX];
    for (int l = 0; l < p.lanes; l++) {
        seed[l] = l % e->seeds;
        p.data[l] = e->drawn && seed[l] < l ? p.data[seed[l]] : draw_samples(e, l);
    }
    const lanes_loss loss = { SOURCES, e->classes, DISTANCE_L1, COUPLING_PAIRWISE, 1.0f / SOURCES };
    if (rine_batches_make(&p.batches, k, &e->train, TRAIN_COUPLED, (const dataset *const *)p.data, seed) !=
        OK)
        abort();
    if (rine_decoder_make(&p.decoder, &p.batches, &loss, false) != OK) abort();
    p.shape = mlp_shape(&e->model, e->features, e->classes);
    for (int s = 0; s < SOURCES; s++) {
        if (lanes_network_make(k, &p.shape, p.batches.rows_most, &p.network[s]) != OK) abort();
        p.gradient[s] = room((size_t)(p.batches.rows_most * p.lanes * e->classes) * sizeof(float));
        for (int l = 0; l < p.lanes; l++)
            lanes_network_initialise(p.network[s], l, p.batches.own_features[s][l], l, s);
    }
    return p;
}

static void pack_free(pack *p)
{
    for (int s = 0; s < SOURCES; s++) {
        lanes_network_free(p->network[s]);
        free(p->gradient[s]);
    }
    rine_batches_free(&p->batches);
    rine_decoder_free(&p->decoder);
    for (int l = 0; l < p->lanes; l++)
        if (l < p->e->seeds || !p->e->drawn) dataset_free(p->data[l]);
}

static void step(pack *p, int64_t number, const lanes_step *s)
{
    const rine_batches *b = &p->batches;
    const float *logits[SOURCES];
    float distance_weight[LANES_MAX], unbias[LANES_MAX];
    rine_batches_train(&p->batches, p->epochs, number, p->network);
    rine_decoder_read(&p->decoder, b, PART_TRAIN);
    for (int l = 0; l < p->lanes; l++) {
        distance_weight[l] = 2;
        unbias[l] = (float)b->own_rows[l] / (float)(b->own_rows[l] - 1);
    }
    for (int i = 0; i < SOURCES; i++)
        logits[i] = lanes_network_forward(p->network[i], b->rows, b->weight, unbias);
    rine_decoder_loss(&p->decoder, b, logits, distance_weight, p->gradient, NULL, &p->sums);
    for (int i = 0; i < SOURCES; i++) {
        lanes_network_backward(p->network[i], b->rows, b->weight, p->gradient[i]);
        lanes_network_step(p->network[i], s);
    }
}

static void epoch(pack *p, int64_t number)
{
    const train_options *o = &p->e->train;
    const int64_t steps = train_steps(o, p->e->samples, 0);
    lanes_step s = { .optimizer = o->optimizer };
    for (int l = 0; l < LANES_MAX; l++) {
        s.rate[l] = (float)train_rate(o, (int)number);
        s.momentum[l] = (float)o->momentum;
        s.second[l] = (float)o->second;
        s.weight_decay[l] = (float)o->weight_decay;
    }
    for (int64_t i = 0; i < steps; i++) {
        s.step = p->epochs * steps + i + 1;
        step(p, i, &s);
    }
    p->epochs++;
}

/* Multiply-adds that an epoch of all lanes needs, and that it takes with the padding. */
static double epoch_macs(const pack *p, bool padded)
{
    double macs = 0;
    for (int l = 0; l < p->lanes; l++)
        for (int i = 0; i < SOURCES; i++) {
            const rine_batches *b = &p->batches;
            network_shape n =
                mlp_shape(&p->e->model, padded ? p->e->features : b->own_features[i][l], p->e->classes);
            macs += (double)network_macs_train(&n) *
                    (double)train_samples(&p->e->train, b->samples[PART_TRAIN][l], 0);
        }
    return macs;
}

/* One experiment with one kernel set. */
typedef struct measured {
    pack pack;
    double best; /* seconds of an epoch */
} measured;

static void measure_epoch(measured *m, int round)
{
    bool plain = strcmp(lanes_kernels_name(m->pack.k), "reference") == 0; /* takes seconds */
    if (plain && round >= REFERENCE_ROUNDS) return;
    double start = now();
    epoch(&m->pack, round % (int)m->pack.e->train.epochs);
    double seconds = now() - start;
    if (round == 0 || seconds < m->best) m->best = seconds;
}

static void print(const measured *m, double peak)
{
    const pack *p = &m->pack;
    const double flops = 2 * epoch_macs(p, false) / m->best;
    printf("%-20s %-10s %12.1f %10.1f %9.1f %% %6.0f %%\n", p->e->name, lanes_kernels_name(p->k),
           p->lanes / (m->best * (double)p->e->train.epochs), flops / 1e9, 100 * flops / peak,
           100 * epoch_macs(p, false) / epoch_macs(p, true));
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
    printf("%-20s %-10s %12s %10s %11s %8s\n", "experiment", "kernels", "trainings/s", "GFLOP/s", "of SGEMM",
           "full");
    for (int i = 0; i < count; i++) {
        print(&m[i], peak);
        pack_free(&m[i].pack);
    }
    product_free(&p);
    return 0;
}
