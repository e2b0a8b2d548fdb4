/* Model kinds of the tensor engine: the networks that their options describe. */
#include "model.h"

#include <stddef.h>
#include <stdlib.h>

#include "check.h"

/* An option as a person types it; a list of them ends with a name of NULL. */
typedef struct typed {
    const char *name, *value;
} typed;

/* The graph of a kind with these options; NULL: with the defaults. */
static status graph_of(const char *kind, const typed *options, image_size in, int out, network_graph *g)
{
    static max_align_t block[64];
    const model_kind *k = model_kind_find(kind);
    CU_ASSERT_FATAL(k != NULL && k->section.size <= sizeof block);
    option_defaults(k->section.options, block);
    for (const typed *t = options; t && t->name; t++) {
        const option *row = option_find(k->section.options, t->name);
        CU_ASSERT_EQUAL(option_parse(row, t->value, block), OK);
    }
    return k->graph(block, in, out, g);
}

static int layers_of(const network_graph *g, layer_kind kind)
{
    int count = 0;
    for (int l = 0; l < g->layers; l++) count += g->layer[l].kind == kind;
    return count;
}

static void check_refused(const char *kind, const typed *options, image_size in, const char *expected)
{
    static network_graph g;
    CU_ASSERT_EQUAL(graph_of(kind, options, in, 10, &g), BAD_INPUT);
    if (strstr(failure_text(), expected) == NULL) {
        fprintf(stderr, "'%s' says nothing of '%s'\n", failure_text(), expected);
        CU_FAIL("another text");
    }
}

static void the_residual_network_has_the_published_size(void)
{
    static network_graph g;
    CU_ASSERT_EQUAL(graph_of("resnet18", NULL, (image_size){ 3, 32, 32 }, 10, &g), OK);
    CU_ASSERT_EQUAL(graph_parameters(&g), 11171274);
    CU_ASSERT_EQUAL(graph_macs_forward(&g), 555422720);
    /* the gradient of the image is not needed: once the first convolution less than three times */
    CU_ASSERT_EQUAL(graph_macs_train(&g), 3 * (int64_t)555422720 - 32 * 32 * 64 * 27);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_CONVOLUTION), 17 + 3);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_NORM), 17);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_ADD), 8);
    CU_ASSERT_EQUAL(graph_statistics(&g), 2 * (64 * 5 + (64 + 128 * 3) + (128 + 256 * 3) + (256 + 512 * 3)));
}

/* Where the size stays, the sum takes the block's input itself; elsewhere a 1x1 convolution of the ReLU before the block's first
 * convolution. */
static void shortcuts_leave_before_the_norm_or_after_it(void)
{
    static network_graph g;
    int convolved = 0;
    CU_ASSERT_EQUAL(graph_of("resnet18", NULL, (image_size){ 3, 32, 32 }, 10, &g), OK);
    for (int l = 0; l < g.layers; l++) {
        if (g.layer[l].kind != LAYER_ADD) continue;
        const graph_layer *shortcut = &g.layer[g.layer[l].with];
        if (shortcut->kind == LAYER_CONVOLUTION) {
            CU_ASSERT(shortcut->kernel == 1 && shortcut->stride == 2 && !shortcut->bias);
            CU_ASSERT_EQUAL(g.layer[shortcut->from].kind, LAYER_RELU);
            CU_ASSERT_EQUAL(g.layer[shortcut->from + 1].from, shortcut->from);
            convolved++;
        } else {
            CU_ASSERT(shortcut->kind == LAYER_ADD || g.layer[l].with == 3); /* the first ReLU of all */
            CU_ASSERT_EQUAL(g.layer[g.layer[l].with + 1].from, g.layer[l].with);
        }
    }
    CU_ASSERT_EQUAL(convolved, 3);
    /* no norm and no ReLU behind the last sum */
    CU_ASSERT_EQUAL(g.layer[g.layers - 3].kind, LAYER_ADD);
    CU_ASSERT_EQUAL(g.layer[g.layers - 2].kind, LAYER_AVERAGE_POOL);
    CU_ASSERT(g.layer[g.layers - 1].kind == LAYER_DENSE && g.layer[g.layers - 1].bias);
}

