#include "chart.h"

#include <math.h>
#include <stdlib.h>

#include "gnuplot.h"
#include "horizontal.h"
#include "sheet.h"

enum { CURVES_WIDTH = 400, HEIGHT = 300 }; /* of the canvas, but for its key */

status chart_make(const figure *f, int64_t curves, chart *out)
{
    status result = OK;
    int64_t places = f->summary->grid->axis[f->x].count;
    *out = (chart){ .figure = f, .curves = curves, .places = places };
    out->name = calloc((size_t)curves + 1, sizeof *out->name);
    out->point = malloc((size_t)(curves * places + 1) * sizeof *out->point);
    CHECK(out->name && out->point, NO_MEMORY, "a chart of %lld curves", (long long)curves);
    for (int64_t i = 0; i < curves * places; i++) out->point[i] = (chart_point){ NAN, NAN, NAN, NAN, NAN, 0 };
done:
    if (result != OK) chart_free(out);
    return result;
}

void chart_free(chart *c)
{
    free(c->name);
    free(c->point);
}

/* ---- data --------------------------------------------------------------------------------------------------------- */

/* One block of lines per curve. */
static status write_data(const chart *c, const horizontal *x)
{
    status result = OK;
    FILE *to = NULL;
    TRY(gnuplot_create(c->figure->folder, c->figure->name, "dat", &to));
    fprintf(to, "# %s mean low high n published exact; one block per curve\n", x->axis->name);
    for (int64_t j = 0; j < c->curves; j++) {
        if (c->name[j])
            fprintf(to, "%s# %s%s%s\n", j ? "\n\n" : "", c->key ? c->key->name : "", c->key ? "=" : "",
                    c->name[j]);
        for (int64_t i = 0; i < c->places; i++) {
            const chart_point *p = &c->point[j * c->places + i];
            fprintf(to, "%.9g %.9g %.9g %.9g %lld %.9g %.9g\n", horizontal_at(x, i), p->mean, p->low, p->high,
                    (long long)p->count, p->published, p->exact);
        }
    }
    result = gnuplot_close(to, c->figure->name);
done:
    return result;
}

/* ---- script ------------------------------------------------------------------------------------------------------- */

/* Which columns of the data have a number anywhere. */
typedef struct columns {
    bool bars, published, exact;
} columns;

static columns look_for(const chart *c)
{
    columns any = { .bars = false };
    for (int64_t i = 0; i < c->curves * c->places; i++) {
        any.bars = any.bars || !isnan(c->point[i].low);
        any.published = any.published || !isnan(c->point[i].published);
        any.exact = any.exact || !isnan(c->point[i].exact);
    }
    return any;
}

/* One curve alone needs no key. */
static bool has_key(const chart *c, const columns *any)
{
    return c->curves > 1 || c->name[0] != NULL || any->published || any->exact;
}

/* Room for the key, in units of the canvas. */
static int key_width(const chart *c)
{
    enum { LEAST = 9, SIGN = 52 };
    int longest = LEAST; /* "published" */
    for (int64_t j = 0; j < c->curves; j++) {
        int width = c->name[j] ? sheet_text_width(c->name[j]) : 0;
        if (width > longest) longest = width;
    }
    if (c->key && gnuplot_axis_width(c->key) > longest) longest = gnuplot_axis_width(c->key);
    return SIGN + GNUPLOT_LETTER * longest;
}

static void write_key(const chart *c, const columns *any, const canvas *size, FILE *to)
{
    if (!has_key(c, any)) {
        fprintf(to, "unset key\n");
        return;
    }
    fprintf(to,
            "set rmargin at screen %.4f\nset key at screen %.4f, graph 1 left top Left reverse samplen 1.5\n",
            (CURVES_WIDTH - 6.0) / size->width, (double)CURVES_WIDTH / size->width);
    if (c->key == NULL) return;
    fprintf(to, "set key title ");
    gnuplot_axis_name(c->key, to);
    fprintf(to, " left\n");
}

/* Bands overlap less than bars do, as long as there are few; words have nothing between them. */
static bool has_bands(const chart *c, const horizontal *x)
{
    enum { BANDS_MAX = 4 };
    return x->spacing != SPACING_PLACES && c->curves <= BANDS_MAX;
}

