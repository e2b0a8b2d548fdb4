#include <math.h>

#include "gnuplot.h"
#include "history.h"
#include "sheet.h"

/* In units of the canvas. */
enum { WIDTH = 420, LEFT = 92, TOP = 12, TITLE = 22, PANEL = 150, GAP = 14, BOTTOM = 62 };
enum { PANELS = 3 };

typedef struct panel {
    history_trace first, last;
    const char *label;
} panel;
static const panel panels[PANELS] = { { HISTORY_TEST, HISTORY_TRAIN, "redundant\\ninformation (bits)" },
                                      { HISTORY_DISTANCE, HISTORY_DISTANCE, "distance" },
                                      { HISTORY_WEIGHT, HISTORY_WEIGHT, "weight of the distance" } };

/* Where a panel begins and ends. */
typedef struct range {
    double low, high;
    bool cut; /* early values far below the others are not shown */
} range;

typedef struct script {
    const history *history;
    canvas size;
    range range[PANELS];
} script;

/* Bands of many curves hide each other; what is trained on and the weight have none. */
static bool has_bands(const history *h, history_trace t)
{
    enum { BANDS_MAX = 6 };
    return h->deviations && h->curves <= BANDS_MAX && (t == HISTORY_TEST || t == HISTORY_DISTANCE);
}

/* ---- ranges ------------------------------------------------------------------------------------------------------- */

/* Of a trace, of epochs from `first` on. */
static void widen(const history *h, history_trace t, int64_t first, range *r)
{
    for (int64_t j = 0; j < h->curves; j++)
        for (int64_t e = first; h->has[t] && e < h->epochs; e++) {
            const statistic *x = history_at(h, j, e, t);
            double band = has_bands(h, t) && !isnan(x->sd) ? x->sd : 0;
            r->low = fmin(r->low, x->mean - band);
            r->high = fmax(r->high, x->mean + band);
        }
}

/* Information of the first epochs may be far below 0, where networks are sure of what is wrong. Where that would take more than
 * half of the panel from the second half of the training, it is cut off. */
static range find_range(const history *h, const panel *p)
{
    range all = { 0, 0, false }, settled = all;
    for (history_trace t = p->first; t <= p->last; t++) {
        widen(h, t, 0, &all);
        widen(h, t, h->epochs / 2, &settled);
    }
    double height = all.high - settled.low;
    if (all.low < settled.low - height) all = (range){ settled.low - 0.25 * height, all.high, true };
    if (all.low < 0) all.low -= 0.03 * (all.high - all.low);
    all.high += 0.05 * (all.high - all.low);
    if (all.high <= 0) all.high = all.low < 0 ? 0.05 * -all.low : 1; /* gnuplot wants a range */
    return all;
}

/* ---- script ------------------------------------------------------------------------------------------------------- */

static int title_height(const history *h)
{
    return TOP + (*h->figure->held ? TITLE : 0);
}

static canvas size_of(const history *h)
{
    enum { SIGN = 52, LEAST = 8 }; /* "training" */
    int longest = LEAST;
    for (int64_t j = 0; j < h->curves; j++)
        if (sheet_text_width(h->name[j]) > longest) longest = sheet_text_width(h->name[j]);
    if (h->key && gnuplot_axis_width(h->key) > longest) longest = gnuplot_axis_width(h->key);
    return (canvas){ WIDTH + SIGN + GNUPLOT_LETTER * longest,
                     title_height(h) + PANELS * PANEL + (PANELS - 1) * GAP + BOTTOM };
}

static unsigned colour_of(const history *h, int64_t curve)
{
    return gnuplot_curve_colour(h->key && h->key->number, curve, h->curves);
}

