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

struct results {
    char *path;
    hid_t file;
    sweep *sweep;
    stored_layout *stored;
};

int64_t results_bytes(const grid *g, const layout *l)
{
    enum { BOOKKEEPING = 1 + 4 + 8 + 4 + 4 }; /* status, attempts, wall_seconds, rank, checksum */
    const int64_t metadata = 256 * 1024;      /* more than enough */
    return g->cells * (l->size * (int64_t)sizeof(double) + BOOKKEEPING) + metadata;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

static status parse_sweep(results *r)
{
    enum { SETS_MAX = 256 };
    status result = OK;
    const char *set[SETS_MAX];
    char *text = NULL, *path = NULL, *sets = NULL, *rest;
    int count = 0;
    TRY(hdf5_read_text(r->file, "sweep_file", &text));
    TRY(hdf5_read_text(r->file, "sweep_path", &path));
    TRY(hdf5_read_text(r->file, "sweep_sets", &sets));
    for (char *line = strtok_r(sets, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        CHECK(count < SETS_MAX, BAD_INPUT, "was made with more than %d --set", SETS_MAX);
        set[count++] = line;
    }
    result = sweep_parse(text, path, set, count, true, &r->sweep);
    if (result != OK) failure_at(result, "its sweep file");
done:
    free(text);
    free(path);
    free(sets);
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

status results_runs(const results *r, run_record **out, int *count)
{
    status result = runs_read(r->file, out, count);
    return result == OK ? OK : failure_at(result, "%s", r->path);
}
