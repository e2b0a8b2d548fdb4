#include "data/nwb_units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- ragged columns ------------------------------------------------------------------------------------ */

/* Where the values of each row begin: NAME_index says where they end. `values` is how many there are of NAME. */
static status read_first(const nwb_table *t, const char *name, int64_t values, int64_t **out)
{
    status result = OK;
    hdf5_object *o = NULL;
    double *end = NULL;
    int64_t count = 0, *first = NULL;
    char index[128];
    snprintf(index, sizeof index, "%s_index", name);
    TRY(hdf5_member(t->group, index, &o));
    TRY(hdf5_doubles(o, t->rows, &end, &count));
    CHECK(count == t->rows, BAD_INPUT, "%s: %s has %lld rows, but there are %lld units", hdf5_path(o),
          hdf5_place(o), (long long)count, (long long)t->rows);
    first = calloc((size_t)count + 1, sizeof *first);
    CHECK(first != NULL, NO_MEMORY, "no memory for %lld units", (long long)count);
    for (int64_t i = 0; i < count; i++) {
        CHECK(end[i] == floor(end[i]) && end[i] >= (double)first[i] && end[i] <= (double)values, BAD_INPUT,
              "%s: %s: row %lld ends at value %g of %lld, after %lld; the file is damaged", hdf5_path(o),
              hdf5_place(o), (long long)i, end[i], (long long)values, (long long)first[i]);
        first[i + 1] = (int64_t)end[i];
    }
    *out = first;
    first = NULL;
done:
    free(first);
    free(end);
    hdf5_object_free(o);
    return result;
}

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Spikes are numbers that ascend; what is not in order, which NWB allows, is put in order. */
static status order_spikes(const hdf5_object *o, nwb_units *u)
{
    status result = OK;
    for (int64_t i = 0; i < u->table.rows; i++) {
        bool ordered = true;
        for (int64_t s = u->first[i]; s < u->first[i + 1]; s++) {
            CHECK(isfinite(u->time[s]), BAD_INPUT, "%s: %s: spike %lld of unit %lld (from 0) is %g",
                  hdf5_path(o), hdf5_place(o), (long long)(s - u->first[i]), (long long)i, u->time[s]);
            if (s > u->first[i] && u->time[s] < u->time[s - 1]) ordered = false;
        }
        size_t spikes = (size_t)(u->first[i + 1] - u->first[i]);
        if (!ordered) qsort(u->time + u->first[i], spikes, sizeof *u->time, by_time);
    }
done:
    return result;
}

static status read_spikes(nwb_units *u)
{
    status result = OK;
    hdf5_object *o = NULL;
    int64_t spikes = 0;
    TRY(hdf5_member(u->table.group, "spike_times", &o));
    TRY(hdf5_doubles(o, 0, &u->time, &spikes));
    TRY(read_first(&u->table, "spike_times", spikes, &u->first));
    TRY(order_spikes(o, u));
done:
    hdf5_object_free(o);
    return result;
}

/* ---- electrodes ---------------------------------------------------------------------------------------- */

/* The table that the units' column `electrodes` numbers the rows of. */
static status open_electrodes(const hdf5_object *root, const hdf5_object *rows, nwb_table *out)
{
    status result = OK;
    hdf5_object *group = NULL;
    TRY(hdf5_follow_attribute(rows, "table", &group));
    if (group == NULL) TRY(hdf5_member(root, "general/extracellular_ephys/electrodes", &group));
    TRY(nwb_table_make(group, out));
done:
    return result;
}

/* Takes the text of the (first) electrode of each unit; "" where it has none. */
static status take_texts(const nwb_units *u, const nwb_table *electrodes, char *const *text,
                         const double *row, const int64_t *first, char **out)
{
    status result = OK;
    for (int64_t i = 0; i < u->table.rows; i++) {
        bool none = first && first[i] == first[i + 1];
        double at = none ? 0 : row[first ? first[i] : i];
        CHECK(none || (at == floor(at) && at >= 0 && at < (double)electrodes->rows), BAD_INPUT,
              "%s: /units/electrodes: unit %lld (from 0) has electrode %g, but there are %lld",
              hdf5_path(u->table.group), (long long)i, at, (long long)electrodes->rows);
        out[i] = strdup(none ? "" : text[(int64_t)at]);
        CHECK(out[i] != NULL, NO_MEMORY, "no memory for %lld units", (long long)u->table.rows);
    }
done:
    return result;
}

