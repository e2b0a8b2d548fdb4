/* The tensor engine's networks: bits, numbers of rows, predictions, bfloat16, memory, pauses. */
#include <stdio.h>

#ifndef HAVE_DNNL
int main(void)
{
    printf("skipped: no oneDNN\n");
    return 0;
}
#else

#include <unistd.h>

#include "check.h"
#include "nn/tensor_reference.h"
#include "tensor.h"

typedef struct trained {
    network_graph graph;
    int rows;
    tensor_network *network;
} trained;

/* A network with parameters of its own: gammas of both signs, all of them near the size that training gives them. */
static trained trained_make(network_graph g, int rows, tensor_precision precision)
{
    trained t = { .graph = g, .rows = rows };
    CU_ASSERT_FATAL(g.layers > 0);
    CU_ASSERT_FATAL(tensor_network_make(&t.graph, rows, precision, &t.network) == OK);
    float *w = tensor_network_parameters(t.network);
    reference_draw_all(1, w, graph_parameters(&g));
    for (int l = 0; l < g.layers; l++)
        for (int64_t k = 0; g.layer[l].kind == LAYER_CONVOLUTION && k < graph_layer_parameters(&g, l); k++)
            w[graph_parameters_at(&g, l) + k] *= 0.3f;
    reference_draw_all(2, tensor_network_input(t.network), rows * reference_places(g.layer[0].out));
    tensor_network_changed(t.network);
    return t;
}

static int64_t logits_of(const trained *t, int rows)
{
    return rows * reference_places(t->graph.layer[t->graph.layers - 1].out);
}

/* Logits, then gradients, then batch statistics of one pass there and back, in memory that the caller frees. */
static float *pass(const trained *t, int rows, int64_t *count)
{
    int64_t logits = logits_of(t, rows), parameters = graph_parameters(&t->graph),
            statistics = graph_statistics(&t->graph);
    float *all = malloc((size_t)(logits + parameters + statistics) * sizeof(float));
    float *gradient = malloc((size_t)logits * sizeof(float));
    const float *given;
    CU_ASSERT_FATAL(all != NULL && gradient != NULL);
    reference_draw_all(3, gradient, logits);
    CU_ASSERT(tensor_network_forward(t->network, rows, &given) == OK);
    memcpy(all, given, (size_t)logits * sizeof(float));
    CU_ASSERT(tensor_network_backward(t->network, rows, gradient) == OK);
    memcpy(all + logits, tensor_network_gradients(t->network), (size_t)parameters * sizeof(float));
    memcpy(all + logits + parameters, tensor_network_batch_statistics(t->network),
           (size_t)statistics * sizeof(float));
    free(gradient);
    *count = logits + parameters + statistics;
    return all;
}

static void check_same(float *a, float *b, int64_t count)
{
    CU_ASSERT(memcmp(a, b, (size_t)count * sizeof(float)) == 0);
    free(a);
    free(b);
}

static void the_same_pass_gives_the_same_bits(void)
{
    for (int precision = PRECISION_F32; precision <= PRECISION_BF16; precision++) {
        if (precision == PRECISION_BF16 && !tensor_has_bf16()) continue;
        trained a = trained_make(reference_residual(16), 8, (tensor_precision)precision);
        trained b = trained_make(reference_residual(16), 8, (tensor_precision)precision);
        int64_t count;
        float *first = pass(&a, 8, &count), *other = pass(&b, 8, &count);
        check_same(first, other, count);
        /* other rows in between leave no trace */
        first = pass(&a, 8, &count);
        free(pass(&a, 3, &count));
        float *again = pass(&a, 8, &count);
        check_same(first, again, count);
        tensor_network_free(a.network);
        tensor_network_free(b.network);
    }
}

/* A short last batch is the plain loops over its rows. Rows come and go in more numbers than plans are kept. */
static void any_number_of_rows_is_the_plain_loops_over_them(void)
{
    trained t = trained_make(reference_residual(5), 12, PRECISION_F32);
    int64_t parameters = graph_parameters(&t.graph);
    double *w = malloc((size_t)parameters * sizeof(double));
    for (int64_t k = 0; k < parameters; k++) w[k] = tensor_network_parameters(t.network)[k];
    static const int rows[] = { 12, 5, 2, 12, 3, 4, 6, 7, 8, 9, 10, 11, 5, 12 };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        reference r = reference_make(&t.graph, rows[i], tensor_network_input(t.network));
        const double *expected = reference_forward(&r, w);
        const float *logits;
        CU_ASSERT(tensor_network_forward(t.network, rows[i], &logits) == OK);
        /* single precision through ten layers, logits near one */
        for (int64_t k = 0; k < logits_of(&t, rows[i]); k++) CHECK_NEAR(logits[k], expected[k], 2e-5);
        reference_free(&r);
    }
    free(w);
    tensor_network_free(t.network);
}

