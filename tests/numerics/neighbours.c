#include "neighbours.h"

#include <stdlib.h>

#include "check.h"
#include "numerics/neighbours_parts.h"
#include "random.h"

/* Points on which neighbours are found in every way; a search in so many dimensions by so many points. */
enum { COUNT_MAX = 333, DIMENSIONS_MAX = 20, K_MAX = 9 };

static double points[COUNT_MAX * DIMENSIONS_MAX];
static double distance[2][COUNT_MAX * K_MAX], radius[COUNT_MAX];
static int32_t who[2][COUNT_MAX * K_MAX], number[2][COUNT_MAX];

/* Normal, or on a grid so coarse that most distances tie and many points are equal. */
static void draw(int count, int dimensions, bool coarse)
{
    random_key key = { .seed = (uint64_t)(count * 100 + dimensions), .purpose = RANDOM_DATA };
    for (int i = 0; i < count * dimensions; i++) {
        double x = random_normal(key, (uint64_t)i);
        points[i] = coarse ? (dimensions < 4 ? round(x * 2) : round(x / 2)) : x;
    }
}

/* As the definitions say it, one pair after another. */
static double plain_distance(norm_kind norm, int dimensions, int a, int b)
{
    double sum = 0, largest = 0;
    for (int d = 0; d < dimensions; d++) {
        double difference = points[a * dimensions + d] - points[b * dimensions + d];
        sum += difference * difference;
        largest = fmax(largest, fabs(difference));
    }
    return norm == NORM_EUCLID ? sum : largest;
}

static double plain_root(norm_kind norm, double d)
{
    return norm == NORM_EUCLID ? sqrt(d) : d;
}

/* The nearest of those that were not taken yet, k times over. */
static void plain_nearest(norm_kind norm, int count, int dimensions, int k, int i)
{
    bool taken[COUNT_MAX] = { false };
    taken[i] = true;
    for (int j = 0; j < k; j++) {
        int best = -1;
        for (int o = 0; o < count; o++)
            if (!taken[o] && (best < 0 || plain_distance(norm, dimensions, i, o) <
                                              plain_distance(norm, dimensions, i, best)))
                best = o;
        taken[best] = true;
        distance[0][i * k + j] = plain_root(norm, plain_distance(norm, dimensions, i, best));
        who[0][i * k + j] = best;
    }
}

static int plain_count(norm_kind norm, int count, int dimensions, int i)
{
    int nearer = 0;
    for (int o = 0; o < count; o++)
        nearer += o != i && plain_root(norm, plain_distance(norm, dimensions, i, o)) < radius[i];
    return nearer;
}

static void expect_nearest(neighbours_way way, norm_kind norm, int count, int dimensions, int k)
{
    neighbours *n = NULL;
    CU_ASSERT_EQUAL_FATAL(neighbours_make_so(way, points, count, dimensions, norm, &n), OK);
    CU_ASSERT_EQUAL(neighbours_nearest(n, k, distance[1], who[1]), OK);
    size_t numbers = (size_t)count * (size_t)k;
    CU_ASSERT_EQUAL(memcmp(distance[0], distance[1], numbers * sizeof(double)), 0); /* every bit */
    CU_ASSERT_EQUAL(memcmp(who[0], who[1], numbers * sizeof(int32_t)), 0);
    neighbours_free(n);
}

static void expect_counts(neighbours_way way, norm_kind norm, int count, int dimensions)
{
    neighbours *n = NULL;
    CU_ASSERT_EQUAL_FATAL(neighbours_make_so(way, points, count, dimensions, norm, &n), OK);
    CU_ASSERT_EQUAL(neighbours_count(n, radius, number[1]), OK);
    CU_ASSERT_EQUAL(memcmp(number[0], number[1], (size_t)count * sizeof(int32_t)), 0);
    neighbours_free(n);
}

