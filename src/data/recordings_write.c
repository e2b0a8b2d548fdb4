#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/data_file.h"
#include "data/recordings.h"
#include "data/recordings_layout.h"
#include "store/hdf5.h"

enum {
    CHUNK_VALUES = 1 << 18,
    PACKING = 7,          /* of 9: a spike raster is hardly smaller at 9, and four times slower to make */
    FIXED_TEXT_MAX = 256, /* bytes; longer texts are of variable length, which does not pack */
};

/* A file while it is written. */
typedef struct writer {
    const char *path; /* for messages */
    hid_t file;
} writer;

static status cannot_write(const writer *w, const char *what)
{
    return hdf5_failure(IO_FAILED, w->path, what);
}

/* Groups and datasets carry no times, so that the same import makes the same bytes. */
static hid_t make_group(hid_t parent, const char *name)
{
    hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(list, false);
    hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Pclose(list);
    return group;
}

static status open_group(const writer *w, hid_t parent, const char *name, hid_t *out)
{
    *out = make_group(parent, name);
    return *out >= 0 ? OK : cannot_write(w, "cannot make a group");
}

/* Chunks of whole rows, of about a mebibyte, so that a part of the trials is read without the others. */
static hid_t packed_list(int rank, const hsize_t *extent, size_t value_bytes)
{
    hsize_t chunk[3] = { 1, 1, 1 }, row = 1;
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    for (int i = 1; i < rank; i++) row *= chunk[i] = extent[i];
    hsize_t rows = row < CHUNK_VALUES ? CHUNK_VALUES / row : 1;
    chunk[0] = rows < extent[0] ? rows : extent[0];
    H5Pset_obj_track_times(list, false);
    H5Pset_chunk(list, rank, chunk);
    if (value_bytes > 1) H5Pset_shuffle(list);
    H5Pset_deflate(list, PACKING);
    return list;
}

