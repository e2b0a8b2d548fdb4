/* Gaussian predictions in every kernel set: known densities, finite differences of the gradients, agreement with the
 * reference lane by lane. */
#include <stdlib.h>

#include "check.h"
#include "lanes.h"
#include "random.h"

enum { ROWS = 37, SOURCES = 3, DIMENSIONS_MAX = 5, ROOM = ROWS * DIMENSIONS_MAX * LANES_MAX };

static float number(uint32_t what, int lane, int64_t index)
{
    random_key key = { .seed = 9, .purpose = RANDOM_DATA, .stream = what * 100 + (uint32_t)lane };
    return (float)(2 * random_uniform(key, (uint64_t)index) - 1);
}

/* Inputs and outputs of one call, in lanes first_lane … of the test's data. */
typedef struct call {
    const lanes_kernels *k;
    int lanes, rows;
    lanes_loss loss;
    float *mean[SOURCES], *log_variance[SOURCES], *target, *weight, distance_weight[LANES_MAX];
    float *gradient[SOURCES], *log_variance_gradient[SOURCES], *row_nats[SOURCES];
    lanes_sums sums;
} call;

static float *room(void)
{
    float *memory = lanes_allocate(ROOM * sizeof *memory);
    if (!memory) abort();
    return memory;
}

/* Means of the sources lie at least 0.3 apart, so that no small step crosses a corner of the L1. */
static void call_fill(call *c, int first_lane)
{
    static const float apart[SOURCES] = { 0, 1, 3 };
    const int d = c->loss.outputs;
    for (int l = 0; l < c->lanes; l++) {
        int lane = first_lane + l;
        c->distance_weight[l] = 0.3f + 0.1f * (float)lane;
        for (int r = 0; r < c->rows; r++)
            c->weight[r * c->lanes + l] = (2 + number(0, lane, r)) / (float)c->rows;
        for (int k = 0; k < c->rows * d; k++) c->target[k * c->lanes + l] = 2 * number(1, lane, k);
        for (int i = 0; i < c->loss.sources; i++) {
            for (int k = 0; k < c->rows * d; k++)
                c->mean[i][k * c->lanes + l] =
                    (k % 2 ? -apart[i] : apart[i]) + 0.1f * number(2 + (uint32_t)i, lane, k);
            for (int j = 0; j < d; j++)
                c->log_variance[i][j * c->lanes + l] = 1.5f * number(8 + (uint32_t)i, lane, j);
        }
    }
}

static call call_make(const lanes_kernels *k, const lanes_loss *loss, int rows, int first_lane)
{
    call c = { .k = k, .lanes = lanes_kernels_lanes(k), .rows = rows, .loss = *loss };
    c.target = room();
    c.weight = room();
    for (int i = 0; i < SOURCES; i++) {
        c.mean[i] = room();
        c.log_variance[i] = room();
        c.gradient[i] = room();
        c.log_variance_gradient[i] = room();
        c.row_nats[i] = room();
    }
    call_fill(&c, first_lane);
    return c;
}

static void call_free(call *c)
{
    free(c->target);
    free(c->weight);
    for (int i = 0; i < SOURCES; i++) {
        free(c->mean[i]);
        free(c->log_variance[i]);
        free(c->gradient[i]);
        free(c->log_variance_gradient[i]);
        free(c->row_nats[i]);
    }
}

static void call_run(call *c, bool gradients)
{
    lanes_gaussian g = { .target = c->target };
    for (int i = 0; i < c->loss.sources; i++) {
        g.log_variance[i] = c->log_variance[i];
        g.log_variance_gradient[i] = c->log_variance_gradient[i];
    }
    c->sums = (lanes_sums){ 0 };
    lanes_gaussian_run(c->k, &c->loss, c->rows, (const float *const *)c->mean, &g, c->weight,
                       c->distance_weight, gradients ? c->gradient : NULL, c->row_nats, &c->sums);
}

static double call_loss(call *c, int lane)
{
    call_run(c, false);
    double loss = (double)c->distance_weight[lane] * c->sums.distance[lane];
    for (int i = 0; i < c->loss.sources; i++) loss += (double)c->loss.share * c->sums.cross_entropy[i][lane];
    return loss;
}

/* ---- densities ------------------------------------------------------------------------------------------------------- */

