/* Graphs: sizes follow from layer to layer, counts of parameters and arithmetic, what is refused, initial parameters. */
#include "graph.h"

#include <limits.h>
#include <stdlib.h>

#include "check.h"
#include "train.h"

static void check_size(const network_graph *g, int layer, int channels, int height, int width)
{
    image_size out = g->layer[layer].out;
    CU_ASSERT_EQUAL(out.channels, channels);
    CU_ASSERT_EQUAL(out.height, height);
    CU_ASSERT_EQUAL(out.width, width);
}

static void sizes_follow_from_the_layers_before(void)
{
    static network_graph g;
    int input = graph_input(&g, (image_size){ 3, 32, 20 });
    CU_ASSERT_EQUAL(input, 0);
    check_size(&g, input, 3, 32, 20);
    int same = graph_convolution(&g, input, 8, 3, 1, 1, 0);
    check_size(&g, same, 8, 32, 20);
    int norm = graph_norm(&g, same);
    check_size(&g, norm, 8, 32, 20);
    int half = graph_convolution(&g, norm, 5, 3, 2, 1, 1);
    check_size(&g, half, 5, 16, 10);
    int odd = graph_pool(&g, LAYER_MAX_POOL, half, 3, 2, 0);
    check_size(&g, odd, 5, 7, 4); /* the last rows and columns that make no window are left out */
    int one = graph_pool(&g, LAYER_AVERAGE_POOL, odd, 4, 4, 0);
    check_size(&g, one, 5, 1, 1);
    int logits = graph_dense(&g, graph_relu(&g, one), 10, 1);
    check_size(&g, logits, 10, 1, 1);
    CU_ASSERT_EQUAL(g.layers, logits + 1);
    CU_ASSERT_EQUAL(g.layer[logits].from, logits - 1);
    CU_ASSERT_EQUAL(graph_out(&g, half).width, 10);
    CU_ASSERT_EQUAL(g.layer[input].from, -1);
    CU_ASSERT_EQUAL(g.layer[logits].with, -1);
}

static void one_window_covers_images_of_any_shape_once(void)
{
    static network_graph g;
    for (int height = 1; height < 9; height++)
        for (int width = 1; width < 9; width++) {
            int pool =
                graph_pool_all(&g, LAYER_AVERAGE_POOL, graph_input(&g, (image_size){ 3, height, width }));
            check_size(&g, pool, 3, 1, 1);
            int reach = g.layer[pool].kernel - g.layer[pool].padding;
            CU_ASSERT(reach >= height && reach >= width);
        }
}

/* convolution - norm - ReLU, a shortcut around another convolution, dense */
static void write_small(network_graph *g)
{
    int in = graph_input(g, (image_size){ 2, 5, 4 });
    int relu = graph_relu(g, graph_norm(g, graph_convolution(g, in, 3, 3, 1, 1, 0)));
    int sum = graph_add(g, graph_convolution(g, relu, 3, 1, 1, 0, 1), relu);
    graph_dense(g, sum, 6, 1);
}

static void parameters_and_statistics_are_counted_in_the_order_of_the_layers(void)
{
    static network_graph g;
    write_small(&g);
    static const int64_t counts[] = { 0, 3 * 2 * 9, 2 * 3, 0, 3 * 3 + 3, 0, 6 * 3 * 20 + 6 };
    int64_t sum = 0;
    CU_ASSERT_EQUAL_FATAL(g.layers, (int)(sizeof counts / sizeof counts[0]));
    for (int l = 0; l < g.layers; l++) {
        CU_ASSERT_EQUAL(graph_layer_parameters(&g, l), counts[l]);
        CU_ASSERT_EQUAL(graph_parameters_at(&g, l), sum);
        sum += counts[l];
    }
    CU_ASSERT_EQUAL(graph_parameters(&g), sum);
    CU_ASSERT_EQUAL(graph_statistics(&g), 6);
}

static void arithmetic_is_counted_per_layer_and_the_inputs_gradient_is_not_needed(void)
{
    static network_graph g;
    write_small(&g);
    int64_t first = 20 * 3 * 2 * 9, second = 20 * 3 * 3, dense = 6 * 60;
    CU_ASSERT_EQUAL(graph_macs_forward(&g), first + second + dense);
    CU_ASSERT_EQUAL(graph_macs_train(&g), 2 * first + 3 * (second + dense));
    CU_ASSERT_EQUAL(graph_activations(&g), 2 * 20 + 5 * 60 + 6);
}

