#include "variables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5_hl.h>

#include "column.h"

typedef struct description {
    const char *name, *unit, *long_name;
} description;

/* ---- a file being made --------------------------------------------------------------------------------------------- */

enum { INNER_SCALES = 5 }; /* source, class, epoch, metric, sample */

typedef struct scale {
    const char *name;
    hid_t array;
} scale;

typedef struct maker {
    hid_t file;
    const grid *grid;
    const layout *layout;
    scale grid_scale[AXES_MAX];      /* one per dimension of the grid */
    scale inner_scale[INNER_SCALES]; /* those that occur */
    int inner_scales;
    FILE *auxiliary;   /* being written: names of the coordinates that are no dimensions, … */
    char *coordinates; /* … for CF's attribute of that name; "" without zip */
} maker;

/* Contiguous and allocated at once, so that nothing but values changes later. Without `fill` nothing is written and the
 * variable costs no disk until it is used: a new file reads as zeros there. */
static hid_t creation_list(hid_t type, const void *fill)
{
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_layout(list, H5D_CONTIGUOUS);
    H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
    H5Pset_obj_track_times(list, false);
    H5Pset_fill_time(list, fill ? H5D_FILL_TIME_ALLOC : H5D_FILL_TIME_NEVER);
    if (fill) H5Pset_fill_value(list, type, fill);
    return list;
}

static status array_make(hid_t file, const char *name, hid_t type, int dimensions, const hsize_t *extent,
                         const void *fill, hid_t *out)
{
    hid_t list = creation_list(type, fill);
    hid_t space = dimensions > 0 ? H5Screate_simple(dimensions, extent, NULL) : H5Screate(H5S_SCALAR);
    *out = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    status result = *out >= 0 ? OK : hdf5_failure(IO_FAILED, name, "cannot create the variable");
    H5Sclose(space);
    H5Pclose(list);
    return result;
}

static status describe(hid_t array, const char *unit, const char *long_name)
{
    status result = OK;
    if (unit[0]) TRY(hdf5_write_text(array, "units", unit));
    TRY(hdf5_write_text(array, "long_name", long_name));
done:
    return result;
}

/* ---- coordinates --------------------------------------------------------------------------------------------------- */

