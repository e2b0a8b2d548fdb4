#include "figures.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "csv.h"
#include "gnuplot.h"
#include "matrix.h"

enum { FIGURES_MAX = 24 };

int64_t figure_group(const figure *f, int64_t i, int64_t j)
{
    return f->corner + (f->x >= 0 ? i * summary_stride(f->summary, f->x) : 0) +
           (f->other >= 0 ? j * summary_stride(f->summary, f->other) : 0);
}

/* ---- which figures ---------------------------------------------------------------------------------------------- */

static bool is_numeric(const axis *a)
{
    return a->number != NULL && a->type != OPTION_FLAG;
}

/* Of the kept axes off dimension `taken`, the one with most values (of several, the first); -1 when there is none with
 * two to `most` values. */
static int longest_axis(const summary *s, int taken, bool numeric, int64_t most)
{
    int best = -1;
    for (int a = 0; a < s->grid->axes; a++) {
        const axis *x = &s->grid->axis[a];
        if (!summary_keeps(s, a) || x->dimension == taken || x->count < 2 || x->count > most) continue;
        if (numeric && !is_numeric(x)) continue;
        if (best < 0 || x->count > s->grid->axis[best].count) best = a;
    }
    return best;
}

/* ---- what a figure shows ---------------------------------------------------------------------------------------- */

static bool is_shown(const figure *f, int dimension_index)
{
    const int axes[] = { f->x, f->other, f->row, f->column };
    if (f->all) return true;
    for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++)
        if (axes[i] >= 0 && f->summary->grid->axis[axes[i]].dimension == dimension_index) return true;
    return false;
}

/* The group with the first value of all axes that the figure shows, and otherwise those of `group`. */
static int64_t corner_of(const figure *f, int64_t group)
{
    const summary *s = f->summary;
    int64_t corner = group;
    for (int i = 0; i < s->kept; i++)
        if (is_shown(f, s->kept_dimension[i]))
            corner -= group / s->kept_stride[i] % s->grid->dimension[s->kept_dimension[i]].count *
                      s->kept_stride[i];
    return corner;
}

bool figure_has_value(const figure *f, int64_t group, const double *values)
{
    const variable *x = f->means->variable;
    for (int64_t i = 0; f->means->of[group].given && i < x->count; i++)
        if (summary_statistic(f->summary, group, values + i, x->count).count > 0) return true;
    return false;
}

/* Is there a number to show? gnuplot refuses to draw none. */
static status find_values(const figure *f, bool *any)
{
    status result = OK;
    const double *values;
    *any = false;
    TRY(view_values(f->view, f->means->variable, &values));
    for (int64_t g = 0; g < f->means->groups && !*any; g++)
        *any = corner_of(f, g) == f->corner && figure_has_value(f, g, values);
done:
    return result;
}

status figure_write_csv(const figure *f)
{
    status result = OK;
    FILE *to = NULL;
    TRY(gnuplot_create(f->folder, f->name, "csv", &to));
    csv_means_head(f->summary, to);
    for (int64_t g = 0; g < f->means->groups; g++)
        if (corner_of(f, g) == f->corner) csv_means_line(f->summary, f->means, g, to);
    result = gnuplot_close(to, f->name);
done:
    return result;
}

interval figure_bar(const figure *f, const group_mean *x)
{
    if (f->means->any_interval) return x->interval;
    return (interval){ x->value.mean - x->value.sd, x->value.mean + x->value.sd };
}

void figure_name_bars(const figure *f, char text[BARS_MAX])
{
    text[0] = '\0';
    if (f->means->any_interval)
        snprintf(text, BARS_MAX, "%g %% interval (bootstrap of recorded %s)",
                 100 * f->view->options.confidence, f->view->options.blocks ? "blocks" : "trials");
    else if (f->summary->repetitions > 1)
        snprintf(text, BARS_MAX, "standard deviation over %s", summary_repetitions(f->summary));
}

/* Only letters, digits and a few signs, so that a name is one word to a shell. What is held may be long; then the
 * figure's number keeps names apart. */
static void make_name(figure *f, const char *kind, int number)
{
    enum { HELD_MAX = 100 };
    const grid *g = f->summary->grid;
    char tail[HELD_MAX + 16] = "";
    if (strlen(f->held) > HELD_MAX)
        snprintf(tail, sizeof tail, "-%d", number);
    else if (*f->held)
        snprintf(tail, sizeof tail, "-%.*s", HELD_MAX, f->held);
    snprintf(f->name, sizeof f->name, "%.60s-%s-%.50s%s%.50s%s", f->means->variable->quantity->name, kind,
             f->x >= 0 ? g->axis[f->x].name : f->inner, f->other >= 0 ? "-" : "",
             f->other >= 0 ? g->axis[f->other].name : "", tail);
    for (char *c = f->name; *c; c++)
        if (!isalnum((unsigned char)*c) && strchr("-_=.", *c) == NULL) *c = '_';
}

