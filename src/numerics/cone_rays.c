#include "numerics/cone_rays.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/solver_pause.h"

/* A ray lies on an equation if its terms cancel to this share of their sum. Probabilities of a table carry errors of 1e-16,
 * which a dozen equations enlarge; what differs by less than this moves no measure by a digit that anyone prints. */
static const double ON_EQUATION = 1e-11;
/* An equation follows from others if no more than this of it is left without them, the rest being of size 1. */
static const double DEPENDENT = 1e-12;

void cone_rays_free(cone_rays *c)
{
    if (c == NULL) return;
    free(c->value);
    free(c->support);
    free(c);
}

static status rays_make(int variables, cone_rays **out)
{
    cone_rays *made = calloc(1, sizeof *made);
    if (made == NULL) return failure(NO_MEMORY, "no memory for the rays of a cone");
    made->variables = variables;
    made->words = (variables + 63) / 64;
    *out = made;
    return OK;
}

/* Room for one more ray at the end: its values are for the caller to write. */
static status make_room(cone_rays *c)
{
    status result = OK;
    CHECK(c->count < CONE_RAYS_MAX, BAD_INPUT, "its cone has more than %d rays, which is the limit",
          CONE_RAYS_MAX);
    if (c->count < c->room) goto done;
    int64_t room = c->room > 0 ? 2 * c->room : 64;
    double *value = realloc(c->value, (size_t)room * (size_t)c->variables * sizeof *value);
    if (value) c->value = value;
    uint64_t *support = realloc(c->support, (size_t)room * (size_t)c->words * sizeof *support);
    if (support) c->support = support;
    CHECK(value != NULL && support != NULL, NO_MEMORY, "no memory for %lld rays of a cone", (long long)room);
    c->room = room;
done:
    return result;
}

/* Adds a u + b v, scaled so that the largest coordinate is 1. `c` is another set than that of u and v; a, b >= 0, not both 0. */
static status add_sum(cone_rays *c, double a, const double *u, double b, const double *v)
{
    status result = OK;
    TRY(make_room(c));
    double *value = c->value + c->count * c->variables, largest = 0;
    uint64_t *support = c->support + c->count * c->words;
    memset(support, 0, (size_t)c->words * sizeof *support);
    for (int j = 0; j < c->variables; j++) {
        value[j] = a * u[j] + b * v[j];
        if (value[j] > largest) largest = value[j];
        if (u[j] > 0 || v[j] > 0) support[j / 64] |= 1ULL << j % 64;
    }
    for (int j = 0; j < c->variables; j++) value[j] /= largest;
    c->count++;
done:
    return result;
}

/* How far a ray is beyond an equation: a . x, or 0 where it lies on it. */
static double beyond(const double *a, const double *x, int variables)
{
    double sum = 0, size = 0;
    for (int j = 0; j < variables; j++) {
        sum += a[j] * x[j];
        size += fabs(a[j] * x[j]);
    }
    return fabs(sum) > ON_EQUATION * size ? sum : 0;
}

static bool is_within(const uint64_t *part, const uint64_t *whole, int words)
{
    for (int w = 0; w < words; w++)
        if (part[w] & ~whole[w]) return false;
    return true;
}

/* The number of bits that are 1, added up in pairs, fours and eights: without branches, and without an instruction that only
 * some processors have. */
static int bits_of(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int)(x * 0x0101010101010101u >> 56);
}

/* The number of coordinates that `part` has and `whole` lacks. */
static int lacking(const uint64_t *part, const uint64_t *whole, int words)
{
    int count = 0;
    for (int w = 0; w < words; w++) count += bits_of(part[w] & ~whole[w]);
    return count;
}

/* What imposing an equation works with. */
typedef struct crossing {
    double *beyond; /* (rays) the equation at each ray: 0 where the ray lies on it */
    int32_t *near;  /* (nears) rays that one ray could share a face of dimension 2 with */
    int32_t nears;
    uint64_t *both; /* (words) */
} crossing;

