/* --null N stands for an axis of shuffles. */
#include "commands/null.h"

#include "check.h"

static void the_flag_is_an_axis_of_shuffles_behind_the_other_sets(void)
{
    strings sets = { .count = 1, .item = { "seed=1" } };
    null_axis null = { .typed = "20" };
    CU_ASSERT_EQUAL_FATAL(null_add(&null, &sets), OK);
    CU_ASSERT_EQUAL(sets.count, 2);
    CU_ASSERT_STRING_EQUAL(sets.item[1], "data.shuffle=0..20");
    null.typed = NULL;
    CU_ASSERT_EQUAL(null_add(&null, &sets), OK);
    CU_ASSERT_EQUAL(sets.count, 2);
}

static void numbers_without_a_shuffle_are_refused(void)
{
    static const char *const typed[] = { "0", "-1", "1.5", "1e9", "many", "0..20" };
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        strings sets = { .count = 0 };
        null_axis null = { .typed = typed[i] };
        CU_ASSERT_EQUAL(null_add(&null, &sets), BAD_INPUT);
        CU_ASSERT(strstr(failure_text(), "--null: ") == failure_text());
        CU_ASSERT_EQUAL(sets.count, 0);
    }
}

static void a_refusal_names_the_flag(void)
{
    strings sets = { .count = 0 };
    null_axis null = { .typed = "20" };
    CU_ASSERT_EQUAL_FATAL(null_add(&null, &sets), OK);
    failure(BAD_INPUT, "--set data.shuffle=0..20: no cell has it");
    CU_ASSERT_EQUAL(null_explain(&null, BAD_INPUT), BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(failure_text(), "--null 20: no cell has it");
    failure(IO_FAILED, "a.yaml: cannot be read");
    CU_ASSERT_EQUAL(null_explain(&null, IO_FAILED), IO_FAILED);
    CU_ASSERT_STRING_EQUAL(failure_text(), "a.yaml: cannot be read");
}

CHECK_MAIN("--null", TEST(the_flag_is_an_axis_of_shuffles_behind_the_other_sets),
           TEST(numbers_without_a_shuffle_are_refused), TEST(a_refusal_names_the_flag))