static void predictions_normalise_by_the_running_statistics_and_measure_nothing(void)
{
    trained t = trained_make(reference_residual(5), 6, PRECISION_F32);
    int64_t parameters = graph_parameters(&t.graph), statistics = graph_statistics(&t.graph);
    double *w = malloc((size_t)parameters * sizeof(double)),
           *running = malloc((size_t)statistics * sizeof(double));
    for (int64_t k = 0; k < parameters; k++) w[k] = tensor_network_parameters(t.network)[k];
    uint64_t drawn = 4;
    for (int64_t k = 0; k < statistics; k++) {
        tensor_network_running(t.network)[k] = 0.6f + 0.5f * reference_draw(&drawn);
        running[k] = tensor_network_running(t.network)[k];
    }
    const float *logits;
    float *before = malloc((size_t)statistics * sizeof(float));
    CU_ASSERT(tensor_network_forward(t.network, 6, &logits) == OK);
    memcpy(before, tensor_network_batch_statistics(t.network), (size_t)statistics * sizeof(float));
    for (int rows = 6; rows >= 1; rows -= 5) { /* one row is enough */
        reference r = reference_make(&t.graph, rows, tensor_network_input(t.network));
        r.running = running;
        const double *expected = reference_forward(&r, w);
        CU_ASSERT(tensor_network_predict(t.network, rows, &logits) == OK);
        for (int64_t k = 0; k < logits_of(&t, rows); k++)
            CHECK_NEAR(logits[k], expected[k], 2e-5 * (1 + fabs(expected[k])));
        reference_free(&r);
    }
    CU_ASSERT(
        memcmp(before, tensor_network_batch_statistics(t.network), (size_t)statistics * sizeof(float)) == 0);
    free(before);
    free(w);
    free(running);
    tensor_network_free(t.network);
}

static double length(const float *x, int64_t count)
{
    double sum = 0;
    for (int64_t k = 0; k < count; k++) sum += (double)x[k] * x[k];
    return sqrt(sum);
}

/* Each number of an activation is rounded to 8 bits, an error of up to 1/512 and 1/900 on average. Through ten layers and two
 * norms they add up as independent errors do, to some hundredth; gradients pass twice as many, and a
 * ReLU whose source is rounded over zero changes its gradient wholly. */
static void bf16_differs_from_f32_by_its_rounding_only(void)
{
    if (!tensor_has_bf16()) {
        printf("skipped: no bf16\n");
        return;
    }
    static const int widths[] = { 5, 16 };
    for (int i = 0; i < 2; i++) {
        trained a = trained_make(reference_residual(widths[i]), 8, PRECISION_F32);
        trained b = trained_make(reference_residual(widths[i]), 8, PRECISION_BF16);
        int64_t count, logits = logits_of(&a, 8), parameters = graph_parameters(&a.graph);
        float *x = pass(&a, 8, &count), *y = pass(&b, 8, &count);
        double sizes[] = { length(x, logits), length(x + logits, parameters) };
        for (int64_t k = 0; k < count; k++) y[k] -= x[k];
        double errors[] = { length(y, logits), length(y + logits, parameters) };
        CHECK_NEAR(errors[0] / sizes[0], 0, 0.03);
        CHECK_NEAR(errors[1] / sizes[1], 0, 0.12);
        CU_ASSERT(errors[0] > 0); /* it is not the same computation */
        free(x);
        free(y);
        tensor_network_free(a.network);
        tensor_network_free(b.network);
    }
}

typedef struct patience {
    int calls, stop_at; /* -1: never */
} patience;

static bool pause_until(void *context)
{
    patience *p = context;
    return p->calls++ != p->stop_at;
}

static void a_pause_between_layers_stops_a_pass_and_the_next_is_as_ever(void)
{
    trained t = trained_make(reference_residual(5), 4, PRECISION_F32);
    const float *logits, gradient[12] = { 1, 2, 3 };
    int64_t count;
    float *before = pass(&t, 4, &count);
    patience p = { 0, -1 };
    tensor_network_pause(t.network, pause_until, &p);
    CU_ASSERT(tensor_network_forward(t.network, 4, &logits) == OK);
    int forward = p.calls;
    CU_ASSERT(forward >= t.graph.layers / 2);
    for (int at = 0; at < forward; at += 5) {
        p = (patience){ 0, at };
        CU_ASSERT(tensor_network_forward(t.network, 4, &logits) == WORK_LEFT);
        CU_ASSERT_EQUAL(p.calls, at + 1);
        /* what was given up has no gradient */
        CU_ASSERT(tensor_network_backward(t.network, 4, gradient) == BROKEN);
    }
    p = (patience){ 0, -1 };
    CU_ASSERT(tensor_network_forward(t.network, 4, &logits) == OK);
    p = (patience){ 0, 3 };
    CU_ASSERT(tensor_network_backward(t.network, 4, gradient) == WORK_LEFT);
    /* while weights are laid out */
    p = (patience){ 0, 0 };
    tensor_network_changed(t.network);
    CU_ASSERT(tensor_network_predict(t.network, 4, &logits) == WORK_LEFT);
    tensor_network_pause(t.network, NULL, NULL);
    float *after = pass(&t, 4, &count);
    check_same(before, after, count);
    tensor_network_free(t.network);
}

