#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/hdf5_read.h"
#include "data/hdf5_read_parts.h"

enum { SLAB_VALUES = 1 << 18, SPIKES_MAX = 255 };

status hdf5_expect(const hdf5_object *o, hdf5_class class, int64_t most, hdf5_about *about)
{
    static const char *const names[] = { "a group", "numbers", "texts", "references", "something else" };
    status result = OK;
    TRY(hdf5_describe(o, about));
    if (about->class != class)
        TRY(hdf5_refuse(o, "holds %s; right would be %s", names[about->class], names[class]));
    if (most > 0 && about->count > most)
        TRY(hdf5_refuse(o, "has %" PRId64 " values; at most %" PRId64 " are right here", about->count, most));
done:
    return result;
}

status hdf5_cannot_read(const hdf5_object *o)
{
    return hdf5_refuse(o, "cannot be read; the file is damaged, or packed by a filter that is not installed");
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

status hdf5_doubles(const hdf5_object *dataset, int64_t most, double **values, int64_t *count)
{
    status result = OK;
    hdf5_about about;
    double *made = NULL;
    *values = NULL;
    *count = 0;
    TRY(hdf5_expect(dataset, HDF5_NUMBERS, most, &about));
    made = calloc((size_t)about.count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory for %s", dataset->path, dataset->place);
    if (about.count > 0 && H5Dread(dataset->id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, made) < 0)
        TRY(hdf5_cannot_read(dataset));
    *values = made;
    *count = about.count;
    made = NULL;
done:
    free(made);
    return result;
}

/* Rows of a dataset that was described, as numbers of the given type. */
static status read_rows(const hdf5_object *o, const hdf5_about *about, int64_t first, int64_t rows,
                        hid_t type, void *to)
{
    status result = OK;
    hsize_t start[HDF5_RANK_MAX] = { 0 }, size[HDF5_RANK_MAX];
    hid_t from = H5I_INVALID_HID, memory = H5I_INVALID_HID;
    if (about->rank == 0 || first < 0 || rows < 0 || first > about->extent[0] - rows)
        return hdf5_refuse(o, "has no rows %" PRId64 " to %" PRId64, first, first + rows - 1);
    if (rows == 0 || about->count == 0) return OK;
    for (int i = 0; i < about->rank; i++) size[i] = (hsize_t)about->extent[i];
    start[0] = (hsize_t)first;
    size[0] = (hsize_t)rows;
    from = H5Dget_space(o->id);
    memory = H5Screate_simple(about->rank, size, NULL);
    bool read = from >= 0 && memory >= 0 &&
                H5Sselect_hyperslab(from, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                H5Dread(o->id, type, memory, from, H5P_DEFAULT, to) >= 0;
    if (!read) TRY(hdf5_cannot_read(o));
done:
    if (memory >= 0) H5Sclose(memory);
    if (from >= 0) H5Sclose(from);
    return result;
}

status hdf5_double_rows(const hdf5_object *dataset, int64_t first, int64_t rows, double *to)
{
    status result = OK;
    hdf5_about about;
    TRY(hdf5_expect(dataset, HDF5_NUMBERS, 0, &about));
    TRY(read_rows(dataset, &about, first, rows, H5T_NATIVE_DOUBLE, to));
done:
    return result;
}

/* ---- counts ------------------------------------------------------------------------------------------------------ */

/* "[2, 0, 17]" of a value counted from the dataset's first; from 0, as h5py does. */
static void index_text(const hdf5_about *about, int64_t at, char *to, size_t size)
{
    int64_t index[HDF5_RANK_MAX];
    for (int i = about->rank - 1; i >= 0; i--) {
        index[i] = at % about->extent[i];
        at /= about->extent[i];
    }
    size_t used = (size_t)snprintf(to, size, "[");
    for (int i = 0; i < about->rank && used < size; i++)
        used += (size_t)snprintf(to + used, size - used, "%s%" PRId64, i > 0 ? ", " : "", index[i]);
    if (used < size) snprintf(to + used, size - used, "]");
}

static status take_counts(const hdf5_object *o, const hdf5_about *about, const double *from, int64_t first,
                          int64_t count, uint8_t *to)
{
    for (int64_t i = 0; i < count; i++) {
        if (from[i] >= 0 && from[i] <= SPIKES_MAX && from[i] == floor(from[i])) {
            to[i] = (uint8_t)from[i];
            continue;
        }
        char index[24 * HDF5_RANK_MAX];
        index_text(about, first + i, index, sizeof index);
        return hdf5_refuse(o, "value %s is %g; right would be a count of spikes, 0 to %d", index, from[i],
                           SPIKES_MAX);
    }
    return OK;
}

status hdf5_count_rows(const hdf5_object *dataset, int64_t first, int64_t rows, uint8_t *to)
{
    status result = OK;
    hdf5_about about;
    double *slab = NULL;
    TRY(hdf5_expect(dataset, HDF5_NUMBERS, 0, &about));
    if (about.rank == 0) TRY(hdf5_refuse(dataset, "is a single number; right would be an array of counts"));
    if (about.bytes) {
        TRY(read_rows(dataset, &about, first, rows, H5T_NATIVE_UINT8, to));
        goto done;
    }
    if (about.count == 0) goto done;
    int64_t row = about.count / about.extent[0];
    int64_t together = row < SLAB_VALUES ? SLAB_VALUES / row : 1;
    slab = calloc((size_t)(together * row), sizeof *slab);
    CHECK(slab != NULL, NO_MEMORY, "%s: no memory for %s", dataset->path, dataset->place);
    for (int64_t r = 0; r < rows; r += together) {
        int64_t now = rows - r < together ? rows - r : together;
        TRY(read_rows(dataset, &about, first + r, now, H5T_NATIVE_DOUBLE, slab));
        TRY(take_counts(dataset, &about, slab, (first + r) * row, now * row, to + r * row));
    }
done:
    free(slab);
    return result;
}

status hdf5_counts(const hdf5_object *dataset, int64_t most, uint8_t **values, int64_t *count)
{
    status result = OK;
    hdf5_about about;
    uint8_t *made = NULL;
    *values = NULL;
    *count = 0;
    TRY(hdf5_expect(dataset, HDF5_NUMBERS, most, &about));
    made = calloc((size_t)about.count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory for %s", dataset->path, dataset->place);
    if (about.count > 0) TRY(hdf5_count_rows(dataset, 0, about.rank > 0 ? about.extent[0] : 1, made));
    *values = made;
    *count = about.count;
    made = NULL;
done:
    free(made);
    return result;
}
