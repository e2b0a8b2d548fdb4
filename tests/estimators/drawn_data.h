/* A data kind of the test's own, `drawn`, in place of all others: a test includes this file and says what the data is. */
#ifndef DRAWN_DATA_H
#define DRAWN_DATA_H

#include <string.h>

#include "data.h"

/* Options of the kind, as the test's functions see them. */
typedef struct drawn_options {
    int64_t which;    /* of the test's data sets */
    double parameter; /* whatever the test takes it for */
} drawn_options;

/* The test has these: the shape of a data set, and what it is filled with. */
static void drawn_shape(const drawn_options *o, data_shape *shape);
static void drawn_fill(const drawn_options *o, int64_t seed, dataset *d);

#define FIELD(f) offsetof(drawn_options, f)
static const option drawn_rows[] = {
    { "which", OPTION_INTEGER, FIELD(which), "0", 0, 100, "", "which", .traits = OPTION_LANE },
    { "parameter", OPTION_REAL, FIELD(parameter), "0", -1e9, 1e9, "", "of it", .traits = OPTION_LANE },
    { .name = NULL }
};
#undef FIELD

static status drawn_shape_of(const settings *s, data_shape *shape)
{
    memset(shape, 0, sizeof *shape);
    drawn_shape(s->block[SECTION_DATA], shape);
    return OK;
}

static status drawn_make(const settings *s, dataset **out)
{
    data_shape shape;
    drawn_shape_of(s, &shape);
    status result = dataset_make(&shape, out);
    if (result == OK) drawn_fill(s->block[SECTION_DATA], settings_task(s)->seed, *out);
    return result;
}

static const data_kind drawn_kind = {
    .name = "drawn",
    .summary = "",
    .source = "",
    .section = { "data", drawn_rows, sizeof(drawn_options) },
    .drawn = data_always_drawn,
    .shape = drawn_shape_of,
    .make = drawn_make,
    .table = data_no_table,
    .files = data_no_files,
};

const data_kind *const data_kinds[] = { &drawn_kind, NULL };

const data_kind *data_kind_find(const char *name)
{
    return strcmp(name, drawn_kind.name) == 0 ? &drawn_kind : NULL;
}

bool data_always_drawn(const settings *s)
{
    (void)s;
    return true;
}

bool data_never_drawn(const settings *s)
{
    (void)s;
    return false;
}

status data_no_table(const settings *s, table **out)
{
    (void)s;
    *out = NULL;
    return OK;
}

status data_no_files(const settings *s, status (*visit)(const char *path, void *context), void *context)
{
    (void)s, (void)visit, (void)context;
    return OK;
}

#endif
