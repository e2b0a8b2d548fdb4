/* idle: waits, and does nothing else. For trying out a cluster, a job script, or how a sweep behaves when it is killed,
 * stopped or fails, without spending arithmetic on it. Its one result is a random number that depends on the seed alone,
 * so that two runs can be compared. */
#include <time.h>

#include "estimator.h"
#include "random.h"

typedef struct idle_options {
    double seconds;
    bool fail, diverge;
} idle_options;

#define FIELD(f) offsetof(idle_options, f)
static const option idle_table[] = {
    { "seconds", OPTION_REAL, FIELD(seconds), "0", 0, 1e6, "s", "how long each task waits", NULL, 0 },
    { "fail", OPTION_FLAG, FIELD(fail), "false", 0, 0, "", "the task fails, for a reason", NULL,
      OPTION_LANE },
    { "diverge", OPTION_FLAG, FIELD(diverge), "false", 0, 0, "", "the task diverges", NULL, OPTION_LANE },
    { .name = NULL },
};
#undef FIELD

static const quantity idle_results[] = {
    { "number", PER_CELL, "", "uniform random number between 0 and 1 that depends on the seed" },
    { .name = NULL },
};

static const idle_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    (void)s;
    (void)shape;
    *out = (result_extents){ 0 };
}

static double flops(const settings *s, const data_shape *shape)
{
    (void)s;
    (void)shape;
    return 0;
}

/* The tasks of a pack wait one after the other. */
static double seconds(const settings *s, const data_shape *shape, int count)
{
    (void)shape;
    return options_of(s)->seconds * count;
}

static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    (void)s;
    (void)shape;
    (void)count;
    return 0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Sleeps until `until`, no longer than `most` seconds. */
static void doze(double until, double most)
{
    double left = until - now();
    if (left > most) left = most;
    if (left <= 0) return;
    struct timespec t = { .tv_sec = (time_t)left };
    t.tv_nsec = (long)(1e9 * (left - (double)t.tv_sec));
    nanosleep(&t, NULL);
}

static void finish_task(const settings *s, task_row *out)
{
    const idle_options *o = options_of(s);
    random_key key = { .seed = (uint64_t)settings_task(s)->seed, .purpose = RANDOM_TRIAL };
    row_set(out, "number", 0, random_uniform(key, 0));
    out->outcome = OUTCOME_DONE;
    if (o->diverge) row_fail(out, OUTCOME_DIVERGED, "idle.diverge is true");
    if (o->fail) row_fail(out, OUTCOME_FAILED, "idle.fail is true");
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    double began = now(), all = seconds(pack->task[0], &pack->shape, pack->count);
    for (double gone = 0; gone < all; gone = now() - began) {
        if (!t->tick(t, gone / all)) return WORK_LEFT;
        doze(began + all, t->interval_seconds);
    }
    for (int i = 0; i < pack->count; i++) finish_task(pack->task[i], rows[i]);
    return OK;
}

const estimator idle_estimator = {
    .name = "idle",
    .summary = "waits and gives a random number: for trying out a cluster or a job script",
    .source = "infosweep",
    .section = { "idle", idle_table, sizeof(idle_options) },
    .results = idle_results,
    .needs = 0,
    .check = estimator_accepts_all,
    .extents = extents,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};
