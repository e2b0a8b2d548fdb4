#include "summary.h"

#include <math.h>
#include <string.h>

static bool is_repetition(const axis *a)
{
    return strcmp(a->name, "seed") == 0 || strcmp(a->name, "fold") == 0;
}

void summary_make(const grid *g, summary *out)
{
    *out = (summary){ .grid = g, .groups = 1, .members = 1 };
    for (int d = 0; d < g->dimensions; d++) {
        bool repeated = true;
        for (int a = 0; a < g->axes; a++)
            if (g->axis[a].dimension == d) repeated = repeated && is_repetition(&g->axis[a]);
        if (repeated) {
            out->averaged_dimension[out->averaged++] = d;
            out->members *= g->dimension[d].count;
        } else {
            out->kept_dimension[out->kept++] = d;
            out->groups *= g->dimension[d].count;
        }
    }
    int64_t stride = 1;
    for (int i = out->kept - 1; i >= 0; i--) {
        out->kept_stride[i] = stride;
        stride *= g->dimension[out->kept_dimension[i]].count;
    }
}

bool summary_keeps(const summary *s, int axis_index)
{
    return summary_stride(s, axis_index) > 0;
}

int64_t summary_stride(const summary *s, int axis_index)
{
    for (int i = 0; i < s->kept; i++)
        if (s->kept_dimension[i] == s->grid->axis[axis_index].dimension) return s->kept_stride[i];
    return 0;
}

/* Place in the grid of a mixed-radix number over some of its dimensions, the last fastest. */
static int64_t place(const grid *g, const int *which, int count, int64_t index)
{
    int64_t cell = 0;
    for (int i = count - 1; i >= 0; i--) {
        const struct dimension *d = &g->dimension[which[i]];
        cell += index % d->count * d->stride;
        index /= d->count;
    }
    return cell;
}

int64_t summary_cell(const summary *s, int64_t group, int64_t member)
{
    return place(s->grid, s->kept_dimension, s->kept, group) +
           place(s->grid, s->averaged_dimension, s->averaged, member);
}

/* Cells of the group that are not excluded. */
static int64_t count_tasks(const summary *s, int64_t group)
{
    int64_t tasks = 0;
    for (int64_t m = 0; m < s->members; m++)
        tasks += s->grid->absent == NULL || !s->grid->absent[summary_cell(s, group, m)];
    return tasks;
}

int64_t summary_present(const summary *s, int64_t group)
{
    for (int64_t m = 0; m < s->members; m++) {
        int64_t cell = summary_cell(s, group, m);
        if (s->grid->absent == NULL || !s->grid->absent[cell]) return cell;
    }
    return -1;
}

void summary_print_group(const summary *s, int64_t group, int skip, int skip_too, FILE *to)
{
    const char *gap = "";
    int64_t cell = summary_cell(s, group, 0);
    for (int a = 0; a < s->grid->axes; a++) {
        const axis *x = &s->grid->axis[a];
        if (!summary_keeps(s, a) || x->dimension == skip || x->dimension == skip_too) continue;
        fprintf(to, "%s%s=%s", gap, x->name, x->text[grid_value(s->grid, cell, a)]);
        gap = " ";
    }
}

const char *summary_repetitions(const summary *s)
{
    if (s->averaged == 0) return "";
    if (s->averaged > 1) return "repetitions";
    return strcmp(s->grid->dimension[s->averaged_dimension[0]].name, "seed") == 0 ? "seeds" : "folds";
}

statistic summary_statistic(const summary *s, int64_t group, const double *values, int64_t stride)
{
    statistic x = { .mean = NAN, .sd = NAN, .tasks = count_tasks(s, group) };
    double sum = 0;
    for (int64_t m = 0; m < s->members; m++) {
        double value = values[summary_cell(s, group, m) * stride];
        if (isnan(value)) continue;
        sum += value;
        x.count++;
    }
    if (x.count == 0) return x;
    x.mean = sum / (double)x.count;
    if (x.count < 2) return x;

    double squares = 0; /* about the mean, in a second pass: the first one's sum of squares would cancel */
    for (int64_t m = 0; m < s->members; m++) {
        double value = values[summary_cell(s, group, m) * stride];
        if (!isnan(value)) squares += (value - x.mean) * (value - x.mean);
    }
    x.sd = sqrt(squares / (double)(x.count - 1));
    return x;
}
