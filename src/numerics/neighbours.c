#include "neighbours.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/estimate.h"
#include "numerics/neighbours_parts.h"

/* Above so many dimensions all distances are as fast as a tree, below so few points faster (measured: normal points that correlate in
 * pairs; 2500 of them from 12 dimensions on, 10 000 from 16). */
enum { TREE_DIMENSIONS_MAX = 12, TREE_POINTS_MIN = 8 * PANEL };

static double *panel_of(const neighbours *n, int64_t panel)
{
    return n->panel + panel * n->dimensions * PANEL;
}

static void fill_panels(neighbours *n, const double *points)
{
    for (int64_t p = 0; p < n->panels; p++)
        for (int l = 0; l < PANEL; l++) {
            int32_t i = n->index[p * PANEL + l];
            for (int d = 0; d < n->dimensions; d++)
                panel_of(n, p)[d * PANEL + l] =
                    i == INT32_MAX ? INFINITY : points[(int64_t)i * n->dimensions + d];
        }
}

status neighbours_make_so(neighbours_way way, const double *points, int64_t count, int dimensions,
                          norm_kind norm, neighbours **out)
{
    status result = OK;
    neighbours *n = NULL;
    TRY(samples_check(points, count, dimensions));
    CHECK(count < INT32_MAX - PANEL, BAD_INPUT, "%" PRId64 " points: at most %d can be searched", count,
          INT32_MAX - PANEL - 1);
    n = calloc(1, sizeof *n);
    CHECK(n, NO_MEMORY, "no memory for neighbours");
    int64_t panels = (count + PANEL - 1) / PANEL;
    *n = (neighbours){ .count = count,
                       .dimensions = dimensions,
                       .norm = norm,
                       .tree = way.tree,
                       .kernels = way.kernels,
                       .panels = panels };
    n->index = malloc((size_t)panels * PANEL * sizeof *n->index);
    n->panel = malloc((size_t)panels * PANEL * (size_t)dimensions * sizeof *n->panel);
    CHECK(n->index && n->panel, NO_MEMORY, "no memory for %" PRId64 " points of %d dimensions", count,
          dimensions);
    for (int64_t i = 0; i < panels * PANEL; i++) n->index[i] = i < count ? (int32_t)i : INT32_MAX;
    if (way.tree) TRY(tree_make(n, points));
    fill_panels(n, points);
    *out = n;
    n = NULL;
done:
    neighbours_free(n);
    return result;
}

status neighbours_make(const double *points, int64_t count, int dimensions, norm_kind norm, neighbours **out)
{
    bool tree = dimensions <= TREE_DIMENSIONS_MAX && count >= TREE_POINTS_MIN;
    return neighbours_make_so((neighbours_way){ tree, panel_kernels_best() }, points, count, dimensions, norm,
                              out);
}

void neighbours_free(neighbours *n)
{
    if (!n) return;
    free(n->index);
    free(n->panel);
    free(n->box);
    free(n);
}

/* ---- searching -------------------------------------------------------------------------------------------- */

static void free_searches(panel_search *s)
{
    for (int i = 0; i < BLOCK; i++) {
        free(s[i].point);
        free(s[i].distance);
        free(s[i].who);
    }
}

static status make_searches(const neighbours *n, int k, panel_search s[BLOCK])
{
    status result = OK;
    size_t numbers = (size_t)PANEL * (size_t)(k > 0 ? k : 1); /* none where points are counted */
    for (int i = 0; i < BLOCK; i++) {
        s[i] = (panel_search){ .n = n, .k = k };
        s[i].point = malloc((size_t)PANEL * (size_t)n->dimensions * sizeof(double));
        s[i].distance = malloc(numbers * sizeof(double));
        s[i].who = malloc(numbers * sizeof(int32_t));
    }
    for (int i = 0; i < BLOCK; i++)
        CHECK(s[i].point && s[i].distance && s[i].who, NO_MEMORY, "no memory for %d neighbours", k);
done:
    return result;
}

