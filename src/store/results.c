/* Reading a result file, also while a run writes to it: values are read anew at each call, because a variable that is kept
 * open keeps old values. */
#include "results_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "column.h"
#include "identity.h"
#include "runs.h"
#include "stored_layout.h"
#include "variables.h"

struct results {
    char *path;
    hid_t file;
    sweep *sweep;
    stored_layout *stored;
    char **group[AXES_MAX]; /* (count of the axis) or NULL */
};

int64_t results_bytes(const grid *g, const layout *l)
{
    /* status, attempts, wall_seconds, rank, checksum, and the counts of deaths */
    enum { BOOKKEEPING = 1 + 4 + 8 + 4 + 4 + 3 };
    const int64_t metadata = 256 * 1024; /* more than enough */
    return g->cells * (l->size * (int64_t)sizeof(double) + BOOKKEEPING) + metadata;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

enum { SETS_MAX = 2048 }; /* more than a command line takes, and a line for each axis of members */

/* Adds the lines of a text, which is cut into them. */
static status add_lines(char *text, const char *set[SETS_MAX], int *count)
{
    status result = OK;
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        CHECK(*count < SETS_MAX, BAD_INPUT, "was made with more than %d --set", SETS_MAX);
        set[(*count)++] = line;
    }
done:
    return result;
}

/* What `all` stood for goes behind what was typed. Files of sweeps that asked no data may have no such attribute. */
static status parse_sweep(results *r)
{
    status result = OK;
    const char *set[SETS_MAX];
    char *text = NULL, *path = NULL, *sets = NULL, *members = NULL;
    int count = 0;
    TRY(hdf5_read_text(r->file, "sweep_file", &text));
    TRY(hdf5_read_text(r->file, "sweep_path", &path));
    TRY(hdf5_read_text(r->file, "sweep_sets", &sets));
    TRY(add_lines(sets, set, &count));
    if (H5Aexists(r->file, "sweep_members") > 0) {
        TRY(hdf5_read_text(r->file, "sweep_members", &members));
        TRY(add_lines(members, set, &count));
    }
    result = sweep_parse(text, path, set, count, true, &r->sweep);
    if (result != OK) failure_at(result, "its sweep file");
done:
    free(text);
    free(path);
    free(sets);
    free(members);
    return result;
}

static status take_shard(results *r)
{
    int64_t index, count;
    status result = identity_read_shard(r->file, &index, &count);
    if (result != OK || count == 0) return result;
    return sweep_take_shard(r->sweep, index, count);
}

static status read_groups(results *r)
{
    status result = OK;
    const grid *g = sweep_grid(r->sweep);
    for (int i = 0; i < g->axes; i++) {
        char name[GROUP_NAME_MAX];
        int64_t count;
        snprintf(name, sizeof name, GROUP_NAME, g->axis[i].name);
        if (H5Lexists(r->file, name, H5P_DEFAULT) <= 0) continue;
        TRY(hdf5_read_values(r->file, name, &count, &r->group[i]));
        if (count == g->axis[i].count) continue;
        hdf5_free_values(r->group[i], count);
        r->group[i] = NULL;
        TRY(failure(BAD_INPUT, "its variable %s has %" PRId64 " values, not %" PRId64, name, count,
                    g->axis[i].count));
    }
done:
    return result;
}

/* Are the axes that this version reads from the sweep file those of the file? */
static status check_axes(const results *r)
{
    status result = OK;
    const grid *g = sweep_grid(r->sweep);
    identity *stored = NULL;
    TRY(identity_read(r->file, &stored));
    bool same = stored->axes == g->axes;
    for (int i = 0; same && i < g->axes; i++) {
        const identity_axis *a = &stored->axis[i];
        same = strcmp(a->option, g->axis[i].option) == 0 && a->count == g->axis[i].count &&
               a->dimension == g->axis[i].dimension;
        for (int64_t k = 0; same && k < a->count; k++)
            same = identity_same_value(a->value[k], g->axis[i].text[k]);
    }
    CHECK(same, BAD_INPUT, "its axes are not those that this version reads from its sweep file");
done:
    identity_free(stored);
    return result;
}

