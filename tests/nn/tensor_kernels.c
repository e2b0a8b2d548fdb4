/* Instruction sets: the lowest of a run's ranks is what all of them use. */
#include <stdio.h>

#ifndef HAVE_DNNL
int main(void)
{
    printf("skipped: no oneDNN\n");
    return 0;
}
#else

#include "check.h"
#include "nn/tensor_reference.h"
#include "tensor.h"

/* Before the first network: this process takes AVX2 (or less, where there is no more). */
static void a_lower_set_is_taken_before_the_first_network(void)
{
    int best = tensor_kernels_level();
    CU_ASSERT(best >= 0);
    CU_ASSERT(tensor_kernels_use(best + 1) == OK); /* no better than there is */
    CU_ASSERT_EQUAL(tensor_kernels_level(), best);
    while (strcmp(tensor_kernels_name(), "avx2") != 0 && tensor_kernels_level() > 0)
        CU_ASSERT_FATAL(tensor_kernels_use(tensor_kernels_level() - 1) == OK);
    CU_ASSERT(tensor_kernels_level() <= best);
    CU_ASSERT(!tensor_has_bf16());
}

static void the_lower_set_gives_the_plain_loops_too(void)
{
    network_graph g = reference_residual(16);
    tensor_network *n;
    const float *logits;
    CU_ASSERT_FATAL(tensor_network_make(&g, 4, PRECISION_F32, &n) == OK);
    int64_t parameters = graph_parameters(&g);
    double *w = malloc((size_t)parameters * sizeof(double));
    reference_draw_all(1, tensor_network_parameters(n), parameters);
    reference_draw_all(2, tensor_network_input(n), 4 * reference_places(g.layer[0].out));
    for (int64_t k = 0; k < parameters; k++) w[k] = tensor_network_parameters(n)[k];
    tensor_network_changed(n);
    reference r = reference_make(&g, 4, tensor_network_input(n));
    const double *expected = reference_forward(&r, w);
    CU_ASSERT(tensor_network_forward(n, 4, &logits) == OK);
    /* single precision, weights near one: logits of some hundred */
    for (int k = 0; k < 12; k++) CHECK_NEAR(logits[k], expected[k], 2e-5 * (1 + fabs(expected[k])));
    reference_free(&r);
    free(w);
    tensor_network_free(n);
}

static void bf16_is_refused_where_the_set_has_none(void)
{
    network_graph g = reference_residual(5);
    tensor_network *n;
    CU_ASSERT(tensor_network_make(&g, 4, PRECISION_BF16, &n) == BAD_INPUT);
    CU_ASSERT(n == NULL);
}

static void the_set_is_fixed_by_the_first_network(void)
{
    int level = tensor_kernels_level();
    CU_ASSERT(tensor_kernels_use(level) == OK);
    CU_ASSERT(tensor_kernels_use(level + 1) == OK);
    if (level > 0) CU_ASSERT(tensor_kernels_use(level - 1) == BAD_INPUT);
    CU_ASSERT_EQUAL(tensor_kernels_level(), level);
}

CHECK_MAIN("instruction sets of the tensor engine", TEST(a_lower_set_is_taken_before_the_first_network),
           TEST(the_lower_set_gives_the_plain_loops_too), TEST(bf16_is_refused_where_the_set_has_none),
           TEST(the_set_is_fixed_by_the_first_network))
#endif
