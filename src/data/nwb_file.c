#include "data/nwb_file.h"

#include <stdlib.h>
#include <string.h>

status nwb_open(const char *path, hdf5_object **root)
{
    status result = OK;
    hdf5_object *made = NULL;
    char *version = NULL;
    TRY(hdf5_root(path, &made));
    TRY(hdf5_text_attribute(made, "nwb_version", &version));
    CHECK(version != NULL || hdf5_has(made, "nwb_version"), BAD_INPUT,
          "%s: no NWB file: an HDF5 file without the attribute nwb_version", path);
    CHECK(version != NULL && version[0] == '2', BAD_INPUT, "%s: NWB version %.20s; version 2 is read", path,
          version ? version : "1");
    *root = made;
    made = NULL;
done:
    free(version);
    hdf5_object_free(made);
    return result;
}

/* Keeps the names of those groups that have trials: a column start_time. */
static status keep_tables(const hdf5_object *intervals, char **names, int64_t *count)
{
    status result = OK;
    int64_t kept = 0;
    for (int64_t i = 0; i < *count; i++) {
        hdf5_object *o = NULL;
        if (hdf5_member(intervals, names[i], &o) == OK && hdf5_has(o, "start_time")) {
            char *name = names[i];
            names[i] = names[kept];
            names[kept++] = name;
        }
        hdf5_object_free(o);
    }
    failure_clear();
    for (int64_t i = kept; i < *count; i++) {
        free(names[i]);
        names[i] = NULL;
    }
    *count = kept;
    CHECK(kept > 0, BAD_INPUT, "%s: %s has no table of trials (a group with start_time)",
          hdf5_path(intervals), hdf5_place(intervals));
done:
    return result;
}

status nwb_trial_tables(const hdf5_object *root, char ***names, int64_t *count)
{
    status result = OK;
    hdf5_object *intervals = NULL;
    char **made = NULL;
    int64_t found = 0;
    TRY(hdf5_member(root, "intervals", &intervals));
    TRY(hdf5_members(intervals, &made, &found));
    TRY(keep_tables(intervals, made, &found));
    *names = made;
    *count = found;
    made = NULL;
done:
    if (result != OK && intervals == NULL) failure_at(result, "there are no trials");
    hdf5_texts_free(made, found);
    hdf5_object_free(intervals);
    return result;
}

status nwb_open_trials(const hdf5_object *root, const char *name, nwb_table *out)
{
    status result = OK;
    hdf5_object *intervals = NULL, *group = NULL;
    if (strchr(name, '/')) {
        TRY(hdf5_member(root, name + (name[0] == '/'), &group));
    } else {
        TRY(hdf5_member(root, "intervals", &intervals));
        TRY(hdf5_member(intervals, name, &group));
    }
    TRY(nwb_table_make(group, out));
    if (out->rows == 0) {
        nwb_table_free(out);
        CHECK(false, BAD_INPUT, "%s: the table %s has no trials", hdf5_path(root), name);
    }
done:
    hdf5_object_free(intervals);
    return result;
}
