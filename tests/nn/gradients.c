/* Finite differences of every backward pass. The network and the reference kernels are compiled here once more, in double:
 * a central difference with a step of 1e-6 then has an error of 1e-10 or so, and a tolerance of 1e-6 leaves no room for a
 * wrong term. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#define float double
#define sqrtf sqrt
#define expf  exp
#define logf  log
#define fabsf fabs
#include "nn/lanes/network.c"
#include "nn/lanes/reference.c"
#undef float

#include "check.h"
#include "random.h"

#define STEP      1e-6
#define TOLERANCE 1e-6

enum { ROWS = 13, CLASSES = 4, SOURCES = 3, PARAMETERS = 200 };

static double number(uint32_t what, int64_t index)
{
    random_key key = { .seed = 5, .purpose = RANDOM_DATA, .stream = what };
    return 2 * random_uniform(key, (uint64_t)index) - 1;
}

/* Some networks that share labels and weights, and the loss that couples them; all lanes differ. A padded lane has no
 * last input, or a last row of weight 0. */
typedef struct problem {
    lanes_loss loss;
    int padded;
    lanes_network *network[SOURCES];
    double weight[ROWS * LANES], distance_weight[LANES];
    int32_t label[ROWS * LANES];
} problem;

static int lacks_input(const problem *p, int lane, int64_t index, int in)
{
    return p->padded && lane % 2 == 0 && index % in == in - 1;
}

static int lacks_row(const problem *p, int lane, int row)
{
    return p->padded && lane >= 2 && row == ROWS - 1;
}

static void problem_make(problem *p, const lanes_loss *loss, const network_shape *shape, int padded)
{
    const int in = shape->layer[0].in;
    *p = (problem){ .loss = *loss, .padded = padded };
    for (int l = 0; l < LANES; l++) {
        double total = 0;
        for (int r = 0; r < ROWS; r++)
            total += p->weight[r * LANES + l] = lacks_row(p, l, r) ? 0 : 1.2 + number(1, r * LANES + l);
        for (int r = 0; r < ROWS; r++) p->weight[r * LANES + l] /= total;
        for (int r = 0; r < ROWS; r++) p->label[r * LANES + l] = (r * (l + 2)) % CLASSES;
        p->distance_weight[l] = 0.5 + l;
    }
    for (int s = 0; s < loss->sources; s++) {
        if (lanes_network_make(&lanes_kernels_reference, shape, ROWS, &p->network[s]) != OK) abort();
        double *input = lanes_network_input(p->network[s]);
        for (int i = 0; i < ROWS * in * LANES; i++)
            input[i] = lacks_input(p, i % LANES, i / LANES, in) ? 0 : number(10 + (uint32_t)s, i);
        for (int l = 0; l < LANES; l++) {
            double parameters[PARAMETERS];
            for (int i = 0; i < network_parameters(shape); i++)
                parameters[i] = i < in * shape->layer[0].out && lacks_input(p, l, i, in)
                                    ? 0
                                    : number(20 + (uint32_t)(s * LANES + l), i);
            lanes_network_set_parameters(p->network[s], l, parameters);
        }
    }
}

static void problem_free(problem *p)
{
    for (int s = 0; s < p->loss.sources; s++) lanes_network_free(p->network[s]);
}

/* The loss of one lane; the gradients too if asked for. */
static double problem_loss(problem *p, int lane, int backward)
{
    const double *logits[SOURCES];
    double gradient[SOURCES][ROWS * CLASSES * LANES], *gradients[SOURCES];
    const double unbias[LANES] = { 1, 1, 1, 1 };
    lanes_sums sums = { 0 };
    double loss = 0;
    for (int s = 0; s < p->loss.sources; s++) {
        logits[s] = lanes_network_forward(p->network[s], ROWS, p->weight, unbias);
        gradients[s] = gradient[s];
    }
    lanes_loss_run(&lanes_kernels_reference, &p->loss, ROWS, logits, p->label, p->weight, p->distance_weight,
                   gradients, NULL, &sums);
    for (int s = 0; s < p->loss.sources; s++) {
        if (backward) lanes_network_backward(p->network[s], ROWS, p->weight, gradients[s]);
        loss += p->loss.share * sums.cross_entropy[s][lane];
    }
    return loss + p->distance_weight[lane] * sums.distance[lane];
}

