/* Import of NWB 2 files: spikes of units around an event of every trial of a table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/import.h"
#include "data/nwb_file.h"
#include "data/nwb_units.h"
#include "data/recordings_parts.h"
#include "sweep/names.h"

enum { BINS_MAX = 1 << 20 };

static const import_key nwb_keys[] = {
    { "trials", "the table of trials below /intervals, or its path in the file", "encoding_table", false },
    { "target", "the column of the trials that is the target, to be sure that it is there", "stimCategory",
      false },
    { "align", "the column with the time of the event that bins are counted from", "start_time", false },
    { "times", "columns that are times in seconds, which become ms after the event; unless said, all *_time",
      "[start_time, stop_time]", false },
    { "from_ms", "where the bins start, after the event", "-500", false },
    { "to_ms", "where they end", "1500", true },
    { "bin_ms", "length of a bin", "50", true },
    { "area_by", "a column of texts of the units or their electrodes, by which units are divided into areas",
      "location", false },
    { .name = NULL }
};

/* What the reading of one session needs throughout. */
typedef struct import {
    const char *path;
    const node *mapping;
    hdf5_object *root;
    nwb_table trials;
    nwb_units units;
    const char *align;
    nwb_window window; /* its events are `event` */
    double *event;     /* (kept) seconds */
    int64_t *row;      /* (kept) in the table: trials without the event are left out */
    recorded_session *session;
} import;

/* ---- trials -------------------------------------------------------------------------------------------- */

/* A column of the trials that the mapping names. */
static status find_column(const import *m, const char *key, const char *name, const nwb_column **out)
{
    status result = OK;
    char hint[HINT_MAX];
    const node *place = node_find(m->mapping, key);
    const char **known = calloc((size_t)m->trials.columns + 1, sizeof *known);
    CHECK(known != NULL, NO_MEMORY, "no memory for %d columns", m->trials.columns);
    for (int i = 0; i < m->trials.columns; i++) known[i] = m->trials.column[i].name;
    *out = nwb_table_find(&m->trials, name);
    if (*out == NULL)
        result =
            node_refuse(place ? place : m->mapping, "%s: %s has no column '%s' that can be read%s", m->path,
                        hdf5_place(m->trials.group), name, names_hint(name, known, m->trials.columns, hint));
done:
    free(known);
    return result;
}

static status open_trials(import *m)
{
    status result = OK;
    const char *name;
    const node *given = node_find(m->mapping, "trials");
    char **tables = NULL;
    int64_t count = 0;
    TRY(import_text(m->mapping, "trials", &name));
    if (name == NULL) name = "trials";
    TRY(nwb_trial_tables(m->root, &tables, &count));
    result = nwb_open_trials(m->root, name, &m->trials);
    if (result != OK) TRY(node_failed_at(given ? given : m->mapping, result));
done:
    hdf5_texts_free(tables, count);
    return result;
}

/* Finds the events, and the trials that have one. */
static status read_events(import *m)
{
    status result = OK;
    const nwb_column *c;
    double *time = NULL;
    int64_t kept = 0;
    TRY(find_column(m, "align", m->align, &c));
    if (c->texts || c->dimensions != 1)
        return node_refuse(node_find(m->mapping, "align"), "%s is no column of times", m->align);
    TRY(nwb_table_numbers(&m->trials, c, &time));
    m->event = malloc((size_t)m->trials.rows * sizeof *m->event);
    m->row = malloc((size_t)m->trials.rows * sizeof *m->row);
    CHECK(m->event && m->row, NO_MEMORY, "no memory for %lld trials", (long long)m->trials.rows);
    for (int64_t i = 0; i < m->trials.rows; i++) {
        if (!isfinite(time[i])) continue;
        m->event[kept] = time[i];
        m->row[kept++] = i;
    }
    CHECK(kept > 0, BAD_INPUT, "%s: no trial has a time in %s", m->path, m->align);
    m->session->trials = m->window.trials = kept;
    m->window.event = m->event;
done:
    free(time);
    return result;
}

/* Says in the data file that trials were left out, since nothing else would. */
static status note_left_out(const import *m)
{
    char text[64];
    int64_t left = m->trials.rows - m->session->trials;
    if (left == 0) return OK;
    snprintf(text, sizeof text, "%lld trials without %.32s", (long long)left, m->align);
    return attribute_add(&m->session->attribute, &m->session->attributes, "left_out", text);
}

