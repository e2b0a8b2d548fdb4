/* A thousand steps of a small residual network: forward, backward, SGD. */
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

enum { STEPS = 1000, ROWS = 8, SHORT = 5, CLASSES = 3 };

/* Images of one of three classes: a stripe in one of three places, in noise. */
static void draw_images(uint64_t *drawn, int rows, float *images, int *classes)
{
    for (int n = 0; n < rows; n++) {
        classes[n] = (int)(1.4999f * (reference_draw(drawn) + 1));
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < 8; y++)
                for (int x = 0; x < 8; x++)
                    *images++ = 0.5f * reference_draw(drawn) + (y / 2 == classes[n] ? 1.0f : 0.0f);
    }
}

/* Mean cross-entropy in nats, and its gradient by the logits (rows, CLASSES): probabilities less the class, by the rows. */
static double cross_entropy(int rows, const float *logits, const int *classes, float *gradient)
{
    double loss = 0;
    for (int n = 0; n < rows; n++, logits += CLASSES, gradient += CLASSES) {
        double most = fmax(fmax(logits[0], logits[1]), logits[2]), sum = 0;
        for (int k = 0; k < CLASSES; k++) sum += exp(logits[k] - most);
        for (int k = 0; k < CLASSES; k++)
            gradient[k] = (float)((exp(logits[k] - most) / sum - (classes[n] == k)) / rows);
        loss -= (logits[classes[n]] - most - log(sum)) / rows;
    }
    return loss;
}

static double train_step(tensor_network *n, int64_t parameters, uint64_t *drawn, int rows)
{
    int classes[ROWS];
    float gradient[ROWS * CLASSES];
    const float *logits;
    draw_images(drawn, rows, tensor_network_input(n), classes);
    CU_ASSERT_FATAL(tensor_network_forward(n, rows, &logits) == OK);
    double loss = cross_entropy(rows, logits, classes, gradient);
    CU_ASSERT_FATAL(tensor_network_backward(n, rows, gradient) == OK);
    float *w = tensor_network_parameters(n);
    const float *g = tensor_network_gradients(n);
    for (int64_t k = 0; k < parameters; k++) w[k] -= 0.02f * g[k];
    tensor_network_changed(n);
    return loss;
}

static void soak(tensor_precision precision)
{
    network_graph g = reference_residual(8);
    tensor_network *n;
    uint64_t drawn = 7;
    double first = 0, last = 0;
    CU_ASSERT_FATAL(tensor_network_make(&g, ROWS, precision, &n) == OK);
    graph_initialise(&g, 1, 0, tensor_network_parameters(n));
    tensor_network_changed(n);
    for (int s = 0; s < STEPS; s++) {
        double loss = train_step(n, graph_parameters(&g), &drawn, s % 10 == 9 ? SHORT : ROWS);
        CU_ASSERT_FATAL(isfinite(loss));
        if (s < 20) first += loss / 20;
        if (s >= STEPS - 100) last += loss / 100;
    }
    for (int64_t k = 0; k < graph_parameters(&g); k++)
        CU_ASSERT_FATAL(isfinite(tensor_network_parameters(n)[k]));
    /* an untrained network knows nothing: about ln 3; the stripes are plain to see */
    CHECK_NEAR(first, 1.1, 0.4);
    CHECK_NEAR(last, 0, 0.1);
    tensor_network_free(n);
}

static void a_thousand_steps_stay_finite_and_learn(void)
{
    soak(PRECISION_F32);
}

static void a_thousand_steps_in_bf16_stay_finite_and_learn(void)
{
    if (tensor_has_bf16())
        soak(PRECISION_BF16);
    else
        printf("skipped: no bf16\n");
}

CHECK_MAIN("the tensor engine for a thousand steps", TEST(a_thousand_steps_stay_finite_and_learn),
           TEST(a_thousand_steps_in_bf16_stay_finite_and_learn))
#endif
