/* A k-d tree without pointers. Leaves are panels, all full but the last; a node over p panels gives the first p / 2 to its left
 * child, and nodes are numbered in preorder, so children follow from (node, first panel, panels). Boxes are tight.
 *
 * Points of a leaf are searched together: a node is entered when its box is near enough to any of them. */
#include <stdlib.h>

#include "numerics/neighbours_parts.h"

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

static const double *own_panel(const panel_search *s)
{
    return s->n->panel + s->own * s->n->dimensions * PANEL;
}

/* Which points could have one of their nearest in a node. An equal distance counts: the index may be lower. */
static unsigned near_enough(const panel_search *s, const double gap[PANEL])
{
    unsigned active = 0;
    for (int l = 0; l < s->points; l++)
        if (gap[l] <= s->distance[l * s->k + s->k - 1]) active |= 1u << l;
    return active;
}

static double least_of(const double gap[PANEL])
{
    double least = gap[0];
    for (int l = 1; l < PANEL; l++) least = gap[l] < least ? gap[l] : least;
    return least;
}

/* The nearer child first, so that the other is more often too far. The node's own gaps were looked at by the caller. */
static void descend(panel_search *s, node a, unsigned active)
{
    const neighbours *n = s->n;
    if (a.panels == 1) {
        if (a.first != s->own) search_nearest(s, a.first, active);
        return;
    }
    node child[2] = { left_child(a), right_child(a) };
    double gap[2][PANEL];
    for (int c = 0; c < 2; c++)
        panel_gaps(n->norm, n->dimensions, own_panel(s), node_box(n, child[c]), gap[c]);
    int nearer = least_of(gap[1]) < least_of(gap[0]);
    for (int turn = 0; turn < 2; turn++) {
        int c = turn == 0 ? nearer : !nearer;
        active = near_enough(s, gap[c]);
        if (active) descend(s, child[c], active);
    }
}

void tree_nearest(panel_search *s)
{
    unsigned all = (1u << s->points) - 1;
    search_nearest(s, s->own, all);
    descend(s, (node){ 0, 0, s->n->panels }, all);
}

/* A node within reach of a point counts whole, one beyond its limit not at all. */
static void count_in(panel_search *s, node a, unsigned active)
{
    const neighbours *n = s->n;
    double gap[PANEL], reach[PANEL];
    panel_gaps(n->norm, n->dimensions, own_panel(s), node_box(n, a), gap);
    panel_reaches(n->norm, n->dimensions, own_panel(s), node_box(n, a), reach);
    for (int l = 0; l < s->points; l++) {
        bool some = gap[l] < s->limit[l], all = reach[l] < s->limit[l];
        if (!(active >> l & 1) || (some && !all)) continue;
        if (all) s->nearer[l] += node_points(n, a);
        active &= ~(1u << l);
    }
    if (!active) return;
    if (a.panels == 1) {
        search_count(s, a.first, active);
        return;
    }
    count_in(s, left_child(a), active);
    count_in(s, right_child(a), active);
}

void tree_count(panel_search *s)
{
    count_in(s, (node){ 0, 0, s->n->panels }, (1u << s->points) - 1);
}
