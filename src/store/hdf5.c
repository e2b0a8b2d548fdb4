#include "hdf5.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- failures --------------------------------------------------------------------------------------------------- */

typedef struct stack_reader {
    int number;     /* errno, as HDF5's file drivers put it into their texts; 0 where there is none */
    char text[160]; /* the innermost error */
} stack_reader;

void hdf5_quiet(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static herr_t read_entry(unsigned depth, const H5E_error2_t *entry, void *context)
{
    stack_reader *r = context;
    const char *number = strstr(entry->desc ? entry->desc : "", "errno = ");
    if (number && r->number == 0) r->number = (int)strtol(number + strlen("errno = "), NULL, 10);
    if (depth == 0 && entry->desc)
        snprintf(r->text, sizeof r->text, "%.*s", (int)strcspn(entry->desc, "\n"), entry->desc);
    return 0;
}

static stack_reader read_stack(void)
{
    stack_reader r = { 0 };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, read_entry, &r);
    return r;
}

status hdf5_failure(status code, const char *path, const char *what)
{
    stack_reader r = read_stack();
    if (r.number != 0) return failure(IO_FAILED, "%s: %s: %s", path, what, strerror(r.number));
    return failure(code, "%s: %s: %s", path, what, r.text[0] ? r.text : "HDF5 gives no reason");
}

static status open_failure(const char *path)
{
    stack_reader r = read_stack();
    if (r.number != 0) return failure(BAD_INPUT, "%s: cannot open: %s", path, strerror(r.number));
    if (strncmp(r.text, "truncated file", strlen("truncated file")) == 0)
        return failure(BAD_INPUT, "%s: is cut off: shorter than it was when it was made", path);
    if (H5Fis_hdf5(path) <= 0) return failure(BAD_INPUT, "%s: is not an HDF5 file", path);
    return failure(BAD_INPUT, "%s: is damaged: %s", path, r.text);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

/* HDF5's own locks would keep a run from starting while somebody looks at the file, and fail on file systems without
 * flock; FILE.lock guards against a second writer. */
static hid_t access_list(void)
{
    /* HDF5 rewrites so much around a small write (64 KiB by default); what is sparse stays so */
    enum { BLOCK = 4096 };
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_sieve_buf_size(list, BLOCK);
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
    H5Pset_file_locking(list, false, true);
#endif
    return list;
}

status hdf5_create(const char *path, hid_t *file)
{
    hid_t list = access_list(), creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V18);
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    H5Pset_obj_track_times(creation, false); /* of the root group: the same content is the same bytes */
    *file = H5Fcreate(path, H5F_ACC_TRUNC, creation, list);
    status result = *file >= 0 ? OK : hdf5_failure(IO_FAILED, path, "cannot create");
    H5Pclose(creation);
    H5Pclose(list);
    return result;
}

status hdf5_open(const char *path, bool change, hid_t *file)
{
    struct stat about;
    *file = H5I_INVALID_HID;
    if (stat(path, &about) != 0) return failure(BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode)) return failure(BAD_INPUT, "%s: is not a file", path);

    hid_t list = access_list();
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    *file = H5Fopen(path, change ? H5F_ACC_RDWR : H5F_ACC_RDONLY, list);
    status result = *file >= 0 ? OK : open_failure(path);
    H5Pclose(list);
    return result;
}

/* ---- attributes ------------------------------------------------------------------------------------------------- */

hid_t hdf5_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static status write_attribute(hid_t object, const char *name, hid_t type, hid_t space, const void *value)
{
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool written = attribute >= 0 && H5Awrite(attribute, type, value) >= 0;
    status result = written ? OK : hdf5_failure(IO_FAILED, name, "cannot write the attribute");
    if (attribute >= 0) H5Aclose(attribute);
    H5Sclose(space);
    return result;
}

status hdf5_write_text(hid_t object, const char *name, const char *text)
{
    hid_t type = hdf5_text_type();
    status result = write_attribute(object, name, type, H5Screate(H5S_SCALAR), &text);
    H5Tclose(type);
    return result;
}

status hdf5_write_numbers(hid_t object, const char *name, hid_t type, const void *values, int count)
{
    hsize_t extent = (hsize_t)count;
    hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &extent, NULL);
    return write_attribute(object, name, type, space, values);
}