/* A face of dimension 2 under `rank` equations has at most rank + 2 positive coordinates: whoever shares one with ray `a`, as
 * its neighbour or as a third, adds no more coordinates than that leaves. */
static void gather(const cone_rays *c, int64_t a, int rank, crossing *k)
{
    const uint64_t *support = c->support + a * c->words;
    int most = rank + 2;
    for (int w = 0; w < c->words; w++) most -= bits_of(support[w]);
    k->nears = 0;
    for (int64_t r = 0; r < c->count; r++)
        if (r != a && lacking(c->support + r * c->words, support, c->words) <= most)
            k->near[k->nears++] = (int32_t)r;
}

/* Two rays are neighbours if the smallest face that holds both holds no third. */
static bool are_neighbours(const cone_rays *c, int64_t a, int64_t b, const crossing *k)
{
    for (int w = 0; w < c->words; w++)
        k->both[w] = c->support[a * c->words + w] | c->support[b * c->words + w];
    for (int32_t i = 0; i < k->nears; i++)
        if (k->near[i] != b && is_within(c->support + k->near[i] * (int64_t)c->words, k->both, c->words))
            return false;
    return true;
}

/* Adds to `next` the rays where faces between neighbours of `c` meet the equation. */
static status add_crossings(const cone_rays *c, int rank, crossing *k, solver_pause *pause, cone_rays *next)
{
    status result = OK;
    for (int64_t a = 0; a < c->count; a++) {
        if (!(k->beyond[a] > 0)) continue;
        CHECK(solver_goes_on(pause), WORK_LEFT, "stopped among the rays of a cone");
        gather(c, a, rank, k);
        for (int32_t i = 0; i < k->nears; i++) {
            int64_t b = k->near[i];
            if (k->beyond[b] < 0 && are_neighbours(c, a, b, k))
                TRY(add_sum(next, -k->beyond[b], c->value + a * c->variables, k->beyond[a],
                            c->value + b * c->variables));
        }
    }
done:
    return result;
}

/* The rays of the part of the cone `c` that lies on an equation; `rank` equations made c. */
static status impose(const cone_rays *c, const double *equation, int rank, solver_pause *pause,
                     cone_rays **out)
{
    status result = OK;
    cone_rays *next = NULL;
    size_t count = (size_t)c->count;
    crossing k = { .beyond = malloc(count * sizeof *k.beyond),
                   .near = malloc(count * sizeof *k.near),
                   .both = malloc((size_t)c->words * sizeof *k.both) };
    CHECK(k.beyond && k.near && k.both, NO_MEMORY, "no memory for %zu rays of a cone", count);
    TRY(rays_make(c->variables, &next));
    for (int64_t r = 0; r < c->count; r++) {
        const double *value = c->value + r * c->variables;
        k.beyond[r] = beyond(equation, value, c->variables);
        if (k.beyond[r] == 0) TRY(add_sum(next, 1, value, 0, value));
    }
    TRY(add_crossings(c, rank, &k, pause, next));
    *out = next;
    next = NULL;
done:
    cone_rays_free(next);
    free(k.beyond);
    free(k.near);
    free(k.both);
    return result;
}

/* The largest entry of a matrix (rows, columns) among rows that are not `taken`. */
static double largest_entry(int rows, int columns, const double *a, const bool *taken, int *row, int *column)
{
    double largest = 0;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns && !taken[i]; j++)
            if (fabs(a[(ptrdiff_t)i * columns + j]) > largest) {
                largest = fabs(a[(ptrdiff_t)i * columns + j]);
                *row = i;
                *column = j;
            }
    return largest;
}

