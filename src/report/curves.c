#include <math.h>
#include <stdlib.h>

#include "figures.h"
#include "gnuplot.h"

/* How values lie on the horizontal axis. */
typedef enum spacing {
    SPACING_LINEAR,
    SPACING_LOG,
    SPACING_PLACES
} spacing; /* places: 0, 1, 2, … for words */

typedef struct horizontal {
    const axis *axis;
    spacing spacing;
    double low, high; /* where the axis begins and ends: a little beyond its values */
    double zero;      /* SPACING_LOG: where 0 is drawn; 0 where the axis has none */
} horizontal;

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

static status look_at_axis(const axis *a, horizontal *out)
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

/* ---- data --------------------------------------------------------------------------------------------------------- */

static void write_point(const figure *f, const horizontal *x, int64_t i, int64_t j, const double *values,
                        const double *exact, FILE *to)
{
    int64_t group = figure_group(f, i, j), cell = summary_present(f->summary, group);
    statistic s = summary_statistic(f->summary, group, values, f->variable->count);
    double published = NAN, optimum = NAN;
    if (cell >= 0 && f->view->published)
        published = comparison_value(f->view->published, f->view->grid, cell);
    if (exact) optimum = summary_statistic(f->summary, group, exact, 1).mean;
    fprintf(to, "%.9g %.9g %.9g %lld %.9g %.9g\n", x->axis->number ? x->axis->number[i] : (double)i, s.mean,
            s.sd, (long long)s.count, published, optimum);
}

/* One block of lines per curve. */
static status write_data(const figure *f, const horizontal *x, int64_t curves)
{
    status result = OK;
    FILE *to = NULL;
    const double *values, *exact = NULL;
    const variable *exact_variable = view_exact(f->view, f->variable);
    TRY(view_values(f->view, f->variable, &values));
    if (exact_variable) TRY(view_values(f->view, exact_variable, &exact));
    TRY(gnuplot_create(f->folder, f->name, "dat", &to));
    fprintf(to, "# %s mean sd n published exact; one block per curve\n", x->axis->name);
    for (int64_t j = 0; j < curves; j++) {
        if (f->other >= 0)
            fprintf(to, "%s# %s=%s\n", j ? "\n\n" : "", f->summary->grid->axis[f->other].name,
                    f->summary->grid->axis[f->other].text[j]);
        for (int64_t i = 0; i < x->axis->count; i++) write_point(f, x, i, j, values, exact, to);
    }
    result = gnuplot_close(to, f->name);
done:
    return result;
}

/* ---- script --------------------------------------------------------------------------------------------------------- */

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

static void write_axes(const figure *f, const horizontal *x, FILE *to)
{
    fprintf(to, "set xlabel ");
    gnuplot_axis_name(x->axis, to);
    fprintf(to, "\nset ylabel ");
    gnuplot_quantity_name(f->variable->quantity, to);
    if (*f->held) {
        fprintf(to, "\nset title ");
        gnuplot_text(f->held, to);
    }
    fprintf(
        to,
        "\nset border 3\nset tics nomirror out\nset grid ytics linetype 1 linecolor '#dddddd' linewidth 0.5\n"
        "set yrange [*<0:*] noextend # bits are read against zero\n"
        "set offsets 0, 0, graph 0.05, graph 0.01\n");
    if (x->spacing == SPACING_LOG) fprintf(to, "set logscale x\n");
    if (x->zero > 0)
        fprintf(to, "at(x) = x > 0 ? x : %.9g # a logarithmic axis has no 0: where it is drawn\n", x->zero);
    else
        fprintf(to, "at(x) = x\n");
    fprintf(to, "set xrange [%.9g:%.9g]\n", x->low, x->high);
    write_tics(x, to);
}

/* One curve alone needs no key. */
static void write_key(const figure *f, bool alone, FILE *to)
{
    fprintf(to, alone ? "unset key\n" : "set key outside right center Left reverse samplen 2\n");
    if (f->other < 0) return;
    fprintf(to, "set key title ");
    gnuplot_axis_name(&f->summary->grid->axis[f->other], to);
    fprintf(to, " left\n");
}

