/* What the curves of figures are: the means over one axis, one curve per value of another; or what matrices come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "csv.h"
#include "gnuplot.h"
#include "matrix_parts.h"

status curves_write(const figure *f)
{
    status result = OK;
    chart c = { .figure = NULL };
    const axis *other = f->other >= 0 ? &f->summary->grid->axis[f->other] : NULL;
    TRY(chart_make(f, other ? other->count : 1, &c));
    c.key = other;
    for (int64_t j = 0; j < c.curves; j++) {
        c.name[j] = other ? other->text[j] : NULL;
        for (int64_t i = 0; i < c.places; i++) {
            const group_mean *x = &f->means->of[figure_group(f, i, j)];
            interval bar = figure_bar(f, x);
            if (x->given)
                c.point[j * c.places + i] =
                    (chart_point){ x->value.mean, bar.low, bar.high, x->published, x->exact, x->value.count };
        }
    }
    TRY(chart_write(&c));
    TRY(figure_write_csv(f));
done:
    chart_free(&c);
    return result;
}

/* ---- parts of matrices -------------------------------------------------------------------------------------------- */

/* The parts of the matrix at every value of x. */
static status find_parts(const figure *f, matrix_parts *parts)
{
    status result = OK;
    matrix m;
    for (int64_t i = 0; i < f->summary->grid->axis[f->x].count; i++) {
        parts[i].count = 0;
        if (matrix_at(f->view, f->summary, f->means, figure_group(f, i, 0), &m))
            TRY(matrix_parts_find(&m, &parts[i]));
    }
done:
    return result;
}

static const matrix_part *part_called(const matrix_parts *p, const char *name)
{
    for (int k = 0; k < p->count; k++)
        if (strcmp(p->part[k].name, name) == 0) return &p->part[k];
    return NULL;
}

static status write_part_csv(const figure *f, const matrix_parts *parts)
{
    status result = OK;
    FILE *to = NULL;
    const axis *x = &f->summary->grid->axis[f->x];
    TRY(gnuplot_create(f->folder, f->name, "csv", &to));
    fprintf(to, "part,%s,mean,low,high,cells,of_ceiling,of_ceiling_low,of_ceiling_high\n", x->name);
    for (int64_t i = 0; i < x->count; i++)
        for (int k = 0; k < parts[i].count; k++) {
            const matrix_part *p = &parts[i].part[k];
            csv_field(p->name, to);
            fprintf(to, ",%s", x->text[i]);
            csv_number(p->value, to);
            csv_number(p->range.low, to);
            csv_number(p->range.high, to);
            fprintf(to, ",%lld", (long long)p->cells);
            csv_number(p->share, to);
            csv_number(p->share_range.low, to);
            csv_number(p->share_range.high, to);
            fputc('\n', to);
        }
    result = gnuplot_close(to, f->name);
done:
    return result;
}

static void take_part(chart *c, const matrix_parts *parts, const char *name)
{
    int64_t j = c->curves++;
    c->name[j] = name;
    for (int64_t i = 0; i < c->places; i++) {
        const matrix_part *p = part_called(&parts[i], name);
        if (p == NULL) continue;
        c->point[j * c->places + i] =
            (chart_point){ p->value, p->range.low, p->range.high, NAN, NAN, p->cells };
    }
}

/* Neither a difference nor all pairs, where they are told apart. */
static bool is_drawn(const matrix_parts *all, const matrix_part *p)
{
    bool apart = part_called(all, "between") != NULL;
    return !p->difference && !(apart && strcmp(p->name, "off the diagonal") == 0);
}

status part_curves_write(const figure *f)
{
    status result = OK;
    chart c = { .figure = NULL };
    int64_t places = f->summary->grid->axis[f->x].count, fullest = 0;
    matrix_parts *parts = malloc((size_t)places * sizeof *parts);
    CHECK(parts != NULL, NO_MEMORY, "a chart of %lld matrices", (long long)places);
    TRY(find_parts(f, parts));
    for (int64_t i = 1; i < places; i++)
        if (parts[i].count > parts[fullest].count) fullest = i;
    TRY(chart_make(f, MATRIX_PARTS_MAX, &c));
    c.curves = 0;
    for (int k = 0; k < parts[fullest].count; k++)
        if (is_drawn(&parts[fullest], &parts[fullest].part[k]))
            take_part(&c, parts, parts[fullest].part[k].name);
    TRY(chart_write(&c));
    TRY(write_part_csv(f, parts));
done:
    chart_free(&c);
    free(parts);
    return result;
}