#if defined __SANITIZE_ADDRESS__
#define ADDRESSES_ARE_CHECKED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define ADDRESSES_ARE_CHECKED 1
#endif
#endif
#ifndef ADDRESSES_ARE_CHECKED
#define ADDRESSES_ARE_CHECKED 0
#endif

/* bytes that the process has in memory */
static double resident(void)
{
    long pages = 0, total = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f == NULL || fscanf(f, "%ld %ld", &total, &pages) != 2) pages = 0;
    if (f) fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* The first network of a kind brings code along, which the second shares: that one takes what the plan says, and the small
 * change of its primitives' descriptions (some MiB). */
static void the_bytes_that_are_told_are_those_that_are_taken(void)
{
    if (ADDRESSES_ARE_CHECKED) {
        printf("skipped: memory under a sanitizer\n");
        return;
    }
    for (int precision = PRECISION_F32; precision <= PRECISION_BF16; precision++) {
        if (precision == PRECISION_BF16 && !tensor_has_bf16()) continue;
        int64_t count;
        network_graph g = reference_residual(64);
        trained first = trained_make(g, 256, (tensor_precision)precision);
        free(pass(&first, 256, &count));
        double told = (double)tensor_network_bytes(&g, 256, (tensor_precision)precision);
        double before = resident();
        trained second = trained_make(g, 256, (tensor_precision)precision);
        free(pass(&second, 256, &count));
        double taken = resident() - before;
        CHECK_NEAR(taken / told, 1, 0.05 + (4 << 20) / told);
        CU_ASSERT(told > 25e6); /* large enough to say something */
        tensor_network_free(first.network);
        tensor_network_free(second.network);
    }
}

static void fewer_rows_take_no_more_memory(void)
{
    network_graph g = reference_residual(17);
    for (int precision = PRECISION_F32; precision <= PRECISION_BF16; precision++)
        for (int rows = 2; rows < 20; rows += 3)
            CU_ASSERT(tensor_network_bytes(&g, rows, (tensor_precision)precision) <
                      tensor_network_bytes(&g, rows + 3, (tensor_precision)precision));
}

static void a_graph_that_cannot_be_planned_is_refused(void)
{
    network_graph g = reference_residual(5);
    tensor_network *n;
    int last = g.layers - 1;
    g.layer[last].from = g.layer[last].from - 1; /* nothing reads the pool any more */
    CU_ASSERT(tensor_network_make(&g, 4, PRECISION_F32, &n) == BROKEN);
    CU_ASSERT(n == NULL);
    g.layers = 0;
    CU_ASSERT(tensor_network_make(&g, 4, PRECISION_F32, &n) == BROKEN);
    CU_ASSERT_EQUAL(tensor_network_bytes(&g, 4, PRECISION_F32), 0);
    tensor_network_free(NULL);
}

static void rows_beyond_the_most_are_refused(void)
{
    trained t = trained_make(reference_residual(5), 4, PRECISION_F32);
    const float *logits;
    CU_ASSERT(tensor_network_forward(t.network, 5, &logits) == BROKEN);
    CU_ASSERT(tensor_network_predict(t.network, 0, &logits) == BROKEN);
    tensor_network_free(t.network);
}

CHECK_MAIN("networks of the tensor engine", TEST(the_same_pass_gives_the_same_bits),
           TEST(any_number_of_rows_is_the_plain_loops_over_them),
           TEST(predictions_normalise_by_the_running_statistics_and_measure_nothing),
           TEST(bf16_differs_from_f32_by_its_rounding_only),
           TEST(a_pause_between_layers_stops_a_pass_and_the_next_is_as_ever),
           TEST(the_bytes_that_are_told_are_those_that_are_taken), TEST(fewer_rows_take_no_more_memory),
           TEST(a_graph_that_cannot_be_planned_is_refused), TEST(rows_beyond_the_most_are_refused))
#endif