/* A text column of the electrodes, for each unit; *out is NULL where there is none. */
static status read_electrodes(const hdf5_object *root, const nwb_units *u, const char *name, char ***out)
{
    status result = OK;
    hdf5_object *o = NULL;
    nwb_table electrodes = { 0 };
    double *row = NULL;
    char **text = NULL, **made = NULL;
    int64_t count = 0, *first = NULL, rows = u->table.rows;
    *out = NULL;
    if (!hdf5_has(u->table.group, "electrodes")) goto done;
    TRY(hdf5_member(u->table.group, "electrodes", &o));
    TRY(open_electrodes(root, o, &electrodes));
    const nwb_column *c = nwb_table_find(&electrodes, name);
    if (c == NULL || !c->texts) goto done;
    TRY(hdf5_doubles(o, 0, &row, &count));
    if (hdf5_has(u->table.group, "electrodes_index")) TRY(read_first(&u->table, "electrodes", count, &first));
    CHECK(first || count == rows, BAD_INPUT, "%s: %s has %lld rows, but there are %lld units", hdf5_path(o),
          hdf5_place(o), (long long)count, (long long)rows);
    TRY(nwb_table_texts(&electrodes, c, &text));
    made = calloc((size_t)rows + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for %lld units", (long long)rows);
    TRY(take_texts(u, &electrodes, text, row, first, made));
    *out = made;
    made = NULL;
done:
    hdf5_texts_free(made, rows);
    hdf5_texts_free(text, electrodes.rows);
    nwb_table_free(&electrodes);
    hdf5_object_free(o);
    free(first);
    free(row);
    return result;
}

/* ---- units --------------------------------------------------------------------------------------------- */

status nwb_units_open(const hdf5_object *root, nwb_units *out)
{
    status result = OK;
    nwb_units u = { .time = NULL };
    hdf5_object *group = NULL;
    TRY(hdf5_member(root, "units", &group));
    TRY(nwb_table_make(group, &u.table));
    CHECK(u.table.rows > 0, BAD_INPUT, "%s: /units: there are no units in it", hdf5_path(root));
    TRY(read_spikes(&u));
    TRY(read_electrodes(root, &u, "location", &u.location));
    *out = u;
    u = (nwb_units){ .time = NULL };
done:
    nwb_units_free(&u);
    return result;
}

void nwb_units_free(nwb_units *u)
{
    hdf5_texts_free(u->location, u->table.rows);
    nwb_table_free(&u->table);
    free(u->time);
    free(u->first);
    *u = (nwb_units){ .time = NULL };
}

status nwb_units_texts(const hdf5_object *root, const nwb_units *u, const char *name, char ***out)
{
    status result = OK;
    const nwb_column *c = nwb_table_find(&u->table, name);
    if (c && c->texts)
        TRY(nwb_table_texts(&u->table, c, out));
    else
        TRY(read_electrodes(root, u, name, out));
    CHECK(*out != NULL, BAD_INPUT,
          "%s: neither the units nor their electrodes have a column of texts '%s'; electrodes often have "
          "'location' or 'group_name'",
          hdf5_path(root), name);
done:
    return result;
}

/* The first of a unit's spikes that is not before `seconds`. */
static int64_t find_spike(const nwb_units *u, int64_t unit, double seconds)
{
    int64_t low = u->first[unit], high = u->first[unit + 1];
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (u->time[middle] < seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

status nwb_units_count(const nwb_units *u, int64_t unit, const nwb_window *w, area *a, int to, bool *any)
{
    status result = OK;
    for (int64_t t = 0; t < w->trials; t++) {
        uint8_t *count = a->count + (t * a->units + to) * a->bins;
        /* the search starts a bin early, since it rounds otherwise than the bins do */
        int64_t s = find_spike(u, unit, w->event[t] + (w->from_ms - w->bin_ms) / 1000);
        for (; s < u->first[unit + 1]; s++) {
            double bin = floor(((u->time[s] - w->event[t]) * 1000 - w->from_ms) / w->bin_ms);
            if (bin < 0) continue;
            if (!(bin < w->bins)) break;
            CHECK(count[(int)bin] < UINT8_MAX, BAD_INPUT,
                  "%s: unit %lld (from 0) has more than %d spikes in a bin of %g ms; take shorter bins",
                  hdf5_path(u->table.group), (long long)unit, UINT8_MAX, w->bin_ms);
            count[(int)bin]++;
            *any = true;
        }
    }
done:
    return result;
}
