#include "column.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void column_close(column *c)
{
    if (c->dataset > 0) H5Dclose(c->dataset);
    if (c->space > 0) H5Sclose(c->space);
    if (c->type > 0) H5Tclose(c->type);
    memset(c, 0, sizeof *c);
}

/* The first dimensions must be the grid's. */
static status check_extents(const column *c, const char *name, const hsize_t *extent)
{
    for (int d = 0; d < c->grid->dimensions; d++)
        if (extent[d] != (hsize_t)c->grid->dimension[d].count)
            return failure(BAD_INPUT, "its variable %s has %" PRId64 " values along %s, not %" PRId64, name,
                           (int64_t)extent[d], c->grid->dimension[d].name, c->grid->dimension[d].count);
    return OK;
}

status column_open(hid_t file, const char *name, const grid *g, hid_t type, column *out)
{
    status result = OK;
    hsize_t extent[H5S_MAX_RANK];
    column c = { .name = name, .dataset = H5Dopen2(file, name, H5P_DEFAULT), .grid = g, .count = 1 };
    CHECK(c.dataset >= 0, BAD_INPUT, "has no variable %s", name);
    c.space = H5Dget_space(c.dataset);
    c.type = H5Tcopy(type);
    c.size = H5Tget_size(type);
    int dimensions = H5Sget_simple_extent_dims(c.space, extent, NULL);
    c.inner = dimensions - g->dimensions;
    CHECK(c.inner >= 0 && c.inner <= INNER_MAX, BAD_INPUT, "its variable %s has %d dimensions", name,
          dimensions);
    TRY(check_extents(&c, name, extent));
    for (int i = 0; i < c.inner; i++) {
        c.extent[i] = (int64_t)extent[g->dimensions + i];
        CHECK(c.extent[i] >= 0 && c.extent[i] <= INT32_MAX, BAD_INPUT, "its variable %s is too large", name);
        c.count *= c.extent[i];
    }
    CHECK(c.count < INT64_MAX / (int64_t)c.size / g->cells, BAD_INPUT, "its variable %s is too large", name);
    *out = c;
    memset(&c, 0, sizeof c);
done:
    column_close(&c);
    return result;
}

/* Selects the largest box that starts at `cell` and has at most `cells` cells; returns how many it has. */
static int64_t select_box(const column *c, int64_t cell, int64_t cells)
{
    const grid *g = c->grid;
    hsize_t start[AXES_MAX + INNER_MAX] = { 0 }, count[AXES_MAX + INNER_MAX];
    int outer = 0; /* the dimension along which the box is cut; whole behind it, one value before it */
    if (g->dimensions + c->inner == 0) return 1;
    while (outer < g->dimensions - 1 &&
           (cell % g->dimension[outer].stride != 0 || cells < g->dimension[outer].stride))
        outer++;

    int64_t taken = 1;
    for (int d = 0; d < g->dimensions; d++) {
        const dimension *along = &g->dimension[d];
        int64_t at = cell / along->stride % along->count;
        int64_t extent = d < outer ? 1 : along->count;
        if (d == outer)
            extent = cells / along->stride < along->count - at ? cells / along->stride : along->count - at;
        start[d] = (hsize_t)(d <= outer ? at : 0);
        count[d] = (hsize_t)extent;
        taken *= extent;
    }
    for (int i = 0; i < c->inner; i++) count[g->dimensions + i] = (hsize_t)c->extent[i];
    H5Sselect_hyperslab(c->space, H5S_SELECT_SET, start, NULL, count, NULL);
    return taken;
}

static herr_t read_box(const column *c, hid_t memory, size_t offset, void *context)
{
    return H5Dread(c->dataset, c->type, memory, c->space, H5P_DEFAULT, (char *)context + offset);
}

static herr_t write_box(const column *c, hid_t memory, size_t offset, void *context)
{
    const char *const *values = context;
    return H5Dwrite(c->dataset, c->type, memory, c->space, H5P_DEFAULT, *values + offset);
}

/* Calls `transfer` for each box of the run; `offset` is that of the box's first byte among the run's values. */
static status each_box(const column *c, int64_t first, int64_t cells,
                       herr_t (*transfer)(const column *c, hid_t memory, size_t offset, void *context),
                       void *context)
{
    status result = OK;
    for (int64_t at = 0; at < cells && c->count > 0 && result == OK;) {
        int64_t taken = select_box(c, first + at, cells - at);
        hsize_t elements = (hsize_t)(taken * c->count);
        hid_t memory = H5Screate_simple(1, &elements, NULL);
        if (transfer(c, memory, (size_t)(at * c->count) * c->size, context) < 0)
            result = hdf5_failure(transfer == read_box ? BAD_INPUT : IO_FAILED, c->name,
                                  transfer == read_box ? "cannot read" : "cannot write");
        H5Sclose(memory);
        at += taken;
    }
    return result;
}

status column_read(const column *c, int64_t first, int64_t cells, void *values)
{
    return each_box(c, first, cells, read_box, values);
}

status column_write(const column *c, int64_t first, int64_t cells, const void *values)
{
    const char *from = values;
    return each_box(c, first, cells, write_box, &from);
}

status column_read_all(hid_t file, const char *name, const grid *g, hid_t type, void **values)
{
    status result = OK;
    column c = { 0 };
    void *made = NULL;
    TRY(column_open(file, name, g, type, &c));
    size_t bytes = (size_t)(g->cells * c.count) * c.size;
    made = malloc(bytes > 0 ? bytes : 1);
    CHECK(made != NULL, NO_MEMORY, "variable %s of %zu bytes", name, bytes);
    TRY(column_read(&c, 0, g->cells, made));
    *values = made;
    made = NULL;
done:
    free(made);
    column_close(&c);
    return result;
}

status column_write_all(hid_t file, const char *name, const grid *g, hid_t type, const void *values)
{
    column c = { 0 };
    status result = column_open(file, name, g, type, &c);
    if (result == OK) result = column_write(&c, 0, g->cells, values);
    column_close(&c);
    return result;
}