/* Radii are distances to neighbours, so that some point lies exactly there and must not count; and a few odd ones. */
static void expect_both_ways(norm_kind norm, int count, int dimensions, int k)
{
    for (int i = 0; i < count; i++) plain_nearest(norm, count, dimensions, k, i);
    for (int i = 0; i < count; i++) radius[i] = distance[0][i * k + i % k];
    radius[0] = 0;
    radius[1] = INFINITY;
    radius[2] = 1e300;
    for (int i = 0; i < count; i++) number[0][i] = plain_count(norm, count, dimensions, i);
    for (int set = 0; panel_kernels_at(set); set++)
        for (int tree = 0; tree <= 1; tree++) {
            neighbours_way way = { tree, panel_kernels_at(set) };
            expect_nearest(way, norm, count, dimensions, k);
            expect_counts(way, norm, count, dimensions);
        }
}

static void tree_and_blocks_of_every_kernel_set_find_what_a_plain_loop_finds(void)
{
    static const int counts[] = { COUNT_MAX, 64, 17, K_MAX + 1 };
    for (int dimensions = 1; dimensions <= DIMENSIONS_MAX; dimensions++)
        for (int turn = 0; turn < 4; turn++) {
            if (dimensions > 3 && turn != dimensions % 4) continue; /* a plain loop takes its time */
            draw(counts[turn], dimensions, false);
            expect_both_ways(NORM_EUCLID, counts[turn], dimensions, turn == 1 ? 1 : K_MAX);
            expect_both_ways(NORM_LARGEST, counts[turn], dimensions, turn == 1 ? 1 : K_MAX);
        }
}

static void ties_go_to_the_lower_index_and_equal_points_are_at_distance_0(void)
{
    for (int dimensions = 1; dimensions <= DIMENSIONS_MAX; dimensions += dimensions < 5 ? 1 : 5) {
        draw(150, dimensions, true);
        expect_both_ways(NORM_EUCLID, 150, dimensions, K_MAX);
        expect_both_ways(NORM_LARGEST, 150, dimensions, K_MAX);
    }
    memset(points, 0, sizeof points); /* all are one */
    expect_both_ways(NORM_EUCLID, 100, 3, K_MAX);
    CU_ASSERT_EQUAL(distance[1][0], 0);
    CU_ASSERT_EQUAL(who[1][99 * K_MAX], 0);
}

static void every_other_can_be_asked_for(void)
{
    draw(K_MAX + 1, 2, false);
    expect_both_ways(NORM_EUCLID, K_MAX + 1, 2, K_MAX);
}

static void distances_that_overflow_stay_in_order(void)
{
    draw(40, 2, false);
    for (int i = 0; i < 40; i++) points[i] *= i % 3 ? 1e200 : 1e-200;
    expect_both_ways(NORM_EUCLID, 40, 2, 5);
    expect_both_ways(NORM_LARGEST, 40, 2, 5);
}

static void expect_refusal(status code, const char *words)
{
    CU_ASSERT_EQUAL(code, BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), words));
}

static void what_is_no_number_and_too_many_neighbours_are_refused(void)
{
    neighbours *n = NULL;
    draw(20, 3, false);
    points[3 * 7 + 1] = NAN;
    expect_refusal(neighbours_make(points, 20, 3, NORM_EUCLID, &n), "sample 7, column 1");
    points[3 * 7 + 1] = -INFINITY;
    expect_refusal(neighbours_make(points, 20, 3, NORM_EUCLID, &n), "not finite");
    expect_refusal(neighbours_make(points, 0, 3, NORM_EUCLID, &n), "no samples");
    CU_ASSERT_PTR_NULL(n);
    CU_ASSERT_EQUAL_FATAL(neighbours_make(points, 7, 3, NORM_EUCLID, &n), OK);
    expect_refusal(neighbours_nearest(n, 7, distance[1], NULL), "7 nearest others of 7 points");
    expect_refusal(neighbours_nearest(n, 0, distance[1], NULL), "0 nearest");
    neighbours_free(n);
}

CHECK_MAIN("neighbours", TEST(tree_and_blocks_of_every_kernel_set_find_what_a_plain_loop_finds),
           TEST(ties_go_to_the_lower_index_and_equal_points_are_at_distance_0),
           TEST(every_other_can_be_asked_for), TEST(distances_that_overflow_stay_in_order),
           TEST(what_is_no_number_and_too_many_neighbours_are_refused))
