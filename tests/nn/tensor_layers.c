/* Every kind of layer, and the residual block, against plain loops: outputs, statistics and gradients. */
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

typedef struct compared {
    network_graph graph;
    int rows;
    tensor_network *network;
    reference reference;
    double *parameters;
    float *weight; /* (rows, outputs) of the loss */
    int64_t outputs;
} compared;

/* Parameters in ±1, so that gammas of both signs and negative outputs occur. */
static bool compare_begin(compared *c, tensor_precision precision)
{
    const network_graph *g = &c->graph;
    CU_ASSERT_FATAL(g->layers > 0);
    if (tensor_network_make(g, c->rows, precision, &c->network) != OK) {
        fprintf(stderr, "%s\n", failure_text());
        CU_ASSERT(false);
        return false;
    }
    int64_t count = graph_parameters(g), pixels = c->rows * reference_places(g->layer[0].out);
    c->outputs = reference_places(g->layer[g->layers - 1].out);
    c->parameters = malloc((size_t)(count + 1) * sizeof(double));
    c->weight = malloc((size_t)(c->rows * c->outputs) * sizeof(float));
    float *parameters = tensor_network_parameters(c->network), *input = tensor_network_input(c->network);
    reference_draw_all(1, parameters, count);
    reference_draw_all(2, input, pixels);
    reference_draw_all(3, c->weight, c->rows * c->outputs);
    for (int64_t k = 0; k < count; k++) c->parameters[k] = parameters[k];
    tensor_network_changed(c->network);
    c->reference = reference_make(g, c->rows, input);
    return true;
}

static void compare_end(compared *c)
{
    reference_free(&c->reference);
    tensor_network_free(c->network);
    free(c->parameters);
    free(c->weight);
}

static double largest(const double *x, int64_t count)
{
    double most = 1;
    for (int64_t k = 0; k < count; k++) most = fmax(most, fabs(x[k]));
    return most;
}

static void compare_output(const compared *c, const float *logits, double relative)
{
    const double *expected = reference_forward(&c->reference, c->parameters);
    double tolerance = relative * largest(expected, c->rows * c->outputs);
    for (int64_t k = 0; k < c->rows * c->outputs; k++) CHECK_NEAR(logits[k], expected[k], tolerance);
}

static void compare_statistics(const compared *c, double tolerance)
{
    const float *statistics = tensor_network_batch_statistics(c->network);
    for (int64_t k = 0; k < graph_statistics(&c->graph); k++)
        CHECK_NEAR(statistics[k], c->reference.statistics[k],
                   tolerance * (1 + fabs(c->reference.statistics[k])));
}

/* Some fifty parameters, spread over all. */
static void compare_gradients(const compared *c, double relative)
{
    int64_t count = graph_parameters(&c->graph), step = count / 50 + 1;
    const float *gradient = tensor_network_gradients(c->network);
    double most = 1;
    for (int64_t k = 0; k < count; k++) most = fmax(most, fabs(gradient[k]));
    for (int64_t k = 0; k < count; k += step) {
        double expected = reference_gradient(&c->reference, c->parameters, k, c->weight);
        CHECK_NEAR(gradient[k], expected, relative * most);
    }
}

/* Sums of some hundred products of single precision numbers near one: errors of some 1e-6 of the largest; norms divide by
 * deviations well below one, and gradients go through two of them. */
static const double output_tolerance = 1e-5, gradient_tolerance = 1e-4;

static void compare(network_graph g, int rows)
{
    compared c = { .graph = g, .rows = rows };
    const float *logits;
    if (!compare_begin(&c, PRECISION_F32)) return;
    CU_ASSERT(tensor_network_forward(c.network, rows, &logits) == OK);
    compare_output(&c, logits, output_tolerance);
    compare_statistics(&c, output_tolerance);
    CU_ASSERT(tensor_network_backward(c.network, rows, c.weight) == OK);
    compare_gradients(&c, gradient_tolerance);
    compare_end(&c);
}

static const int odd_channels[] = { 1, 3, 5, 17 };
enum { ODD = sizeof odd_channels / sizeof odd_channels[0] };

/* two of them, so that the second gives a gradient to its source as well */
static network_graph two_convolutions(int in, int channels, int size, int kernel, int stride, int padding)
{
    network_graph g = { 0 };
    int x = graph_input(&g, (image_size){ in, size, size });
    x = graph_convolution(&g, x, channels, 3, 1, 1, 1);
    x = graph_convolution(&g, x, in, kernel, stride, padding, 0);
    graph_dense(&g, x, 3, 1);
    return g;
}

