/* I(X; Y) = h(X) + h(Y) - h(X, Y) by one estimate of entropy for all three, or h(X) - sum_y p(y) h(X | y) where Y is a class; Kraskov's
 * estimate, which is no difference of entropies, for two vectors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimators/mi.h"
#include "random.h"

int mi_neighbours(const mi_options *o)
{
    if (o->neighbours != NEIGHBOURS_AUTO) return (int)o->neighbours;
    switch (o->method) {
    case METHOD_KSG:
    case METHOD_KSG2:
        return 3;
    case METHOD_KL:
        return 1;
    default:
        return 5;
    }
}

static bool is_kraskov(const mi_options *o)
{
    return o->method == METHOD_KSG || o->method == METHOD_KSG2;
}

static bool looks_at_neighbours(const mi_options *o)
{
    return o->method <= METHOD_WKL_CODE;
}

status mi_accepts(const mi_options *o, const data_shape *shape)
{
    status result = OK;
    const int64_t count = shape->test + (o->part == 0 ? shape->train : 0);
    const int k = mi_neighbours(o);
    CHECK(shape->classes == 0 || !is_kraskov(o), BAD_INPUT,
          "mi.method ksg is of two vectors, and the target is a class; kl, wkl, kde_ml, kde_lse and gaussian "
          "take classes");
    CHECK(o->method != METHOD_KL || k == 1, BAD_INPUT,
          "mi.method kl looks at 1 neighbour, not %d; wkl weighs several", k);
    CHECK(count > 1, BAD_INPUT, "mi needs 2 samples or more; there are %lld", (long long)count);
    CHECK(!looks_at_neighbours(o) || count > k, BAD_INPUT,
          "mi.neighbours %d needs more than %d samples; there are %lld", k, k, (long long)count);
done:
    return result;
}

/* ---- one entropy ----------------------------------------------------------------------------------------------------- */

/* What the terms of a difference share: a bandwidth, and what is told of the joint one. */
typedef struct terms {
    const mi_options *options;
    double bandwidth; /* of the joint samples; NaN: each term its own */
    mi_estimate *told;
} terms;

static status by_neighbours(const mi_options *o, const double *z, int64_t count, int d, double *norm,
                            estimate *out)
{
    status result = OK;
    const int k = mi_neighbours(o);
    const weighting rule = o->method == METHOD_KL    ? WEIGHTS_NEAREST
                           : o->method == METHOD_WKL ? WEIGHTS_FORMULA
                                                     : WEIGHTS_CODE;
    double *weight = calloc((size_t)k, sizeof *weight);
    CHECK(weight != NULL, NO_MEMORY, "%d weights", k);
    TRY(entropy_weights(rule, k, d, weight, norm));
    TRY(entropy_neighbours(z, count, d, weight, k, out));
done:
    free(weight);
    return result;
}

static bandwidth_rule rule_of(const mi_options *o)
{
    return o->method == METHOD_KDE_ML ? BANDWIDTH_LIKELIHOOD : BANDWIDTH_SQUARES;
}

static status by_kernels(const terms *t, const double *z, int64_t count, int d, double *bandwidth,
                         estimate *out)
{
    status result = OK;
    *bandwidth = t->bandwidth;
    if (isnan(*bandwidth)) TRY(kernel_bandwidth(z, count, d, rule_of(t->options), bandwidth));
    TRY(entropy_kernel(z, count, d, *bandwidth, out));
done:
    return result;
}

/* h of samples that may be written to. *detail: the bandwidth, or the norm of the weights. */
static status entropy_of(const terms *t, double *z, int64_t count, int d, double *detail, estimate *out)
{
    status result = OK;
    const mi_options *o = t->options;
    double stretched = 0;
    *detail = NAN;
    if (o->method == METHOD_GAUSSIAN) return entropy_gaussian(z, count, d, true, out);
    if (o->whiten) TRY(whiten(z, count, d, &stretched));
    if (looks_at_neighbours(o))
        TRY(by_neighbours(o, z, count, d, detail, out));
    else
        TRY(by_kernels(t, z, count, d, detail, out));
    out->nats += stretched;
done:
    return result;
}