static void the_density_is_that_of_a_gaussian(void)
{
    const double ln_two_pi = log(2 * acos(-1));
    const lanes_loss loss = { 1, 2, DISTANCE_L1, COUPLING_PAIRWISE, 1 };
    for (int s = 0; s < lanes_kernels_count(); s++) {
        call c = call_make(lanes_kernels_at(s), &loss, 1, 0);
        for (int l = 0; l < c.lanes; l++) {
            c.weight[l] = 0.5f;
            c.target[l] = 5; /* two standard deviations of 1.5 off */
            c.mean[0][l] = 2;
            c.log_variance[0][l] = logf(2.25f);
            c.target[c.lanes + l] = -7; /* met, with a variance of 1/4 */
            c.mean[0][c.lanes + l] = -7;
            c.log_variance[0][c.lanes + l] = logf(0.25f);
        }
        call_run(&c, false);
        double nats = 2 + (log(2.25) + log(0.25)) / 2 + ln_two_pi;
        for (int l = 0; l < c.lanes; l++) { /* floats: some 1e-7 of 4 */
            CHECK_NEAR(c.row_nats[0][l], nats, 2e-6);
            CHECK_NEAR(c.sums.cross_entropy[0][l], 0.5 * nats, 2e-6);
            CHECK_NEAR(c.sums.squares[0][l], 0.5 * 9, 1e-6);
            CHECK_NEAR(c.sums.distance[l], 0, 0);
        }
        call_free(&c);
    }
}

static void the_distance_is_between_the_means(void)
{
    for (int s = 0; s < lanes_kernels_count(); s++)
        for (int kind = DISTANCE_L1; kind <= DISTANCE_L2; kind++)
            for (int coupling = COUPLING_PAIRWISE; coupling <= COUPLING_CENTROID; coupling++) {
                const lanes_loss loss = { 2, 2, (rine_distance)kind, (rine_coupling)coupling, 0.5f };
                call c = call_make(lanes_kernels_at(s), &loss, 1, 0);
                for (int l = 0; l < c.lanes; l++) {
                    c.weight[l] = 1;
                    for (int j = 0; j < 2; j++) {
                        c.mean[0][j * c.lanes + l] = 0;
                        c.mean[1][j * c.lanes + l] = j ? -4 : 3;
                    }
                }
                call_run(&c, false);
                /* 3 and 4 make 7 or 5; to the centre it is half of that, twice */
                for (int l = 0; l < c.lanes; l++)
                    CHECK_NEAR(c.sums.distance[l], kind == DISTANCE_L1 ? 7 : 5, 1e-6);
                call_free(&c);
            }
}

/* ---- gradients --------------------------------------------------------------------------------------------------------- */

/* The loss is quadratic in the means but for the distance; in a log variance it is an exponential, whose central difference
 * with a step of 0.02 is off by 7e-5 of itself. Rounding is 1e-6 of a loss of some units, over twice the step. A wrong term
 * is of the order of a row's weight, 0.1. */
#define STEP                0.02f
#define TOLERANCE(gradient) (5e-4 + 1e-4 * fabs(gradient))

static void check_number(call *c, int lane, float *at, double gradient)
{
    float middle = *at;
    *at = middle + STEP;
    double above = call_loss(c, lane);
    *at = middle - STEP;
    double below = call_loss(c, lane);
    *at = middle;
    CHECK_NEAR(gradient, (above - below) / (2 * (double)STEP), TOLERANCE(gradient));
}

static void check_gradients(const lanes_kernels *k, const lanes_loss *loss)
{
    call c = call_make(k, loss, 11, 0);
    call_run(&c, true);
    for (int i = 0; i < loss->sources; i++)
        for (int lane = 0; lane < c.lanes; lane += 3) {
            for (int n = 0; n < c.rows * loss->outputs; n++) {
                int at = n * c.lanes + lane;
                check_number(&c, lane, &c.mean[i][at], (double)c.gradient[i][at]);
            }
            for (int j = 0; j < loss->outputs; j++) {
                int at = j * c.lanes + lane;
                check_number(&c, lane, &c.log_variance[i][at], (double)c.log_variance_gradient[i][at]);
            }
        }
    call_free(&c);
}

static void gradients_are_finite_differences_in_every_set(void)
{
    for (int s = 0; s < lanes_kernels_count(); s++)
        for (int i = 0; i < 2 * 2 * 2 * 3; i++) {
            static const int dimensions[] = { 1, 2, 5 };
            const lanes_loss loss = { 2 + i % 2, dimensions[i / 8], (rine_distance)(i / 2 % 2),
                                      (rine_coupling)(i / 4 % 2), 0.4f };
            check_gradients(lanes_kernels_at(s), &loss);
        }
}