/* One window covers all places of the image before the pool, and the layer after it has `channels` inputs. */
static void check_end(image_size in, int height, int width, int channels)
{
    static network_graph g;
    CU_ASSERT_EQUAL(graph_of("resnet18", (const typed[]){ { "width", "8" }, { NULL, NULL } }, in, 10, &g),
                    OK);
    const graph_layer *pool = &g.layer[g.layers - 2], *last = &g.layer[pool->from];
    CU_ASSERT_EQUAL(last->out.height, height);
    CU_ASSERT_EQUAL(last->out.width, width);
    CU_ASSERT_EQUAL(last->out.channels, channels);
    CU_ASSERT(pool->out.height == 1 && pool->out.width == 1 && pool->out.channels == channels);
    CU_ASSERT(pool->kernel - pool->padding >= height && pool->kernel - pool->padding >= width);
    CU_ASSERT_EQUAL(graph_layer_parameters(&g, g.layers - 1), 10 * (channels + 1));
}

static void residual_networks_take_images_of_other_sizes(void)
{
    check_end((image_size){ 3, 32, 32 }, 4, 4, 64);
    check_end((image_size){ 1, 28, 28 }, 4, 4, 64);
    check_end((image_size){ 3, 32, 8 }, 4, 1, 64);
    check_end((image_size){ 3, 32, 13 }, 4, 2, 64);
    check_end((image_size){ 3, 14, 28 }, 2, 4, 64);
    check_end((image_size){ 17, 8, 8 }, 1, 1, 64);
    check_end((image_size){ 3, 96, 64 }, 12, 8, 64);
}

/* Pairs of channels, in units of width x width: 9 per 3x3 convolution, 1 per shortcut. What grows with the width alone: 9 per
 * channel of the image, two per channel of a norm, 8 per output. */
static void a_residual_network_grows_with_its_width(void)
{
    static network_graph g;
    enum { PAIRS = 9 * (4 + 14 + 56 + 224) + 2 + 8 + 32, NORMED = 5 + 7 + 14 + 28 };
    static const char *const widths[] = { "8", "17", "64", "256" };
    for (int i = 0; i < 4; i++) {
        long w = strtol(widths[i], NULL, 10);
        const typed options[] = { { "width", widths[i] }, { NULL, NULL } };
        CU_ASSERT_EQUAL(graph_of("resnet18", options, (image_size){ 5, 32, 32 }, 7, &g), OK);
        CU_ASSERT_EQUAL(graph_parameters(&g), PAIRS * w * w + (9 * 5 + 2 * NORMED + 7 * 8) * w + 7);
        CU_ASSERT_EQUAL(graph_statistics(&g), 2 * NORMED * w);
    }
}

static void a_convolutional_network_follows_its_options(void)
{
    static network_graph g;
    CU_ASSERT_EQUAL(graph_of("cnn", NULL, (image_size){ 1, 28, 28 }, 10, &g), OK);
    CU_ASSERT_EQUAL(graph_parameters(&g), 16 * 9 + 32 + 32 * 16 * 9 + 64 + 64 * 32 * 49 + 128 + 650);
    CU_ASSERT_EQUAL(graph_macs_forward(&g), 28 * 28 * 16 * 9 + 14 * 14 * 32 * 16 * 9 + 64 * 32 * 49 + 640);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_NORM), 3);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_MAX_POOL), 2);

    CU_ASSERT_EQUAL(graph_of("cnn", NULL, (image_size){ 3, 32, 9 }, 10, &g), OK);
    CU_ASSERT_EQUAL(graph_parameters(&g), 16 * 27 + 32 + 32 * 16 * 9 + 64 + 64 * 32 * 16 + 128 + 650);

    static const typed odd[] = { { "channels", "[5, 17, 3]" }, { "kernel", "5" },  { "pool", "none" },
                                 { "norm", "none" },           { "hidden", "[]" }, { NULL, NULL } };
    CU_ASSERT_EQUAL(graph_of("cnn", odd, (image_size){ 3, 9, 5 }, 4, &g), OK);
    CU_ASSERT_EQUAL(graph_parameters(&g),
                    5 * (3 * 25 + 1) + 17 * (5 * 25 + 1) + 3 * (17 * 25 + 1) + 4 * (3 * 45 + 1));
    CU_ASSERT_EQUAL(graph_statistics(&g), 0);
    CU_ASSERT_EQUAL(graph_of("cnn", odd, (image_size){ 3, 1, 1 }, 4, &g), OK);

    static const typed dense[] = { { "channels", "[]" }, { "hidden", "[12, 7]" }, { NULL, NULL } };
    CU_ASSERT_EQUAL(graph_of("cnn", dense, (image_size){ 1, 7, 6 }, 2, &g), OK);
    CU_ASSERT_EQUAL(graph_parameters(&g), 12 * 42 + 24 + 7 * 12 + 14 + 2 * 8);
}