/* ---- differences ----------------------------------------------------------------------------------------------------- */

/* Columns of both side by side; either may be NULL with no columns. */
static void join(const mi_pair *p, double *to)
{
    const size_t dx = (size_t)p->dx, dy = (size_t)p->dy;
    for (size_t i = 0; i < (size_t)p->count; i++) {
        memcpy(to + i * (dx + dy), p->x + i * dx, dx * sizeof *to);
        memcpy(to + i * (dx + dy) + dx, p->y + i * dy, dy * sizeof *to);
    }
}

static status of_vectors(const mi_options *o, const mi_pair *p, mi_estimate *out)
{
    status result = OK;
    const size_t count = (size_t)p->count;
    const bool kernels = o->method == METHOD_KDE_ML || o->method == METHOD_KDE_LSE;
    terms t = { o, NAN, out };
    estimate x, y, both;
    double detail, ignored;
    double *z = malloc(count * (size_t)(p->dx + p->dy) * sizeof *z);
    CHECK(z != NULL, NO_MEMORY, "%zu samples", count);
    join(p, z);
    TRY(entropy_of(&t, z, p->count, p->dx + p->dy, &detail, &both));
    if (kernels && o->bandwidth == 0) t.bandwidth = detail;
    memcpy(z, p->x, count * (size_t)p->dx * sizeof *z);
    TRY(entropy_of(&t, z, p->count, p->dx, &ignored, &x));
    memcpy(z, p->y, count * (size_t)p->dy * sizeof *z);
    TRY(entropy_of(&t, z, p->count, p->dy, &ignored, &y));
    /* errors of the terms are not independent: their sum is what they can come to at most */
    *out = (mi_estimate){ x.nats + y.nats - both.nats, x.error + y.error + both.error, kernels ? detail : NAN,
                          kernels ? NAN : detail };
done:
    free(z);
    return result;
}

/* Rows of one class, to z; how many they are. */
static int64_t gather(const mi_pair *p, int class, double *z)
{
    int64_t rows = 0;
    const size_t dx = (size_t)p->dx;
    for (int64_t i = 0; i < p->count; i++)
        if (p->label[i] == class) memcpy(z + (size_t)rows++ * dx, p->x + (size_t)i * dx, dx * sizeof *z);
    return rows;
}

static status of_classes(const mi_options *o, const mi_pair *p, mi_estimate *out)
{
    status result = OK;
    const size_t count = (size_t)p->count;
    const bool kernels = o->method == METHOD_KDE_ML || o->method == METHOD_KDE_LSE;
    terms t = { o, NAN, out };
    estimate all, within;
    double detail, ignored;
    double *z = malloc(count * (size_t)p->dx * sizeof *z);
    CHECK(z != NULL, NO_MEMORY, "%zu samples", count);
    memcpy(z, p->x, count * (size_t)p->dx * sizeof *z);
    TRY(entropy_of(&t, z, p->count, p->dx, &detail, &all));
    if (kernels && o->bandwidth == 0) t.bandwidth = detail;
    *out = (mi_estimate){ all.nats, all.error, kernels ? detail : NAN, kernels ? NAN : detail };
    for (int c = 0; c < p->classes; c++) {
        const int64_t rows = gather(p, c, z);
        const double share = (double)rows / (double)p->count;
        if (rows == 0) continue;
        CHECK(rows > 1 && (!looks_at_neighbours(o) || rows > mi_neighbours(o)), BAD_INPUT,
              "class %d has %lld samples, and more than %d are needed", c, (long long)rows,
              looks_at_neighbours(o) ? mi_neighbours(o) : 1);
        TRY(entropy_of(&t, z, rows, p->dx, &ignored, &within));
        out->nats -= share * within.nats;
        out->error += share * within.error;
    }
done:
    free(z);
    return result;
}

