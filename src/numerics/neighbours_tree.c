/* A k-d tree without pointers. Leaves are panels, all full but the last; a node over p panels gives the first p / 2 to its left
 * child, and nodes are numbered in preorder, so children follow from (node, first panel, panels). Boxes are tight.
 *
 * Points of a leaf are searched together: a node is entered when its box is near enough to any of them. */
#include <math.h>
#include <stdlib.h>

#include "numerics/neighbours_parts.h"

/* A node of so few panels is looked through whole: smaller boxes cost as much time as they save (measured, 2 to 12 dimensions). */
enum { LOOKED_THROUGH = 4 };

typedef struct node {
    int64_t number, first, panels; /* panels first … first + panels - 1 */
} node;

static node left_child(node a)
{
    return (node){ a.number + 1, a.first, a.panels / 2 };
}

static node right_child(node a)
{
    int64_t left = a.panels / 2; /* whose tree has 2 left - 1 nodes */
    return (node){ a.number + 2 * left, a.first + left, a.panels - left };
}

static const double *node_box(const neighbours *n, node a)
{
    return n->box + a.number * 2 * n->dimensions;
}

static int64_t node_points(const neighbours *n, node a)
{
    int64_t end = (a.first + a.panels) * PANEL;
    return (end < n->count ? end : n->count) - a.first * PANEL;
}

/* ---- making ---------------------------------------------------------------------------------------------- */

/* Points in the order of one coordinate; where it is equal, of their index, so that all differ. */
typedef struct sorted {
    const double *points;
    int dimensions, along;
    int32_t *order;
} sorted;

static bool precedes(const sorted *s, int32_t a, int32_t b)
{
    double x = s->points[(int64_t)a * s->dimensions + s->along];
    double y = s->points[(int64_t)b * s->dimensions + s->along];
    return x < y || (x == y && a < b);
}

/* Of the first, the middle and the last of a range, the one between the other two: sorted points take no longer. */
static int32_t middle(const sorted *s, int64_t first, int64_t last)
{
    int32_t a = s->order[first], b = s->order[first + (last - first) / 2], c = s->order[last];
    if (precedes(s, b, a)) {
        int32_t held = a;
        a = b;
        b = held;
    }
    if (precedes(s, c, a)) return a;
    return precedes(s, c, b) ? c : b;
}

/* Reorders first … last so that place `nth` holds what it would hold in order, with what precedes it before it (quickselect). */
static void select_nth(const sorted *s, int64_t first, int64_t last, int64_t nth)
{
    while (first < last) {
        int32_t pivot = middle(s, first, last);
        int64_t i = first, j = last;
        while (i <= j) {
            while (precedes(s, s->order[i], pivot)) i++;
            while (precedes(s, pivot, s->order[j])) j--;
            if (i > j) break;
            int32_t held = s->order[i];
            s->order[i++] = s->order[j];
            s->order[j--] = held;
        }
        if (nth <= j)
            last = j;
        else if (nth >= i)
            first = i;
        else
            return;
    }
}

/* The box of some points; returns the coordinate in which it is widest. */
static int bound(const sorted *s, const int32_t *order, int64_t points, double *box)
{
    int d_max = s->dimensions, widest = 0;
    for (int d = 0; d < d_max; d++) {
        box[d] = INFINITY;
        box[d_max + d] = -INFINITY;
    }
    for (int64_t i = 0; i < points; i++) {
        const double *x = s->points + (int64_t)order[i] * d_max;
        for (int d = 0; d < d_max; d++) {
            if (x[d] < box[d]) box[d] = x[d];
            if (x[d] > box[d_max + d]) box[d_max + d] = x[d];
        }
    }
    for (int d = 1; d < d_max; d++)
        if (box[d_max + d] - box[d] > box[d_max + widest] - box[widest]) widest = d;
    return widest;
}

static void grow(neighbours *n, sorted *s, node a)
{
    int64_t begin = a.first * PANEL, points = node_points(n, a);
    s->along = bound(s, n->index + begin, points, n->box + a.number * 2 * n->dimensions);
    if (a.panels == 1) return;
    node left = left_child(a);
    select_nth(s, begin, begin + points - 1, begin + left.panels * PANEL);
    grow(n, s, left);
    grow(n, s, right_child(a));
}

status tree_make(neighbours *n, const double *points)
{
    status result = OK;
    size_t numbers = (size_t)(2 * n->panels - 1) * 2 * (size_t)n->dimensions;
    n->box = malloc(numbers * sizeof *n->box);
    CHECK(n->box, NO_MEMORY, "no memory for a tree of %zu panels", (size_t)n->panels);
    sorted s = { points, n->dimensions, 0, n->index };
    grow(n, &s, (node){ 0, 0, n->panels });
done:
    return result;
}

/* ---- searching -------------------------------------------------------------------------------------------- */

/* The nearer child first, so that the other is more often too far: its points are looked at again for that. */
static void descend(panel_search *s, node a, unsigned active)
{
    const neighbours *n = s->n;
    if (a.panels <= LOOKED_THROUGH) {
        for (int64_t panel = a.first; panel < a.first + a.panels; panel++)
            if (panel != s->own) n->kernels->nearest[n->norm](s, panel, active);
        return;
    }
    node child[2] = { left_child(a), right_child(a) };
    double gap[2][PANEL], least[2];
    unsigned near_enough[2];
    for (int c = 0; c < 2; c++)
        near_enough[c] = n->kernels->some[n->norm](s, node_box(n, child[c]), gap[c], &least[c]);
    int first = least[1] < least[0];
    if (near_enough[first]) descend(s, child[first], near_enough[first]);
    active = n->kernels->still(s, gap[!first]);
    if (active) descend(s, child[!first], active);
}

void tree_nearest(panel_search *s)
{
    const neighbours *n = s->n;
    unsigned points = (1u << s->points) - 1;
    n->kernels->nearest[n->norm](s, s->own, points);
    descend(s, (node){ 0, 0, n->panels }, points);
}

/* A node that is within a point's limit counts whole, one beyond it not at all. */
static void count_in(panel_search *s, node a, unsigned active)
{
    const neighbours *n = s->n;
    double gap[PANEL], least;
    active &= n->kernels->some[n->norm](s, node_box(n, a), gap, &least);
    if (!active) return;
    unsigned whole = active & n->kernels->all[n->norm](s, node_box(n, a));
    for (int l = 0; l < s->points; l++)
        if (whole >> l & 1) s->within[l] += node_points(n, a);
    active &= ~whole;
    if (!active) return;
    if (a.panels <= LOOKED_THROUGH) {
        for (int64_t panel = a.first; panel < a.first + a.panels; panel++)
            n->kernels->count[n->norm](s, panel, active);
        return;
    }
    count_in(s, left_child(a), active);
    count_in(s, right_child(a), active);
}

void tree_count(panel_search *s)
{
    count_in(s, (node){ 0, 0, s->n->panels }, (1u << s->points) - 1);
}
