#include "summary.h"

#include <math.h>
#include <string.h>

#include "view.h"

static bool is_fold(const axis *a)
{
    return view_axis_is(a, "fold");
}

static bool is_repetition(const axis *a)
{
    return view_axis_is(a, "seed") || is_fold(a);
}

static bool all_axes(const grid *g, int d, bool (*holds)(const axis *a))
{
    bool all = true;
    for (int a = 0; a < g->axes; a++)
        if (g->axis[a].dimension == d) all = all && holds(&g->axis[a]);
    return all;
}

/* The axis of shuffled targets, where it walks alone and has the targets as recorded (0) beside shuffled ones; or -1.
 * *recorded is the index of its 0. */
static int find_null(const grid *g, int64_t *recorded)
{
    for (int i = 0; i < g->axes; i++) {
        const axis *a = &g->axis[i];
        int along = 0;
        for (int other = 0; other < g->axes; other++) along += g->axis[other].dimension == a->dimension;
        if (!view_axis_is(a, "shuffle") || along > 1 || a->number == NULL || a->count < 2) continue;
        for (*recorded = 0; *recorded < a->count; ++*recorded)
            if (a->number[*recorded] == 0) return i;
    }
    return -1;
}

static void keep(summary *s, int d)
{
    s->kept_dimension[s->kept++] = d;
    s->groups *= s->grid->dimension[d].count;
}

static void average(summary *s, int d)
{
    s->averaged_dimension[s->averaged++] = d;
    s->members *= s->grid->dimension[d].count;
}

void summary_make(const grid *g, summary *out)
{
    int64_t recorded = 0, stride = 1;
    *out = (summary){ .grid = g, .groups = 1, .members = 1, .shuffle_axis = find_null(g, &recorded) };
    int null = out->shuffle_axis < 0 ? -1 : g->axis[out->shuffle_axis].dimension;
    if (null >= 0) {
        out->shuffles = g->dimension[null].count - 1;
        out->offset = recorded * g->dimension[null].stride;
    }
    for (int d = 0; d < g->dimensions; d++) {
        if (d == null) continue;
        if (!all_axes(g, d, is_repetition))
            keep(out, d);
        else if (!all_axes(g, d, is_fold))
            average(out, d);
    }
    out->repetitions = out->members;
    for (int d = 0; d < g->dimensions; d++)
        if (d != null && all_axes(g, d, is_fold)) average(out, d);
    out->parts = out->members / out->repetitions;
    if (out->repetitions == 1) {
        out->repetitions = out->parts;
        out->parts = 1;
    }
    for (int i = out->kept - 1; i >= 0; i--) {
        out->kept_stride[i] = stride;
        stride *= g->dimension[out->kept_dimension[i]].count;
    }
}

summary summary_shuffled(const summary *s, int64_t k)
{
    summary shuffled = *s;
    const struct dimension *d = &s->grid->dimension[s->grid->axis[s->shuffle_axis].dimension];
    int64_t recorded = s->offset / d->stride;
    shuffled.offset = (k < recorded ? k : k + 1) * d->stride;
    return shuffled;
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
    return s->offset + place(s->grid, s->kept_dimension, s->kept, group) +
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
    int seeds = 0, folds = 0;
    for (int i = 0; i < s->averaged; i++) {
        const struct dimension *d = &s->grid->dimension[s->averaged_dimension[i]];
        bool fold = all_axes(s->grid, s->averaged_dimension[i], is_fold);
        seeds += !fold && (d->count > 1 || s->averaged == 1);
        folds += fold && (d->count > 1 || s->averaged == 1);
    }
    if (seeds + folds == 0) return "";
    if (seeds > 1) return "repetitions";
    return seeds ? "seeds" : "folds";
}

/* Mean of one repetition over its parts; *count is what it averages. */
static double repetition_mean(const summary *s, int64_t group, int64_t repetition, const double *values,
                              int64_t stride, int64_t *count)
{
    double sum = 0;
    *count = 0;
    for (int64_t part = 0; part < s->parts; part++) {
        double value = values[summary_cell(s, group, repetition * s->parts + part) * stride];
        if (isnan(value)) continue;
        sum += value;
        ++*count;
    }
    return sum / (double)*count;
}

statistic summary_statistic(const summary *s, int64_t group, const double *values, int64_t stride)
{
    statistic x = { .mean = NAN, .sd = NAN, .tasks = count_tasks(s, group) };
    double sum = 0, sum_of_means = 0;
    int64_t count;
    for (int64_t r = 0; r < s->repetitions; r++) {
        double mean = repetition_mean(s, group, r, values, stride, &count);
        if (count == 0) continue;
        sum += mean * (double)count;
        sum_of_means += mean;
        x.count += count;
        x.repetitions++;
    }
    if (x.count == 0) return x;
    x.mean = sum / (double)x.count;
    if (x.repetitions < 2) return x;

    double squares = 0; /* about the mean, in a second pass: the first one's sum of squares would cancel */
    double centre = sum_of_means / (double)x.repetitions;
    for (int64_t r = 0; r < s->repetitions; r++) {
        double mean = repetition_mean(s, group, r, values, stride, &count);
        if (count > 0) squares += (mean - centre) * (mean - centre);
    }
    x.sd = sqrt(squares / (double)(x.repetitions - 1));
    return x;
}