static void check_broken(network_graph *g, int returned)
{
    CU_ASSERT_EQUAL(returned, -1);
    CU_ASSERT_EQUAL(g->layers, 0);
    CU_ASSERT_EQUAL(graph_norm(g, 0), -1); /* and it stays so */
    CU_ASSERT_EQUAL(graph_add(g, 0, 0), -1);
    CU_ASSERT_EQUAL(graph_pool(g, LAYER_MAX_POOL, 0, 1, 1, 0), -1);
    CU_ASSERT_EQUAL(graph_convolution(g, 0, 1, 1, 1, 0, 0), -1);
    CU_ASSERT_EQUAL(graph_dense(g, 0, 2, 1), -1);
    CU_ASSERT_EQUAL(g->layers, 0);
    CU_ASSERT_EQUAL(graph_pool_all(g, LAYER_AVERAGE_POOL, 0), -1);
    CU_ASSERT_EQUAL(graph_out(g, -1).channels, 0);
    CU_ASSERT_EQUAL(graph_parameters(g), 0);
}

static void a_window_that_does_not_fit_breaks_the_graph(void)
{
    static network_graph g;
    image_size size = { 1, 4, 2 };
    check_broken(&g, graph_convolution(&g, graph_input(&g, size), 1, 3, 1, 0, 0));
    check_broken(&g, graph_pool(&g, LAYER_AVERAGE_POOL, graph_input(&g, size), 4, 4, 0));
    /* a window of padding alone has no mean */
    check_broken(&g, graph_pool(&g, LAYER_AVERAGE_POOL, graph_input(&g, size), 2, 1, 2));
    check_broken(&g, graph_convolution(&g, graph_input(&g, size), 1, 1, 0, 0, 0));
    check_broken(&g, graph_convolution(&g, graph_input(&g, size), 0, 1, 1, 0, 0));
    graph_input(&g, size); /* a new one begins */
    check_size(&g, graph_convolution(&g, 0, 1, 3, 1, 1, 0), 1, 4, 2);
}

static void sizes_that_do_not_fit_each_other_break_the_graph(void)
{
    static network_graph g;
    int in = graph_input(&g, (image_size){ 2, 4, 4 });
    check_broken(&g, graph_add(&g, graph_convolution(&g, in, 3, 1, 1, 0, 0), in));
    graph_input(&g, (image_size){ 2, 4, 4 });
    check_broken(&g, graph_relu(&g, 1)); /* takes what is not there yet */
    check_broken(&g, graph_input(&g, (image_size){ 0, 0, 0 }));
    check_broken(&g, graph_input(&g, (image_size){ 1 << 20, 1 << 20, 1 << 20 }));
    graph_input(&g, (image_size){ 1 << 10, 1 << 10, 1 << 10 });
    check_broken(&g, graph_dense(&g, 0, INT_MAX, 1));
}

static void a_graph_that_grows_too_long_breaks(void)
{
    static network_graph g;
    int last = graph_input(&g, (image_size){ 1, 1, 1 });
    while (g.layers < GRAPH_LAYERS_MAX) last = graph_relu(&g, last);
    check_broken(&g, graph_relu(&g, last));

    /* random numbers of the next source would begin */
    last = graph_input(&g, (image_size){ 1, 1, 1 });
    for (int l = 0; l < TRAIN_LAYERS_MAX; l++) last = graph_dense(&g, last, 1, 1);
    CU_ASSERT_EQUAL(g.layers, TRAIN_LAYERS_MAX + 1);
    check_broken(&g, graph_dense(&g, last, 1, 1));
}

static void initial_parameters_are_those_of_train_initialise_and_norms_change_nothing(void)
{
    static network_graph g;
    write_small(&g);
    float *p = malloc((size_t)graph_parameters(&g) * sizeof *p);
    float *drawn = malloc((size_t)graph_parameters(&g) * sizeof *drawn);
    CU_ASSERT_FATAL(p && drawn);
    graph_initialise(&g, 7, 1, p);

    train_initialise(2 * 9, 3, 7, 1, 0, drawn, NULL);
    CU_ASSERT_EQUAL(memcmp(p, drawn, 54 * sizeof *p), 0);
    for (int c = 0; c < 3; c++) CU_ASSERT(p[54 + c] == 1 && p[57 + c] == 0);
    train_initialise(3, 3, 7, 1, 1, drawn, drawn + 9);
    CU_ASSERT_EQUAL(memcmp(p + 60, drawn, 12 * sizeof *p), 0);
    train_initialise(60, 6, 7, 1, 2, drawn, drawn + 360);
    CU_ASSERT_EQUAL(memcmp(p + 72, drawn, 366 * sizeof *p), 0);
    free(p);
    free(drawn);
}

CHECK_MAIN("graphs", TEST(sizes_follow_from_the_layers_before),
           TEST(one_window_covers_images_of_any_shape_once),
           TEST(parameters_and_statistics_are_counted_in_the_order_of_the_layers),
           TEST(arithmetic_is_counted_per_layer_and_the_inputs_gradient_is_not_needed),
           TEST(a_window_that_does_not_fit_breaks_the_graph),
           TEST(sizes_that_do_not_fit_each_other_break_the_graph), TEST(a_graph_that_grows_too_long_breaks),
           TEST(initial_parameters_are_those_of_train_initialise_and_norms_change_nothing))
