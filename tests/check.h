/* Every test file is a program: a table of tests with sentences for names, run by CUnit. */
#ifndef CHECK_H
#define CHECK_H

#include <CUnit/Basic.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct check_test {
    const char *name;
    void (*run)(void);
} check_test;

/* clang-format off */
#define TEST(function) { #function, function }
/* clang-format on */

/* Runs the tests (all, or those whose name contains argv[1]) and returns the exit status of the program. */
static inline int check_run(const char *suite_name, const check_test *tests, size_t count, int argc,
                            char **argv)
{
    if (CU_initialize_registry() != CUE_SUCCESS) return 2;
    CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
    for (size_t i = 0; suite && i < count; i++) {
        if (argc > 1 && strstr(tests[i].name, argv[1]) == NULL) continue;
        CU_add_test(suite, tests[i].name, tests[i].run);
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    int failed = CU_get_number_of_failures() > 0 || CU_get_number_of_tests_run() == 0;
    CU_cleanup_registry();
    return failed;
}

#define CHECK_MAIN(suite_name, ...)                                                      \
    int main(int argc, char **argv)                                                      \
    {                                                                                    \
        static const check_test tests[] = { __VA_ARGS__ };                               \
        return check_run(suite_name, tests, sizeof tests / sizeof tests[0], argc, argv); \
    }

/* Like CU_ASSERT_DOUBLE_EQUAL, but says both numbers when it fails. NaN never passes. */
#define CHECK_NEAR(actual, expected, tolerance)                                                    \
    do {                                                                                           \
        double actual_ = (actual), expected_ = (expected);                                         \
        int near_ = fabs(actual_ - expected_) <= (tolerance);                                      \
        if (!near_)                                                                                \
            fprintf(stderr, "%s:%d: %s is %.9g, not %.9g\n", __FILE__, __LINE__, #actual, actual_, \
                    expected_);                                                                    \
        CU_ASSERT(near_);                                                                          \
    } while (0)

#endif