/* Reads a scalar attribute of the wanted class. */
static status read_attribute(hid_t object, const char *name, H5T_class_t wanted, hid_t type, void *value)
{
    status result = OK;
    hid_t stored = H5I_INVALID_HID, space = H5I_INVALID_HID;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    CHECK(attribute >= 0, BAD_INPUT, "has no attribute %s", name);
    stored = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    CHECK(H5Tget_class(stored) == wanted && H5Sget_simple_extent_npoints(space) == 1 &&
              (wanted != H5T_STRING || H5Tis_variable_str(stored) > 0),
          BAD_INPUT, "its attribute %s is of another type", name);
    CHECK(H5Aread(attribute, type, value) >= 0, BAD_INPUT, "its attribute %s cannot be read", name);
done:
    if (space >= 0) H5Sclose(space);
    if (stored >= 0) H5Tclose(stored);
    if (attribute >= 0) H5Aclose(attribute);
    return result;
}

status hdf5_read_text(hid_t object, const char *name, char **text)
{
    char *read = NULL;
    *text = NULL;
    hid_t type = hdf5_text_type();
    status result = read_attribute(object, name, H5T_STRING, type, &read);
    H5Tclose(type);
    if (result == OK) *text = strdup(read ? read : "");
    if (result == OK && *text == NULL) result = failure(NO_MEMORY, "attribute %s", name);
    H5free_memory(read);
    return result;
}

status hdf5_read_integer(hid_t object, const char *name, int64_t *value)
{
    return read_attribute(object, name, H5T_INTEGER, H5T_NATIVE_INT64, value);
}

/* ---- lists of values --------------------------------------------------------------------------------------------- */

void hdf5_free_values(char **values, int64_t count)
{
    for (int64_t i = 0; values && i < count; i++) free(values[i]);
    free(values);
}

static char *text_of_real(double value)
{
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return strdup(text);
}

static char *text_of_integer(int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    return strdup(text);
}

static status read_numbers(hid_t dataset, const char *name, bool real, int64_t count, char **values)
{
    status result = OK;
    union {
        int64_t integer;
        double real;
    } *number = calloc((size_t)count, sizeof *number);
    CHECK(number != NULL, NO_MEMORY, "%" PRId64 " values of %s", count, name);
    CHECK(H5Dread(dataset, real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                  number) >= 0,
          BAD_INPUT, "its %s cannot be read", name);
    for (int64_t i = 0; i < count; i++) {
        values[i] = real ? text_of_real(number[i].real) : text_of_integer(number[i].integer);
        CHECK(values[i] != NULL, NO_MEMORY, "values of %s", name);
    }
done:
    free(number);
    return result;
}

static status read_texts(hid_t dataset, const char *name, hid_t space, int64_t count, char **values)
{
    status result = OK;
    hid_t type = hdf5_text_type();
    char **read = calloc((size_t)count, sizeof *read);
    CHECK(read != NULL, NO_MEMORY, "%" PRId64 " values of %s", count, name);
    CHECK(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0, BAD_INPUT,
          "its %s cannot be read", name);
    for (int64_t i = 0; i < count; i++) {
        values[i] = strdup(read[i] ? read[i] : "");
        CHECK(values[i] != NULL, NO_MEMORY, "values of %s", name);
    }
done:
    if (read) H5Dvlen_reclaim(type, space, H5P_DEFAULT, read);
    free(read);
    H5Tclose(type);
    return result;
}

status hdf5_read_values(hid_t file, const char *name, int64_t *count, char ***values)
{
    status result = OK;
    hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID;
    char **made = NULL;
    *count = 0;
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    CHECK(dataset >= 0, BAD_INPUT, "has no variable %s", name);
    type = H5Dget_type(dataset);
    space = H5Dget_space(dataset);
    H5T_class_t class = H5Tget_class(type);
    CHECK(H5Sget_simple_extent_ndims(space) == 1, BAD_INPUT, "its %s has not one dimension", name);
    CHECK(class == H5T_INTEGER || class == H5T_FLOAT || H5Tis_variable_str(type) > 0, BAD_INPUT,
          "its %s is of another type", name);

    *count = (int64_t)H5Sget_simple_extent_npoints(space);
    made = calloc((size_t)*count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%" PRId64 " values of %s", *count, name);
    if (class == H5T_STRING)
        TRY(read_texts(dataset, name, space, *count, made));
    else
        TRY(read_numbers(dataset, name, class == H5T_FLOAT, *count, made));
    *values = made;
    made = NULL;
done:
    hdf5_free_values(made, *count);
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    if (dataset >= 0) H5Dclose(dataset);
    return result;
}
