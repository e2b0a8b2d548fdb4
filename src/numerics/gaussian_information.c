#include "gaussian_information.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/cholesky.h"
#include "numerics/covariance_refusal.h"

/* Of the geometric mean of two variances: how far two halves of a covariance may differ that was rounded or written as text. */
static const double asymmetry_allowed = 1e-8;

/* ---- correlations ---------------------------------------------------------------------------------------- */

static int source_columns(const covariance *c)
{
    int columns = 0;
    for (int i = 0; i < c->sources; i++) columns += c->size[i];
    return columns;
}

int covariance_columns(const covariance *c)
{
    return source_columns(c) + c->target;
}

status covariance_make(int sources, const int *size, int target, covariance **out)
{
    status result = OK;
    covariance *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a covariance");
    *made = (covariance){ .sources = sources, .target = target };
    memcpy(made->size, size, (size_t)sources * sizeof *size);
    const size_t n = (size_t)covariance_columns(made);
    made->value = calloc(n * n, sizeof *made->value);
    CHECK(made->value != NULL, NO_MEMORY, "no memory for a covariance of %zu columns", n);
    *out = made;
    made = NULL;
done:
    covariance_free(made);
    return result;
}

void covariance_free(covariance *c)
{
    if (c) free(c->value);
    free(c);
}

static status check_shape(const covariance *c)
{
    status result = OK;
    CHECK(c->sources >= 1 && c->sources <= SOURCES_MAX, BAD_INPUT,
          "a covariance of %d sources: 1 to %d are right", c->sources, SOURCES_MAX);
    for (int i = 0; i < c->sources; i++)
        CHECK(c->size[i] >= 1, BAD_INPUT, "source %d of the covariance has %d columns: 1 or more are right",
              i + 1, c->size[i]);
    CHECK(c->target >= 1, BAD_INPUT, "the target of the covariance has %d columns: 1 or more are right",
          c->target);
done:
    return result;
}

/* Row and column are counted from 1 in what a person reads. */
static status check_entry(const double *value, int n, int i, int j)
{
    status result = OK;
    double here = value[i * (ptrdiff_t)n + j], there = value[j * (ptrdiff_t)n + i];
    double scale = sqrt(fabs(value[i * (ptrdiff_t)n + i])) * sqrt(fabs(value[j * (ptrdiff_t)n + j]));
    CHECK(isfinite(here), BAD_INPUT, "row %d, column %d of the covariance is not a finite number", i + 1,
          j + 1);
    CHECK(!(fabs(here - there) > asymmetry_allowed * scale), BAD_INPUT,
          "the covariance is not symmetric: row %d, column %d is %.9g, and row %d, column %d is %.9g", i + 1,
          j + 1, here, j + 1, i + 1, there);
done:
    return result;
}

static status check_entries(const covariance *c)
{
    status result = OK;
    int n = covariance_columns(c);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) TRY(check_entry(c->value, n, i, j));
    for (int i = 0; i < n; i++)
        if (!(c->value[i * (ptrdiff_t)n + i] > 0)) return covariance_refuse(i + 1);
done:
    return result;
}

/* Some columns of a covariance, divided by their standard deviations. */
typedef struct correlation {
    int n;
    double *value;  /* (n, n) */
    double *factor; /* (n, n) column-major: L of L L^T */
} correlation;

static void correlation_free(correlation *r)
{
    free(r->value);
    free(r->factor);
}

static double correlation_of(const covariance *c, int columns, int i, int j)
{
    const double *v = c->value;
    ptrdiff_t n = columns;
    if (i == j) return 1;
    double both = 0.5 * v[i * n + j] + 0.5 * v[j * n + i]; /* their sum may be beyond what a number holds */
    return both / (sqrt(v[i * n + i]) * sqrt(v[j * n + j]));
}