static void write_axes(const chart *c, const horizontal *x, const columns *any, FILE *to)
{
    const figure *f = c->figure;
    char bars[BARS_MAX], caption[BARS_MAX + 16];
    fprintf(to, "set ylabel ");
    gnuplot_quantity_name(f->means->variable->quantity, to);
    if (*f->held) {
        fprintf(to, "\nset title ");
        gnuplot_text(f->held, to);
    }
    fprintf(to, "\nset border 3\nset tics nomirror out scale 0.6\nset grid ytics linetype 1 linecolor "
                "'#dddddd' linewidth 0.5\n"
                "set yrange [*<0:*] noextend # bits are read against zero\n"
                "set offsets 0, 0, graph 0.05, graph 0.01\n"
                "set xzeroaxis linetype 1 linecolor '#888888' linewidth 0.5\n");
    horizontal_write(x, to);
    figure_name_bars(f, bars);
    if (*bars == '\0' || !any->bars) return;
    snprintf(caption, sizeof caption, "%s: %s", has_bands(c, x) ? "bands" : "bars", bars);
    fprintf(to, "set bmargin 5\n");
    gnuplot_caption(caption, to);
}

static unsigned curve_colour(const chart *c, int64_t j)
{
    return gnuplot_curve_colour(c->key && c->key->number, j, c->curves);
}

/* The mean with its bars; what was published and what is exact have the curve's colour. */
static void write_curve(const chart *c, const horizontal *x, int64_t j, const columns *any, FILE *to)
{
    static const int filled[] = { 7, 5, 9, 11, 13 }, open[] = { 6, 4, 8, 10, 12 };
    enum { SIGNS = sizeof filled / sizeof filled[0] };
    bool words = x->spacing == SPACING_PLACES, bars = any->bars && !has_bands(c, x);
    unsigned colour = curve_colour(c, j);
    /* words stand beside each other, curves of one place next to one another */
    double aside = words ? ((double)j - (double)(c->curves - 1) / 2) * 0.6 / (double)c->curves : 0;
    const char *style = bars ? words ? "yerrorbars" : "yerrorlines" : words ? "points" : "linespoints";
    fprintf(to,
            "index %lld using (at($1)%+.3f):%s with %s pointtype %d pointsize 0.6 linecolor '#%06x' title ",
            (long long)j, aside, bars ? "2:3:4" : "2", style, filled[j % SIGNS], colour);
    gnuplot_text(c->name[j] ? c->name[j] : "mean", to);
    if (any->exact)
        fprintf(to, ", \\\n    '' index %lld using (at($1)%+.3f):7 with %s linecolor '#%06x' notitle",
                (long long)j, aside, words ? "points pointtype 2 pointsize 0.8" : "lines dashtype 2", colour);
    if (any->published)
        fprintf(
            to,
            ", \\\n    '' index %lld using (at($1)%+.3f):6 with points pointtype %d pointsize 1.2 linecolor "
            "'#%06x' notitle",
            (long long)j, aside, open[j % SIGNS], colour);
}

static void write_plot(const chart *c, const horizontal *x, const columns *any, FILE *to)
{
    const char *dash = x->spacing == SPACING_PLACES ? "points pointtype 2 pointsize 0.8" : "lines dashtype 2";
    fprintf(to, "plot '%s.dat' ", c->figure->name);
    for (int64_t j = 0; any->bars && has_bands(c, x) && j < c->curves; j++)
        fprintf(to,
                "index %lld using (at($1)):3:4 with filledcurves fillstyle transparent solid 0.2 noborder "
                "fillcolor "
                "'#%06x' notitle, \\\n    '' ",
                (long long)j, curve_colour(c, j));
    for (int64_t j = 0; j < c->curves; j++) {
        if (j) fprintf(to, ", \\\n    '' ");
        write_curve(c, x, j, any, to);
    }
    if (any->exact) fprintf(to, ", \\\n    NaN with %s linecolor '#666666' title 'exact'", dash);
    if (any->published)
        fprintf(to,
                ", \\\n    NaN with points pointtype 6 pointsize 1.2 linecolor '#666666' title 'published'");
    fputc('\n', to);
}

static status write_script(const chart *c, const horizontal *x)
{
    status result = OK;
    FILE *to = NULL;
    const columns any = look_for(c);
    const canvas size = { CURVES_WIDTH + (has_key(c, &any) ? key_width(c) : 0), HEIGHT };
    const figure *f = c->figure;
    char about[512];
    snprintf(about, sizeof about, "%s: %s over %s", f->view->title, f->means->variable->quantity->name,
             x->axis->name);
    TRY(gnuplot_create(f->folder, f->name, "gp", &to));
    gnuplot_head(f->name, about, &size, to);
    write_axes(c, x, &any, to);
    write_key(c, &any, &size, to);
    write_plot(c, x, &any, to);
    gnuplot_tail(f->name, to);
    result = gnuplot_close(to, f->name);
done:
    return result;
}

status chart_write(const chart *c)
{
    status result = OK;
    horizontal x;
    TRY(horizontal_make(&c->figure->summary->grid->axis[c->figure->x], &x));
    TRY(write_data(c, &x));
    TRY(write_script(c, &x));
done:
    return result;
}