static void begin(panel_search *s, int64_t panel)
{
    const neighbours *n = s->n;
    int64_t left = n->count - panel * PANEL;
    s->own = panel;
    s->points = left < PANEL ? (int)left : PANEL;
    for (int l = 0; l < s->points; l++)
        for (int d = 0; d < n->dimensions; d++)
            s->point[l * n->dimensions + d] = panel_of(n, panel)[d * PANEL + l];
    for (int i = 0; i < PANEL * s->k; i++) {
        s->distance[i] = INFINITY;
        s->who[i] = INT32_MAX;
    }
    for (int l = 0; l < PANEL; l++) {
        s->limit[l] = l < s->points ? INFINITY : -1;
        s->within[l] = 0;
    }
}

/* Squares lost their roots while they were compared. */
static void tell_nearest(const panel_search *s, double *distance, int32_t *who)
{
    const neighbours *n = s->n;
    for (int l = 0; l < s->points; l++)
        for (int j = 0; j < s->k; j++) {
            int64_t at = (int64_t)n->index[s->own * PANEL + l] * s->k + j;
            double d = s->distance[l * s->k + j];
            distance[at] = n->norm == NORM_EUCLID ? sqrt(d) : d;
            if (who) who[at] = s->who[l * s->k + j];
        }
}

status neighbours_nearest(const neighbours *n, int k, double *distance, int32_t *who)
{
    status result = OK;
    panel_search s[BLOCK] = { 0 };
    CHECK(k >= 1 && k < n->count, BAD_INPUT,
          "%d nearest others of %" PRId64 " points: there are 1 to %" PRId64, k, n->count, n->count - 1);
    TRY(make_searches(n, k, s));
    for (int64_t panel = 0; panel < n->panels; panel += BLOCK) {
        int searches = n->panels - panel < BLOCK ? (int)(n->panels - panel) : BLOCK;
        for (int i = 0; i < searches; i++) begin(&s[i], panel + i);
        if (!n->tree) blocks_nearest(s, searches);
        for (int i = 0; i < searches && n->tree; i++) tree_nearest(&s[i]);
        for (int i = 0; i < searches; i++) tell_nearest(&s[i], distance, who);
    }
done:
    free_searches(s);
    return result;
}

/* The largest that a distance before the root may be to lie nearer than the radius: the root, rounded, must be below it. */
static double limit_of(norm_kind norm, double radius)
{
    if (!(radius > 0)) return -1; /* none lies nearer */
    double below = nextafter(radius, 0);
    if (norm == NORM_LARGEST || isinf(radius)) return below;
    double limit = fmin(below * below, DBL_MAX);
    while (sqrt(limit) > below) limit = nextafter(limit, 0);
    for (double next = limit; sqrt(next) <= below; next = nextafter(next, INFINITY)) limit = next;
    return limit;
}

status neighbours_count(const neighbours *n, const double *radius, int32_t *number)
{
    status result = OK;
    panel_search s[BLOCK] = { 0 };
    TRY(make_searches(n, 0, s));
    for (int64_t panel = 0; panel < n->panels; panel += BLOCK) {
        int searches = n->panels - panel < BLOCK ? (int)(n->panels - panel) : BLOCK;
        for (int i = 0; i < searches; i++) {
            begin(&s[i], panel + i);
            for (int l = 0; l < s[i].points; l++)
                s[i].limit[l] = limit_of(n->norm, radius[n->index[(panel + i) * PANEL + l]]);
        }
        if (!n->tree) blocks_count(s, searches);
        for (int i = 0; i < searches; i++) {
            if (n->tree) tree_count(&s[i]);
            for (int l = 0; l < s[i].points; l++) /* the point itself is at distance 0 */
                number[n->index[s[i].own * PANEL + l]] = (int32_t)(s[i].within[l] - (s[i].limit[l] >= 0));
        }
    }
done:
    free_searches(s);
    return result;
}
