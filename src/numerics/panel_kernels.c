/* The distances of neighbours as a set of kernels. This file is compiled once per instruction set (KERNEL_SET). */
#include "numerics/panel_kernels.h"

#include "numerics/kernel_tiles.h"
#include "numerics/neighbours_parts.h"
#include "numerics/panel_vector.h"

#define INLINE static inline __attribute__((always_inline))

/* A panel's lanes in vectors of this set. */
enum { PARTS = PANEL / VECTOR };
typedef struct lanes {
    vec part[PARTS];
} lanes;

INLINE lanes lanes_zero(void)
{
    lanes r;
    for (int p = 0; p < PARTS; p++) r.part[p] = VECTOR_ALL(0.0);
    return r;
}

/* Adds the square of one vector of differences to a sum, or keeps the larger size. */
INLINE vec with_difference(norm_kind norm, vec distance, vec difference)
{
    if (norm == NORM_EUCLID) return distance + difference * difference;
    return VECTOR_MAX(distance, VECTOR_SIZE(difference));
}

/* A bit for every lane that is at most its limit. */
INLINE unsigned at_most(lanes a, lanes limit)
{
    unsigned bits = 0;
    for (int p = 0; p < PARTS; p++) bits |= VECTOR_AT_MOST(a.part[p], limit.part[p]) << (p * VECTOR);
    return bits;
}

INLINE lanes same_limit(double limit)
{
    lanes r;
    for (int p = 0; p < PARTS; p++) r.part[p] = VECTOR_ALL(limit);
    return r;
}

INLINE lanes own_limits(const panel_search *s)
{
    lanes r;
    for (int p = 0; p < PARTS; p++) r.part[p] = VECTOR_LOAD(s->limit + p * VECTOR);
    return r;
}

/* From one point (dimensions) to those of a panel (dimensions, PANEL). */
INLINE lanes distances(norm_kind norm, int dimensions, const double *panel, const double *point)
{
    lanes r = lanes_zero();
    for (int d = 0; d < dimensions; d++, panel += PANEL) {
        vec x = VECTOR_ALL(point[d]);
        for (int p = 0; p < PARTS; p++)
            r.part[p] = with_difference(norm, r.part[p], VECTOR_LOAD(panel + p * VECTOR) - x);
    }
    return r;
}

/* Puts a point among the nearest, in place of the last of them if it is farther or, as far, of a higher index. */
INLINE void offer(double *distance, int32_t *who, int k, double from, int32_t index)
{
    int at = k - 1;
    if (from > distance[at] || (from == distance[at] && index > who[at])) return;
    for (; at > 0 && (from < distance[at - 1] || (from == distance[at - 1] && index < who[at - 1])); at--) {
        distance[at] = distance[at - 1];
        who[at] = who[at - 1];
    }
    distance[at] = from;
    who[at] = index;
}

INLINE void offer_all(panel_search *s, int i, const int32_t *index, lanes from, unsigned bits)
{
    double each[PANEL];
    int32_t self = s->n->index[s->own * PANEL + i];
    for (int p = 0; p < PARTS; p++) VECTOR_STORE(each + p * VECTOR, from.part[p]);
    for (int l = 0; l < PANEL; l++)
        if ((bits >> l & 1) && index[l] != self)
            offer(s->distance + i * s->k, s->who + i * s->k, s->k, each[l], index[l]);
    s->limit[i] = s->distance[i * s->k + s->k - 1];
}

INLINE void nearest(norm_kind norm, panel_search *s, int64_t panel, unsigned active)
{
    const neighbours *n = s->n;
    int dimensions = n->dimensions;
    const double *points = n->panel + panel * dimensions * PANEL;
    for (; active; active &= active - 1) {
        int i = __builtin_ctz(active);
        lanes from = distances(norm, dimensions, points, s->point + i * dimensions);
        unsigned bits = at_most(from, same_limit(s->limit[i]));
        if (bits) offer_all(s, i, n->index + panel * PANEL, from, bits);
    }
}

INLINE void count(norm_kind norm, panel_search *s, int64_t panel, unsigned active)
{
    int dimensions = s->n->dimensions;
    const double *points = s->n->panel + panel * dimensions * PANEL;
    for (; active; active &= active - 1) {
        int i = __builtin_ctz(active);
        lanes from = distances(norm, dimensions, points, s->point + i * dimensions);
        s->within[i] += __builtin_popcount(at_most(from, same_limit(s->limit[i])));
    }
}