static status scale_make(hid_t file, const char *name, hid_t type, int64_t count, const void *values,
                         hid_t *out)
{
    status result = OK;
    hsize_t extent = (hsize_t)count;
    hid_t space = H5Screate_simple(1, &extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(list, false);
    *out = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (*out < 0 || H5Dwrite(*out, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        result = hdf5_failure(IO_FAILED, name, "cannot create the coordinate");
    H5Pclose(list);
    H5Sclose(space);
    return result;
}

/* Integers as int64, reals as double, everything else as the words that a person types: numbers among words, too. */
static status axis_values_make(hid_t file, const char *name, const axis *a, hid_t *out)
{
    status result = OK;
    hid_t text = hdf5_text_type();
    int64_t *integer = malloc((size_t)a->count * sizeof *integer);
    CHECK(integer != NULL, NO_MEMORY, "axis %s", a->name);
    if (a->type == OPTION_REAL) {
        TRY(scale_make(file, name, H5T_NATIVE_DOUBLE, a->count, a->number, out));
    } else if (a->type == OPTION_INTEGER && a->number) {
        for (int64_t i = 0; i < a->count; i++) integer[i] = (int64_t)a->number[i];
        TRY(scale_make(file, name, H5T_NATIVE_INT64, a->count, integer, out));
    } else {
        TRY(scale_make(file, name, text, a->count, a->text, out));
    }
    TRY(hdf5_write_text(*out, "option", a->option));
    TRY(describe(*out, a->unit, a->help));
done:
    free(integer);
    H5Tclose(text);
    return result;
}

/* The axis after which a dimension is named is its scale; those zipped with it, made after it, are auxiliary coordinates
 * over the same dimension. */
static status axis_make(maker *m, int index)
{
    status result = OK;
    hid_t array = H5I_INVALID_HID;
    const axis *a = &m->grid->axis[index];
    const char *name = a->name;
    scale *along = &m->grid_scale[a->dimension];
    TRY(axis_values_make(m->file, name, a, &array));
    if (grid_leads(m->grid, index)) {
        CHECK(H5DSset_scale(array, name) >= 0, BROKEN, "%s is no dimension scale", name);
        *along = (scale){ .name = name, .array = array };
        array = H5I_INVALID_HID;
    } else {
        CHECK(H5DSattach_scale(array, along->array, 0) >= 0, BROKEN, "%s has no dimension", name);
        fprintf(m->auxiliary, "%s%s", ftell(m->auxiliary) > 0 ? " " : "", name);
    }
done:
    if (array >= 0) H5Dclose(array);
    return result;
}

/* What the values of an axis belong to, as an auxiliary coordinate beside it: NAME_group. */
static status group_make(maker *m, const axis *a)
{
    status result = OK;
    hid_t text = hdf5_text_type(), array = H5I_INVALID_HID;
    const scale *along = &m->grid_scale[a->dimension];
    char name[GROUP_NAME_MAX], about[2 * GROUP_NAME_MAX];
    snprintf(name, sizeof name, GROUP_NAME, a->name);
    snprintf(about, sizeof about, "what each value of %s belongs to", a->name);
    TRY(scale_make(m->file, name, text, a->count, a->group, &array));
    TRY(describe(array, "", about));
    CHECK(H5DSattach_scale(array, along->array, 0) >= 0, BROKEN, "%s has no dimension", name);
    fprintf(m->auxiliary, "%s%s", ftell(m->auxiliary) > 0 ? " " : "", name);
done:
    if (array >= 0) H5Dclose(array);
    H5Tclose(text);
    return result;
}

static status axes_make(maker *m)
{
    status result = OK;
    for (int i = 0; i < m->grid->axes; i++)
        if (grid_leads(m->grid, i)) TRY(axis_make(m, i));
    for (int i = 0; i < m->grid->axes; i++)
        if (!grid_leads(m->grid, i)) TRY(axis_make(m, i));
    for (int i = 0; i < m->grid->axes; i++)
        if (m->grid->axis[i].group) TRY(group_make(m, &m->grid->axis[i]));
done:
    return result;
}

static const char *inner_long_name(const char *name)
{
    if (strcmp(name, "source") == 0) return "source of information, counted from 1";
    if (strcmp(name, "class") == 0) return "class of the target";
    if (strcmp(name, "epoch") == 0) return "epochs trained";
    if (strcmp(name, "sample") == 0) return "sample of the test part, counted from 0";
    return "column of the history";
}

/* The names along an inner axis; NULL where it is counted. */
static const char *const *inner_names(const maker *m, const char *name)
{
    if (strcmp(name, "metric") == 0) return m->layout->extents.metric;
    return strcmp(name, "class") == 0 ? m->layout->extents.class_name : NULL;
}

/* source and epoch count from 1, class and sample from 0; metric is named, and class where the data does. */
static status inner_make(maker *m, const char *name, int64_t count)
{
    status result = OK;
    hid_t text = hdf5_text_type();
    scale *made = &m->inner_scale[m->inner_scales];
    bool from_0 = strcmp(name, "class") == 0 || strcmp(name, "sample") == 0;
    int64_t *number = malloc((size_t)count * sizeof *number), start = from_0 ? 0 : 1;
    CHECK(number != NULL, NO_MEMORY, "coordinate %s", name);
    CHECK(m->inner_scales < INNER_SCALES, BROKEN, "more inner axes than are known: %s", name);
    for (int64_t i = 0; i < count; i++) number[i] = start + i;
    const char *const *names = inner_names(m, name);
    if (names)
        TRY(scale_make(m->file, name, text, count, names, &made->array));
    else
        TRY(scale_make(m->file, name, H5T_NATIVE_INT64, count, number, &made->array));
    made->name = name;
    m->inner_scales++;
    TRY(hdf5_write_text(made->array, "long_name", inner_long_name(name)));
    CHECK(H5DSset_scale(made->array, name) >= 0, BROKEN, "%s is no dimension scale", name);
done:
    free(number);
    H5Tclose(text);
    return result;
}

static status inner_find(maker *m, const char *name, int64_t count, hid_t *array)
{
    status result = OK;
    int at = 0;
    while (at < m->inner_scales && strcmp(m->inner_scale[at].name, name) != 0) at++;
    if (at == m->inner_scales) TRY(inner_make(m, name, count));
    *array = m->inner_scale[at].array;
done:
    return result;
}

/* ---- variables over the grid --------------------------------------------------------------------------------------- */

typedef struct inner_axes {
    int count;
    const char *name[INNER_MAX];
    int64_t extent[INNER_MAX];
} inner_axes;

static status attach(maker *m, hid_t array, const inner_axes *inner)
{
    status result = OK;
    int dimensions = m->grid->dimensions;
    hid_t of_inner;
    for (int d = 0; d < dimensions; d++)
        CHECK(H5DSattach_scale(array, m->grid_scale[d].array, (unsigned)d) >= 0, BROKEN, "dimension %s",
              m->grid_scale[d].name);
    for (int i = 0; i < inner->count; i++) {
        TRY(inner_find(m, inner->name[i], inner->extent[i], &of_inner));
        CHECK(H5DSattach_scale(array, of_inner, (unsigned)(dimensions + i)) >= 0, BROKEN, "dimension %s",
              inner->name[i]);
    }
    if (m->coordinates && m->coordinates[0]) TRY(hdf5_write_text(array, "coordinates", m->coordinates));
done:
    return result;
}

static status variable_make(maker *m, const description *about, hid_t type, const void *fill,
                            const inner_axes *inner, hid_t *out)
{
    status result = OK;
    hsize_t extent[AXES_MAX + INNER_MAX];
    int dimensions = m->grid->dimensions;
    *out = H5I_INVALID_HID;
    for (int d = 0; d < dimensions; d++) extent[d] = (hsize_t)m->grid->dimension[d].count;
    for (int i = 0; i < inner->count; i++) extent[dimensions + i] = (hsize_t)inner->extent[i];
    TRY(array_make(m->file, about->name, type, dimensions + inner->count, extent, fill, out));
    TRY(describe(*out, about->unit, about->long_name));
    TRY(attach(m, *out, inner));
done:
    return result;
}

static status result_make(maker *m, const variable *v)
{
    status result = OK;
    const double unset = NAN;
    description about = { v->quantity->name, v->quantity->unit, v->quantity->long_name };
    inner_axes inner = { .count = v->dimensions };
    hid_t array = H5I_INVALID_HID;
    for (int i = 0; i < v->dimensions; i++) {
        inner.name[i] = v->axis[i];
        inner.extent[i] = v->extent[i];
    }
    TRY(variable_make(m, &about, H5T_NATIVE_DOUBLE, &unset, &inner, &array));
    TRY(hdf5_write_text(array, "infosweep_result", result_axes_of[v->quantity->shape].word));
done:
    if (array >= 0) H5Dclose(array);
    return result;
}

/* CF's way to name the values of a flag. */
static status status_describe(hid_t array)
{
#define OUTCOME_FLAG(name, value, text) value,
#define OUTCOME_WORD(name, value, text) " " text
    static const uint8_t flags[] = { OUTCOME_LIST(OUTCOME_FLAG) };
    static const char words[] = OUTCOME_LIST(OUTCOME_WORD);
#undef OUTCOME_FLAG
#undef OUTCOME_WORD
    status result = OK;
    TRY(hdf5_write_numbers(array, "flag_values", H5T_NATIVE_UINT8, flags, OUTCOMES));
    TRY(hdf5_write_text(array, "flag_meanings", words + 1));
done:
    return result;
}

/* What became of the cells. Reasons are rare and long: their space is not touched until one is written. */
static status bookkeeping_make(maker *m)
{
    static const uint8_t pending = OUTCOME_PENDING, never = 0;
    static const int32_t none = 0, nobody = -1;
    static const uint32_t no_checksum = 0;
    const double unset = NAN;
    status result = OK;
    hid_t reason = H5Tcopy(H5T_C_S1);
    H5Tset_size(reason, REASON_MAX);
    const struct {
        description about;
        hid_t type;
        const void *fill;
    } variables[] = {
        { { "status", "", "what became of the cell" }, H5T_NATIVE_UINT8, &pending },
        { { "attempts", "", "times that the cell was begun" }, H5T_NATIVE_INT32, &none },
        { { "wall_seconds", "s", "time of the pack, divided by its tasks" }, H5T_NATIVE_DOUBLE, &unset },
        { { "rank", "", "MPI rank that computed the cell" }, H5T_NATIVE_INT32, &nobody },
        { { "checksum", "", "CRC-32 of the cell's index and its results" }, H5T_NATIVE_UINT32, &no_checksum },
        { { "crashes", "", "times that a process crashed while it ran the cell" }, H5T_NATIVE_UINT8, &never },
        { { "suspicions", "", "unexplained deaths of a run at which the cell ran" },
          H5T_NATIVE_UINT8,
          &never },
        { { "sole_suspicions", "", "unexplained deaths of a run at which the cell alone ran" },
          H5T_NATIVE_UINT8,
          &never },
        { { "reason", "", "why the cell is not done" }, reason, NULL },
    };
    const inner_axes inner = { 0 };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0] && result == OK; i++) {
        hid_t array;
        result = variable_make(m, &variables[i].about, variables[i].type, variables[i].fill, &inner, &array);
        if (result == OK && i == 0) result = status_describe(array);
        if (array >= 0) H5Dclose(array);
    }
    H5Tclose(reason);
    return result;
}

static status absent_write(const maker *m)
{
    status result = OK;
    uint8_t *state = malloc((size_t)m->grid->cells);
    CHECK(state != NULL, NO_MEMORY, "status of %lld cells", (long long)m->grid->cells);
    for (int64_t c = 0; c < m->grid->cells; c++)
        state[c] = m->grid->absent[c] ? OUTCOME_ABSENT : OUTCOME_PENDING;
    TRY(column_write_all(m->file, "status", m->grid, H5T_NATIVE_UINT8, state));
done:
    free(state);
    return result;
}

static status order_write(const maker *m)
{
    char *names = NULL;
    size_t size;
    FILE *to = open_memstream(&names, &size);
    for (int i = 0; to && i < m->layout->variables; i++)
        fprintf(to, "%s%s", i > 0 ? " " : "", m->layout->variable[i].quantity->name);
    bool printed = to && fclose(to) == 0;
    status result =
        printed ? hdf5_write_text(m->file, "sweep_results", names) : failure(NO_MEMORY, "results");
    free(names);
    return result;
}

status variables_make(hid_t file, const grid *g, const layout *l)
{
    status result = OK;
    size_t size;
    maker m = { .file = file, .grid = g, .layout = l };
    m.auxiliary = open_memstream(&m.coordinates, &size);
    CHECK(m.auxiliary != NULL, NO_MEMORY, "names of the coordinates");
    TRY(axes_make(&m));
    CHECK(fflush(m.auxiliary) == 0, NO_MEMORY, "names of the coordinates");
    for (int i = 0; i < l->variables; i++) TRY(result_make(&m, &l->variable[i]));
    TRY(bookkeeping_make(&m));
    TRY(order_write(&m));
    if (g->absent) TRY(absent_write(&m));
done:
    for (int d = 0; d < AXES_MAX; d++)
        if (m.grid_scale[d].name) H5Dclose(m.grid_scale[d].array);
    for (int i = 0; i < m.inner_scales; i++) H5Dclose(m.inner_scale[i].array);
    if (m.auxiliary) fclose(m.auxiliary);
    free(m.coordinates);
    return result;
}
