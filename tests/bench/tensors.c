/* How fast the tensor engine trains networks of the image experiments on one core, against the SGEMM of that core.
 *
 * A step is what an estimator does with one network and one batch: images in, forward, backward, update of all parameters by
 * SGD with momentum. Multiply-adds are those of convolutions and dense layers.
 * Arguments: images of a batch (128), a network (all), a precision (f32 and bf16). */
#include <stdio.h>
#include <string.h>

#include "bench/product.h"
#include "tensor.h"

enum { CLASSES = 10, ROUNDS = 3 };

typedef struct example {
    const char *name, *kind, *option, *value;
    image_size image;
} example;
static const example examples[] = {
    { "resnet18-64", "resnet18", "width", "64", { 3, 32, 32 } }, /* of the paper */
    { "resnet18-16", "resnet18", "width", "16", { 3, 32, 32 } },
    { "cnn-16-32", "cnn", "channels", "[16, 32]", { 1, 14, 28 } }, /* of mnist-halves.yaml */
};
enum { EXAMPLES = sizeof examples / sizeof examples[0] };

typedef struct trained {
    const example *example;
    network_graph graph;
    tensor_network *network;
    float *velocity; /* (padded) */
    float *gradient; /* (rows, CLASSES) */
    int rows;
    double best; /* seconds of a step */
} trained;

static void check(status s)
{
    if (s == OK) return;
    fprintf(stderr, "%s\n", failure_text());
    exit(1);
}

static network_graph graph_of(const example *e)
{
    static max_align_t options[64];
    const model_kind *kind = model_kind_find(e->kind);
    network_graph g = { 0 };
    if (kind == NULL) abort();
    option_defaults(kind->section.options, options);
    check(option_parse(option_find(kind->section.options, e->option), e->value, options));
    check(kind->graph(options, e->image, CLASSES, &g));
    return g;
}

static trained train_begin(const example *e, tensor_precision precision, int rows)
{
    trained t = { .example = e, .graph = graph_of(e), .rows = rows };
    check(tensor_network_make(&t.graph, rows, precision, &t.network));
    t.velocity = calloc((size_t)tensor_network_padded(t.network), sizeof(float));
    t.gradient = calloc((size_t)rows * CLASSES, sizeof(float));
    if (!t.velocity || !t.gradient) abort();
    graph_initialise(&t.graph, 1, 0, tensor_network_parameters(t.network));
    return t;
}

static void train_end(trained *t)
{
    tensor_network_free(t->network);
    free(t->velocity);
    free(t->gradient);
}

static void update(trained *t)
{
    const float rate = 0.001f, momentum = 0.9f, decay = 5e-4f;
    float *restrict w = tensor_network_parameters(t->network), *restrict v = t->velocity;
    const float *restrict g = tensor_network_gradients(t->network);
    for (int64_t k = 0; k < tensor_network_padded(t->network); k++) {
        v[k] = momentum * v[k] + g[k] + decay * w[k];
        w[k] -= rate * v[k];
    }
    tensor_network_changed(t->network);
}

static void measure_step(trained *t)
{
    const float *logits;
    const image_size image = t->example->image;
    double start = processor_seconds();
    float *input = tensor_network_input(t->network);
    for (int64_t k = 0; k < (int64_t)t->rows * image.channels * image.height * image.width; k++)
        input[k] = (float)(k % 255) / 128 - 1;
    check(tensor_network_forward(t->network, t->rows, &logits));
    for (int64_t k = 0; k < (int64_t)t->rows * CLASSES; k++) t->gradient[k] = logits[k] / (float)t->rows;
    check(tensor_network_backward(t->network, t->rows, t->gradient));
    update(t);
    double seconds = processor_seconds() - start;
    if (t->best == 0 || seconds < t->best) t->best = seconds;
}

static void print(const trained *t, const char *precision, tensor_precision p, double peak)
{
    double images = t->rows / t->best;
    double flops = 2.0 * (double)graph_macs_train(&t->graph) * images;
    double moments = 2.0 * sizeof(float) * (double)tensor_network_padded(t->network);
    double pair = 2 * ((double)tensor_network_bytes(&t->graph, t->rows, p) + moments);
    printf("%-16s %-10s %6d %10.1f %10.1f %8.1f %% %10.0f MiB\n", t->example->name, precision, t->rows,
           images, flops / 1e9, 100 * flops / peak, pair / (1 << 20));
}

static void bench(const example *e, const char *precision, int rows, product *peak)
{
    tensor_precision p = strcmp(precision, "bf16") == 0 ? PRECISION_BF16 : PRECISION_F32;
    trained t = train_begin(e, p, rows);
    for (int round = 0; round < ROUNDS; round++) {
        product_measure(peak);
        measure_step(&t);
    }
    print(&t, precision, p, product_peak(peak));
    fflush(stdout);
    train_end(&t);
}

int main(int argc, char **argv)
{
    static const char *const precisions[] = { "f32", "bf16" };
    if (!tensor_available()) {
        printf("skipped: no oneDNN\n");
        return 0;
    }
    product_name_core(argv);
    int rows = argc > 1 ? atoi(argv[1]) : 128;
    product peak = product_make();
    product_measure(&peak);
    printf("%s, %s; processor time of one core, best of %d rounds; SGEMM %.1f GFLOP/s\n", tensor_library(),
           tensor_kernels_name(), ROUNDS, product_peak(&peak) / 1e9);
    printf("%-16s %-10s %6s %10s %10s %10s %14s\n", "network", "precision", "batch", "images/s", "GFLOP/s",
           "of SGEMM", "memory, pair");
    for (int e = 0; e < EXAMPLES; e++)
        for (int p = 0; p < 2; p++) {
            if (argc > 2 && strcmp(argv[2], examples[e].name) != 0) continue;
            if (argc > 3 && strcmp(argv[3], precisions[p]) != 0) continue;
            if (p == PRECISION_BF16 && !tensor_has_bf16()) continue;
            bench(&examples[e], precisions[p], rows, &peak);
        }
    product_free(&peak);
    return 0;
}