static status describe_held(figure *f)
{
    const summary *s = f->summary;
    const char *gap = "";
    FILE *to = fmemopen(f->held, sizeof f->held, "w");
    if (to == NULL) return failure(NO_MEMORY, "the name of a figure");
    for (int a = 0; a < s->grid->axes; a++) {
        const axis *x = &s->grid->axis[a];
        if (!summary_keeps(s, a) || x->count < 2 || is_shown(f, x->dimension)) continue;
        fprintf(to, "%s%s=%s", gap, x->name, x->text[grid_value(s->grid, summary_cell(s, f->corner, 0), a)]);
        gap = " ";
    }
    fputc('\0', to);
    fclose(to);
    f->held[sizeof f->held - 1] = '\0';
    return OK;
}

/* ---- drawing ------------------------------------------------------------------------------------------------------ */

/* Counts of what a call of figures_draw did. */
typedef struct drawing {
    const char *folder;
    FILE *to;
    int written, empty, left_out, failed;
    bool absent; /* gnuplot is not there */
} drawing;

static status draw_one(figure *f, const char *kind, status (*write)(const figure *f), drawing *d)
{
    status result = OK;
    bool any;
    TRY(find_values(f, &any));
    if (!any) {
        d->empty++;
        goto done;
    }
    if (d->written == FIGURES_MAX) {
        d->left_out++;
        goto done;
    }
    TRY(describe_held(f));
    make_name(f, kind, d->written + 1);
    TRY(write(f));
    d->written++;
    gnuplot_outcome ended = d->absent ? GNUPLOT_ABSENT : gnuplot_run(d->folder, f->name);
    d->absent = ended == GNUPLOT_ABSENT;
    d->failed += ended == GNUPLOT_FAILED;
    if (ended == GNUPLOT_DREW)
        fprintf(d->to, "%s/%s.svg, .png\n", d->folder, f->name);
    else
        fprintf(d->to, "%s/%s.gp\n", d->folder, f->name);
done:
    return result;
}

/* The same figure for every combination of the axes that it does not show. Where it shows matrices, recorded pairs that are
 * a diagonal alone are none (matrix.h). */
static status draw_all(figure *f, const char *kind, status (*write)(const figure *f), drawing *d)
{
    status result = OK;
    int row, column;
    bool matrices = f->x >= 0 && matrix_axes(f->summary, &row, &column);
    for (int64_t g = 0; g < f->summary->groups; g++) {
        matrix m;
        if (corner_of(f, g) != g) continue;
        if (matrices && !matrix_at(f->view, f->summary, f->means, g, &m)) continue;
        f->corner = g;
        TRY(draw_one(f, kind, write, d));
    }
done:
    return result;
}

/* Maps of a pair of axes, curves over them where they are numbers, and what the maps come to over a third axis. */
static status draw_pair(figure *f, drawing *d)
{
    status result = OK;
    const summary *s = f->summary;
    int row = -1, column = -1;
    matrix_axes(s, &row, &column);
    f->x = column;
    f->other = row;
    TRY(draw_all(f, "map", heat_map_write, d));
    if (is_numeric(&s->grid->axis[column]) && s->grid->axis[row].count <= FIGURE_CURVES_MAX)
        TRY(draw_all(f, "over", curves_write, d));

    f->x = -1;
    f->other = -1;
    for (int a = 0; a < s->grid->axes; a++) {
        const axis *x = &s->grid->axis[a];
        bool third = summary_keeps(s, a) && x->dimension != s->grid->axis[row].dimension &&
                     x->dimension != s->grid->axis[column].dimension;
        if (third && is_numeric(x) && x->count > 1 && (f->x < 0 || x->count > s->grid->axis[f->x].count))
            f->x = a;
    }
    if (f->x < 0) goto done;
    f->row = row;
    f->column = column;
    TRY(draw_all(f, "parts", part_curves_write, d));
done:
    return result;
}

static status draw_result(view *v, const summary *s, const variable *x, drawing *d)
{
    status result = OK;
    means *m = NULL;
    figure f = { .view = v, .summary = s, .folder = d->folder, .other = -1, .row = -1, .column = -1 };
    TRY(means_make(v, s, x, &m));
    f.means = m;
    int row, column;
    if (matrix_axes(s, &row, &column)) {
        TRY(draw_pair(&f, d));
        goto done;
    }
    f.x = longest_axis(s, -1, true, INT64_MAX);
    if (f.x < 0) f.x = longest_axis(s, -1, false, INT64_MAX);
    if (f.x < 0) goto done;
    f.other = longest_axis(s, s->grid->axis[f.x].dimension, false, FIGURE_CURVES_MAX);
    TRY(draw_all(&f, "over", curves_write, d));

    f.other = longest_axis(s, s->grid->axis[f.x].dimension, true, INT64_MAX);
    if (is_numeric(&s->grid->axis[f.x]) && f.other >= 0) TRY(draw_all(&f, "map", heat_map_write, d));
done:
    means_free(m);
    return result;
}

