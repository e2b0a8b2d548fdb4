#include "data/recordings_csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/csv.h"
#include "sweep/option_words.h"

/* ",name" or ",name_1,name_2" */
static void print_head(const column *c, FILE *to)
{
    char name[320];
    for (int d = 0; d < c->dimensions; d++) {
        snprintf(name, sizeof name, "%s", c->name);
        if (c->dimensions > 1) snprintf(name, sizeof name, "%s_%d", c->name, d + 1);
        fputc(',', to);
        csv_field(name, to);
    }
}

static void print_number(double number, FILE *to)
{
    char text[40];
    fputc(',', to);
    if (isnan(number)) return;
    option_real_text(number, text, sizeof text);
    fputs(text, to);
}

static void print_value(const column *c, int64_t row, FILE *to)
{
    if (c->text) {
        fputc(',', to);
        if (c->text[row]) csv_field(c->text[row], to);
        return;
    }
    for (int d = 0; d < c->dimensions; d++) print_number(c->number[row * c->dimensions + d], to);
}

status session_print_trials(const recorded_session *s, FILE *to)
{
    fputs("row", to); /* the session's own number of a trial, from 0, as result files say it */
    for (int c = 0; c < s->columns; c++) print_head(&s->column[c], to);
    fputs(s->valid_from ? ",valid_from,valid_to\n" : "\n", to);
    for (int64_t t = 0; t < s->trials; t++) {
        fprintf(to, "%" PRId64, t);
        for (int c = 0; c < s->columns; c++) print_value(&s->column[c], t, to);
        if (s->valid_from) print_number(s->valid_from[t], to);
        if (s->valid_from) print_number(s->valid_to[t], to);
        fputc('\n', to);
    }
    return ferror(to) ? failure(IO_FAILED, "the trial table cannot be written") : OK;
}

/* Mean of all that is recorded of a unit where trials are valid: spikes per second of counts in time. */
static double unit_mean(const recorded_session *s, const area *a, int unit)
{
    double sum = 0;
    int64_t taken = 0;
    for (int64_t t = 0; t < s->trials; t++)
        for (int b = 0; b < a->bins; b++) {
            int64_t at = (t * a->units + unit) * a->bins + b;
            if (!session_bin_is_valid(s, a, t, b)) continue;
            sum += a->count ? a->count[at] : (double)a->feature[at];
            taken++;
        }
    double mean = taken ? sum / (double)taken : NAN;
    return a->count && a->bin_ms > 0 ? mean * 1000 / a->bin_ms : mean;
}

/* All columns that any area has, once each, in order of areas. */
static bool is_new(const recorded_session *s, int before, const char *name)
{
    for (int a = 0; a < before; a++)
        if (area_column(&s->area[a], name)) return false;
    return true;
}

static void print_unit(const recorded_session *s, const area *own, int unit, FILE *to)
{
    csv_field(own->name, to);
    fprintf(to, ",%d", unit);
    print_number(unit_mean(s, own, unit), to);
    for (int a = 0; a < s->areas; a++)
        for (int c = 0; c < s->area[a].columns; c++) {
            const column *listed = &s->area[a].column[c], *has = area_column(own, listed->name);
            if (!is_new(s, a, listed->name)) continue;
            bool same = has && has->dimensions == listed->dimensions;
            for (int d = 0; !same && d < listed->dimensions; d++) fputc(',', to);
            if (same) print_value(has, unit, to);
        }
    fputc('\n', to);
}

status session_print_units(const recorded_session *s, FILE *to)
{
    fputs("area,unit,mean", to); /* a unit's number in its area, from 0 */
    for (int a = 0; a < s->areas; a++)
        for (int c = 0; c < s->area[a].columns; c++)
            if (is_new(s, a, s->area[a].column[c].name)) print_head(&s->area[a].column[c], to);
    fputc('\n', to);
    for (int a = 0; a < s->areas; a++)
        for (int u = 0; u < s->area[a].units; u++) print_unit(s, &s->area[a], u, to);
    return ferror(to) ? failure(IO_FAILED, "the table of units cannot be written") : OK;
}