/* Writes an array of `memory` type as `stored` type; *out stays open for attributes unless NULL. */
static status write_array(const writer *w, hid_t parent, const char *name, int rank, const hsize_t *extent,
                          hid_t stored, hid_t memory, const void *values, hid_t *out)
{
    status result = OK;
    hid_t list = packed_list(rank, extent, H5Tget_size(stored));
    hid_t space = H5Screate_simple(rank, extent, NULL);
    hid_t dataset = H5Dcreate2(parent, name, stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (dataset < 0 || H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        result = cannot_write(w, "cannot write an array");
    if (dataset >= 0 && (out == NULL || result != OK)) H5Dclose(dataset);
    if (out && result == OK) *out = dataset;
    H5Sclose(space);
    H5Pclose(list);
    return result;
}

/* ---- attributes -------------------------------------------------------------------------------------------------- */

static status write_order(hid_t object, int order)
{
    return hdf5_write_numbers(object, "order", H5T_NATIVE_INT, &order, 1);
}

static status write_text_unless_empty(hid_t object, const char *name, const char *text)
{
    return text[0] ? hdf5_write_text(object, name, text) : OK;
}

static status write_attributes(hid_t object, const attribute *attributes, int count)
{
    status result = OK;
    for (int a = 0; a < count; a++) TRY(hdf5_write_text(object, attributes[a].name, attributes[a].value));
done:
    return result;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* Texts one after the other, each in `size` bytes, zeros behind; h5py reads them with .asstr(). */
static status write_fixed_texts(const writer *w, hid_t parent, const column *c, int64_t rows, size_t size,
                                hid_t *out)
{
    status result = OK;
    hsize_t extent = (hsize_t)rows;
    hid_t type = H5Tcopy(H5T_C_S1);
    char *packed = calloc((size_t)rows, size);
    CHECK(packed != NULL, NO_MEMORY, "%s: no memory for column %s", w->path, c->name);
    for (int64_t r = 0; r < rows; r++)
        if (c->text[r]) memcpy(packed + (size_t)r * size, c->text[r], strlen(c->text[r]));
    H5Tset_size(type, size);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    TRY(write_array(w, parent, c->name, 1, &extent, type, type, packed, out));
done:
    H5Tclose(type);
    free(packed);
    return result;
}

static status write_long_texts(const writer *w, hid_t parent, const column *c, int64_t rows, hid_t *out)
{
    status result = OK;
    hsize_t extent = (hsize_t)rows;
    hid_t type = hdf5_text_type();
    const char **texts = calloc((size_t)rows, sizeof *texts);
    CHECK(texts != NULL, NO_MEMORY, "%s: no memory for column %s", w->path, c->name);
    for (int64_t r = 0; r < rows; r++) texts[r] = c->text[r] ? c->text[r] : "";
    TRY(write_array(w, parent, c->name, 1, &extent, type, type, texts, out));
done:
    H5Tclose(type);
    free(texts);
    return result;
}

static status write_texts(const writer *w, hid_t parent, const column *c, int64_t rows, hid_t *out)
{
    size_t longest = 1;
    for (int64_t r = 0; r < rows; r++) {
        size_t length = c->text[r] ? strlen(c->text[r]) : 0;
        if (length > longest) longest = length;
    }
    if (longest <= FIXED_TEXT_MAX) return write_fixed_texts(w, parent, c, rows, longest, out);
    return write_long_texts(w, parent, c, rows, out);
}

static status write_column(const writer *w, hid_t parent, const column *c, int64_t rows, int order)
{
    status result = OK;
    hsize_t extent[2] = { (hsize_t)rows, (hsize_t)c->dimensions };
    hid_t dataset = H5I_INVALID_HID;
    if (c->text)
        TRY(write_texts(w, parent, c, rows, &dataset));
    else
        TRY(write_array(w, parent, c->name, c->dimensions > 1 ? 2 : 1, extent, H5T_IEEE_F64LE,
                        H5T_NATIVE_DOUBLE, c->number, &dataset));
    TRY(write_order(dataset, order));
    TRY(write_text_unless_empty(dataset, "units", c->unit));
done:
    if (dataset >= 0) H5Dclose(dataset);
    return result;
}

static status write_columns(const writer *w, hid_t parent, const column *columns, int count, int64_t rows)
{
    status result = OK;
    for (int c = 0; c < count; c++) TRY(write_column(w, parent, &columns[c], rows, c));
done:
    return result;
}

/* ---- sessions ---------------------------------------------------------------------------------------------------- */

static status write_recorded(const writer *w, hid_t group, const area *a, int64_t trials)
{
    status result = OK;
    hsize_t extent[3] = { (hsize_t)trials, (hsize_t)a->units, (hsize_t)a->bins };
    hid_t dataset = H5I_INVALID_HID;
    if (a->count)
        TRY(write_array(w, group, "counts", 3, extent, H5T_STD_U8LE, H5T_NATIVE_UINT8, a->count, &dataset));
    else
        TRY(write_array(w, group, "features", 3, extent, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, a->feature,
                        &dataset));
    TRY(hdf5_write_numbers(dataset, "bin_ms", H5T_NATIVE_DOUBLE, &a->bin_ms, 1));
    TRY(hdf5_write_numbers(dataset, "start_ms", H5T_NATIVE_DOUBLE, &a->start_ms, 1));
    TRY(write_text_unless_empty(dataset, "aligned_to", a->aligned_to));
done:
    if (dataset >= 0) H5Dclose(dataset);
    return result;
}

static status write_area(const writer *w, hid_t parent, const area *a, int64_t trials, int order)
{
    status result = OK;
    hid_t group = H5I_INVALID_HID, units = H5I_INVALID_HID;
    TRY(open_group(w, parent, a->name, &group));
    TRY(write_order(group, order));
    TRY(write_recorded(w, group, a, trials));
    TRY(open_group(w, group, "units", &units));
    TRY(write_columns(w, units, a->column, a->columns, a->units));
done:
    if (units >= 0) H5Gclose(units);
    if (group >= 0) H5Gclose(group);
    return result;
}

static status write_trials(const writer *w, hid_t parent, const recorded_session *s)
{
    status result = OK;
    hsize_t extent = (hsize_t)s->trials;
    hid_t group;
    TRY(open_group(w, parent, "trials", &group));
    TRY(write_columns(w, group, s->column, s->columns, s->trials));
    if (s->valid_from == NULL) goto done;
    TRY(write_array(w, group, "valid_from", 1, &extent, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, s->valid_from,
                    NULL));
    TRY(write_array(w, group, "valid_to", 1, &extent, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, s->valid_to, NULL));
done:
    if (group >= 0) H5Gclose(group);
    return result;
}

static status write_session(const writer *w, hid_t parent, const recorded_session *s, int order)
{
    status result = OK;
    hid_t group = H5I_INVALID_HID, areas = H5I_INVALID_HID;
    TRY(open_group(w, parent, s->name, &group));
    TRY(write_order(group, order));
    TRY(write_text_unless_empty(group, "animal", s->animal));
    TRY(write_text_unless_empty(group, "source", s->source));
    TRY(write_text_unless_empty(group, "source_sha256", s->sha256));
    TRY(write_attributes(group, s->attribute, s->attributes));
    TRY(write_trials(w, group, s));
    TRY(open_group(w, group, "areas", &areas));
    for (int a = 0; a < s->areas; a++) TRY(write_area(w, areas, &s->area[a], s->trials, a));
done:
    if (areas >= 0) H5Gclose(areas);
    if (group >= 0) H5Gclose(group);
    return result;
}

static status write_all(const char *path, hid_t file, const void *what)
{
    status result = OK;
    const writer own = { path, file }, *w = &own;
    const recordings *r = what;
    int version = LAYOUT_VERSION_NOW;
    hid_t sessions = H5I_INVALID_HID;
    TRY(hdf5_write_text(w->file, LAYOUT_FORMAT, LAYOUT_NAME));
    TRY(hdf5_write_numbers(w->file, LAYOUT_VERSION, H5T_NATIVE_INT, &version, 1));
    TRY(write_text_unless_empty(w->file, "title", r->title));
    TRY(hdf5_write_text(w->file, "target", r->target));
    TRY(write_text_unless_empty(w->file, "mapping", r->mapping));
    TRY(write_attributes(w->file, r->attribute, r->attributes));
    TRY(open_group(w, w->file, "sessions", &sessions));
    for (int s = 0; s < r->sessions; s++) TRY(write_session(w, sessions, &r->session[s], s));
done:
    if (sessions >= 0) H5Gclose(sessions);
    return result;
}

status recordings_write(const recordings *r, const char *path, bool replace)
{
    status result = OK;
    TRY(recordings_check(r, path));
    TRY(data_file_write(path, replace, write_all, r));
done:
    return result;
}