/* Colours that differ for every kind of colour vision (Okabe and Ito 2008) for words; a scale for numbers. */
static unsigned curve_colour(const axis *a, int64_t j, int64_t curves)
{
    static const unsigned words[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000 };
    enum { WORDS = sizeof words / sizeof words[0] };
    if ((a && a->number) || curves > WORDS) /* the far end of the scale is too pale for a line */
        return gnuplot_viridis(curves > 1 ? 0.9 * (double)j / (double)(curves - 1) : 0);
    return words[j];
}

/* Which columns of the data have a number anywhere. */
static status look_for(const figure *f, bool *published, bool *exact)
{
    status result = OK;
    const double *values = NULL;
    const variable *exact_variable = view_exact(f->view, f->variable);
    *published = f->view->published != NULL;
    *exact = false;
    if (exact_variable == NULL) goto done;
    TRY(view_values(f->view, exact_variable, &values));
    for (int64_t c = 0; c < f->view->grid->cells && !*exact; c++) *exact = !isnan(values[c]);
done:
    return result;
}

static void write_curve(const figure *f, const horizontal *x, int64_t j, int64_t curves, bool published,
                        bool exact, FILE *to)
{
    static const int filled[] = { 7, 5, 9, 11, 13 }, open[] = { 6, 4, 8, 10, 12 };
    const axis *a = f->other >= 0 ? &f->summary->grid->axis[f->other] : NULL;
    bool words = x->spacing == SPACING_PLACES;
    unsigned colour = curve_colour(a, j, curves);
    /* words stand beside each other, curves of one place next to one another */
    double aside = words ? ((double)j - (double)(curves - 1) / 2) * 0.6 / (double)curves : 0;
    const char *more = j ? ", \\\n    ''" : "";
    fprintf(to,
            "%s index %lld using (at($1)%+.3f):2:3 with %s pointtype %d pointsize 2 linecolor '#%06x' title ",
            more, (long long)j, aside, words ? "yerrorbars" : "yerrorlines", filled[j % 5], colour);
    gnuplot_text(a ? a->text[j] : "mean", to);
    if (exact)
        fprintf(to, ", \\\n    '' index %lld using (at($1)%+.3f):6 with %s linecolor '#%06x' notitle",
                (long long)j, aside, words ? "points pointtype 2 pointsize 2.5" : "lines dashtype 2", colour);
    if (published)
        fprintf(to,
                ", \\\n    '' index %lld using (at($1)%+.3f):5 with points pointtype %d pointsize 4 "
                "linecolor '#%06x' notitle",
                (long long)j, aside, open[j % 5], colour);
}

static status write_script(const figure *f, const horizontal *x, int64_t curves)
{
    status result = OK;
    FILE *to = NULL;
    bool published, exact;
    char about[512];
    snprintf(about, sizeof about, "%s: %s over %s; bars are standard deviations", f->view->title,
             f->variable->quantity->name, x->axis->name);
    TRY(look_for(f, &published, &exact));
    TRY(gnuplot_create(f->folder, f->name, "gp", &to));
    gnuplot_head(f->name, about, to);
    write_axes(f, x, to);
    write_key(f, f->other < 0 && !published && !exact, to);
    fprintf(to, "plot '%s.dat'", f->name);
    for (int64_t j = 0; j < curves; j++) write_curve(f, x, j, curves, published, exact, to);
    const char *dash = x->spacing == SPACING_PLACES ? "points pointtype 2 pointsize 2.5" : "lines dashtype 2";
    if (exact) fprintf(to, ", \\\n    NaN with %s linecolor '#666666' title 'exact'", dash);
    if (published)
        fprintf(to,
                ", \\\n    NaN with points pointtype 6 pointsize 4 linecolor '#666666' title 'published'");
    fputc('\n', to);
    result = gnuplot_close(to, f->name);
done:
    return result;
}

status curves_write(const figure *f)
{
    status result = OK;
    horizontal x;
    int64_t curves = f->other >= 0 ? f->summary->grid->axis[f->other].count : 1;
    TRY(look_at_axis(&f->summary->grid->axis[f->x], &x));
    TRY(write_data(f, &x, curves));
    TRY(write_script(f, &x, curves));
done:
    return result;
}
