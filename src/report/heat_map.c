#include "heat_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gnuplot.h"
#include "sheet.h"

/* Where the parts of a map lie, in units of the canvas, from the top left. */
typedef struct map_frame {
    canvas canvas;
    int left, top, bottom; /* margins of the cells; what remains is to their right */
    int cell_width, cell_height;
    int font;         /* of the numbers in the cells; 0: no room for any */
    bool second_line; /* room for the half-width below the mean */
    int turned;       /* degrees by which the labels of the columns are */
    bool animals;     /* names of what rows and columns belong to */
} map_frame;

/* Where the colours end: of all maps of a result the same. */
typedef struct colour_range {
    double low, high;
    bool both_signs; /* low is -high */
} colour_range;

/* A map and how it is drawn. */
typedef struct drawn_map {
    const heat_map *map;
    map_frame frame;
    colour_range colours;
} drawn_map;

status heat_map_make(const figure *f, const axis *across, const axis *down, heat_map *out)
{
    status result = OK;
    size_t cells = (size_t)(across->count * down->count);
    *out = (heat_map){ .figure = f, .across = across, .down = down };
    out->cell = malloc(cells * sizeof *out->cell);
    CHECK(out->cell != NULL, NO_MEMORY, "a map of %zu cells", cells);
    for (size_t i = 0; i < cells; i++) out->cell[i] = (map_cell){ NAN, NAN, 0, false };
done:
    return result;
}

void heat_map_free(heat_map *m)
{
    free(m->cell);
}

/* ---- data --------------------------------------------------------------------------------------------------------- */

static status write_data(const heat_map *m)
{
    status result = OK;
    const figure *f = m->figure;
    FILE *to = NULL;
    TRY(gnuplot_create(f->folder, f->name, "dat", &to));
    fprintf(to,
            "# column row mean half n significant, for %s (columns) and %s (rows); half: half the width of "
            "the bar\n",
            m->across->name, m->down->name);
    for (int64_t j = 0; j < m->down->count; j++)
        for (int64_t i = 0; i < m->across->count; i++) {
            const map_cell *x = &m->cell[j * m->across->count + i];
            fprintf(to, "%lld %lld %.9g %.9g %lld %d\n", (long long)i, (long long)j, x->mean, x->half,
                    (long long)x->count, x->significant);
        }
    result = gnuplot_close(to, f->name);
done:
    return result;
}

/* Values that are negative beyond a tenth of the largest are worth a colour of their own. */
static colour_range find_range(const heat_map *m)
{
    double low = fmin(m->least, 0), high = fmax(m->most, 0);
    bool both = -low > 0.1 * high;
    double most = fmax(fmax(-low, high), 1e-3); /* gnuplot wants a range */
    return (colour_range){ both ? -most : 0, most, both };
}

/* ---- frame -------------------------------------------------------------------------------------------------------- */

static int longest_label(const axis *a)
{
    int longest = 0;
    for (int64_t i = 0; i < a->count; i++)
        if (sheet_text_width(a->text[i]) > longest) longest = sheet_text_width(a->text[i]);
    return longest;
}

