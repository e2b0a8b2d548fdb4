#include "numerics/distance.h"

#include <math.h>

/* Jensen-Shannon per class, with e = (q - p) / (p + q), which keeps all digits where p and q are close. */
static double js_part(double p, double q)
{
    if (p + q <= 0) return 0;
    double e = (q - p) / (p + q), part = 0;
    if (p > 0) part += 0.5 * p * log1p(-e);
    if (q > 0) part += 0.5 * q * log1p(e);
    return part;
}

double distance_value(rine_distance kind, int classes, const double *p, const double *q)
{
    double sum = 0;
    for (int c = 0; c < classes; c++) {
        double u = p[c] - q[c];
        sum += kind == DISTANCE_L1 ? fabs(u) : kind == DISTANCE_L2 ? u * u : js_part(p[c], q[c]);
    }
    return kind == DISTANCE_L2 ? sqrt(sum) : sum;
}

/* The stand-in for k |u| after its minimum over t, where k t = mu + r, r = sqrt(mu^2 + k^2 |u|^2). Its value is
 * r - mu ln(mu + r), its gradient pull u, and its second derivative pull I - outer u u^T. */
typedef struct barrier {
    double value, pull, outer;
} barrier;

static barrier barrier_at(double k, double mu, double squared)
{
    double r = sqrt(mu * mu + k * k * squared);
    double pull = k * k / (mu + r);
    return (barrier){ r - mu * log(mu + r), pull, pull * pull / r };
}

static void slope_l1(int classes, double k, double mu, const double *u, slope *out)
{
    for (int c = 0; c < classes; c++) {
        double r = sqrt(mu * mu + k * k * u[c] * u[c]);
        barrier b = barrier_at(k, mu, u[c] * u[c]);
        out->value += b.value;
        out->to_p[c] = b.pull * u[c];
        out->to_q[c] = -b.pull * u[c];
        /* pull - outer u^2, without its cancellation */
        out->in_pp[c] = out->in_qq[c] = b.pull * mu / r;
        out->in_pq[c] = -out->in_pp[c];
    }
}

static void slope_l2(int classes, double k, double mu, const double *u, slope *out)
{
    double squared = 0;
    for (int c = 0; c < classes; c++) squared += u[c] * u[c];
    barrier b = barrier_at(k, mu, squared);
    out->value = b.value;
    out->outer = b.outer;
    for (int c = 0; c < classes; c++) {
        out->to_p[c] = b.pull * u[c];
        out->to_q[c] = -out->to_p[c];
        out->in_pp[c] = out->in_qq[c] = b.pull;
        out->in_pq[c] = -b.pull;
    }
}

static void slope_js(int classes, double k, const double *p, const double *q, slope *out)
{
    for (int c = 0; c < classes; c++) {
        double sum = p[c] + q[c], e = (q[c] - p[c]) / sum;
        out->to_p[c] = 0.5 * k * log1p(-e);
        out->to_q[c] = 0.5 * k * log1p(e);
        out->value += p[c] * out->to_p[c] + q[c] * out->to_q[c];
        out->in_pp[c] = 0.5 * k * q[c] / (p[c] * sum);
        out->in_qq[c] = 0.5 * k * p[c] / (q[c] * sum);
        out->in_pq[c] = -0.5 * k / sum;
    }
}

void distance_slope(rine_distance kind, int classes, double k, double mu, const double *p, const double *q,
                    const double *u, slope *out)
{
    out->value = out->outer = 0;
    switch (kind) {
    case DISTANCE_L1:
        slope_l1(classes, k, mu, u, out);
        break;
    case DISTANCE_L2:
        slope_l2(classes, k, mu, u, out);
        break;
    case DISTANCE_JS:
        slope_js(classes, k, p, q, out);
        break;
    }
}
