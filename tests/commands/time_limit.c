/* When an allocation ends: what a person or a job script types, and what SLURM says. */
#include "commands/time_limit.h"

#include <stdlib.h>
#include <time.h>

#include "check.h"

static double read(const char *text)
{
    double seconds = -1;
    return time_limit_parse(text, &seconds) == OK ? seconds : NAN;
}

static void times_with_units_are_read(void)
{
    CU_ASSERT_EQUAL(read("90s"), 90);
    CU_ASSERT_EQUAL(read("30m"), 1800);
    CU_ASSERT_EQUAL(read("2h"), 7200);
    CU_ASSERT_EQUAL(read("1.5d"), 129600);
    CU_ASSERT_EQUAL(read("0s"), 0);
}

static void times_are_read_as_squeue_prints_them(void)
{
    CU_ASSERT_EQUAL(read("0:45"), 45);
    CU_ASSERT_EQUAL(read("59:01"), 3541);
    CU_ASSERT_EQUAL(read("90:00"), 5400);
    CU_ASSERT_EQUAL(read("1:02:03"), 3723);
    CU_ASSERT_EQUAL(read("1-02:03:04"), 93784);
    CU_ASSERT(isinf(read("UNLIMITED")));
}

/* A bare number is minutes to SLURM and seconds to most others. */
static void what_could_mean_two_things_or_nothing_is_refused(void)
{
    static const char *const wrong[] = {
        "30",      "",        "s",   "1:60",       "1:2:60",       "1-2:03", "-5s",
        "1:2:3:4", "INVALID", "1 h", "10sec",      "99999999999d", "nan",    "inf",
        "1:",      ":30",     "1-",  "1--2:03:04", "0x10",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        double seconds;
        CU_ASSERT_EQUAL(time_limit_parse(wrong[i], &seconds), BAD_INPUT);
        CU_ASSERT(strstr(failure_text(), "90s, 30m, 2h") != NULL);
    }
}

/* Where both are known, the earlier end counts. The clock may go on by some seconds between the two lines. */
static void the_end_that_slurm_tells_counts(void)
{
    char end[32];
    double seconds;
    snprintf(end, sizeof end, "%lld", (long long)time(NULL) + 3600);
    setenv("SLURM_JOB_END_TIME", end, 1);
    CU_ASSERT_EQUAL(time_limit_find(NULL, &seconds), OK);
    CU_ASSERT(seconds <= 3600 && seconds > 1800);
    CU_ASSERT_EQUAL(time_limit_find("10s", &seconds), OK);
    CU_ASSERT_EQUAL(seconds, 10);
    CU_ASSERT_EQUAL(time_limit_find("1d", &seconds), OK);
    CU_ASSERT(seconds <= 3600);
    unsetenv("SLURM_JOB_END_TIME");
}

static void an_end_that_is_no_time_is_none(void)
{
    static const char *const odd[] = { "", "soon", "-5", "0", "12x" };
    double seconds;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        setenv("SLURM_JOB_END_TIME", odd[i], 1);
        CU_ASSERT_EQUAL(time_limit_find(NULL, &seconds), OK);
        CU_ASSERT(isinf(seconds));
    }
    unsetenv("SLURM_JOB_END_TIME");
    CU_ASSERT_EQUAL(time_limit_find(NULL, &seconds), OK);
    CU_ASSERT(isinf(seconds));
}

CHECK_MAIN("time limit", TEST(times_with_units_are_read), TEST(times_are_read_as_squeue_prints_them),
           TEST(what_could_mean_two_things_or_nothing_is_refused), TEST(the_end_that_slurm_tells_counts),
           TEST(an_end_that_is_no_time_is_none))