status results_open(const char *path, results **out)
{
    status result = OK;
    hdf5_quiet();
    results *r = calloc(1, sizeof *r);
    CHECK(r != NULL, NO_MEMORY, "%s", path);
    r->path = strdup(path);
    r->file = H5I_INVALID_HID;
    CHECK(r->path != NULL, NO_MEMORY, "%s", path);
    result = hdf5_open(path, false, &r->file);
    if (result != OK) goto done; /* says the path itself */
    result = identity_check_format(r->file);
    if (result == OK) result = parse_sweep(r);
    if (result == OK) result = check_axes(r);
    if (result == OK) result = take_shard(r);
    if (result == OK) result = read_groups(r);
    if (result == OK) result = stored_layout_read(r->file, sweep_grid(r->sweep), &r->stored);
    if (result != OK) failure_at(result, "%s", path);
    if (result != OK) goto done;
    *out = r;
    r = NULL;
done:
    results_close(r);
    return result;
}

void results_close(results *r)
{
    if (r == NULL) return;
    stored_layout_free(r->stored);
    for (int i = 0; i < AXES_MAX; i++)
        if (r->group[i]) hdf5_free_values(r->group[i], sweep_grid(r->sweep)->axis[i].count);
    sweep_free(r->sweep);
    if (r->file >= 0) H5Fclose(r->file);
    free(r->path);
    free(r);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------- */

const char *results_path(const results *r)
{
    return r->path;
}

const sweep *results_sweep(const results *r)
{
    return r->sweep;
}

const layout *results_layout(const results *r)
{
    return &r->stored->layout;
}

hid_t results_file(const results *r)
{
    return r->file;
}

static status read_all(const results *r, const char *name, hid_t type, void **out)
{
    status result = column_read_all(r->file, name, sweep_grid(r->sweep), type, out);
    return result == OK ? OK : failure_at(result, "%s", r->path);
}

status results_values(const results *r, const char *name, double **out)
{
    return read_all(r, name, H5T_NATIVE_DOUBLE, (void **)out);
}

status results_status(const results *r, uint8_t **out)
{
    status result = checksum_read_status(r->file, sweep_grid(r->sweep), results_layout(r), out);
    return result == OK ? OK : failure_at(result, "%s", r->path);
}

status results_count(const results *r, int64_t count[OUTCOMES])
{
    status result = OK;
    uint8_t *state = NULL;
    for (int o = 0; o < OUTCOMES; o++) count[o] = 0;
    TRY(checksum_read_states(r->file, sweep_grid(r->sweep), &state));
    for (int64_t c = 0; c < sweep_grid(r->sweep)->cells; c++) count[state[c]]++;
done:
    free(state);
    return result == OK ? OK : failure_at(result, "%s", r->path);
}

/* A row that is done has no reason, whatever an earlier attempt left. */
status results_reason(const results *r, int64_t cell, char reason[REASON_MAX])
{
    status result = OK;
    column why = { 0 }, what = { 0 };
    uint8_t state;
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, REASON_MAX);
    TRY(column_open(r->file, "status", sweep_grid(r->sweep), H5T_NATIVE_UINT8, &what));
    TRY(column_open(r->file, "reason", sweep_grid(r->sweep), text, &why));
    TRY(column_read(&what, cell, 1, &state));
    TRY(column_read(&why, cell, 1, reason));
    reason[state == OUTCOME_DONE ? 0 : REASON_MAX - 1] = '\0';
done:
    H5Tclose(text);
    column_close(&what);
    column_close(&why);
    return result == OK ? OK : failure_at(result, "%s", r->path);
}

const char *const *results_groups(const results *r, const axis *a)
{
    const grid *g = sweep_grid(r->sweep);
    for (int i = 0; i < g->axes; i++)
        if (strcmp(g->axis[i].option, a->option) == 0) return (const char *const *)r->group[i];
    return NULL;
}

status results_runs(const results *r, run_record **out, int *count)
{
    status result = runs_read(r->file, out, count);
    return result == OK ? OK : failure_at(result, "%s", r->path);
}
