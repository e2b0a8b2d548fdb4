#include "pca.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/lapack.h"
#include "numerics/pca_parts.h"

/* Loadings this near to the largest count as large as it: the first of them is to be positive, whatever rounding did to it. */
static const double as_large = 1 - 1e-8;

/* ---- how many -------------------------------------------------------------------------------------------- */

static status check_keep(const sample_rows *rows, pca_keep keep)
{
    status result = OK;
    if (keep.components == 0) {
        CHECK(keep.share > 0 && keep.share <= 1, BAD_INPUT,
              "components with a share of %g of the variance: above 0 and at most 1 is right", keep.share);
        return OK;
    }
    int64_t most = rows->features < rows->count ? rows->features : rows->count - 1;
    CHECK(keep.components >= 1 && keep.components <= most, BAD_INPUT,
          "%d principal components of %lld samples of %d features: 1 to %lld are right", keep.components,
          (long long)rows->count, rows->features, (long long)most);
done:
    return result;
}

/* Dimensions in which samples vary by more than rounding. */
static int dimensions(const pca *p, int64_t samples)
{
    int count = 0;
    double larger = fmax((double)samples, p->features), least = 4 * larger * DBL_EPSILON * p->variance[0];
    while (count < p->features && p->variance[count] > least) count++;
    return count;
}

static status choose(pca *p, const sample_rows *rows, pca_keep keep)
{
    status result = OK;
    int most = dimensions(p, rows->count);
    double sum = 0;
    CHECK(most > 0, BAD_INPUT, "all %lld samples are the same: there are no principal components",
          (long long)rows->count);
    CHECK(keep.components <= most, BAD_INPUT,
          "%d principal components are to be kept, but the samples vary in %d dimension%s only",
          keep.components, most, most == 1 ? "" : "s");
    p->components = keep.components;
    while (keep.components == 0 && p->components < most && sum < keep.share * p->total_variance)
        sum += p->variance[p->components++];
done:
    return result;
}

/* What rounding made negative is 0. */
static void take_variances(const spectrum *s, pca *p)
{
    for (int k = 0; k < s->n; k++) p->variance[k] = fmax(0, s->value[s->n - 1 - k]);
    for (int k = 0; k < p->features; k++) p->total_variance += p->variance[k];
}

/* ---- axes ------------------------------------------------------------------------------------------------ */

/* This rank's share of the samples, block by block. */
typedef struct share {
    const centred_rows *rows;
    int64_t first, count, end; /* of the block: samples [first, first + count) */
    int at_once;
    double *x; /* (count, features) */
} share;

static status share_make(gang *g, const centred_rows *c, share *out)
{
    int64_t samples = c->rows->count, rank = gang_rank(g), ranks = gang_ranks(g);
    *out = (share){ .rows = c, .first = samples * rank / ranks, .end = samples * (rank + 1) / ranks };
    out->at_once = centred_rows_block(c);
    out->x = lapack_numbers((size_t)out->at_once * (size_t)c->rows->features);
    if (out->x) return OK;
    return failure(NO_MEMORY, "no memory for %d samples of %d features", out->at_once, c->rows->features);
}

/* Reads the next block; its count is 0 after the last. */
static status share_next(share *s)
{
    s->first += s->count;
    s->count = s->end - s->first < s->at_once ? s->end - s->first : s->at_once;
    return s->count > 0 ? centred_rows_read(s->rows, s->first, s->count, s->x) : OK;
}

/* Axis k is the sum of samples, each times its number in eigenvector k. */
static status add_samples(gang *g, const centred_rows *c, const double *vectors, pca *p)
{
    status result = OK;
    int n = p->features;
    share s = { 0 };
    TRY(share_make(g, c, &s));
    TRY(share_next(&s));
    while (s.count > 0) {
        for (int k = 0; k < p->components; k++)
            for (int64_t r = 0; r < s.count; r++) {
                double weight = vectors[k * c->rows->count + s.first + r], *axis = p->axes + (ptrdiff_t)k * n;
                for (int j = 0; j < n; j++) axis[j] += weight * s.x[r * n + j];
            }
        TRY(share_next(&s));
    }
done:
    free(s.x);
    return result;
}

/* To length 1, and of one of its two signs. */
static void finish_axis(int n, double *axis)
{
    double squares = 0, largest = 0;
    for (int j = 0; j < n; j++) {
        squares += axis[j] * axis[j];
        largest = fmax(largest, fabs(axis[j]));
    }
    int first = 0;
    while (fabs(axis[first]) < as_large * largest) first++;
    double factor = (axis[first] < 0 ? -1 : 1) / sqrt(squares);
    for (int j = 0; j < n; j++) axis[j] *= factor;
}