static void convolutions_of_odd_channels_are_the_plain_loops(void)
{
    for (int i = 0; i < ODD; i++)
        for (int o = 0; o < ODD; o++)
            compare(two_convolutions(odd_channels[i], odd_channels[o], 7, 3, 1, 1), 2);
}

static void convolutions_of_any_stride_padding_and_kernel_are_the_plain_loops(void)
{
    static const int windows[][3] = { { 1, 1, 0 }, { 1, 2, 0 }, { 3, 2, 1 }, { 3, 1, 0 },
                                      { 2, 2, 0 }, { 5, 1, 2 }, { 5, 3, 2 } };
    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
        compare(two_convolutions(3, 5, 8, windows[w][0], windows[w][1], windows[w][2]), 3);
        compare(two_convolutions(16, 32, 8, windows[w][0], windows[w][1], windows[w][2]), 3);
    }
}

static void convolutions_take_images_of_one_place_and_batches_of_one(void)
{
    for (int i = 0; i < ODD; i++) {
        compare(two_convolutions(odd_channels[i], 17, 1, 1, 1, 0), 1);
        compare(two_convolutions(odd_channels[i], 3, 1, 3, 1, 1), 4);
        compare(two_convolutions(odd_channels[i], 5, 6, 3, 1, 1), 1);
    }
}

static network_graph norms(int channels, int size, bool relu)
{
    network_graph g = { 0 };
    int x = graph_input(&g, (image_size){ 3, size, size });
    x = graph_convolution(&g, x, channels, 1, 1, 0, 0);
    x = graph_norm(&g, x);
    if (relu) x = graph_relu(&g, x);
    x = graph_convolution(&g, x, 2, size, 1, 0, 0);
    graph_dense(&g, x, 2, 0);
    return g;
}

static void norms_are_the_plain_loops_with_their_relu_or_without(void)
{
    for (int relu = 0; relu < 2; relu++)
        for (int i = 0; i < ODD; i++) {
            compare(norms(odd_channels[i], 5, relu), 3);
            compare(norms(odd_channels[i], 1, relu), 7);
        }
}

static network_graph pools(layer_kind kind, int channels, int size, int kernel, int stride, int padding)
{
    network_graph g = { 0 };
    int x = graph_input(&g, (image_size){ 2, size, size });
    x = graph_convolution(&g, x, channels, 1, 1, 0, 0);
    x = graph_pool(&g, kind, x, kernel, stride, padding);
    graph_dense(&g, x, 3, 1);
    return g;
}

static void pools_are_the_plain_loops(void)
{
    static const int windows[][3] = { { 2, 2, 0 }, { 3, 2, 1 }, { 3, 1, 1 }, { 4, 4, 0 }, { 2, 3, 0 } };
    static const layer_kind kinds[] = { LAYER_MAX_POOL, LAYER_AVERAGE_POOL };
    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++)
        for (int i = 0; i < ODD; i++)
            for (int k = 0; k < 2; k++)
                compare(pools(kinds[k], odd_channels[i], 7, windows[w][0], windows[w][1], windows[w][2]),
                        1 + i);
    compare(pools(LAYER_MAX_POOL, 17, 1, 1, 1, 0), 1);
    compare(pools(LAYER_AVERAGE_POOL, 17, 1, 1, 1, 0), 1);
}

static void relus_and_dense_layers_are_the_plain_loops(void)
{
    for (int i = 0; i < ODD; i++) {
        network_graph g = { 0 };
        int x = graph_input(&g, (image_size){ odd_channels[i], 3, 2 });
        x = graph_dense(&g, x, odd_channels[ODD - 1 - i], 1);
        x = graph_relu(&g, x);
        x = graph_dense(&g, x, 4, 0);
        x = graph_relu(&g, x);
        graph_dense(&g, x, 3, 1);
        compare(g, 1);
        compare(g, 6);
    }
}

static void residual_blocks_are_the_plain_loops(void)
{
    compare(reference_residual(3), 4);
    compare(reference_residual(16), 3);
}

CHECK_MAIN("layers of the tensor engine", TEST(convolutions_of_odd_channels_are_the_plain_loops),
           TEST(convolutions_of_any_stride_padding_and_kernel_are_the_plain_loops),
           TEST(convolutions_take_images_of_one_place_and_batches_of_one),
           TEST(norms_are_the_plain_loops_with_their_relu_or_without), TEST(pools_are_the_plain_loops),
           TEST(relus_and_dense_layers_are_the_plain_loops), TEST(residual_blocks_are_the_plain_loops))
#endif
