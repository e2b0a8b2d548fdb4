#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "estimators/gaussian.h"
#include "information.h"
#include "log_determinant.h"
#include "numerics/covariance.h"

static const double NATS_PER_BIT = 0.6931471805599453;

static int source_columns(const gaussian_columns *c)
{
    int columns = 0;
    for (int i = 0; i < c->sources; i++) columns += c->size[i];
    return columns;
}

static bool is_scalar(const gaussian_columns *c)
{
    return c->target == 1;
}

/* ---- on one rank: from the covariance ------------------------------------------------------------------------------- */

/* *owned is what the caller frees: a covariance of samples. */
static status covariance_from(const gaussian_columns *c, const covariance **out, covariance **owned)
{
    status result = OK;
    double *mean = NULL;
    *owned = NULL;
    *out = c->given;
    if (c->given) goto done;
    TRY(covariance_make(c->sources, c->size, c->target, owned));
    *out = *owned;
    const int n = covariance_columns(*owned);
    mean = malloc((size_t)n * sizeof *mean);
    CHECK(mean != NULL, NO_MEMORY, "no memory for %d columns", n);
    covariance_of(c->z, c->count, n, mean, (*owned)->value);
done:
    free(mean);
    return result;
}

static status informations(const covariance *c, gaussian_measures *out)
{
    status result = OK;
    TRY(gaussian_information(c, ~0u, &out->joint));
    for (int i = 0; i < c->sources; i++) TRY(gaussian_information(c, 1u << i, &out->single[i]));
    TRY(gaussian_total_correlation(c, &out->total_correlation));
    if (c->target == 1) TRY(gaussian_union(c, &out->united));
done:
    return result;
}

static status importance(const covariance *c, gaussian_measures *out)
{
    status result = OK;
    const int predictors = covariance_columns(c) - 1;
    if (c->target > 1) goto done;
    TRY(gaussian_ci_synergy(c, &out->ci));
    if (predictors == c->sources) TRY(gaussian_ci_decoder(c, out->coefficient, &out->variance));
done:
    return result;
}

/* ---- on a gang: from determinants that are spread over it ------------------------------------------------------------ */

/* Some of the columns, as what the determinants are computed from. */
typedef struct part {
    const gaussian_columns *of;
    int *column, n;
} part;

static status read_rows(void *context, int64_t first, int64_t count, double *to)
{
    const part *p = context;
    const int all = source_columns(p->of) + p->of->target;
    for (int64_t r = 0; r < count; r++)
        for (int k = 0; k < p->n; k++) to[r * p->n + k] = p->of->z[(first + r) * all + p->column[k]];
    return OK;
}

static status read_column(void *context, int column, double *to)
{
    const part *p = context;
    const ptrdiff_t all = source_columns(p->of) + p->of->target;
    for (int k = 0; k < p->n; k++) to[k] = p->of->given->value[p->column[k] * all + p->column[column]];
    return OK;
}

static status determinants(gang *g, part *p, double *nats)
{
    const covariance_reader given = { p->n, read_column, p };
    const sample_rows rows = { p->of->count, p->n, read_rows, p };
    return p->of->given ? log_determinants(g, &given, nats) : log_determinants_of_rows(g, &rows, nats);
}

/* Columns [from, from + count) are added to a part. */
static void add(part *p, int from, int count)
{
    for (int i = 0; i < count; i++) p->column[p->n++] = from + i;
}

/* I(X; Y) = (ln det X + ln det Y - ln det XY) / 2, X the columns [from, from + count). *alone: ln det X. nats: room. */
static status spread_information(gang *g, part *p, int from, int count, double *nats, double *alone,
                                 double *bits)
{
    status result = OK;
    p->n = 0;
    add(p, from, count);
    TRY(determinants(g, p, nats));
    *alone = nats[count - 1];
    p->n = 0;
    add(p, source_columns(p->of), p->of->target);
    add(p, from, count);
    TRY(determinants(g, p, nats));
    *bits = fmax(0, 0.5 * (*alone + nats[p->of->target - 1] - nats[p->n - 1]) / NATS_PER_BIT);
done:
    return result;
}

static status variance_of(const part *p, int column, double *out)
{
    const part one = { p->of, &column, 1 };
    part lone = one;
    return determinants(NULL, &lone, out);
}

/* Sum of ln variances of the sources' columns, and the largest information of one of them with a target of one column. */
static status by_column(part *p, double *nats, double *sum, double *united)
{
    status result = OK;
    const int columns = source_columns(p->of);
    double alone, bits;
    *sum = 0;
    for (int k = 0; k < columns; k++) {
        TRY(variance_of(p, k, &alone));
        *sum += alone;
        if (!is_scalar(p->of)) continue;
        TRY(spread_information(NULL, p, k, 1, nats, &alone, &bits));
        *united = k == 0 ? bits : fmax(*united, bits);
    }
done:
    return result;
}