/* Whole epochs: 1, 2, 5, 10, 20, … apart. */
static int tick_step(int64_t epochs)
{
    enum { TICKS_MAX = 8 };
    int step = 1;
    for (int k = 0; epochs / step >= TICKS_MAX && step < 1 << 28; k++)
        step = k % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

static void write_words(const script *s, FILE *to)
{
    const figure *f = s->history->figure;
    char bars[BARS_MAX], caption[BARS_MAX + 80];
    bool bands = has_bands(s->history, HISTORY_TEST), cut = s->range[0].cut;
    if (*f->held) {
        fprintf(to, "set label 2 ");
        gnuplot_text(f->held, to);
        fprintf(to, " at screen %.4f,%.4f center\n", (LEFT + WIDTH) / 2.0 / s->size.width,
                1 - 16.0 / s->size.height);
    }
    figure_name_bars(f, bars);
    snprintf(caption, sizeof caption, "%s%s%s%s", bands ? "bands: " : "", bands ? bars : "",
             bands && cut ? "; " : "", cut ? "lowest values of early epochs are cut off" : "");
    if (*caption) gnuplot_caption(caption, to);
}

/* The key alone: it may be longer than a panel is high, and gnuplot breaks one that is longer than its plot. */
static void write_key(const script *s, FILE *to)
{
    const history *h = s->history;
    double top = 1 - (double)title_height(h) / s->size.height;
    fprintf(to,
            "unset border\nunset tics\nset tmargin at screen %.4f; set bmargin at screen 0\n"
            "set key at screen %.4f,%.4f left top Left reverse samplen 1.5\n",
            top, (double)WIDTH / s->size.width, top);
    if (h->key) {
        fprintf(to, "set key title ");
        gnuplot_axis_name(h->key, to);
        fprintf(to, " left\n");
    }
    fprintf(to, "plot [0:1] [0:1]");
    for (int64_t j = 0; j < h->curves; j++) {
        if (!*h->name[j]) continue;
        fprintf(to, " NaN with lines linewidth 1.5 linecolor '#%06x' title ", colour_of(h, j));
        gnuplot_text(h->name[j], to);
        fprintf(to, ", \\\n   ");
    }
    fprintf(to, " NaN with lines linewidth 1.5 linecolor '#666666' title 'test', \\\n"
                "    NaN with lines dashtype 2 linecolor '#666666' title 'training'\n"
                "unset key\nunset label\n");
}

static void write_curves(const history *h, const panel *p, FILE *to)
{
    const char *gap = "plot";
    for (int64_t j = 0; has_bands(h, p->first) && j < h->curves; j++) {
        fprintf(to,
                "%s '%s.dat' index %lld using 1:%d:%d with filledcurves fillstyle transparent solid 0.2 "
                "noborder fillcolor '#%06x'",
                gap, h->figure->name, (long long)j, 3 * p->first + 3, 3 * p->first + 4, colour_of(h, j));
        gap = ", \\\n   ";
    }
    for (history_trace t = p->last + 1; t-- > p->first;)
        for (int64_t j = 0; j < h->curves; j++) {
            fprintf(to, "%s '%s.dat' index %lld using 1:%d with lines %s linecolor '#%06x'", gap,
                    h->figure->name, (long long)j, 3 * t + 2,
                    t == HISTORY_TRAIN ? "dashtype 2" : "linewidth 1.5", colour_of(h, j));
            gap = ", \\\n   ";
        }
    fputc('\n', to);
}

/* Labels stand in one line, which gnuplot's own would not. */
static void write_panel(const script *s, int k, FILE *to)
{
    const panel *p = &panels[k];
    double top = title_height(s->history) + k * (PANEL + GAP), height = s->size.height;
    fprintf(to, "set tmargin at screen %.4f; set bmargin at screen %.4f\nset label 3 \"%s\"",
            1 - top / height, 1 - (top + PANEL) / height, p->label);
    fprintf(to, " at screen %.4f,%.4f center rotate\n", (k == 0 ? 12.0 : 20.0) / s->size.width,
            1 - (top + PANEL / 2.0) / height);
    fprintf(to, "set yrange [%.6g:%.6g]\n", s->range[k].low, s->range[k].high);
    fprintf(to, k == PANELS - 1 ? "set xlabel 'epoch'\nset format x\n" : "set format x ''\n");
    write_curves(s->history, p, to);
}

static void write_panels(const script *s, FILE *to)
{
    double epochs = (double)s->history->epochs;
    fprintf(to, "set multiplot\nset lmargin at screen %.4f; set rmargin at screen %.4f\n",
            (double)LEFT / s->size.width, (WIDTH - 6.0) / s->size.width);
    write_words(s, to);
    write_key(s, to);
    fprintf(to,
            "set border 3\nset xtics nomirror out scale 0.6 %d\nset ytics nomirror out scale 0.6\n"
            "set grid ytics linetype 1 linecolor '#dddddd' linewidth 0.5\n"
            "set xzeroaxis linetype 1 linecolor '#888888' linewidth 0.5\nset xrange [%g:%g]\n",
            tick_step(s->history->epochs), 1 - 0.02 * epochs, 1.02 * epochs);
    for (int k = 0; k < PANELS; k++) write_panel(s, k, to);
    fprintf(to, "unset multiplot\n");
}

status history_script_write(const history *h)
{
    status result = OK;
    const figure *f = h->figure;
    script s = { .history = h, .size = size_of(h) };
    FILE *to = NULL;
    char about[512];
    for (int k = 0; k < PANELS; k++) s.range[k] = find_range(h, &panels[k]);
    snprintf(about, sizeof about, "%s: information, distance and its weight over epochs", f->view->title);
    TRY(gnuplot_create(f->folder, f->name, "gp", &to));
    gnuplot_head(f->name, about, &s.size, to);
    fprintf(to, "# panels are drawn twice, because only a single plot can be drawn again\n"
                "do for [form in 'svg png'] {\nif (form eq 'png') {\n");
    gnuplot_dots(f->name, to);
    fprintf(to, "}\n");
    write_panels(&s, to);
    fprintf(to, "reset\n}\nset output\n");
    result = gnuplot_close(to, f->name);
done:
    return result;
}