static status make_axes(gang *g, const centred_rows *c, const spectrum *s, pca *p)
{
    status result = OK;
    size_t size = (size_t)p->components * (size_t)p->features;
    double *vectors = NULL;
    p->axes = lapack_numbers(size);
    if (s->of_samples) vectors = lapack_numbers((size_t)p->components * (size_t)s->n);
    bool has = p->axes && (vectors || !s->of_samples);
    TRY(gang_agree(g, has ? OK : failure(NO_MEMORY, "no memory for %d axes", p->components)));
    TRY(spectrum_vectors(s, p->components, s->of_samples ? vectors : p->axes));
    if (s->of_samples) {
        TRY(gang_agree(g, add_samples(g, c, vectors, p)));
        spectrum_sum(s, p->axes, (int64_t)size);
    }
    for (int k = 0; k < p->components; k++) finish_axis(p->features, p->axes + (ptrdiff_t)k * p->features);
done:
    free(vectors);
    return result;
}

/* ---- proof ----------------------------------------------------------------------------------------------- */

/* The first and the last that are kept. */
enum { PROVED = 2 };

static status add_squares(gang *g, const centred_rows *c, const pca *p, double squares[PROVED])
{
    status result = OK;
    int n = p->features;
    share s = { 0 };
    TRY(share_make(g, c, &s));
    TRY(share_next(&s));
    while (s.count > 0) {
        for (int64_t r = 0; r < s.count; r++)
            for (int i = 0; i < PROVED; i++) {
                const double *axis = p->axes + (ptrdiff_t)(i == 0 ? 0 : p->components - 1) * n;
                double score = 0;
                for (int j = 0; j < n; j++) score += axis[j] * s.x[r * n + j];
                squares[i] += score * score;
            }
        TRY(share_next(&s));
    }
done:
    free(s.x);
    return result;
}

/* ScaLAPACK has steps that fail without a word: samples must vary along the axes as the eigenvalues say. */
static status prove(gang *g, const centred_rows *c, const spectrum *s, const pca *p)
{
    status result = OK;
    const double allowed = 1e-8 * p->variance[0];
    double squares[PROVED] = { 0 }, wanted[PROVED] = { p->variance[0], p->variance[p->components - 1] };
    TRY(gang_agree(g, add_squares(g, c, p, squares)));
    spectrum_sum(s, squares, PROVED);
    for (int i = 0; i < PROVED; i++) {
        double found = squares[i] / (double)(c->rows->count - 1);
        CHECK(fabs(found - wanted[i]) <= allowed, BROKEN,
              "an eigenvector is wrong: samples vary by %.9g along it, and its eigenvalue is %.9g", found,
              wanted[i]);
    }
done:
    return result;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

/* What each rank does for itself: the same on all of them. */
static status begin(const sample_rows *rows, pca_keep keep, centred_rows *c, pca *p)
{
    status result = OK;
    TRY(centred_rows_make(rows, c));
    TRY(check_keep(rows, keep));
    p->features = rows->features;
    p->mean = malloc((size_t)p->features * sizeof *p->mean);
    p->variance = calloc((size_t)p->features, sizeof *p->variance);
    CHECK(p->mean && p->variance, NO_MEMORY, "no memory for %d features", p->features);
    memcpy(p->mean, c->mean, (size_t)p->features * sizeof *p->mean);
done:
    return result;
}

status pca_fit(gang *g, const sample_rows *rows, pca_keep keep, pca *out)
{
    status result = OK;
    centred_rows c = { 0 };
    spectrum s = { 0 };
    *out = (pca){ 0 };
    TRY(gang_agree(g, begin(rows, keep, &c, out)));
    TRY(spectrum_make(g, &c, &s));
    take_variances(&s, out);
    TRY(choose(out, rows, keep));
    TRY(make_axes(g, &c, &s, out));
    TRY(prove(g, &c, &s, out));
done:
    spectrum_free(&s);
    centred_rows_free(&c);
    if (result != OK) pca_free(out);
    return result;
}

void pca_free(pca *p)
{
    free(p->mean);
    free(p->axes);
    free(p->variance);
    *p = (pca){ 0 };
}

/* Eight sums, so that a processor adds in more than one place; their order is fixed. */
static double project(int n, const double *restrict axis, const double *restrict x,
                      const double *restrict mean)
{
    enum { SUMS = 8 };
    double sum[SUMS] = { 0 };
    int j = 0;
    for (; j + SUMS <= n; j += SUMS)
        for (int i = 0; i < SUMS; i++) sum[i] += axis[j + i] * (x[j + i] - mean[j + i]);
    for (; j < n; j++) sum[0] += axis[j] * (x[j] - mean[j]);
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

void pca_apply(const pca *p, const double *rows, int64_t count, double *scores)
{
    for (int64_t r = 0; r < count; r++, rows += p->features)
        for (int k = 0; k < p->components; k++)
            *scores++ = project(p->features, p->axes + (ptrdiff_t)k * p->features, rows, p->mean);
}

double pca_lost_bound_nats(const pca *p, int kept, double noise_variance)
{
    if (kept >= p->features) return 0;
    return 0.5 * (p->features - kept) * fmax(0, log(p->variance[kept] / noise_variance));
}
