#include "horizontal.h"

#include <math.h>
#include <stdlib.h>

#include "gnuplot.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Variation (standard deviation over mean) of the steps between values in ascending order, or between their logarithms:
 * the scale on which it is smaller is the one that the axis was made for. */
static double step_variation(const double *value, int64_t count, bool log)
{
    double sum = 0, squares = 0;
    for (int64_t i = 1; i < count; i++) {
        double step = log ? log2(value[i] / value[i - 1]) : value[i] - value[i - 1];
        sum += step;
        squares += step * step;
    }
    double mean = sum / (double)(count - 1);
    return sqrt(fmax(squares / (double)(count - 1) - mean * mean, 0)) / mean;
}

/* `least` is the least positive value. */
static void find_ends(horizontal *x, double least)
{
    static const double beyond = 0.04; /* of the length of the axis */
    double low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < x->axis->count; i++) {
        low = fmin(low, x->axis->number[i]);
        high = fmax(high, x->axis->number[i]);
    }
    if (x->spacing == SPACING_LOG) {
        low = x->zero > 0 ? x->zero : least;
        double more = pow(high / low, beyond);
        x->low = low / more;
        x->high = high * more;
    } else {
        x->low = low - beyond * (high - low);
        x->high = high + beyond * (high - low);
    }
}

status horizontal_make(const axis *a, horizontal *out)
{
    enum { VALUES_LEAST = 3 };
    *out = (horizontal){ a, SPACING_PLACES, -0.5, (double)a->count - 0.5, 0 };
    if (a->number == NULL) return OK;
    out->spacing = SPACING_LINEAR;
    double *positive = malloc((size_t)a->count * sizeof *positive);
    if (positive == NULL) return failure(NO_MEMORY, "an axis of %lld values", (long long)a->count);
    int64_t count = 0, zeros = 0;
    for (int64_t i = 0; i < a->count; i++) {
        if (a->number[i] > 0) positive[count++] = a->number[i];
        zeros += a->number[i] == 0;
    }
    qsort(positive, (size_t)count, sizeof *positive, ascending);
    if (count >= VALUES_LEAST && count + zeros == a->count && positive[count - 1] >= 10 * positive[0] &&
        step_variation(positive, count, true) < step_variation(positive, count, false)) {
        out->spacing = SPACING_LOG;
        /* one step to the left of the least */
        if (zeros) out->zero = positive[0] / fmin(positive[1] / positive[0], 4);
    }
    find_ends(out, count > 0 ? positive[0] : 0);
    free(positive);
    return OK;
}

double horizontal_at(const horizontal *x, int64_t i)
{
    return x->spacing == SPACING_PLACES ? (double)i : x->axis->number[i];
}

/* A tick for every value. Words and few numbers are all labelled; of many on a logarithmic axis, 0 and the powers of ten
 * are; many on a linear axis are left to gnuplot. */
static void write_tics(const horizontal *x, FILE *to)
{
    enum { LABELS_MAX = 10 };
    bool words = x->spacing == SPACING_PLACES, many = !words && x->axis->count > LABELS_MAX;
    if (many && x->spacing == SPACING_LINEAR) return;
    if (!many) gnuplot_turn_labels(x->axis, to);
    fprintf(to, "unset mxtics\nset xtics (");
    for (int64_t i = 0; i < x->axis->count; i++) {
        double number = words ? (double)i : x->axis->number[i], power = number > 0 ? log10(number) : 0;
        bool labelled = !many || fabs(power - round(power)) < 1e-9;
        fprintf(to, "%s", i ? ", " : "");
        gnuplot_text(labelled ? x->axis->text[i] : "", to);
        fprintf(to, words ? " %.0f" : " at(%.9g)", number);
        fprintf(to, "%s", labelled ? "" : " 1"); /* 1: a minor tick */
    }
    fprintf(to, ")\n");
}

void horizontal_write(const horizontal *x, FILE *to)
{
    fprintf(to, "set xlabel ");
    gnuplot_axis_name(x->axis, to);
    fputc('\n', to);
    if (x->spacing == SPACING_LOG) fprintf(to, "set logscale x\n");
    if (x->zero > 0)
        fprintf(to, "at(x) = x > 0 ? x : %.9g # a logarithmic axis has no 0: where it is drawn\n", x->zero);
    else
        fprintf(to, "at(x) = x\n");
    fprintf(to, "set xrange [%.9g:%.9g]\n", x->low, x->high);
    write_tics(x, to);
}
