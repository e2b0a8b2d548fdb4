/* Small recordings in memory whose numbers say where they come from, and the options of trials that tests set as a person
 * would type them. */
#ifndef RECORDINGS_OF_H
#define RECORDINGS_OF_H

#include <stdlib.h>

#include "check.h"
#include "data/trial_data.h"

#define AT_TEST(f) offsetof(trial_options, f)
static const option trial_option_table[] = { TRIAL_OPTION_ROWS(AT_TEST), { .name = NULL } };

/* Sets an option; `text` must outlive the options. */
static inline void trial_set_option(trial_options *o, const char *name, const char *text)
{
    const option *row = option_find(trial_option_table, name);
    if (row == NULL || option_parse(row, text, o) != OK) {
        fprintf(stderr, "%s=%s: %s\n", name, text, failure_text());
        abort();
    }
}

/* Defaults, but features as recorded; then pairs of names and values, ended by NULL. */
static inline trial_options trial_options_of(const char *const *set)
{
    trial_options o;
    memset(&o, 0, sizeof o);
    option_defaults(trial_option_table, &o);
    o.standardise = false;
    for (; *set; set += 2) trial_set_option(&o, set[0], set[1]);
    return o;
}
#define OPTIONS(...) trial_options_of((const char *const[]){ __VA_ARGS__, NULL })

static inline void must(status result)
{
    if (result == OK) return;
    fprintf(stderr, "%s\n", failure_text());
    abort();
}

enum { TEST_UNITS = 4 };

/* What feature u of a trial is: the trial can be read back from it. */
static inline float test_feature(int64_t trial, int u)
{
    return (float)(10 * trial + u);
}

/* Adds a session with an area "M" of TEST_UNITS features per trial and a column "target": trial t has target[t]. */
static inline recorded_session *add_session(recordings *r, const char *name, int64_t trials,
                                            const int *target)
{
    recorded_session *s;
    column *c;
    area *a;
    must(recordings_add_session(r, name, &s));
    s->trials = trials;
    must(session_add_column(s, "target", "", 1, &c));
    for (int64_t t = 0; t < trials; t++) c->number[t] = target[t];
    must(session_add_area(s, "M", TEST_UNITS, 1, false, &a));
    for (int64_t t = 0; t < trials; t++)
        for (int u = 0; u < TEST_UNITS; u++) a->feature[t * TEST_UNITS + u] = test_feature(t, u);
    return s;
}

static inline recordings *empty_recordings(void)
{
    recordings *r;
    must(recordings_make(&r));
    free(r->target);
    r->target = strdup("target");
    if (r->target == NULL) abort();
    return r;
}

/* Sessions "A", "B", …: trials[s] trials of each of the targets 0 … classes-1 in turn. */
static inline recordings *turning_recordings(int sessions, const int *trials, int classes)
{
    static const char *const names[] = { "A", "B", "C", "D" };
    int target[1024];
    recordings *r = empty_recordings();
    for (int s = 0; s < sessions; s++) {
        for (int t = 0; t < trials[s] * classes; t++) target[t] = t % classes;
        add_session(r, names[s], (int64_t)trials[s] * classes, target);
    }
    return r;
}

static inline void free_recordings(recordings *r)
{
    trial_data_forget(r);
    recordings_free(r);
}

static inline dataset *dataset_from(const recordings *r, const trial_options *o, int64_t seed)
{
    dataset *d = NULL;
    data_shape shape;
    must(trial_data_shape(r, o, 0, &shape));
    must(trial_data_make(r, o, seed, &d));
    CU_ASSERT_EQUAL(shape.train, d->shape.train);
    CU_ASSERT_EQUAL(shape.test, d->shape.test);
    CU_ASSERT_EQUAL(shape.features[0], d->shape.features[0]);
    CU_ASSERT_EQUAL(shape.features[1], d->shape.features[1]);
    return d;
}

/* The trial that a sample's source was recorded in, read back from its first unit. */
static inline int trial_of(const dataset *d, int side, bool tests, int64_t sample)
{
    const float *x = tests ? d->test_x[side] : d->train_x[side];
    return (int)(x[sample * d->shape.features[side]] / 10);
}

static inline void expect_refusal(const recordings *r, const trial_options *o, const char *said)
{
    data_shape shape;
    failure_clear();
    CU_ASSERT_EQUAL(trial_data_shape(r, o, 1, &shape), BAD_INPUT);
    if (strstr(failure_text(), said) == NULL) {
        fprintf(stderr, "'%s' is not said but '%s'\n", said, failure_text());
        CU_FAIL("another refusal");
    }
}

#endif