static void the_longest_convolutional_network_fits(void)
{
    static network_graph g;
    char ones[64] = "[1";
    for (int i = 1; i < INTEGERS_MAX; i++) strcat(ones, ", 1");
    strcat(ones, "]");
    const typed options[] = { { "channels", ones }, { "hidden", ones }, { NULL, NULL } };
    CU_ASSERT_EQUAL(graph_of("cnn", options, (image_size){ 1, 1 << 14, 1 << 14 }, 2, &g), BAD_INPUT);
    const typed flat[] = { { "channels", ones }, { "hidden", ones }, { "pool", "none" }, { NULL, NULL } };
    CU_ASSERT_EQUAL(graph_of("cnn", flat, (image_size){ 1, 4, 4 }, 2, &g), OK);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_CONVOLUTION), INTEGERS_MAX);
    CU_ASSERT_EQUAL(layers_of(&g, LAYER_DENSE), INTEGERS_MAX + 1);
}

static void images_that_are_too_small_or_none_are_refused(void)
{
    check_refused("resnet18", NULL, (image_size){ 3, 32, 7 }, "8 x 8 or more");
    check_refused("resnet18", NULL, (image_size){ 3, 7, 32 }, "these are 7 x 32");
    check_refused("resnet18", NULL, (image_size){ 0, 0, 0 }, "needs images; this data has none");
    check_refused("resnet18", NULL, (image_size){ 3, 20000, 20000 }, "too large");
    check_refused("cnn", NULL, (image_size){ 3, 32, 3 }, "4 x 4 or more; these are 32 x 3");
    check_refused("cnn", NULL, (image_size){ 0, 0, 0 }, "needs images; this data has none");
    check_refused("cnn", (const typed[]){ { "pool", "none" }, { NULL, NULL } }, (image_size){ 3, 4000, 4000 },
                  "too large");
    check_refused("cnn", (const typed[]){ { "kernel", "4" }, { NULL, NULL } }, (image_size){ 3, 32, 32 },
                  "kernel must be odd");
}

static void options_of_tensors_begin_with_the_precision(void)
{
    for (const model_kind *const *k = model_kinds; *k; k++) {
        if ((*k)->engine == ENGINE_LANES) continue;
        CU_ASSERT_STRING_EQUAL((*k)->section.options[0].name, "precision");
        CU_ASSERT_EQUAL((*k)->section.options[0].field, offsetof(tensor_options, precision));
        CU_ASSERT_PTR_NOT_NULL((*k)->graph);
    }
}

CHECK_MAIN("models of tensors", TEST(the_residual_network_has_the_published_size),
           TEST(shortcuts_leave_before_the_norm_or_after_it),
           TEST(residual_networks_take_images_of_other_sizes), TEST(a_residual_network_grows_with_its_width),
           TEST(a_convolutional_network_follows_its_options), TEST(the_longest_convolutional_network_fits),
           TEST(images_that_are_too_small_or_none_are_refused),
           TEST(options_of_tensors_begin_with_the_precision))