static void gradients_of_log_variances_add_to_what_is_there(void)
{
    const lanes_loss loss = { 2, 2, DISTANCE_L1, COUPLING_PAIRWISE, 0.5f };
    for (int s = 0; s < lanes_kernels_count(); s++) {
        call c = call_make(lanes_kernels_at(s), &loss, ROWS, 0);
        call_run(&c, true);
        float once = c.log_variance_gradient[1][0];
        call_run(&c, false);
        CHECK_NEAR(c.log_variance_gradient[1][0], once, 0);
        call_run(&c, true);
        CHECK_NEAR(c.log_variance_gradient[1][0], 2 * once,
                   1e-5 * fabsf(once)); /* another order of the sum */
        call_free(&c);
    }
}

/* ---- sets and lanes ---------------------------------------------------------------------------------------------------- */

/* Own exp of 1 to 2 ulp, sums of 37 terms in float: some 1e-6 of the largest. */
#define SETS_AGREE 1e-5

static double difference(int count, const float *a, int stride_a, const float *b, int stride_b)
{
    double worst = 0, largest = 1;
    for (int i = 0; i < count; i++) {
        double here = fabs((double)a[i * stride_a] - (double)b[i * stride_b]);
        if (!(here <= worst)) worst = here;
        if (fabs((double)b[i * stride_b]) > largest) largest = fabs((double)b[i * stride_b]);
    }
    return worst / largest;
}

static void compare(const call *fast, int lane, const call *plain, int l)
{
    const int d = fast->loss.outputs;
    for (int i = 0; i < fast->loss.sources; i++) {
        CHECK_NEAR(fast->sums.cross_entropy[i][lane], plain->sums.cross_entropy[i][l],
                   SETS_AGREE * (1 + plain->sums.cross_entropy[i][l]));
        CHECK_NEAR(fast->sums.squares[i][lane], plain->sums.squares[i][l],
                   SETS_AGREE * (1 + plain->sums.squares[i][l]));
        CHECK_NEAR(
            difference(ROWS * d, fast->gradient[i] + lane, fast->lanes, plain->gradient[i] + l, plain->lanes),
            0, SETS_AGREE);
        CHECK_NEAR(
            difference(ROWS, fast->row_nats[i] + lane, fast->lanes, plain->row_nats[i] + l, plain->lanes), 0,
            SETS_AGREE);
        CHECK_NEAR(difference(d, fast->log_variance_gradient[i] + lane, fast->lanes,
                              plain->log_variance_gradient[i] + l, plain->lanes),
                   0, SETS_AGREE);
    }
    CHECK_NEAR(fast->sums.distance[lane], plain->sums.distance[l], SETS_AGREE * plain->sums.distance[l]);
}

static void every_set_agrees_with_the_reference(void)
{
    const lanes_kernels *reference = lanes_kernels_find("reference");
    for (int s = 1; s < lanes_kernels_count(); s++)
        for (int i = 0; i < 2 * 2 * 3; i++) {
            static const int dimensions[] = { 1, 2, 5 };
            const lanes_loss loss = { 2 + i % 2, dimensions[i / 4], (rine_distance)(i / 2 % 2),
                                      COUPLING_CENTROID, 0.4f };
            call fast = call_make(lanes_kernels_at(s), &loss, ROWS, 0);
            call_run(&fast, true);
            for (int lane = 0; lane < fast.lanes; lane += lanes_kernels_lanes(reference)) {
                call plain = call_make(reference, &loss, ROWS, lane);
                call_run(&plain, true);
                for (int l = 0; l < plain.lanes; l++) compare(&fast, lane + l, &plain, l);
                call_free(&plain);
            }
            call_free(&fast);
        }
}

static void a_lane_does_not_notice_what_is_no_number_in_another(void)
{
    const lanes_loss loss = { 2, 2, DISTANCE_L1, COUPLING_PAIRWISE, 0.5f };
    for (int s = 0; s < lanes_kernels_count(); s++) {
        call calm = call_make(lanes_kernels_at(s), &loss, ROWS, 0);
        call spoilt = call_make(lanes_kernels_at(s), &loss, ROWS, 0);
        call_run(&calm, true);
        spoilt.target[1] = NAN;
        call_run(&spoilt, true);
        CU_ASSERT(isnan(spoilt.sums.cross_entropy[0][1]));
        for (int l = 0; l < calm.lanes; l++)
            CU_ASSERT(l == 1 || spoilt.sums.cross_entropy[0][l] == calm.sums.cross_entropy[0][l]);
        call_free(&calm);
        call_free(&spoilt);
    }
}

CHECK_MAIN("gaussian predictions", TEST(the_density_is_that_of_a_gaussian),
           TEST(the_distance_is_between_the_means), TEST(gradients_are_finite_differences_in_every_set),
           TEST(gradients_of_log_variances_add_to_what_is_there), TEST(every_set_agrees_with_the_reference),
           TEST(a_lane_does_not_notice_what_is_no_number_in_another))