static void check_gradients(const lanes_loss *loss, const network_shape *shape, int padded)
{
    problem p;
    problem_make(&p, loss, shape, padded);
    for (int s = 0; s < loss->sources; s++)
        for (int lane = 0; lane < LANES; lane++) {
            double parameters[PARAMETERS], gradients[PARAMETERS];
            problem_loss(&p, lane, 1);
            lanes_network_get_gradients(p.network[s], lane, gradients);
            lanes_network_get_parameters(p.network[s], lane, parameters);
            for (int i = 0; i < network_parameters(shape); i++) {
                double middle = parameters[i];
                parameters[i] = middle + STEP;
                lanes_network_set_parameters(p.network[s], lane, parameters);
                double above = problem_loss(&p, lane, 0);
                parameters[i] = middle - STEP;
                lanes_network_set_parameters(p.network[s], lane, parameters);
                double below = problem_loss(&p, lane, 0);
                parameters[i] = middle;
                lanes_network_set_parameters(p.network[s], lane, parameters);
                CHECK_NEAR(gradients[i], (above - below) / (2 * STEP), TOLERANCE);
                if (i < shape->layer[0].in * shape->layer[0].out &&
                    lacks_input(&p, lane, i, shape->layer[0].in))
                    CU_ASSERT(gradients[i] == 0); /* so that the weight stays 0 */
            }
        }
    problem_free(&p);
}

static const lanes_loss plain_loss = { 1, CLASSES, DISTANCE_L1, COUPLING_PAIRWISE, 0.5 };

static void a_dense_layer_with_and_without_bias_has_the_right_gradient(void)
{
    for (int bias = 0; bias < 2; bias++) {
        network_shape shape = { .layers = 1, .layer = { { 3, CLASSES, bias, 0, 0 } } };
        check_gradients(&plain_loss, &shape, 0);
    }
}

static void relu_layers_have_the_right_gradient(void)
{
    network_shape shape = { .layers = 3,
                            .layer = { { 2, 5, 1, 0, 1 }, { 5, 3, 0, 0, 1 }, { 3, CLASSES, 1, 0, 0 } } };
    check_gradients(&plain_loss, &shape, 0);
}

static void weighted_batch_normalisation_has_the_right_gradient(void)
{
    for (int relu = 0; relu < 2; relu++) {
        network_shape shape = {
            .layers = 3, .layer = { { 2, 5, 1, 1, relu }, { 5, 3, 0, 1, relu }, { 3, CLASSES, 1, 0, 0 } }
        };
        check_gradients(&plain_loss, &shape, 0);
    }
}

static void every_distance_and_coupling_has_the_right_gradient_for_two_and_three_sources(void)
{
    network_shape shape = { .layers = 2, .layer = { { 2, 3, 0, 1, 1 }, { 3, CLASSES, 1, 0, 0 } } };
    for (int sources = 2; sources <= SOURCES; sources++)
        for (int distance = DISTANCE_L1; distance <= DISTANCE_JS; distance++)
            for (int coupling = COUPLING_PAIRWISE; coupling <= COUPLING_CENTROID; coupling++) {
                lanes_loss loss = { sources, CLASSES, (rine_distance)distance, (rine_coupling)coupling,
                                    1.0 / sources };
                check_gradients(&loss, &shape, 0);
            }
}

static void padded_lanes_have_the_right_gradient(void)
{
    const lanes_loss loss = { 2, CLASSES, DISTANCE_L1, COUPLING_PAIRWISE, 0.5 };
    for (int normed = 0; normed < 2; normed++) {
        network_shape one = { .layers = 2, .layer = { { 3, 5, 1, normed, 1 }, { 5, CLASSES, 1, 0, 0 } } };
        network_shape two = {
            .layers = 3, .layer = { { 3, 5, 1, normed, 1 }, { 5, 3, 0, normed, 1 }, { 3, CLASSES, 1, 0, 0 } }
        };
        check_gradients(&loss, &one, 1);
        check_gradients(&loss, &two, 1);
    }
}

CHECK_MAIN("gradients of the lanes engine", TEST(a_dense_layer_with_and_without_bias_has_the_right_gradient),
           TEST(relu_layers_have_the_right_gradient),
           TEST(weighted_batch_normalisation_has_the_right_gradient),
           TEST(padded_lanes_have_the_right_gradient),
           TEST(every_distance_and_coupling_has_the_right_gradient_for_two_and_three_sources))
