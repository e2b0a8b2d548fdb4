#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/recordings.h"
#include "report/sheet.h"
#include "sweep/option_words.h"

/* Of a target with more values than CLASSES_MAX, which is hardly one of classes, a few are shown. */
enum { CLASSES_MAX = 48, VALUES_SHOWN = 8, DIGEST_SHOWN = 12 };

/* ---- values of a column ------------------------------------------------------------------------------------------ */

/* One value that occurs, and how often in each session. */
typedef struct value {
    char *text; /* borrowed from the list of all */
    double number;
    int64_t *trials; /* (sessions) */
} value;

/* The values of the target over all sessions: in order of number where they are numbers, else of text. */
typedef struct value_list {
    int64_t rows, count;
    int sessions;
    char **text; /* (rows) of every trial, sorted with `of` */
    value *value;
    int64_t *trials; /* (count, sessions), behind value[].trials */
} value_list;

/* A trial's target, and the session it is from. */
typedef struct labelled {
    char *text;
    double number; /* NaN where it is no number */
    int session;
} labelled;

static int by_value(const void *a, const void *b)
{
    const labelled *left = a, *right = b;
    if (left->number < right->number) return -1;
    if (left->number > right->number) return 1;
    return strcmp(left->text, right->text);
}

static void free_values(value_list *l)
{
    for (int64_t i = 0; l->text && i < l->rows; i++) free(l->text[i]);
    free(l->text);
    free(l->value);
    free(l->trials);
}

/* The targets of all trials that have one, sorted. */
static status label_trials(const recordings *r, value_list *l, labelled *out)
{
    status result = OK;
    for (int s = 0; s < r->sessions; s++) {
        const recorded_session *one = &r->session[s];
        const column *target = session_column(one, r->target);
        for (int64_t t = 0; target && t < one->trials; t++) {
            char *text = column_value_text(target, t);
            CHECK(text != NULL, NO_MEMORY, "no memory for the targets");
            if (text[0] == '\0') {
                free(text);
                continue;
            }
            bool number = target->number && target->dimensions == 1;
            out[l->rows] = (labelled){ text, number ? target->number[t] : 0, s };
            l->text[l->rows++] = text;
        }
    }
    qsort(out, (size_t)l->rows, sizeof *out, by_value);
done:
    return result;
}