INLINE double least_of(const double a[PANEL])
{
    double least[PANEL / 2];
    for (int l = 0; l < PANEL / 2; l++) least[l] = a[l] < a[l + PANEL / 2] ? a[l] : a[l + PANEL / 2];
    for (int step = PANEL / 4; step > 0; step /= 2)
        for (int l = 0; l < step; l++) least[l] = least[l] < least[l + step] ? least[l] : least[l + step];
    return least[0];
}

INLINE unsigned some(norm_kind norm, const panel_search *s, const double *box, double gap[PANEL],
                     double *least)
{
    int dimensions = s->n->dimensions;
    const double *points = s->n->panel + s->own * dimensions * PANEL;
    lanes from = lanes_zero();
    for (int d = 0; d < dimensions; d++, points += PANEL) {
        vec low = VECTOR_ALL(box[d]), high = VECTOR_ALL(box[dimensions + d]), none = VECTOR_ALL(0.0);
        for (int p = 0; p < PARTS; p++) {
            vec x = VECTOR_LOAD(points + p * VECTOR);
            from.part[p] =
                with_difference(norm, from.part[p], VECTOR_MAX(VECTOR_MAX(low - x, x - high), none));
        }
    }
    for (int p = 0; p < PARTS; p++) VECTOR_STORE(gap + p * VECTOR, from.part[p]);
    *least = least_of(gap);
    return at_most(from, own_limits(s));
}

static unsigned still(const panel_search *s, const double gap[PANEL])
{
    lanes from;
    for (int p = 0; p < PARTS; p++) from.part[p] = VECTOR_LOAD(gap + p * VECTOR);
    return at_most(from, own_limits(s));
}

INLINE unsigned all(norm_kind norm, const panel_search *s, const double *box)
{
    int dimensions = s->n->dimensions;
    const double *points = s->n->panel + s->own * dimensions * PANEL;
    lanes reach = lanes_zero();
    for (int d = 0; d < dimensions; d++, points += PANEL) {
        vec low = VECTOR_ALL(box[d]), high = VECTOR_ALL(box[dimensions + d]);
        for (int p = 0; p < PARTS; p++) {
            vec x = VECTOR_LOAD(points + p * VECTOR);
            reach.part[p] = with_difference(norm, reach.part[p], VECTOR_MAX(x - low, high - x));
        }
    }
    return at_most(reach, own_limits(s));
}

/* ---- the set: every function for each norm ------------------------------------------------------------------- */

static void nearest_euclid(panel_search *s, int64_t panel, unsigned active)
{
    nearest(NORM_EUCLID, s, panel, active);
}

static void nearest_largest(panel_search *s, int64_t panel, unsigned active)
{
    nearest(NORM_LARGEST, s, panel, active);
}

static void count_euclid(panel_search *s, int64_t panel, unsigned active)
{
    count(NORM_EUCLID, s, panel, active);
}

static void count_largest(panel_search *s, int64_t panel, unsigned active)
{
    count(NORM_LARGEST, s, panel, active);
}

static unsigned some_euclid(const panel_search *s, const double *box, double gap[PANEL], double *least)
{
    return some(NORM_EUCLID, s, box, gap, least);
}

static unsigned some_largest(const panel_search *s, const double *box, double gap[PANEL], double *least)
{
    return some(NORM_LARGEST, s, box, gap, least);
}

static unsigned all_euclid(const panel_search *s, const double *box)
{
    return all(NORM_EUCLID, s, box);
}

static unsigned all_largest(const panel_search *s, const double *box)
{
    return all(NORM_LARGEST, s, box);
}

static int runs_here(void)
{
#if SET_NUMBER == SET_avx512
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#elif SET_NUMBER == SET_avx2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 1;
#endif
}

#define TABLE_NAME(set)       TABLE_NAME_PASTE(set)
#define TABLE_NAME_PASTE(set) panel_kernels_##set
#define ADD_NAME(set)         ADD_NAME_PASTE(set)
#define ADD_NAME_PASTE(set)   kernel_tiles_add_##set
#define SET_NAME(set)         SET_NAME_QUOTE(set)
#define SET_NAME_QUOTE(set)   #set

const panel_kernels TABLE_NAME(KERNEL_SET) = {
    .name = SET_NAME(KERNEL_SET),
    .runs_here = runs_here,
    .nearest = { [NORM_EUCLID] = nearest_euclid, [NORM_LARGEST] = nearest_largest },
    .count = { [NORM_EUCLID] = count_euclid, [NORM_LARGEST] = count_largest },
    .some = { [NORM_EUCLID] = some_euclid, [NORM_LARGEST] = some_largest },
    .still = still,
    .all = { [NORM_EUCLID] = all_euclid, [NORM_LARGEST] = all_largest },
    .add_kernels = ADD_NAME(KERNEL_SET),
};
