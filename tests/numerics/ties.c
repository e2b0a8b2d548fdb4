#include "check.h"
#include "information.h"
#include "random.h"

enum { COUNT = 400, DIMENSIONS = 2 };
static double samples[COUNT * DIMENSIONS], before[COUNT * DIMENSIONS];

/* Counts of a few events in the first column and what is rarely equal in the second: every tenth row repeats the one before. */
static void draw(void)
{
    random_key key = { .seed = 5, .purpose = RANDOM_DATA };
    for (int i = 0; i < COUNT; i++) {
        samples[i * DIMENSIONS] = random_below(key, (uint64_t)i, 4);
        samples[i * DIMENSIONS + 1] = 10 + random_normal(key, COUNT + (uint64_t)i);
        if (i % 10 == 9)
            memcpy(samples + i * DIMENSIONS, samples + (i - 1) * DIMENSIONS, sizeof(double) * DIMENSIONS);
    }
    memcpy(before, samples, sizeof samples);
}

static void equal_rows_get_a_little_noise_and_others_keep_their_bits(void)
{
    int64_t changed = -1;
    draw();
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 1, &changed), OK);
    CU_ASSERT_EQUAL(changed, COUNT / 10 * 2);
    for (int i = 0; i < COUNT; i++)
        for (int d = 0; d < DIMENSIONS; d++) {
            double by = fabs(samples[i * DIMENSIONS + d] - before[i * DIMENSIONS + d]);
            if (i % 10 < 8) CU_ASSERT_EQUAL(by, 0);
            if (i % 10 >= 8) CU_ASSERT(by > 0 && by < 1.3e-10); /* deviations are 1.12 and 1.0 */
        }
    for (int i = 9; i < COUNT; i += 10)
        CU_ASSERT_NOT_EQUAL(samples[i * DIMENSIONS], samples[(i - 1) * DIMENSIONS]);
}

static void the_same_seed_gives_the_same_noise_and_another_seed_another(void)
{
    double first[COUNT * DIMENSIONS];
    draw();
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 1, NULL), OK);
    memcpy(first, samples, sizeof first);
    memcpy(samples, before, sizeof samples);
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 1, NULL), OK);
    CU_ASSERT_EQUAL(memcmp(first, samples, sizeof first), 0);
    memcpy(samples, before, sizeof samples);
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 2, NULL), OK);
    CU_ASSERT_NOT_EQUAL(memcmp(first, samples, sizeof first), 0);
}

static void samples_that_all_differ_keep_every_bit(void)
{
    int64_t changed = -1;
    draw();
    for (int i = 0; i < COUNT; i++) before[i * DIMENSIONS + 1] = samples[i * DIMENSIONS + 1] = i;
    memcpy(before, samples, sizeof samples);
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 1, &changed), OK);
    CU_ASSERT_EQUAL(changed, 0);
    CU_ASSERT_EQUAL(memcmp(before, samples, sizeof samples), 0);
}

/* Noise of 1e-10 leaves half a million numbers around 1: of 10 000 samples some meet by chance, and are told apart in a later round. */
static void samples_that_meet_again_get_more_noise(void)
{
    static double many[20000];
    for (int i = 0; i < 20000; i++) many[i] = i % 2 ? 1 : 2;
    CU_ASSERT_EQUAL(break_ties(many, 20000, 1, 3, NULL), OK);
    neighbours *n = NULL;
    static double distance[20000];
    CU_ASSERT_EQUAL_FATAL(neighbours_make(many, 20000, 1, NORM_EUCLID, &n), OK);
    CU_ASSERT_EQUAL(neighbours_nearest(n, 1, distance, NULL), OK);
    int equal = 0;
    for (int i = 0; i < 20000; i++) equal += distance[i] == 0;
    CU_ASSERT_EQUAL(equal, 0);
    neighbours_free(n);
}

static void what_noise_cannot_tell_apart_is_refused(void)
{
    for (int i = 0; i < COUNT * DIMENSIONS; i++) samples[i] = 0.1 * (i % 2);
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 1, NULL), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "still equals another"));
    samples[3] = NAN;
    CU_ASSERT_EQUAL(break_ties(samples, COUNT, DIMENSIONS, 1, NULL), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "sample 1, column 1"));
}

CHECK_MAIN("ties", TEST(equal_rows_get_a_little_noise_and_others_keep_their_bits),
           TEST(the_same_seed_gives_the_same_noise_and_another_seed_another),
           TEST(samples_that_all_differ_keep_every_bit), TEST(samples_that_meet_again_get_more_noise),
           TEST(what_noise_cannot_tell_apart_is_refused))