/* The caption: what ± and * are. */
static void describe_marks(const heat_map *m, bool half_width, char text[BARS_MAX + 32])
{
    char bars[BARS_MAX];
    figure_name_bars(m->figure, bars);
    bool any = *bars && half_width;
    snprintf(text, BARS_MAX + 32, "%s%s%s%s", any ? "± half of " : "", any ? bars : "",
             any && m->tested ? "; " : "", m->tested ? "* q < 0.05" : "");
    /* a deviation has no other half */
    if (any && !m->figure->means->any_interval)
        snprintf(text, BARS_MAX + 32, "± %s%s", bars, m->tested ? "; * q < 0.05" : "");
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Cells are as small as a line of text allows, so that every row and column has its label; a label that is turned by less
 * than a right angle takes more. */
static map_frame make_frame(const heat_map *m)
{
    enum { LETTER = GNUPLOT_LETTER, LINE = GNUPLOT_LINE, SMALL = 6, LEAST = 200, BAR = 92, TWO_LINES = 46 };
    int columns = (int)m->across->count, rows = (int)m->down->count, most = larger(columns, rows);
    map_frame x = { .font = most <= 8 ? 11 : most <= 16 ? 9 : 0 };
    char caption[BARS_MAX + 32];
    int small = larger(640 / most, LINE);
    x.cell_width = larger(most <= 8 ? 56 : most <= 16 ? 40 : small, LEAST / columns);
    x.cell_height = larger(most <= 8 ? TWO_LINES : most <= 16 ? 30 : small, LEAST / rows);
    x.second_line = x.font && x.cell_height >= TWO_LINES;
    int label = longest_label(m->across) * LETTER;
    if (label > x.cell_width - 4) x.turned = x.cell_width < 2 * LINE ? 90 : 35;
    x.animals = m->across_animal && m->down_animal;
    x.left = 2 * LINE + 12 + longest_label(m->down) * LETTER;
    x.top = 10 + (*m->figure->held ? LINE + 6 : 0) + (x.animals ? LINE + 4 : 0);
    x.bottom = 4 * LINE + 8 + (x.turned == 90 ? label : x.turned ? label * 6 / 10 : 0);
    describe_marks(m, x.second_line, caption);
    x.canvas.width = larger(x.left + x.cell_width * columns + (x.animals ? LINE : 0) + BAR,
                            20 + SMALL * sheet_text_width(caption));
    x.canvas.height = x.top + x.cell_height * rows + x.bottom;
    return x;
}

static void write_frame(const drawn_map *d, FILE *to)
{
    const heat_map *m = d->map;
    const map_frame *x = &d->frame;
    double width = x->canvas.width, height = x->canvas.height;
    double right = x->left + (double)(x->cell_width * m->across->count);
    fprintf(to,
            "set lmargin at screen %.4f; set rmargin at screen %.4f\n"
            "set tmargin at screen %.4f; set bmargin at screen %.4f\n",
            x->left / width, right / width, 1 - x->top / height, x->bottom / height);
    fprintf(to,
            "set colorbox user origin screen %.4f,%.4f size screen %.4f,%.4f\n"
            "set cbtics scale 0.4\n",
            (right + (x->animals ? GNUPLOT_LINE + 8 : 10)) / width, x->bottom / height, 12 / width,
            1 - (x->top + x->bottom) / height);
    fprintf(to, "set xrange [-0.5:%lld.5]\nset yrange [%lld.5:-0.5]\nset border 0\nunset key\n",
            (long long)m->across->count - 1, (long long)m->down->count - 1);
}

static void write_tics(const char *which, const axis *a, const char *more, FILE *to)
{
    fprintf(to, "set %stics (", which);
    for (int64_t i = 0; i < a->count; i++) {
        fprintf(to, "%s", i ? ", " : "");
        gnuplot_text(a->text[i], to);
        fprintf(to, " %lld", (long long)i);
    }
    fprintf(to, ") scale 0%s\n", more);
}

static void write_words(const drawn_map *d, FILE *to)
{
    const heat_map *m = d->map;
    const figure *f = m->figure;
    char turn[40] = "", caption[BARS_MAX + 32];
    fprintf(to, "set cblabel ");
    gnuplot_quantity_name(f->means->variable->quantity, to);
    fprintf(to, "\nset xlabel ");
    gnuplot_axis_name(m->across, to);
    fprintf(to, "\nset ylabel ");
    gnuplot_axis_name(m->down, to);
    fprintf(to, "\n");
    if (d->frame.turned) snprintf(turn, sizeof turn, " rotate by -%d left", d->frame.turned);
    write_tics("x", m->across, turn, to);
    write_tics("y", m->down, "", to);
    if (*f->held) {
        fprintf(to, "set label 2 ");
        gnuplot_text(f->held, to);
        fprintf(to, " at graph 0.5, screen %.4f center\n", 1 - 14.0 / d->frame.canvas.height);
    }
    describe_marks(m, d->frame.second_line, caption);
    if (*caption) gnuplot_caption(caption, to);
}

/* ---- animals ------------------------------------------------------------------------------------------------------ */

static bool same_animal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A line between two animals, black in white, which is seen on every colour. */
static void write_line(bool upright, int64_t at, int64_t length, FILE *to)
{
    static const char *const pens[] = { "'#ffffff' linewidth 3.5", "'#000000' linewidth 1" };
    for (int k = 0; k < 2; k++) {
        if (upright)
            fprintf(to, "set arrow from %lld.5,-0.5 to %lld.5,%lld.5", (long long)at, (long long)at,
                    (long long)length - 1);
        else
            fprintf(to, "set arrow from -0.5,%lld.5 to %lld.5,%lld.5", (long long)at, (long long)length - 1,
                    (long long)at);
        fprintf(to, " nohead front linecolor %s\n", pens[k]);
    }
}

static void write_animal(bool upright, const char *name, double centre, FILE *to)
{
    fprintf(to, "set label ");
    gnuplot_text(name, to);
    if (upright)
        fprintf(to, " at first %g, graph 1 center offset character 0, 0.7\n", centre);
    else
        fprintf(to, " at graph 1, first %g center rotate by -90 offset character 1, 0\n", centre);
}

/* Names and lines along one axis; `length` is that of the other. */
static void write_animals(const axis *a, const char *const *animal, bool upright, int64_t length, FILE *to)
{
    for (int64_t first = 0, last; first < a->count; first = last) {
        for (last = first + 1; last < a->count && same_animal(animal[first], animal[last]);) last++;
        if (last < a->count) write_line(upright, last - 1, length, to);
        if (animal[first] && *animal[first])
            write_animal(upright, animal[first], (double)(first + last - 1) / 2, to);
    }
}

/* ---- script ------------------------------------------------------------------------------------------------------- */

/* Text in the cell: white on dark colours, which are those below 0.6 of viridis, and the far ends of blue to red. */
static void write_plot(const drawn_map *m, FILE *to)
{
    const char *name = m->map->figure->name;
    fprintf(to, m->colours.both_signs ? "dark(mean) = abs(mean) > 0.75 * high\n"
                                      : "dark(mean) = mean < low + 0.6 * (high - low)\n");
    fprintf(to,
            "near(x) = abs(x) < 0.005 ? 0 : x # no -0.00\n"
            "# a NaN in an expression makes all of it undefined\n"
            "bar(text) = strstrt(text, 'nan') ? -1 : real(text)\n"
            "cell(mean, half, mark) = mean != mean ? '' : sprintf('%%.2f%%s', near(mean), mark > 0 ? '*' : "
            "'')%s\n",
            m->frame.second_line ? " . (half < 0 ? '' : sprintf(\"\\n±%.2f\", half))" : "");
    fprintf(
        to,
        "plot '%s.dat' using 1:2:(0.5):(0.5):($5 == 0 ? NaN : $3) with boxxyerror fillstyle solid noborder "
        "fillcolor palette, \\\n"
        "    '' using ($5 == 0 ? $1 : NaN):2:(0.5):(0.5) with boxxyerror fillstyle solid noborder fillcolor "
        "'#eeeeee'",
        name);
    for (int dark = 1; dark >= 0 && m->frame.font; dark--)
        fprintf(to,
                ", \\\n    '' using (%sdark($3) ? $1 : NaN):2:(cell($3, bar(strcol(4)), $6)) with labels "
                "font ',%d' "
                "offset 0,%s textcolor '%s'",
                dark ? "" : "!", m->frame.font, m->frame.second_line ? "0.4" : "0",
                dark ? "#ffffff" : "#000000");
    if (m->frame.font)
        fprintf(to, ", \\\n    '' using ($5 == 0 ? $1 : NaN):2:('—') with labels textcolor '#000000'");
    fputc('\n', to);
}

static status write_script(const drawn_map *d)
{
    status result = OK;
    const heat_map *m = d->map;
    const figure *f = m->figure;
    FILE *to = NULL;
    char about[512];
    snprintf(about, sizeof about, "%s: %s by %s and %s", f->view->title, f->means->variable->quantity->name,
             m->down->name, m->across->name);
    TRY(gnuplot_create(f->folder, f->name, "gp", &to));
    gnuplot_head(f->name, about, &d->frame.canvas, to);
    gnuplot_palette(d->colours.both_signs, to);
    fprintf(to,
            "low = %.9g; high = %.9g # where the colours end, in all maps of this result\nset cbrange "
            "[low:high]\n",
            d->colours.low, d->colours.high);
    write_frame(d, to);
    write_words(d, to);
    if (d->frame.animals) {
        write_animals(m->across, m->across_animal, true, m->down->count, to);
        write_animals(m->down, m->down_animal, false, m->across->count, to);
    }
    write_plot(d, to);
    gnuplot_tail(f->name, to);
    result = gnuplot_close(to, f->name);
done:
    return result;
}

status heat_map_draw(const heat_map *m)
{
    status result = OK;
    const drawn_map d = { m, make_frame(m), find_range(m) };
    TRY(write_data(m));
    TRY(write_script(&d));
done:
    return result;
}

/* ---- of a pair of axes -------------------------------------------------------------------------------------------- */

static void take_means(heat_map *m)
{
    const figure *f = m->figure;
    for (int64_t g = 0; g < f->means->groups; g++) {
        m->least = fmin(m->least, f->means->of[g].value.mean);
        m->most = fmax(m->most, f->means->of[g].value.mean);
    }
    for (int64_t j = 0; j < m->down->count; j++)
        for (int64_t i = 0; i < m->across->count; i++) {
            const group_mean *x = &f->means->of[figure_group(f, i, j)];
            interval bar = figure_bar(f, x);
            m->cell[j * m->across->count + i] =
                (map_cell){ x->value.mean, (bar.high - bar.low) / 2, x->value.count, mean_is_significant(x) };
        }
}

status heat_map_write(const figure *f)
{
    status result = OK;
    const grid *g = f->summary->grid;
    heat_map m;
    TRY(heat_map_make(f, &g->axis[f->x], &g->axis[f->other], &m));
    m.across_animal = f->view->group[f->x];
    m.down_animal = f->view->group[f->other];
    m.tested = f->means->any_test;
    take_means(&m);
    TRY(figure_write_csv(f));
    TRY(heat_map_draw(&m));
done:
    heat_map_free(&m);
    return result;
}
