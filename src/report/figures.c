#include "figures.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gnuplot.h"
#include "matrix.h"

enum { FIGURES_MAX = 24, CURVES_MAX = 12 };

int64_t figure_group(const figure *f, int64_t i, int64_t j)
{
    return f->corner + i * summary_stride(f->summary, f->x) +
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
    snprintf(f->name, sizeof f->name, "%.60s-%s-%.50s%s%.50s%s", f->variable->quantity->name, kind,
             g->axis[f->x].name, f->other >= 0 ? "-" : "", f->other >= 0 ? g->axis[f->other].name : "", tail);
    for (char *c = f->name; *c; c++)
        if (!isalnum((unsigned char)*c) && strchr("-_=.", *c) == NULL) *c = '_';
}

static status describe_held(figure *f)
{
    int other = f->other >= 0 ? f->summary->grid->axis[f->other].dimension : -1;
    FILE *to = fmemopen(f->held, sizeof f->held, "w");
    if (to == NULL) return failure(NO_MEMORY, "the name of a figure");
    summary_print_group(f->summary, f->corner, f->summary->grid->axis[f->x].dimension, other, to);
    fclose(to);
    f->held[sizeof f->held - 1] = '\0';
    return OK;
}

/* Counts of what a call of figures_draw did. */
typedef struct drawing {
    const char *folder;
    FILE *to;
    int written, empty, left_out, failed;
    bool absent; /* gnuplot is not there */
} drawing;

/* Is there a number to show? gnuplot refuses to draw none. */
static status has_values(const figure *f, bool *out)
{
    status result = OK;
    const axis *across = &f->summary->grid->axis[f->x];
    int64_t others = f->other >= 0 ? f->summary->grid->axis[f->other].count : 1;
    const double *values;
    *out = false;
    TRY(view_values(f->view, f->variable, &values));
    for (int64_t j = 0; j < others && !*out; j++)
        for (int64_t i = 0; i < across->count && !*out; i++)
            *out = summary_statistic(f->summary, figure_group(f, i, j), values, f->variable->count).count > 0;
done:
    return result;
}

static status draw_one(figure *f, const char *kind, status (*write)(const figure *f), drawing *d)
{
    status result = OK;
    bool any = false;
    TRY(has_values(f, &any));
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
    fprintf(d->to, "%s/%s.%s\n", d->folder, f->name, ended == GNUPLOT_DREW ? "png" : "gp");
done:
    return result;
}

/* The same figure for every combination of the axes that it does not show. */
static status draw_all(figure *f, const char *kind, status (*write)(const figure *f), drawing *d)
{
    status result = OK;
    const summary *s = f->summary;
    for (int64_t g = 0; g < s->groups; g++) {
        if (g / summary_stride(s, f->x) % s->grid->axis[f->x].count != 0) continue;
        if (f->other >= 0 && g / summary_stride(s, f->other) % s->grid->axis[f->other].count != 0) continue;
        f->corner = g;
        TRY(draw_one(f, kind, write, d));
    }
done:
    return result;
}

static status draw_result(view *v, const summary *s, const variable *x, drawing *d)
{
    status result = OK;
    figure f = { .view = v, .summary = s, .variable = x, .folder = d->folder };
    if (matrix_axes(s, &f.other, &f.x)) {
        TRY(draw_all(&f, "map", heat_map_write, d));
        goto done;
    }
    f.x = longest_axis(s, -1, true, INT64_MAX);
    if (f.x < 0) f.x = longest_axis(s, -1, false, INT64_MAX);
    if (f.x < 0) goto done;
    f.other = longest_axis(s, s->grid->axis[f.x].dimension, false, CURVES_MAX);
    TRY(draw_all(&f, "over", curves_write, d));

    f.other = longest_axis(s, s->grid->axis[f.x].dimension, true, INT64_MAX);
    if (is_numeric(&s->grid->axis[f.x]) && f.other >= 0) TRY(draw_all(&f, "map", heat_map_write, d));
done:
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