/* Scales rows and then columns so that their largest entries are 1. */
static void equilibrate(int rows, int columns, double *a)
{
    for (int i = 0; i < rows; i++) {
        double largest = 0, *row = a + (ptrdiff_t)i * columns;
        for (int j = 0; j < columns; j++) largest = fmax(largest, fabs(row[j]));
        for (int j = 0; j < columns && largest > 0; j++) row[j] /= largest;
    }
    for (int j = 0; j < columns; j++) {
        double largest = 0;
        for (int i = 0; i < rows; i++) largest = fmax(largest, fabs(a[(ptrdiff_t)i * columns + j]));
        for (int i = 0; i < rows && largest > 0; i++) a[(ptrdiff_t)i * columns + j] /= largest;
    }
}

/* Which equations to impose: those that do not follow from the others, by elimination with complete pivoting. Rays carry the
 * rounding of the equations that made them, and one that follows from these would cut them at random. */
static status choose_independent(int equations, int variables, const double *equation, bool *chosen)
{
    status result = OK;
    size_t entries = (size_t)equations * (size_t)variables;
    double *a = malloc((entries + 1) * sizeof *a);
    CHECK(a != NULL, NO_MEMORY, "no memory for %d equations", equations);
    for (size_t k = 0; k < entries; k++) a[k] = equation[k];
    equilibrate(equations, variables, a);
    for (int p = 0, q = 0; largest_entry(equations, variables, a, chosen, &p, &q) > DEPENDENT;) {
        const double *pivot = a + (ptrdiff_t)p * variables;
        chosen[p] = true;
        for (int i = 0; i < equations; i++) {
            double *row = a + (ptrdiff_t)i * variables, factor = row[q] / pivot[q];
            for (int j = 0; j < variables && !chosen[i]; j++) row[j] -= factor * pivot[j];
            if (!chosen[i]) row[q] = 0;
        }
    }
done:
    free(a);
    return result;
}

/* The open equation with the fewest pairs of rays on either side, the first of several; -1 where all rays lie on all of them. */
static int next_equation(const cone_rays *c, int equations, const double *equation, const bool *open)
{
    int best = -1;
    int64_t fewest = 0;
    for (int e = 0; e < equations; e++) {
        int64_t positives = 0, negatives = 0;
        if (!open[e]) continue;
        for (int64_t r = 0; r < c->count; r++) {
            double side =
                beyond(equation + (ptrdiff_t)e * c->variables, c->value + r * c->variables, c->variables);
            positives += side > 0;
            negatives += side < 0;
        }
        if (positives + negatives > 0 && (best < 0 || positives * negatives < fewest)) {
            best = e;
            fewest = positives * negatives;
        }
    }
    return best;
}

/* The unit vectors. */
static status orthant_make(int variables, cone_rays **out)
{
    status result = OK;
    cone_rays *made = NULL;
    double *unit = calloc((size_t)variables, sizeof *unit);
    CHECK(unit != NULL, NO_MEMORY, "no memory for a cone of %d variables", variables);
    TRY(rays_make(variables, &made));
    for (int j = 0; j < variables; j++) {
        unit[j] = 1;
        TRY(add_sum(made, 1, unit, 0, unit));
        unit[j] = 0;
    }
    *out = made;
    made = NULL;
done:
    cone_rays_free(made);
    free(unit);
    return result;
}

status cone_rays_find(int variables, int equations, const double *equation, solver_pause *pause,
                      cone_rays **out)
{
    status result = OK;
    cone_rays *now = NULL, *next = NULL;
    bool *open = calloc((size_t)equations + 1, sizeof *open);
    CHECK(open != NULL, NO_MEMORY, "no memory for %d equations", equations);
    TRY(choose_independent(equations, variables, equation, open));
    TRY(orthant_make(variables, &now));
    for (int rank = 0, e; (e = next_equation(now, equations, equation, open)) >= 0; rank++) {
        TRY(impose(now, equation + (ptrdiff_t)e * variables, rank, pause, &next));
        open[e] = false;
        cone_rays_free(now);
        now = next;
        next = NULL;
    }
    *out = now;
    now = NULL;
done:
    cone_rays_free(now);
    free(open);
    return result;
}
