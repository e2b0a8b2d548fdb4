#include <math.h>

#include "figures.h"
#include "gnuplot.h"

/* One line per cell: column, row, mean, standard deviation, values averaged. */
static status write_data(const figure *f, const double *values, double *low, double *high)
{
    status result = OK;
    FILE *to = NULL;
    const axis *across = &f->summary->grid->axis[f->x], *down = &f->summary->grid->axis[f->other];
    TRY(gnuplot_create(f->folder, f->name, "dat", &to));
    fprintf(to, "# column row mean sd n, for %s (columns) and %s (rows)\n", across->name, down->name);
    *low = INFINITY, *high = -INFINITY;
    for (int64_t j = 0; j < down->count; j++)
        for (int64_t i = 0; i < across->count; i++) {
            statistic s = summary_statistic(f->summary, figure_group(f, i, j), values, f->variable->count);
            fprintf(to, "%lld %lld %.9g %.9g %lld\n", (long long)i, (long long)j, s.mean, s.sd,
                    (long long)s.count);
            if (s.mean < *low) *low = s.mean;
            if (s.mean > *high) *high = s.mean;
        }
    result = gnuplot_close(to, f->name);
done:
    return result;
}

static void write_tics(const char *which, const axis *a, FILE *to)
{
    fprintf(to, "set %stics (", which);
    for (int64_t i = 0; i < a->count; i++) {
        fprintf(to, "%s", i ? ", " : "");
        gnuplot_text(a->text[i], to);
        fprintf(to, " %lld", (long long)i);
    }
    fprintf(to, ") scale 0\n");
}

static status write_script(const figure *f, double low, double high)
{
    status result = OK;
    FILE *to = NULL;
    const axis *across = &f->summary->grid->axis[f->x], *down = &f->summary->grid->axis[f->other];
    char about[512];
    snprintf(about, sizeof about, "%s: %s by %s and %s", f->view->title, f->variable->quantity->name,
             down->name, across->name);
    TRY(gnuplot_create(f->folder, f->name, "gp", &to));
    gnuplot_head(f->name, about, to);
    gnuplot_palette(to);
    fprintf(to, "low = %.9g; high = %.9g # of the means: where the colours end\n", low, high);
    fprintf(to, "set cbrange [low:high]\nset cblabel ");
    gnuplot_quantity_name(f->variable->quantity, to);
    fprintf(to, "\nset xlabel ");
    gnuplot_axis_name(across, to);
    fprintf(to, "\nset ylabel ");
    gnuplot_axis_name(down, to);
    fprintf(to, "\n");
    gnuplot_turn_labels(across, to);
    write_tics("x", across, to);
    write_tics("y", down, to);
    if (*f->held) {
        fprintf(to, "set title ");
        gnuplot_text(f->held, to);
        fprintf(to, "\n");
    }
    /* text in the cell: white on dark colours; the lightness of viridis passes the middle at about 0.6 */
    fprintf(
        to,
        "set xrange [-0.5:%lld.5]\nset yrange [%lld.5:-0.5]\nset size ratio -1\nset border 0\nunset key\n"
        "cell(mean, sd) = mean != mean ? '' : sd == sd ? sprintf(\"%%.2f\\n±%%.2f\", mean, sd) : "
        "sprintf('%%.2f', mean)\n"
        "dark(mean) = mean < low + 0.6 * (high - low)\n"
        "plot '%s.dat' using 1:2:3 with image, \\\n"
        "    '' using (dark($3) ? $1 : NaN):2:(cell($3, $4)) with labels font ',%d' textcolor '#ffffff', \\\n"
        "    '' using (dark($3) ? NaN : $1):2:(cell($3, $4)) with labels font ',%d' textcolor '#000000', \\\n"
        "    '' using ($5 == 0 ? $1 : NaN):2:('—') with labels textcolor '#000000'\n",
        (long long)across->count - 1, (long long)down->count - 1, f->name, across->count > 6 ? 16 : 22,
        across->count > 6 ? 16 : 22);
    result = gnuplot_close(to, f->name);
done:
    return result;
}

status heat_map_write(const figure *f)
{
    status result = OK;
    const double *values;
    double low, high;
    TRY(view_values(f->view, f->variable, &values));
    TRY(write_data(f, values, &low, &high));
    if (!(low <= high)) low = 0, high = 1; /* no value at all: an empty map */
    if (low == high) high = low + 1e-3;    /* gnuplot wants a range */
    TRY(write_script(f, low, high));
done:
    return result;
}