/* Axes that groups differ in. */
static int count_varied(const summary *s)
{
    int count = 0;
    for (int i = 0; i < s->kept; i++) count += s->grid->dimension[s->kept_dimension[i]].count > 1;
    return count;
}

/* A curve for every group while they are few, and otherwise one for every value of the longest axis. */
static status draw_history(view *v, const summary *s, drawing *d)
{
    enum { GROUPS_MAX = 6 };
    status result = OK;
    means *m = NULL;
    figure f = { .view = v,
                 .summary = s,
                 .folder = d->folder,
                 .x = -1,
                 .inner = "epoch",
                 .other = -1,
                 .row = -1,
                 .column = -1 };
    const variable *x = layout_find(v->layout, "history");
    if (x == NULL || x->quantity->shape != PER_EPOCH) goto done;
    TRY(means_make(v, s, x, &m));
    f.means = m;
    f.all = s->groups <= GROUPS_MAX && count_varied(s) > 1;
    if (!f.all) f.other = longest_axis(s, -1, false, FIGURE_CURVES_MAX);
    TRY(draw_all(&f, "over", history_write, d));
done:
    means_free(m);
    return result;
}

/* The kinds of views, where a sweep compares any, or the longest axis; -1 where there is none. */
static int axis_beside_classes(const summary *s)
{
    for (int a = 0; a < s->grid->axes; a++)
        if (view_axis_is(&s->grid->axis[a], "views") && summary_keeps(s, a) && s->grid->axis[a].count > 1)
            return a;
    return longest_axis(s, -1, false, INT64_MAX);
}

/* Classes that have names, or are more than the 0 and 1 of a gate; not for every pair of sessions. */
static status draw_classes(view *v, const summary *s, const variable *x, drawing *d)
{
    status result = OK;
    int row, column;
    means *m = NULL;
    figure f = { .view = v,
                 .summary = s,
                 .folder = d->folder,
                 .x = -1,
                 .inner = "class",
                 .other = -1,
                 .row = -1,
                 .column = -1 };
    if (x->quantity->shape != PER_CLASS || matrix_axes(s, &row, &column)) goto done;
    if (x->count < 3 && v->layout->extents.class_name == NULL) goto done;
    f.other = axis_beside_classes(s);
    if (f.other < 0) goto done;
    TRY(means_make(v, s, x, &m));
    f.means = m;
    TRY(draw_all(&f, "map", class_map_write, d));
done:
    means_free(m);
    return result;
}

static void tell(const drawing *d)
{
    if (d->written + d->empty == 0)
        fprintf(d->to, "no figures: no axis beside the repetitions has two values\n");
    if (d->empty)
        fprintf(d->to, "%d %s nothing to show: none of %s tasks is done\n", d->empty,
                d->empty == 1 ? "figure has" : "figures have", d->empty == 1 ? "its" : "their");
    if (d->absent)
        fprintf(d->to,
                "gnuplot is not installed: scripts and data are there; `gnuplot NAME.gp` in %s draws them\n",
                d->folder);
    if (d->failed) fprintf(d->to, "gnuplot failed on %d of %d scripts\n", d->failed, d->written);
    if (d->left_out)
        fprintf(d->to, "%d more figures are left out (%d at most); a sweep with fewer axes has them all\n",
                d->left_out, FIGURES_MAX);
}

/* Makes a folder and those above it. */
static status folder_make(const char *folder)
{
    status result = OK;
    char *path = strdup(folder);
    CHECK(path != NULL, NO_MEMORY, "no memory for a path");
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777); /* if this fails, so does the last, which tells why */
        *slash = '/';
    }
    CHECK(mkdir(path, 0777) == 0 || errno == EEXIST, IO_FAILED, "%s: cannot make the folder: %s", folder,
          strerror(errno));
done:
    free(path);
    return result;
}

status figures_draw(view *v, const char *folder, FILE *to)
{
    status result = OK;
    drawing d = { .folder = folder, .to = to };
    summary s;
    const variable *headline[HEADLINES_MAX + 1];
    TRY(folder_make(folder));
    summary_make(v->grid, &s);
    view_headlines(v, headline);
    for (int i = 0; headline[i]; i++) TRY(draw_result(v, &s, headline[i], &d));
    for (int k = 0; k < v->layout->variables; k++) TRY(draw_classes(v, &s, &v->layout->variable[k], &d));
    TRY(draw_history(v, &s, &d));
    tell(&d);
done:
    return result;
}

status report_figures(const results *r, const report_options *o, const char *folder, FILE *to)
{
    status result = OK;
    view *v = NULL;
    TRY(view_make(r, o, &v));
    TRY(figures_draw(v, folder, to));
done:
    view_free(v);
    return result;
}