static status factor_correlation(const covariance *c, const int *column, int n, correlation *out)
{
    status result = OK;
    int all = covariance_columns(c);
    size_t size = (size_t)n * (size_t)n;
    *out = (correlation){ .n = n,
                          .value = malloc(size * sizeof(double)),
                          .factor = malloc(size * sizeof(double)) };
    CHECK(out->value && out->factor, NO_MEMORY, "no memory for a covariance of %d columns", n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            out->value[i * (ptrdiff_t)n + j] = correlation_of(c, all, column[i], column[j]);
    memcpy(out->factor, out->value, size * sizeof(double));
    int fine = cholesky_leading(n, out->factor, covariance_least_share(n));
    if (fine < n) result = covariance_refuse(fine + 1);
done:
    return result;
}

/* The columns of the sources in the mask, then those of the target; checked as a whole first, so that a refusal names a block of
 * the covariance as it was given. */
static status correlation_make(const covariance *c, unsigned sources, correlation *out)
{
    status result = OK;
    int *column = NULL, n = 0, at = 0;
    *out = (correlation){ 0 };
    TRY(check_shape(c));
    TRY(check_entries(c));
    int all = covariance_columns(c);
    column = malloc((size_t)all * sizeof *column);
    CHECK(column != NULL, NO_MEMORY, "no memory for a covariance of %d columns", all);
    for (int i = 0; i < all; i++) column[i] = i;
    TRY(factor_correlation(c, column, all, out));

    for (int s = 0; s < c->sources; s++) {
        for (int i = 0; i < c->size[s] && (sources >> s & 1u); i++) column[n++] = at + i;
        at += c->size[s];
    }
    for (int i = 0; i < c->target; i++) column[n++] = at + i;
    if (n == all) goto done;
    correlation_free(out);
    TRY(factor_correlation(c, column, n, out));
done:
    free(column);
    return result;
}

/* ln of the determinant of columns [from, to), given those before them. */
static double log_determinant(const correlation *r, int from, int to)
{
    double sum = 0;
    for (int i = from; i < to; i++) sum += 2 * log(r->factor[i + (ptrdiff_t)i * r->n]);
    return sum;
}

/* ---- any target ------------------------------------------------------------------------------------------ */

/* 1/2 ln det Y / det(Y given the sources). */
status gaussian_information(const covariance *c, unsigned sources, double *bits)
{
    status result = OK;
    correlation target = { 0 }, joint = { 0 };
    TRY(correlation_make(c, sources, &joint));
    TRY(correlation_make(c, 0, &target));
    double given = log_determinant(&joint, joint.n - c->target, joint.n);
    *bits = fmax(0, 0.5 * (log_determinant(&target, 0, c->target) - given) / log(2));
done:
    correlation_free(&target);
    correlation_free(&joint);
    return result;
}

status gaussian_total_correlation(const covariance *c, double *bits)
{
    status result = OK;
    correlation all = { 0 };
    TRY(correlation_make(c, ~0u, &all));
    *bits = fmax(0, -0.5 * log_determinant(&all, 0, all.n - c->target) / log(2));
done:
    correlation_free(&all);
    return result;
}

/* ---- a target of one column ------------------------------------------------------------------------------ */

static status check_scalar(const covariance *c)
{
    if (c->target == 1) return OK;
    return failure(BAD_INPUT, "this measure is for a target of one column, and the covariance has one of %d",
                   c->target);
}

static const double *target_row(const correlation *r) /* rho_j */
{
    return r->value + (ptrdiff_t)(r->n - 1) * r->n;
}

/* 1 - rho^2 without loss of digits where |rho| is near 1. */
static double unexplained(double rho)
{
    return (1 - rho) * (1 + rho);
}

status gaussian_union(const covariance *c, double *bits)
{
    status result = OK;
    correlation r = { 0 };
    TRY(check_scalar(c));
    TRY(correlation_make(c, ~0u, &r));
    double best = 0;
    for (int j = 0; j < r.n - 1; j++) best = fmax(best, fabs(target_row(&r)[j]));
    *bits = fmax(0, -0.5 * log2(unexplained(best)));
done:
    correlation_free(&r);
    return result;
}

/* Given the target the predictors are independent: precisions add up. */
static void ci_decoder(const correlation *r, double *coefficient, double *variance)
{
    const double *rho = target_row(r);
    double precision = 1;
    for (int j = 0; j < r->n - 1; j++) precision += rho[j] * rho[j] / unexplained(rho[j]);
    for (int j = 0; j < r->n - 1; j++) coefficient[j] = rho[j] / (unexplained(rho[j]) * precision);
    *variance = 1 / precision;
}

status gaussian_ci_decoder(const covariance *c, double *coefficient, double *variance)
{
    status result = OK;
    correlation r = { 0 };
    TRY(check_scalar(c));
    TRY(correlation_make(c, ~0u, &r));
    ci_decoder(&r, coefficient, variance);
done:
    correlation_free(&r);
    return result;
}

/* Variance, under the predictors' correlations S = L L^T, of what the true decoder S^-1 rho says beyond a: |L^-1 rho - L^T a|^2.
 * L^-1 rho is the last row of the factor of all. */
static double excess_variance(const correlation *r, const double *a)
{
    int last = r->n - 1;
    double sum = 0;
    for (int k = 0; k < last; k++) {
        const double *column = r->factor + (ptrdiff_t)k * r->n;
        double difference = column[last];
        for (int j = k; j < last; j++) difference -= column[j] * a[j];
        sum += difference * difference;
    }
    return sum;
}

/* KL of two normal distributions, averaged over the predictors: with t the true variance over the decoder's, minus 1, and v the
 * variance of the difference of their means over the decoder's, 1/2 (t - ln(1 + t) + v). */
status gaussian_ci_synergy(const covariance *c, double *bits)
{
    status result = OK;
    correlation r = { 0 };
    double *a = NULL, variance;
    TRY(check_scalar(c));
    TRY(correlation_make(c, ~0u, &r));
    a = malloc((size_t)r.n * sizeof *a);
    CHECK(a != NULL, NO_MEMORY, "no memory for a decoder of %d predictors", r.n - 1);
    ci_decoder(&r, a, &variance);
    double root = r.factor[(ptrdiff_t)r.n * r.n - 1], t = root * root / variance - 1;
    *bits = fmax(0, 0.5 * (t - log1p(t) + excess_variance(&r, a) / variance) / log(2));
done:
    free(a);
    correlation_free(&r);
    return result;
}