static bool is_time(const import *m, const nwb_column *c)
{
    const node *times = node_find(m->mapping, "times");
    size_t length = strlen(c->name), ending = strlen("_time");
    if (c->texts || c->dimensions != 1) return false;
    if (times == NULL) return length >= ending && strcmp(c->name + length - ending, "_time") == 0;
    if (times->kind == NODE_SCALAR) return strcmp(times->text, c->name) == 0;
    for (int i = 0; i < times->count; i++)
        if (times->item[i].kind == NODE_SCALAR && strcmp(times->item[i].text, c->name) == 0) return true;
    return false;
}

/* The texts of a column that becomes ours; empty ones stay NULL. */
static status take_texts(const import *m, const nwb_column *c)
{
    status result = OK;
    char **text = NULL;
    column *made;
    TRY(nwb_table_texts(&m->trials, c, &text));
    TRY(session_add_text_column(m->session, c->name, &made));
    for (int64_t i = 0; i < m->session->trials; i++) {
        made->text[i] = text[m->row[i]];
        text[m->row[i]] = NULL;
    }
done:
    hdf5_texts_free(text, m->trials.rows);
    return result;
}

static status take_numbers(const import *m, const nwb_column *c)
{
    status result = OK;
    double *number = NULL;
    column *made;
    bool time = is_time(m, c);
    TRY(nwb_table_numbers(&m->trials, c, &number));
    TRY(session_add_column(m->session, c->name, time ? "ms" : "", c->dimensions, &made));
    for (int64_t i = 0; i < m->session->trials; i++)
        for (int d = 0; d < c->dimensions; d++) {
            double value = number[m->row[i] * c->dimensions + d];
            made->number[i * c->dimensions + d] = time ? (value - m->event[i]) * 1000 : value;
        }
done:
    free(number);
    return result;
}

static status read_trials(import *m)
{
    status result = OK;
    const char *target = NULL;
    const nwb_column *c;
    const node *times = node_find(m->mapping, "times");
    TRY(open_trials(m));
    TRY(import_text(m->mapping, "target", &target));
    if (target) TRY(find_column(m, "target", target, &c));
    for (int i = 0; times && times->kind == NODE_LIST && i < times->count; i++)
        if (times->item[i].kind == NODE_SCALAR) TRY(find_column(m, "times", times->item[i].text, &c));
    TRY(read_events(m));
    TRY(note_left_out(m));
    for (int i = 0; i < m->trials.columns; i++)
        TRY(m->trials.column[i].texts ? take_texts(m, &m->trials.column[i])
                                      : take_numbers(m, &m->trials.column[i]));
done:
    return result;
}

/* ---- units --------------------------------------------------------------------------------------------- */

/* Adds what the file says of the units of an area: `unit` (units) are their rows in the table. */
static status take_unit_column(const import *m, area *a, const int64_t *unit, const nwb_column *c)
{
    status result = OK;
    char **text = NULL;
    double *number = NULL;
    column *made;
    if (c->texts) {
        TRY(nwb_table_texts(&m->units.table, c, &text));
        TRY(area_add_text_column(a, c->name, &made));
        for (int u = 0; u < a->units; u++) {
            made->text[u] = text[unit[u]];
            text[unit[u]] = NULL;
        }
        goto done;
    }
    TRY(nwb_table_numbers(&m->units.table, c, &number));
    TRY(area_add_column(a, c->name, "", c->dimensions, &made));
    for (int u = 0; u < a->units; u++)
        memcpy(made->number + (int64_t)u * c->dimensions, number + unit[u] * c->dimensions,
               (size_t)c->dimensions * sizeof *number);
done:
    hdf5_texts_free(text, m->units.table.rows);
    free(number);
    return result;
}

static status take_locations(const import *m, area *a, const int64_t *unit)
{
    status result = OK;
    column *made;
    if (m->units.location == NULL || area_column(a, "location")) return OK;
    TRY(area_add_text_column(a, "location", &made));
    for (int u = 0; u < a->units; u++) TRY(text_set(&made->text[u], m->units.location[unit[u]]));
done:
    return result;
}

