/* Samples of data kinds whose information is known, for their tests. */
#ifndef PAIRS_OF_H
#define PAIRS_OF_H

#include "data/settings_of.h"
#include "samples.h"

/* A data kind with options as a person would type them: name, text, …, NULL. */
static inline test_settings *settings_with(const char *kind, const char *const *typed)
{
    test_settings *t = settings_of(kind);
    for (; *typed; typed += 2) settings_set(t, typed[0], typed[1]);
    return t;
}
#define WITH(kind, ...) settings_with(kind, (const char *const[]){ __VA_ARGS__, NULL })

/* The samples of settings, which it frees; ends the program where there are none. */
static inline samples *samples_with(test_settings *t)
{
    samples *s = NULL;
    if (samples_of(&t->s, &s) != OK) {
        fprintf(stderr, "%s\n", failure_text());
        abort();
    }
    settings_of_free(t);
    return s;
}
#define SAMPLES(...) samples_with(WITH(__VA_ARGS__))

/* Are these settings, which it frees, refused with a line that holds `words`? */
static inline bool is_refused(test_settings *t, const char *words)
{
    data_shape shape;
    const status got = t->s.data->shape(&t->s, &shape);
    const bool refused = got == BAD_INPUT && strstr(failure_text(), words) != NULL;
    if (!refused) fprintf(stderr, "not refused with \"%s\": %s\n", words, got == OK ? "OK" : failure_text());
    settings_of_free(t);
    return refused;
}

/* Is this text refused for an option by its own row? */
static inline bool is_out_of_bounds(const char *kind, const char *name, const char *text)
{
    test_settings *t = settings_of(kind);
    const bool refused = option_parse(option_find(t->s.data->section.options, name), text,
                                      t->s.block[SECTION_DATA]) == BAD_INPUT;
    settings_of_free(t);
    return refused;
}

/* Are `rows` rows equal, from row `at` of one and row `of` of the other on? */
static inline bool are_rows_equal(const samples *a, int64_t at, const samples *b, int64_t of, int64_t rows)
{
    const int x = a->shape.features[0], y = a->shape.dimensions;
    return memcmp(a->x[0] + at * x, b->x[0] + of * x, (size_t)(rows * x) * sizeof(double)) == 0 &&
           memcmp(a->value + at * y, b->value + of * y, (size_t)(rows * y) * sizeof(double)) == 0;
}

/* Checks of a kind that the same settings give the same samples, another seed others, and that each part begins alike whatever
 * the size of both. Option `name` is set to `text` throughout. */
static inline void check_drawn(const char *kind, const char *name, const char *text)
{
    samples *few = SAMPLES(kind, name, text, "samples", "10", "train_samples", "6");
    samples *again = SAMPLES(kind, name, text, "samples", "10", "train_samples", "6");
    samples *more = SAMPLES(kind, name, text, "samples", "15", "train_samples", "9");
    samples *test = SAMPLES(kind, name, text, "samples", "10");
    test_settings *t = WITH(kind, name, text, "samples", "10", "train_samples", "6");
    t->task.seed = 2;
    samples *other = samples_with(t);
    CU_ASSERT(are_rows_equal(few, 0, again, 0, 16));
    CU_ASSERT(are_rows_equal(few, 0, more, 0, 6));
    CU_ASSERT(are_rows_equal(few, 6, more, 9, 10));
    CU_ASSERT(are_rows_equal(few, 6, test, 0, 10));
    CU_ASSERT_FALSE(are_rows_equal(few, 0, few, 6, 6));
    for (int i = 0; i < 16; i++) CU_ASSERT_FALSE(are_rows_equal(few, i, other, i, 1));
    CU_ASSERT_EQUAL(few->information_bits, more->information_bits);
    samples_free(few);
    samples_free(again);
    samples_free(more);
    samples_free(test);
    samples_free(other);
}

#endif
