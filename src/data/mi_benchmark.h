/* The forty tasks of the mutual information benchmark by name: each is a distribution and a transform. */
#ifndef MI_BENCHMARK_H
#define MI_BENCHMARK_H

#include "data/mi_transforms.h"

/* A task is T(name, distribution, dispersion, numbers of X and of Y each, correlation, degrees or epsilon, transform). */
#define MI_BENCHMARK(T)                                                      \
    T("normal_1", MI_NORMAL, MI_DENSE, 1, 0.75, 0, MI_NONE)                  \
    T("uniform_1", MI_NORMAL, MI_DENSE, 1, 0.75, 0, MI_UNIFORM)              \
    T("bimodal_1", MI_NORMAL, MI_DENSE, 1, 0.75, 0, MI_BIMODAL)              \
    T("wiggly_1", MI_NORMAL, MI_DENSE, 1, 0.75, 0, MI_WIGGLY)                \
    T("half_cube_1", MI_NORMAL, MI_DENSE, 1, 0.75, 0, MI_HALF_CUBE)          \
    T("swiss_roll_1", MI_NORMAL, MI_DENSE, 1, 0.75, 0, MI_SWISS_ROLL)        \
    T("additive_0.1", MI_ADDITIVE, MI_DENSE, 1, 0, 0.1, MI_NONE)             \
    T("additive_0.75", MI_ADDITIVE, MI_DENSE, 1, 0, 0.75, MI_NONE)           \
    T("student_1_df1", MI_STUDENT, MI_IDENTITY, 1, 0, 1, MI_NONE)            \
    T("student_2_df1", MI_STUDENT, MI_IDENTITY, 2, 0, 1, MI_NONE)            \
    T("student_2_df2", MI_STUDENT, MI_IDENTITY, 2, 0, 2, MI_NONE)            \
    T("student_3_df2", MI_STUDENT, MI_IDENTITY, 3, 0, 2, MI_NONE)            \
    T("student_3_df3", MI_STUDENT, MI_IDENTITY, 3, 0, 3, MI_NONE)            \
    T("student_5_df2", MI_STUDENT, MI_IDENTITY, 5, 0, 2, MI_NONE)            \
    T("student_5_df3", MI_STUDENT, MI_IDENTITY, 5, 0, 3, MI_NONE)            \
    T("asinh_1_df1", MI_STUDENT, MI_IDENTITY, 1, 0, 1, MI_ASINH)             \
    T("asinh_2_df1", MI_STUDENT, MI_IDENTITY, 2, 0, 1, MI_ASINH)             \
    T("asinh_3_df2", MI_STUDENT, MI_IDENTITY, 3, 0, 2, MI_ASINH)             \
    T("asinh_5_df2", MI_STUDENT, MI_IDENTITY, 5, 0, 2, MI_ASINH)             \
    T("dense_2", MI_NORMAL, MI_DENSE, 2, 0.5, 0, MI_NONE)                    \
    T("dense_3", MI_NORMAL, MI_DENSE, 3, 0.5, 0, MI_NONE)                    \
    T("dense_5", MI_NORMAL, MI_DENSE, 5, 0.5, 0, MI_NONE)                    \
    T("dense_25", MI_NORMAL, MI_DENSE, 25, 0.5, 0, MI_NONE)                  \
    T("dense_50", MI_NORMAL, MI_DENSE, 50, 0.5, 0, MI_NONE)                  \
    T("pairs_2", MI_NORMAL, MI_PAIRS, 2, 0.8, 0, MI_NONE)                    \
    T("pairs_3", MI_NORMAL, MI_PAIRS, 3, 0.8, 0, MI_NONE)                    \
    T("pairs_5", MI_NORMAL, MI_PAIRS, 5, 0.8, 0, MI_NONE)                    \
    T("pairs_25", MI_NORMAL, MI_PAIRS, 25, 0.8, 0, MI_NONE)                  \
    T("uniform_3", MI_NORMAL, MI_PAIRS, 3, 0.8, 0, MI_UNIFORM)               \
    T("uniform_5", MI_NORMAL, MI_PAIRS, 5, 0.8, 0, MI_UNIFORM)               \
    T("uniform_25", MI_NORMAL, MI_PAIRS, 25, 0.8, 0, MI_UNIFORM)             \
    T("half_cube_3", MI_NORMAL, MI_PAIRS, 3, 0.8, 0, MI_HALF_CUBE)           \
    T("half_cube_5", MI_NORMAL, MI_PAIRS, 5, 0.8, 0, MI_HALF_CUBE)           \
    T("half_cube_25", MI_NORMAL, MI_PAIRS, 25, 0.8, 0, MI_HALF_CUBE)         \
    T("spiral_3", MI_NORMAL, MI_PAIRS, 3, 0.8, 0, MI_SPIRAL)                 \
    T("spiral_5", MI_NORMAL, MI_PAIRS, 5, 0.8, 0, MI_SPIRAL)                 \
    T("spiral_25", MI_NORMAL, MI_PAIRS, 25, 0.8, 0, MI_SPIRAL)               \
    T("spiral_uniform_3", MI_NORMAL, MI_PAIRS, 3, 0.8, 0, MI_SPIRAL_UNIFORM) \
    T("spiral_uniform_5", MI_NORMAL, MI_PAIRS, 5, 0.8, 0, MI_SPIRAL_UNIFORM) \
    T("spiral_uniform_25", MI_NORMAL, MI_PAIRS, 25, 0.8, 0, MI_SPIRAL_UNIFORM)

/* Names of all tasks for an option table: "own", then '|' before each. */
#define MI_BENCHMARK_NAME(name, distribution, dispersion, numbers, correlation, extra, transform) "|" name
#define MI_BENCHMARK_NAMES                                                                        "own" MI_BENCHMARK(MI_BENCHMARK_NAME)

/* The options as they count: those of the task that options->task (index into MI_BENCHMARK_NAMES) names, with sizes and speed as they
 * are; *options itself for "own". */
mi_options mi_benchmark_options(const mi_options *options);

#endif