static status of_kraskov(const mi_options *o, const mi_pair *p, mi_estimate *out)
{
    status result = OK;
    estimate found;
    TRY(information_ksg(o->method == METHOD_KSG ? 1 : 2, mi_neighbours(o), p->x, p->dx, p->y, p->dy, p->count,
                        &found));
    *out = (mi_estimate){ found.nats, found.error, NAN, NAN };
done:
    return result;
}

status mi_information(const mi_options *o, const mi_pair *pair, mi_estimate *out)
{
    if (is_kraskov(o)) return of_kraskov(o, pair, out);
    return pair->label ? of_classes(o, pair, out) : of_vectors(o, pair, out);
}

/* ---- nothing to find ------------------------------------------------------------------------------------------------- */

/* The target's rows in another order. */
typedef struct reordered {
    mi_pair pair;
    double *y;
    int32_t *label;
} reordered;

static void reorder(const mi_pair *p, const int32_t *order, reordered *to)
{
    const size_t dy = (size_t)p->dy;
    for (int64_t i = 0; i < p->count; i++) {
        if (p->label)
            to->label[i] = p->label[order[i]];
        else
            memcpy(to->y + (size_t)i * dy, p->y + (size_t)order[i] * dy, dy * sizeof *to->y);
    }
}

static status estimate_reordered(const mi_options *o, const mi_pair *p, const ksg_structure *s,
                                 const int32_t *order, reordered *r, double *nats)
{
    status result = OK;
    mi_estimate found;
    estimate kraskov;
    if (s) {
        TRY(information_ksg_permuted(s, o->method == METHOD_KSG ? 1 : 2, mi_neighbours(o), order, &kraskov));
        *nats = kraskov.nats;
        goto done;
    }
    reorder(p, order, r);
    TRY(mi_information(o, &r->pair, &found));
    *nats = found.nats;
done:
    return result;
}

status mi_permuted(const mi_options *o, const mi_pair *pair, uint64_t seed, double nats,
                   bool (*go_on)(void *context, double done), void *context, mi_null *out)
{
    status result = OK;
    const size_t count = (size_t)pair->count;
    ksg_structure *s = NULL;
    reordered r = { .pair = *pair };
    double mean = 0, squares = 0, found; /* squares of differences from the mean */
    int64_t as_large = 1;                /* the true order */
    int32_t *order = malloc(count * sizeof *order);
    r.pair.y = r.y = pair->y ? malloc(count * (size_t)pair->dy * sizeof *r.y) : NULL;
    r.pair.label = r.label = pair->label ? malloc(count * sizeof *r.label) : NULL;
    CHECK(order && (r.y || r.label), NO_MEMORY, "%zu samples", count);
    if (is_kraskov(o)) TRY(ksg_structure_make(pair->x, pair->dx, pair->y, pair->dy, pair->count, &s));
    for (int64_t n = 0; n < o->permutations; n++) {
        const random_key key = { .seed = seed, .purpose = RANDOM_TARGET, .epoch = (uint32_t)n + 1 };
        if (!go_on(context, (double)n / (double)o->permutations)) {
            result = WORK_LEFT;
            goto done;
        }
        random_permutation(key, pair->count, order);
        TRY(estimate_reordered(o, pair, s, order, &r, &found));
        const double apart = found - mean;
        mean += apart / (double)(n + 1);
        squares += apart * (found - mean);
        as_large += found >= nats;
    }
    const double many = (double)o->permutations;
    *out = (mi_null){ mean, many > 1 ? sqrt(squares / (many - 1)) : NAN, (double)as_large / (many + 1) };
done:
    ksg_structure_free(s);
    free(order);
    free(r.y);
    free(r.label);
    return result;
}
