/* A RINE task whose networks learn from small made-up images of which everything is known, what its training tells, and a place
 * for its checkpoints, for tests of the tensor engine's trainings. */
#ifndef IMAGE_TASK_H
#define IMAGE_TASK_H

#include <stdlib.h>

#include "check.h"
#include "estimators/rine_tensors.h"
#include "gang.h"
#include "random.h"
#include "sweep.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 4, TOLD_EPOCHS = 64, TEST_MOST = 128 };

/* ---- images ------------------------------------------------------------------------------------------------------------ */

/* What the sources show of the class, which is two bits: both bits each, or one bit each. */
typedef enum shown { SHOWN_CLASS, SHOWN_HALVES } shown;

/* A bright square in one of the quarters of a noisy image: which quarter is the pattern. */
static inline void draw_image(int pattern, random_key key, uint64_t sample, float *x)
{
    for (int k = 0; k < PIXELS; k++) x[k] = 0.5f * (float)random_normal(key, sample * PIXELS + (uint64_t)k);
    for (int k = 0; k < 9; k++) x[(pattern / 2 * 4 + k / 3) * SIDE + pattern % 2 * 4 + k % 3] += 2;
}

static inline int pattern_of(shown what, int source, int class)
{
    if (what == SHOWN_CLASS) return class;
    return source == 0 ? class / 2 : class % 2;
}

/* `train` and `test` samples of so many sources, the classes in turn. */
static inline dataset *draw_images(shown what, int sources, int train, int test)
{
    dataset *d = NULL;
    data_shape shape = { .sources = sources, .classes = CLASSES, .train = train, .test = test };
    for (int i = 0; i < sources; i++) {
        shape.features[i] = PIXELS;
        shape.image[i] = (image_size){ 1, SIDE, SIDE };
    }
    if (dataset_make(&shape, &d) != OK) abort();
    for (int part = 0; part < 2; part++)
        for (int r = 0; r < (part ? test : train); r++) {
            const int class = r % CLASSES;
            *((part ? d->test_y : d->train_y) + r) = class;
            for (int i = 0; i < sources; i++) {
                random_key key = { .seed = (uint64_t)part, .purpose = RANDOM_DATA, .stream = (uint32_t)i };
                float *x = (part ? d->test_x[i] : d->train_x[i]) + (size_t)r * PIXELS;
                draw_image(pattern_of(what, i, class), key, (uint64_t)r, x);
            }
        }
    d->target_entropy_bits = 2;
    return d;
}

/* ---- a task ------------------------------------------------------------------------------------------------------------ */

typedef struct image_task {
    sweep *sweep;
    settings *s;
    dataset *data; /* owned */
    task_pack pack;
    const settings *task[1];
} image_task;

/* Settings of a sweep text whose data is these images, which the task takes. It stays where it is. */
static inline void image_task_make(image_task *t, const char *text, dataset *data)
{
    *t = (image_task){ .data = data };
    /* loose: the sweep's own data is never asked for */
    status result = sweep_parse(text, "test.yaml", NULL, 0, true, &t->sweep);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_FATAL(result == OK && sweep_settings(t->sweep, 0, &t->s) == OK);
    t->task[0] = t->s;
    t->pack = (task_pack){ .count = 1, .task = t->task, .shape = data->shape };
}

static inline void image_task_free(image_task *t)
{
    settings_free(t->s);
    sweep_free(t->sweep);
    dataset_free(t->data);
}

/* ---- what its training tells ------------------------------------------------------------------------------------------- */

/* All of it is doubles, so that it can be held and restored as it is. */
typedef struct told {
    double epochs, averaged, diverged; /* diverged: 1 + the epoch; 0: it did not */
    rine_epoch epoch[TOLD_EPOCHS];
    double nats[CLASSES], weight[CLASSES];      /* of the last averaged epoch */
    double sample_nats[SOURCES_MAX][TEST_MOST]; /* summed over the averaged epochs */
} told;

static inline void tell_epoch(void *context, int task, int64_t epoch, const rine_epoch *values)
{
    told *t = context;
    CU_ASSERT_FATAL(task == 0 && epoch < TOLD_EPOCHS);
    t->epoch[epoch] = *values;
    t->epochs++;
}

