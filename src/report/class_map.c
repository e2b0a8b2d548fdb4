/* Class maps: a result that has a number for every class, by class and one axis. */
#include <math.h>
#include <stdlib.h>

#include "csv.h"
#include "gnuplot.h"
#include "heat_map.h"

enum { LABEL_MAX = 32 };

/* The classes as an axis. Its texts are one block, which the caller frees. */
static status make_classes(const figure *f, axis *out)
{
    status result = OK;
    const variable *x = f->means->variable;
    size_t count = (size_t)x->count;
    *out = (axis){ .option = "", .name = "class", .type = OPTION_TEXT, .unit = "", .count = x->count };
    out->text = malloc(count * (sizeof *out->text + LABEL_MAX));
    CHECK(out->text != NULL, NO_MEMORY, "a map of %zu classes", count);
    for (size_t c = 0; c < count; c++) {
        out->text[c] = (char *)(out->text + count) + c * LABEL_MAX;
        view_inner_label(f->view, x, (int64_t)c, out->text[c], LABEL_MAX);
    }
done:
    return result;
}

static void take_cells(heat_map *m, const double *values)
{
    const figure *f = m->figure;
    int64_t classes = m->across->count;
    for (int64_t i = 0; i < f->summary->groups * classes; i++) {
        statistic x = summary_statistic(f->summary, i / classes, values + i % classes, classes);
        m->least = fmin(m->least, x.mean);
        m->most = fmax(m->most, x.mean);
    }
    for (int64_t i = 0; i < m->down->count * classes; i++) {
        int64_t group = figure_group(f, 0, i / classes);
        statistic x = summary_statistic(f->summary, group, values + i % classes, classes);
        m->cell[i] = (map_cell){ x.mean, x.sd, x.count, false };
    }
}

static status write_csv(const heat_map *m, const double *values)
{
    status result = OK;
    FILE *to = NULL;
    const figure *f = m->figure;
    const summary *s = f->summary;
    int64_t classes = m->across->count;
    TRY(gnuplot_create(f->folder, f->name, "csv", &to));
    fputs("result", to);
    csv_axis_names(s, to);
    fputs(",class,mean,sd,n\n", to);
    for (int64_t i = 0; i < m->down->count * classes; i++) {
        int64_t group = figure_group(f, 0, i / classes);
        statistic x = summary_statistic(s, group, values + i % classes, classes);
        if (!f->means->of[group].given) continue;
        fputs(f->means->variable->quantity->name, to);
        csv_axis_values(s, group, to);
        fputc(',', to);
        csv_field(m->across->text[i % classes], to);
        csv_number(x.mean, to);
        csv_number(x.sd, to);
        fprintf(to, ",%lld\n", (long long)x.count);
    }
    result = gnuplot_close(to, f->name);
done:
    return result;
}

status class_map_write(const figure *f)
{
    status result = OK;
    const double *values;
    axis classes = { .text = NULL };
    heat_map m = { .figure = NULL };
    TRY(view_values(f->view, f->means->variable, &values));
    TRY(make_classes(f, &classes));
    TRY(heat_map_make(f, &classes, &f->summary->grid->axis[f->other], &m));
    take_cells(&m, values);
    TRY(write_csv(&m, values));
    TRY(heat_map_draw(&m));
done:
    heat_map_free(&m);
    free(classes.text);
    return result;
}
