/* Weights of neighbours that take the leading terms of the bias away: they sum to 1, sum_j w_j Gamma(j + 2l/d) / Gamma(j) = 0 for
 * l = 1 … d/4, only some are not 0, and the sum of their squares is least. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "information.h"

/* Up to here the authors of the lossy compression paper take the nearest neighbour alone; what is below this share of the largest
 * singular value counts as 0 in their least squares. */
enum { CODE_NEAREST_DIMENSIONS = 4, SWEEPS_MAX = 60 };
static const double code_least = 1e-6;

/* One condition (a row) says what its weights must sum to: 1 for the first, 0 for the others. */
typedef struct conditions {
    int count, weights;
    int *place;  /* (weights) which neighbour's, from 0 */
    double *row; /* (count, weights) */
} conditions;

static void conditions_free(conditions *c)
{
    free(c->place);
    free(c->row);
}

static status conditions_make(int k, int dimensions, conditions *c)
{
    status result = OK;
    *c = (conditions){ .count = 1 + dimensions / 4 };
    c->place = malloc((size_t)k * sizeof *c->place);
    c->row = malloc((size_t)k * (size_t)c->count * sizeof *c->row);
    CHECK(c->place && c->row, NO_MEMORY, "no memory for %d weights", k);
    for (int j = 1; j <= k; j++) { /* j = floor(i k / d) for some i of 1 … d */
        int64_t i = ((int64_t)j * dimensions + k - 1) / k;
        if (i <= dimensions && i * k / dimensions == j) c->place[c->weights++] = j - 1;
    }
    for (int l = 0; l < c->count; l++)
        for (int p = 0; p < c->weights; p++) {
            double j = c->place[p] + 1;
            c->row[l * c->weights + p] = exp(lgamma(j + 2.0 * l / dimensions) - lgamma(j));
        }
done:
    return result;
}

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Rows become orthonormal (A^T = Q R by Gram and Schmidt, twice over, so that rounding leaves them so); `solution` (count) solves
 * R^T s = (1, 0, …). False where a row follows from others, to rounding. */
static bool orthogonalise(conditions *c, double *solution)
{
    int n = c->weights;
    for (int l = 0; l < c->count; l++) {
        double *row = c->row + l * n, right = l == 0;
        double length = sqrt(dot(row, row, n));
        for (int again = 0; again < 2; again++)
            for (int e = 0; e < l; e++) {
                const double *earlier = c->row + e * n;
                double share = dot(row, earlier, n);
                for (int i = 0; i < n; i++) row[i] -= share * earlier[i];
                right -= share * solution[e];
            }
        double left = sqrt(dot(row, row, n));
        if (!(left > 1e-13 * length)) return false;
        for (int i = 0; i < n; i++) row[i] /= left;
        solution[l] = right / left;
    }
    return true;
}

/* The least weights that meet all conditions: w = Q R^-T (1, 0, …). */
static status least_norm(conditions *c, int k, int dimensions, double *weight)
{
    status result = OK;
    double *solution = malloc((size_t)c->count * sizeof *solution), sum = 0;
    CHECK(solution, NO_MEMORY, "no memory for %d conditions", c->count);
    CHECK(c->count <= c->weights && orthogonalise(c, solution), BAD_INPUT,
          "weights of %d neighbours cannot meet the %d conditions of %d dimensions: take more neighbours, or "
          "compress to fewer "
          "dimensions",
          k, c->count, dimensions);
    for (int l = 0; l < c->count; l++)
        for (int p = 0; p < c->weights; p++) weight[c->place[p]] += solution[l] * c->row[l * c->weights + p];
    /* to rounding they sum to 1 and the other conditions to 0, which a factor leaves at 0 */
    for (int j = 0; j < k; j++) sum += weight[j];
    for (int j = 0; j < k; j++) weight[j] /= sum;
done:
    free(solution);
    return result;
}

/* Turns two rows, and the two of `turned` alongside, until they are orthogonal; false where they are already. */
static bool turn(double *a, double *b, int n, double *turned_a, double *turned_b, int m)
{
    double aa = dot(a, a, n), bb = dot(b, b, n), ab = dot(a, b, n);
    if (fabs(ab) <= 1e-15 * sqrt(aa * bb)) return false;
    double cot = (bb - aa) / (2 * ab);
    double tan = (cot >= 0 ? 1 : -1) / (fabs(cot) + hypot(1, cot)), cos = 1 / hypot(1, tan), sin = cos * tan;
    for (int i = 0; i < n; i++) {
        double x = a[i], y = b[i];
        a[i] = cos * x - sin * y;
        b[i] = sin * x + cos * y;
    }
    for (int i = 0; i < m; i++) {
        double x = turned_a[i], y = turned_b[i];
        turned_a[i] = cos * x - sin * y;
        turned_b[i] = sin * x + cos * y;
    }
    return true;
}

/* Least squares where singular values below a share of the largest count as 0 (Jacobi's one-sided singular value decomposition).
 * Where the conditions contradict each other the answer depends on their scale: that of the code is 1/k for the sum and length 1
 * for the others. */
static status least_squares(conditions *c, int k, double *weight)
{
    status result = OK;
    int m = c->count, n = c->weights;
    double *turned = calloc((size_t)m * (size_t)m, sizeof *turned), largest = 0;
    CHECK(turned, NO_MEMORY, "no memory for %d conditions", m);
    for (int l = 0; l < m; l++) {
        double *row = c->row + l * n, length = l == 0 ? k : sqrt(dot(row, row, n));
        for (int p = 0; p < n; p++) row[p] /= length;
        turned[l * m + l] = 1;
    }
    bool more = true;
    for (int sweep = 0; more && sweep < SWEEPS_MAX; sweep++) {
        more = false;
        for (int a = 0; a < m; a++)
            for (int b = a + 1; b < m; b++)
                more |= turn(c->row + a * n, c->row + b * n, n, turned + a * m, turned + b * m, m);
    }
    for (int l = 0; l < m; l++) largest = fmax(largest, dot(c->row + l * n, c->row + l * n, n));
    for (int l = 0; l < m; l++) {
        double square = dot(c->row + l * n, c->row + l * n, n); /* of the singular value */
        if (!(square > code_least * code_least * largest)) continue;
        for (int p = 0; p < n; p++) weight[c->place[p]] += turned[l * m] / k / square * c->row[l * n + p];
    }
done:
    free(turned);
    return result;
}

status entropy_weights(weighting rule, int k, int dimensions, double *weight, double *norm)
{
    status result = OK;
    conditions c = { 0 };
    CHECK(k >= 1 && dimensions >= 1, BAD_INPUT,
          "weights of %d neighbours in %d dimensions: both are at least 1", k, dimensions);
    memset(weight, 0, (size_t)k * sizeof *weight);
    if (rule == WEIGHTS_NEAREST || (rule == WEIGHTS_CODE && dimensions <= CODE_NEAREST_DIMENSIONS)) {
        weight[0] = 1;
    } else {
        TRY(conditions_make(k, dimensions, &c));
        TRY(rule == WEIGHTS_FORMULA ? least_norm(&c, k, dimensions, weight) : least_squares(&c, k, weight));
    }
    *norm = sqrt(dot(weight, weight, k));
done:
    conditions_free(&c);
    return result;
}