static inline void tell_classes(void *context, int task, const double *nats, const double *weight)
{
    told *t = context;
    (void)task;
    memcpy(t->nats, nats, sizeof t->nats);
    memcpy(t->weight, weight, sizeof t->weight);
    t->averaged++;
}

static inline void tell_samples(void *context, int task, int source, int64_t first, int count,
                                const float *nats, int stride)
{
    told *t = context;
    (void)task;
    for (int k = 0; k < count; k++) t->sample_nats[source][first + k] += (double)nats[k * stride];
}

static inline void tell_divergence(void *context, int task, int64_t epoch)
{
    (void)task;
    ((told *)context)->diverged = (double)(epoch + 1);
}

static inline int64_t told_held(void *context, int task)
{
    (void)context, (void)task;
    return sizeof(told) / sizeof(double);
}

static inline void told_hold(void *context, int task, double *to)
{
    (void)task;
    memcpy(to, context, sizeof(told));
}

static inline void told_restore(void *context, int task, const double *from)
{
    (void)task;
    memcpy(context, from, sizeof(told));
}

static inline rine_sink told_sink(told *t)
{
    return (rine_sink){ .epoch = tell_epoch,
                        .classes = tell_classes,
                        .samples = tell_samples,
                        .diverged = tell_divergence,
                        .held = told_held,
                        .hold = told_hold,
                        .restore = told_restore,
                        .context = t };
}

/* Of an epoch that was told: H(Y) minus the mean cross-entropy on the test part, in bits. */
static inline double told_bits(const told *t, int epoch, int sources)
{
    double mean = 0;
    for (int i = 0; i < sources; i++) mean += t->epoch[epoch].test_nats[i] / sources;
    return 2 - mean / log(2);
}

/* ---- ticks and checkpoints ----------------------------------------------------------------------------------------------- */

/* Says stop at the tick with number `stop_at` and from then on; 0: never. */
typedef struct stopper {
    ticker ticker;
    int64_t ticks, stop_at;
    double fraction;
} stopper;

static inline bool stopper_tick(ticker *self, double fraction)
{
    stopper *s = self->context;
    CU_ASSERT(fraction >= s->fraction && fraction <= 1);
    s->fraction = fraction;
    s->ticks++;
    return s->stop_at == 0 || s->ticks < s->stop_at;
}

static inline stopper stopper_make(int64_t stop_at)
{
    return (stopper){ .ticker = { .tick = stopper_tick }, .stop_at = stop_at };
}

/* A checkpoint that lies in memory; due at every `every`-th step, 0: never. */
typedef struct memory_checkpoint {
    checkpoint base;
    int64_t every, asked, saves;
    char *state;
    size_t bytes;
} memory_checkpoint;

static inline status memory_load(checkpoint *self, void **state, size_t *bytes)
{
    memory_checkpoint *m = self->context;
    *state = NULL;
    *bytes = m->bytes;
    if (m->state == NULL) return OK;
    *state = malloc(m->bytes);
    if (*state == NULL) abort();
    memcpy(*state, m->state, m->bytes);
    return OK;
}

static inline bool memory_due(checkpoint *self)
{
    memory_checkpoint *m = self->context;
    return m->every > 0 && ++m->asked % m->every == 0;
}

static inline status memory_save(checkpoint *self, const void *state, size_t bytes)
{
    memory_checkpoint *m = self->context;
    free(m->state);
    m->state = malloc(bytes);
    if (m->state == NULL) abort();
    memcpy(m->state, state, bytes);
    m->bytes = bytes;
    m->saves++;
    return OK;
}

/* It stays where it is. */
static inline void memory_checkpoint_make(memory_checkpoint *m, int64_t every)
{
    *m = (memory_checkpoint){
        .base = { .load = memory_load, .due = memory_due, .save = memory_save, .context = m }, .every = every
    };
}

/* Trains a task on the ranks of a gang (NULL: this one), to its end or until tick `stop_at`. */
static inline status train_images(image_task *t, gang *all, checkpoint *keep, int64_t stop_at, told *out)
{
    stopper s = stopper_make(stop_at);
    const rine_sink sink = told_sink(out);
    s.ticker.context = &s;
    t->pack.gang = all;
    t->pack.checkpoint = keep;
    memset(out, 0, sizeof *out);
    return rine_tensors_train(&t->pack, t->data, &s.ticker, &sink);
}

#endif