static status informations_spread(gang *g, const gaussian_columns *c, gaussian_measures *out)
{
    status result = OK;
    const int columns = source_columns(c);
    const size_t n = (size_t)(columns + c->target);
    double alone, sum, *nats = malloc(n * sizeof *nats);
    part p = { .of = c, .column = malloc(n * sizeof *p.column) };
    CHECK(nats && p.column, NO_MEMORY, "no memory for %zu columns", n);
    for (int i = 0, from = 0; i < c->sources; from += c->size[i++])
        TRY(spread_information(g, &p, from, c->size[i], nats, &alone, &out->single[i]));
    TRY(spread_information(g, &p, 0, columns, nats, &alone, &out->joint));
    if (gang_rank(g) > 0) goto done; /* single columns are little work */
    TRY(by_column(&p, nats, &sum, &out->united));
    out->total_correlation = fmax(0, 0.5 * (sum - alone) / NATS_PER_BIT);
done:
    free(nats);
    free(p.column);
    return result;
}

/* ---- all of them ----------------------------------------------------------------------------------------------------- */

/* How much too large I(X; Y) of a and b columns is, in bits. */
static double excess(int64_t count, int a, int b)
{
    return (entropy_gaussian_bias(count, a) + entropy_gaussian_bias(count, b) -
            entropy_gaussian_bias(count, a + b)) /
           NATS_PER_BIT;
}

static void correct(const gaussian_columns *c, gaussian_measures *m)
{
    const int columns = source_columns(c);
    for (int i = 0; i < c->sources; i++) m->single[i] -= excess(c->count, c->size[i], c->target);
    m->joint -= excess(c->count, columns, c->target);
    m->united -= excess(c->count, 1, 1); /* of the best column; that it was chosen is not corrected */
    m->total_correlation -=
        (columns * entropy_gaussian_bias(c->count, 1) - entropy_gaussian_bias(c->count, columns)) /
        NATS_PER_BIT;
}

/* Of vectors, which the same holds for: what they share with a target of one column orders them. */
static double best_source(const gaussian_columns *c, const gaussian_measures *m)
{
    double best = m->single[0];
    for (int i = 1; i < c->sources; i++) best = fmax(best, m->single[i]);
    return best;
}

static void combine(const gaussian_columns *c, gaussian_measures *m)
{
    m->whole_minus_sum = m->joint;
    for (int i = 0; i < c->sources; i++) m->whole_minus_sum -= m->single[i];
    if (is_scalar(c) && source_columns(c) > c->sources) m->united = best_source(c, m);
    m->gk = m->joint - m->united;
    if (!is_scalar(c)) return;
    m->shared = m->single[0];
    for (int i = 1; i < c->sources; i++) m->shared = fmin(m->shared, m->single[i]);
}

static gaussian_measures nothing_known(void)
{
    gaussian_measures m = { .united = NAN, .gk = NAN, .ci = NAN, .shared = NAN, .variance = NAN };
    for (int i = 0; i < SOURCES_MAX; i++) m.coefficient[i] = NAN;
    return m;
}

status gaussian_measures_of(gang *g, const gaussian_columns *c, bool corrected, bool ci,
                            gaussian_measures *out)
{
    status result = OK;
    const covariance *known = NULL;
    covariance *owned = NULL;
    const int n = source_columns(c) + c->target;
    *out = nothing_known();
    CHECK(c->given || c->count > n, BAD_INPUT,
          "%" PRId64 " samples of %d columns: more samples than columns are needed", c->count, n);
    if (g) TRY(informations_spread(g, c, out));
    if (gang_rank(g) > 0) goto done;
    if (g == NULL || ci) {
        TRY(covariance_from(c, &known, &owned));
        TRY(importance(known, out));
    }
    if (g == NULL) TRY(informations(known, out));
    if (corrected && c->given == NULL) correct(c, out);
    combine(c, out);
done:
    covariance_free(owned);
    return result;
}

double gaussian_measured(const gaussian_measures *m, gaussian_measure which)
{
    switch (which) {
    case GAUSSIAN_JOINT:
        return m->joint;
    case GAUSSIAN_UNION:
        return m->united;
    case GAUSSIAN_GK:
        return m->gk;
    case GAUSSIAN_CI:
        return m->ci;
    case GAUSSIAN_MMI:
        return m->shared;
    case GAUSSIAN_WMS:
        return m->whole_minus_sum;
    case GAUSSIAN_TC:
        break;
    }
    return m->total_correlation;
}