static status list_values(const recordings *r, value_list *l)
{
    status result = OK;
    labelled *all = NULL;
    int64_t trials = 0;
    *l = (value_list){ .sessions = r->sessions };
    for (int s = 0; s < r->sessions; s++) trials += r->session[s].trials;
    all = calloc((size_t)trials + 1, sizeof *all);
    l->text = calloc((size_t)trials + 1, sizeof *l->text);
    CHECK(all && l->text, NO_MEMORY, "no memory for the targets");
    TRY(label_trials(r, l, all));
    for (int64_t i = 0; i < l->rows; i++) l->count += i == 0 || strcmp(all[i].text, all[i - 1].text) != 0;
    l->value = calloc((size_t)l->count + 1, sizeof *l->value);
    l->trials = calloc((size_t)(l->count * l->sessions) + 1, sizeof *l->trials);
    CHECK(l->value && l->trials, NO_MEMORY, "no memory for the targets");
    int64_t k = -1;
    for (int64_t i = 0; i < l->rows; i++) {
        if (i == 0 || strcmp(all[i].text, all[i - 1].text) != 0) {
            k++;
            l->value[k] = (value){ all[i].text, all[i].number, l->trials + k * l->sessions };
        }
        l->value[k].trials[all[i].session]++;
    }
done:
    free(all);
    return result;
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static status print_sessions(const recordings *r, const value_list *l, FILE *to)
{
    status result = OK;
    sheet *table = NULL;
    TRY(sheet_make(&table));
    sheet_column(table, SHEET_LEFT, "session");
    sheet_column(table, SHEET_LEFT, "animal");
    sheet_column(table, SHEET_RIGHT, "trials");
    sheet_column(table, SHEET_RIGHT, "targets");
    sheet_column(table, SHEET_RIGHT, "trials per target");
    sheet_column(table, SHEET_LEFT, "source");
    for (int s = 0; s < r->sessions; s++) {
        const recorded_session *one = &r->session[s];
        int64_t targets = 0, fewest = INT64_MAX, most = 0;
        for (int64_t k = 0; k < l->count; k++) {
            int64_t trials = l->value[k].trials[s];
            targets += trials > 0;
            if (trials > 0 && trials < fewest) fewest = trials;
            if (trials > most) most = trials;
        }
        sheet_put(table, "%s", one->name);
        sheet_put(table, "%s", one->animal);
        sheet_put(table, "%" PRId64, one->trials);
        sheet_put(table, "%" PRId64, targets);
        if (targets == 0 || fewest == most)
            sheet_put(table, "%" PRId64, most);
        else
            sheet_put(table, "%" PRId64 " to %" PRId64, fewest, most);
        sheet_put(table, "%s", one->source);
    }
    TRY(sheet_print(table, 1, to));
done:
    sheet_free(table);
    return result;
}

/* Mean of everything recorded in an area, and how many units are the same in all that is recorded of them. */
static double summarise(const recorded_session *s, const area *a, int *constant)
{
    double sum = 0;
    int64_t taken = 0;
    *constant = 0;
    for (int u = 0; u < a->units; u++) {
        double low = INFINITY, high = -INFINITY;
        for (int64_t t = 0; t < s->trials; t++)
            for (int b = 0; b < a->bins; b++) {
                int64_t at = (t * a->units + u) * a->bins + b;
                if (!session_bin_is_valid(s, a, t, b)) continue;
                double x = a->count ? a->count[at] : (double)a->feature[at];
                low = x < low ? x : low;
                high = x > high ? x : high;
                sum += x;
                taken++;
            }
        *constant += low >= high;
    }
    return taken ? sum / (double)taken : NAN;
}

static void put_bins(sheet *table, const area *a)
{
    if (a->bin_ms <= 0)
        sheet_put(table, "one per trial");
    else
        sheet_put(table, "%d of %g ms, %g to %g ms%s%s", a->bins, a->bin_ms, a->start_ms,
                  a->start_ms + a->bins * a->bin_ms, a->aligned_to[0] ? " from " : "", a->aligned_to);
}

static void put_area(sheet *table, const recorded_session *s, const area *a)
{
    int constant;
    double mean = summarise(s, a, &constant);
    sheet_put(table, "%s", s->name);
    sheet_put(table, "%s", a->name);
    sheet_put(table, "%d", a->units);
    sheet_put(table, "%s", a->count ? "counts" : "features");
    put_bins(table, a);
    if (a->count && a->bin_ms > 0)
        sheet_put(table, "%.3g per s", mean * 1000 / a->bin_ms);
    else
        sheet_put(table, "%.4g", mean);
    sheet_put(table, "%d", constant);
}

static status print_areas(const recordings *r, FILE *to)
{
    status result = OK;
    sheet *table = NULL;
    TRY(sheet_make(&table));
    sheet_column(table, SHEET_LEFT, "session");
    sheet_column(table, SHEET_LEFT, "area");
    sheet_column(table, SHEET_RIGHT, "units");
    sheet_column(table, SHEET_LEFT, "holds");
    sheet_column(table, SHEET_LEFT, "bins");
    sheet_column(table, SHEET_RIGHT, "mean");
    sheet_column(table, SHEET_RIGHT, "constant");
    for (int s = 0; s < r->sessions; s++)
        for (int a = 0; a < r->session[s].areas; a++) put_area(table, &r->session[s], &r->session[s].area[a]);
    TRY(sheet_print(table, 2, to));
done:
    sheet_free(table);
    return result;
}

static status print_targets(const recordings *r, const value_list *l, FILE *to)
{
    status result = OK;
    sheet *table = NULL;
    TRY(sheet_make(&table));
    sheet_column(table, SHEET_LEFT, "%s", r->target);
    for (int s = 0; s < r->sessions; s++) sheet_column(table, SHEET_RIGHT, "%s", r->session[s].name);
    int64_t shown_values = l->count > CLASSES_MAX ? VALUES_SHOWN : l->count;
    for (int64_t k = 0; k < shown_values; k++) {
        char shown[SHOWN_MAX];
        const char *text =
            strlen(l->value[k].text) < SHOWN_MAX ? l->value[k].text : option_shown(l->value[k].text, shown);
        sheet_put(table, "%s", text);
        for (int s = 0; s < r->sessions; s++) sheet_put(table, "%" PRId64, l->value[k].trials[s]);
    }
    TRY(sheet_print(table, 1, to));
    if (l->count > shown_values)
        fprintf(to,
                "  … and %" PRId64 " further values; a target of so many values is continuous "
                "(data: {target_type: continuous})\n",
                l->count - shown_values);
done:
    sheet_free(table);
    return result;
}

/* Names of columns, with what they hold. */
static void print_columns(const column *columns, int count, FILE *to)
{
    for (int c = 0; c < count; c++) {
        fprintf(to, "%s%s", c > 0 ? ", " : "", columns[c].name);
        if (columns[c].text)
            fprintf(to, " (text)");
        else if (columns[c].dimensions > 1 || columns[c].unit[0])
            fprintf(to, " (%s%.0d%s%s)", columns[c].dimensions > 1 ? "× " : "",
                    columns[c].dimensions > 1 ? columns[c].dimensions : 0,
                    columns[c].dimensions > 1 && columns[c].unit[0] ? ", " : "", columns[c].unit);
    }
}

/* The same line for sessions that have the same columns. */
static status print_all_columns(const recordings *r, FILE *to)
{
    status result = OK;
    char *before = NULL, *text = NULL;
    size_t size;
    for (int s = 0; s < r->sessions; s++) {
        const recorded_session *one = &r->session[s];
        FILE *line = open_memstream(&text, &size);
        CHECK(line != NULL, NO_MEMORY, "no memory for the names of columns");
        print_columns(one->column, one->columns, line);
        for (int a = 0; a < one->areas; a++) {
            if (one->area[a].columns == 0) continue;
            fprintf(line, "; units of %s: ", one->area[a].name);
            print_columns(one->area[a].column, one->area[a].columns, line);
        }
        CHECK(fclose(line) == 0, NO_MEMORY, "no memory for the names of columns");
        if (before == NULL || strcmp(before, text) != 0) {
            int at = fprintf(to, "  %s:", one->name);
            fputc(' ', to);
            sheet_wrap(text, at + 1, 4, to);
        }
        free(before);
        before = text;
        text = NULL;
    }
done:
    free(before);
    free(text);
    return result;
}

/* ---- what may surprise ------------------------------------------------------------------------------------------- */

static void print_warnings(const recordings *r, const value_list *l, FILE *to)
{
    for (int64_t k = 0; k < l->count && l->count <= CLASSES_MAX; k++) {
        char shown[SHOWN_MAX];
        const value *v = &l->value[k];
        for (int s = 0; s < r->sessions; s++) {
            if (v->trials[s] > 1) continue;
            fprintf(to, "  note: %s has %s of target %s%s\n", r->session[s].name,
                    v->trials[s] ? "one trial only" : "no trial", option_shown(v->text, shown),
                    v->trials[s] ? ", which cannot be both learned from and tested"
                                 : "; pairs with other sessions leave it out");
        }
    }
    for (int s = 0; s < r->sessions; s++) {
        int64_t with = 0;
        for (int64_t k = 0; k < l->count; k++) with += l->value[k].trials[s];
        if (with < r->session[s].trials)
            fprintf(to, "  note: %s: %" PRId64 " of %" PRId64 " trials have no target and are left out\n",
                    r->session[s].name, r->session[s].trials - with, r->session[s].trials);
    }
}

static void print_attributes(const char *of, const attribute *attributes, int count, FILE *to)
{
    for (int a = 0; a < count; a++) fprintf(to, "  %s%s: %s\n", of, attributes[a].name, attributes[a].value);
}

static void print_provenance(const recordings *r, FILE *to)
{
    for (int s = 0; s < r->sessions; s++) {
        const recorded_session *one = &r->session[s];
        if (one->sha256[0])
            fprintf(to, "  %s: %s, sha256 %.*s…\n", one->name, one->source, DIGEST_SHOWN, one->sha256);
        char of[300];
        snprintf(of, sizeof of, "%s: ", one->name);
        print_attributes(of, one->attribute, one->attributes, to);
    }
}

status recordings_print(const recordings *r, const char *path, FILE *to)
{
    status result = OK;
    value_list l;
    TRY(list_values(r, &l));
    fprintf(to, "%s: %s\n", path, r->title[0] ? r->title : "recordings without a title");
    print_attributes("", r->attribute, r->attributes, to);
    fprintf(to, "\nSessions\n");
    TRY(print_sessions(r, &l, to));
    fprintf(to, "\nAreas\n");
    TRY(print_areas(r, to));
    fprintf(to, "\nTrials of each target (column %s)\n", r->target);
    TRY(print_targets(r, &l, to));
    print_warnings(r, &l, to);
    fprintf(to, "\nTrial columns\n");
    TRY(print_all_columns(r, to));
    fprintf(to, "\nSources\n");
    print_provenance(r, to);
done:
    free_values(&l);
    return result;
}
