/* The vector kernels as a set. This file is compiled once per instruction set (KERNEL_SET): vector.h has what differs
 * between the sets, the other headers have the kernels, one kind each. */
#include "nn/lanes/kernels.h"
#include "nn/lanes/vector.h"
#include "nn/lanes/vector_dense.h"
#include "nn/lanes/vector_gather.h"
#include "nn/lanes/vector_gaussian.h"
#include "nn/lanes/vector_loss.h"
#include "nn/lanes/vector_norm.h"
#include "nn/lanes/vector_step.h"

static int runs_here(void)
{
#if SET_NUMBER == SET_avx512
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#elif SET_NUMBER == SET_avx2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 1;
#endif
}

#define TABLE_NAME(set)       TABLE_NAME_PASTE(set)
#define TABLE_NAME_PASTE(set) lanes_kernels_##set
#define SET_NAME(set)         SET_NAME_QUOTE(set)
#define SET_NAME_QUOTE(set)   #set

const lanes_kernels TABLE_NAME(KERNEL_SET) = {
    .name = SET_NAME(KERNEL_SET),
    .lanes = LANES,
    .runs_here = runs_here,
    .dense_forward = dense_forward,
    .dense_backward_input = dense_backward_input,
    .dense_backward_weights = dense_backward_weights,
    .norm_sums = norm_sums,
    .norm_train = norm_train,
    .norm_predict = norm_predict,
    .norm_backward_finish = norm_backward_finish,
    .norm_backward = norm_backward,
    .activate = activate,
    .activate_backward = activate_backward,
    .sgd = sgd,
    .adam = adam,
    .loss = loss_run,
    .gaussian = gaussian_run,
    .gather = gather,
    .gather_labels = gather_labels,
};
