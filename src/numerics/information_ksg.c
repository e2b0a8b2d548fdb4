/* Information from neighbours of pairs and counts in the marginals (Kraskov, Stoegbauer and Grassberger 2004). Distances are largest
 * differences, of pairs and in each marginal. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/digamma.h"
#include "numerics/estimate.h"

struct ksg_structure {
    const double *x, *y; /* (count, dx), (count, dy) */
    int dx, dy;
    int64_t count;
    neighbours *marginal_x, *marginal_y;
    double *psi; /* (count + 1) of 1 … count; psi(0) is not used */
};

/* What one estimate needs room for. A sample's y is row pair[i] of y; what belongs to y is kept by row of y. */
typedef struct room {
    int32_t *pair;                /* (count) */
    double *joint;                /* (count, dx + dy) */
    double *distance;             /* (count, k) */
    int32_t *who;                 /* (count, k) */
    double *radius_x, *radius_y;  /* (count) */
    int32_t *number_x, *number_y; /* (count) */
    double *terms;                /* (count) */
} room;

static void room_free(room *r)
{
    free(r->pair);
    free(r->joint);
    free(r->distance);
    free(r->who);
    free(r->radius_x);
    free(r->radius_y);
    free(r->number_x);
    free(r->number_y);
    free(r->terms);
}

static status room_make(const ksg_structure *s, int k, room *r)
{
    status result = OK;
    size_t n = (size_t)s->count;
    *r = (room){ .pair = malloc(n * sizeof(int32_t)),
                 .joint = malloc(n * (size_t)(s->dx + s->dy) * sizeof(double)),
                 .distance = malloc(n * (size_t)k * sizeof(double)),
                 .who = malloc(n * (size_t)k * sizeof(int32_t)),
                 .radius_x = malloc(n * sizeof(double)),
                 .radius_y = malloc(n * sizeof(double)),
                 .number_x = malloc(n * sizeof(int32_t)),
                 .number_y = malloc(n * sizeof(int32_t)),
                 .terms = malloc(n * sizeof(double)) };
    CHECK(r->pair && r->joint && r->distance && r->who && r->radius_x && r->radius_y && r->number_x &&
              r->number_y && r->terms,
          NO_MEMORY, "no memory for %d neighbours of %" PRId64 " pairs", k, s->count);
done:
    return result;
}

status ksg_structure_make(const double *x, int dx, const double *y, int dy, int64_t count,
                          ksg_structure **out)
{
    status result = OK;
    ksg_structure *s = calloc(1, sizeof *s);
    CHECK(s, NO_MEMORY, "no memory for pairs");
    *s = (ksg_structure){ .x = x, .y = y, .dx = dx, .dy = dy, .count = count };
    TRY(neighbours_make(x, count, dx, NORM_LARGEST, &s->marginal_x));
    TRY(neighbours_make(y, count, dy, NORM_LARGEST, &s->marginal_y));
    s->psi = malloc((size_t)(count + 1) * sizeof *s->psi);
    CHECK(s->psi, NO_MEMORY, "no memory for %" PRId64 " pairs", count);
    s->psi[0] = -INFINITY;
    for (int64_t i = 1; i <= count; i++) s->psi[i] = digamma((double)i);
    *out = s;
    s = NULL;
done:
    ksg_structure_free(s);
    return result;
}

void ksg_structure_free(ksg_structure *s)
{
    if (!s) return;
    neighbours_free(s->marginal_x);
    neighbours_free(s->marginal_y);
    free(s->psi);
    free(s);
}

/* Neighbours of the pairs. */
static status search_pairs(const ksg_structure *s, int k, const int32_t *permutation, room *r)
{
    status result = OK;
    neighbours *joint = NULL;
    int d = s->dx + s->dy;
    for (int64_t i = 0; i < s->count; i++) {
        r->pair[i] = permutation ? permutation[i] : (int32_t)i;
        memcpy(r->joint + i * d, s->x + i * s->dx, (size_t)s->dx * sizeof(double));
        memcpy(r->joint + i * d + s->dx, s->y + (int64_t)r->pair[i] * s->dy, (size_t)s->dy * sizeof(double));
    }
    TRY(neighbours_make(r->joint, s->count, d, NORM_LARGEST, &joint));
    TRY(neighbours_nearest(joint, k, r->distance, r->who));
    TRY(samples_distinct(r->distance, r->who, s->count, k));
done:
    neighbours_free(joint);
    return result;
}

/* The largest difference of two rows. */
static double difference(const double *rows, int dimensions, int32_t a, int32_t b)
{
    double largest = 0;
    for (int d = 0; d < dimensions; d++)
        largest = fmax(largest, fabs(rows[(int64_t)a * dimensions + d] - rows[(int64_t)b * dimensions + d]));
    return largest;
}

/* Algorithm 1 counts what is strictly nearer than the last neighbour, in x and in y. Algorithm 2 counts what is no farther in x than
 * any of the neighbours, and in y: the next number above makes that strict as well. */
static void set_radii(const ksg_structure *s, int algorithm, int k, room *r)
{
    for (int64_t i = 0; i < s->count; i++) {
        int32_t row = r->pair[i];
        r->radius_x[i] = r->radius_y[row] = r->distance[i * k + k - 1];
        if (algorithm == 1) continue;
        double in_x = 0, in_y = 0;
        for (int j = 0; j < k; j++) {
            int32_t other = r->who[i * k + j];
            in_x = fmax(in_x, difference(s->x, s->dx, (int32_t)i, other));
            in_y = fmax(in_y, difference(s->y, s->dy, row, r->pair[other]));
        }
        r->radius_x[i] = nextafter(in_x, INFINITY);
        r->radius_y[row] = nextafter(in_y, INFINITY);
    }
}

status information_ksg_permuted(const ksg_structure *s, int algorithm, int k, const int32_t *permutation,
                                estimate *out)
{
    status result = OK;
    room r = { 0 };
    CHECK(algorithm == 1 || algorithm == 2, BAD_INPUT,
          "algorithm %d of Kraskov and others: there are 1 and 2", algorithm);
    CHECK(k >= 1 && k < s->count, BAD_INPUT, "%" PRId64 " samples: %d neighbours need at least %d", s->count,
          k, k + 1);
    TRY(room_make(s, k, &r));
    TRY(search_pairs(s, k, permutation, &r));
    set_radii(s, algorithm, k, &r);
    TRY(neighbours_count(s->marginal_x, r.radius_x, r.number_x));
    TRY(neighbours_count(s->marginal_y, r.radius_y, r.number_y));
    double level = s->psi[k] + s->psi[s->count] - (algorithm == 2 ? 1.0 / k : 0);
    int self = algorithm == 1; /* counts among those within reach */
    for (int64_t i = 0; i < s->count; i++)
        r.terms[i] = level - (s->psi[r.number_x[i] + self] + s->psi[r.number_y[r.pair[i]] + self]);
    *out = estimate_of(r.terms, s->count);
done:
    room_free(&r);
    return result;
}

status information_ksg(int algorithm, int k, const double *x, int dx, const double *y, int dy, int64_t count,
                       estimate *out)
{
    status result = OK;
    ksg_structure *s = NULL;
    TRY(ksg_structure_make(x, dx, y, dy, count, &s));
    TRY(information_ksg_permuted(s, algorithm, k, NULL, out));
done:
    ksg_structure_free(s);
    return result;
}