static status add_area(import *m, const char *name, const int64_t *unit, int units, bool *any)
{
    status result = OK;
    area *a;
    TRY(session_add_area(m->session, name, units, m->window.bins, true, &a));
    a->bin_ms = m->window.bin_ms;
    a->start_ms = m->window.from_ms;
    TRY(text_set(&a->aligned_to, m->align));
    for (int u = 0; u < units; u++) TRY(nwb_units_count(&m->units, unit[u], &m->window, a, u, any));
    for (int i = 0; i < m->units.table.columns; i++) {
        const nwb_column *c = &m->units.table.column[i];
        if (strcmp(c->name, "spike_times") != 0) TRY(take_unit_column(m, a, unit, c));
    }
    TRY(take_locations(m, a, unit));
done:
    return result;
}

/* Adds the units whose text is that of unit `first` as an area of this name; they are marked as done. */
static status add_units_like(import *m, char *const *text, int64_t first, bool *done_already, bool *any)
{
    status result = OK;
    int64_t units = m->units.table.rows;
    int count = 0;
    int64_t *unit = malloc((size_t)units * sizeof *unit);
    CHECK(unit != NULL, NO_MEMORY, "no memory for %lld units", (long long)units);
    for (int64_t i = first; i < units; i++) {
        if (text && strcmp(text[i], text[first]) != 0) continue;
        done_already[i] = true;
        unit[count++] = i;
    }
    const char *name = text == NULL ? "units" : text[first][0] ? text[first] : "unknown";
    TRY(add_area(m, name, unit, count, any));
done:
    free(unit);
    return result;
}

static status read_areas(import *m)
{
    status result = OK;
    const char *by = NULL;
    char **text = NULL;
    bool *done_already = NULL, any = false;
    int64_t units = m->units.table.rows;
    TRY(import_text(m->mapping, "area_by", &by));
    if (by) {
        result = nwb_units_texts(m->root, &m->units, by, &text);
        if (result != OK) TRY(node_failed_at(node_find(m->mapping, "area_by"), result));
    }
    done_already = calloc((size_t)units, sizeof *done_already);
    CHECK(done_already != NULL, NO_MEMORY, "no memory for %lld units", (long long)units);
    for (int64_t i = 0; i < units; i++)
        if (!done_already[i]) TRY(add_units_like(m, text, i, done_already, &any));
    CHECK(any, BAD_INPUT,
          "%s: no unit fires from %g to %g ms after %s in any trial; are these times in seconds, as spike "
          "times are?",
          m->path, m->window.from_ms, m->window.from_ms + m->window.bins * m->window.bin_ms, m->align);
done:
    free(done_already);
    hdf5_texts_free(text, units);
    return result;
}

/* ---- a session ----------------------------------------------------------------------------------------- */

static status read_window(import *m)
{
    status result = OK;
    double to_ms = 0;
    nwb_window *w = &m->window;
    TRY(import_number(m->mapping, "from_ms", &w->from_ms));
    TRY(import_number(m->mapping, "to_ms", &to_ms));
    TRY(import_number(m->mapping, "bin_ms", &w->bin_ms));
    double bins = round((to_ms - w->from_ms) / w->bin_ms);
    bool whole = fabs(w->from_ms + bins * w->bin_ms - to_ms) <= 1e-6 * w->bin_ms;
    bool sound = w->bin_ms > 0 && bins >= 1 && whole;
    if (!sound || !(bins <= BINS_MAX))
        return node_refuse(m->mapping, "from_ms %g to to_ms %g are not 1 to %d bins of bin_ms %g", w->from_ms,
                           to_ms, BINS_MAX, w->bin_ms);
    w->bins = (int)bins;
    TRY(import_text(m->mapping, "align", &m->align));
    if (m->align == NULL) m->align = "start_time";
done:
    return result;
}

static status nwb_read(const char *path, const node *mapping, recorded_session *out)
{
    status result = OK;
import m = {.path = path, .mapping = mapping, .session = out };
    TRY(read_window(&m));
    TRY(nwb_open(path, &m.root));
    TRY(nwb_units_open(m.root, &m.units));
    TRY(read_trials(&m));
    TRY(read_areas(&m));
done:
    nwb_table_free(&m.trials);
    nwb_units_free(&m.units);
    hdf5_object_free(m.root);
    free(m.event);
    free(m.row);
    return result;
}

const import_format nwb_format = {
    .name = "nwb",
    .summary = "NWB 2 files: spike times of sorted units, tables of trials",
    .endings = ".nwb",
    .available = "",
    .keys = nwb_keys,
    .read = nwb_read,
    .describe = nwb_describe,
};
