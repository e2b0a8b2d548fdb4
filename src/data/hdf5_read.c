#include "data/hdf5_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data/hdf5_groups.h"
#include "data/hdf5_heaps.h"
#include "data/hdf5_read_parts.h"
#include "data/hdf5_rehearsal.h"
#include "store/hdf5.h"

enum { MEMBERS_MAX = 1 << 16, NAMES_SHOWN = 12 };

status hdf5_refuse(const hdf5_object *o, const char *format, ...)
{
    char text[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return failure(BAD_INPUT, "%s: %s: %s", o->path, o->place, text);
}

/* ---- objects ----------------------------------------------------------------------------------------------------- */

status hdf5_object_make(const hdf5_object *parent, hid_t id, const char *place, hdf5_object **out)
{
    status result = OK;
    H5I_type_t type = H5Iget_type(id);
    hdf5_object *made = NULL;
    if (type != H5I_GROUP && type != H5I_DATASET)
        TRY(hdf5_refuse(parent, "%s is neither a group nor a dataset", place));
    made = malloc(sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory for %s", parent->path, place);
    *made = (hdf5_object){ .id = id,
                           .file = H5I_INVALID_HID,
                           .group = type == H5I_GROUP,
                           .path = parent->path,
                           .file_bytes = parent->file_bytes,
                           .place = strdup(place) };
    id = H5I_INVALID_HID;
    CHECK(made->place != NULL, NO_MEMORY, "%s: no memory for %s", parent->path, place);
    *out = made;
    made = NULL;
done:
    hdf5_object_free(made);
    if (id >= 0) H5Oclose(id);
    return result;
}

void hdf5_object_free(hdf5_object *o)
{
    if (o == NULL) return;
    if (o->id >= 0) H5Oclose(o->id);
    if (o->file >= 0) {
        H5Fclose(o->file);
        free((char *)o->path);
    }
    free(o->place);
    free(o->reference);
    free(o);
}

status hdf5_root(const char *path, hdf5_object **out)
{
    status result = OK;
    struct stat about;
    hid_t file = H5I_INVALID_HID;
    char *own = NULL;
    hdf5_object *root = NULL;
    *out = NULL;
    hdf5_quiet();
    TRY(hdf5_open(path, false, &file));
    TRY(hdf5_check_groups(path));
    TRY(hdf5_check_heaps(path));
    TRY(hdf5_rehearse(path));
    CHECK(stat(path, &about) == 0, BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
    hid_t group = H5Gopen2(file, "/", H5P_DEFAULT);
    CHECK(group >= 0, BAD_INPUT, "%s: is damaged: its first group cannot be read", path);
    TRY(hdf5_object_make(&(hdf5_object){ .path = path, .place = "/", .file_bytes = (int64_t)about.st_size },
                         group, "/", &root));
    own = strdup(path);
    CHECK(own != NULL, NO_MEMORY, "%s: no memory to open it", path);
    root->path = own;
    root->file = file;
    *out = root;
    file = H5I_INVALID_HID;
    root = NULL;
done:
    hdf5_object_free(root);
    if (file >= 0) H5Fclose(file);
    return result;
}

const char *hdf5_path(const hdf5_object *o)
{
    return o->path;
}

const char *hdf5_place(const hdf5_object *o)
{
    return o->place;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

/* HDF5 asks for each group on the way by itself. */
bool hdf5_has(const hdf5_object *group, const char *name)
{
    char part[512];
    if (!group->group || name[0] == '\0') return false;
    for (const char *end = name; end; end = strchr(end + 1, '/')) {
        if (end == name) continue;
        if (snprintf(part, sizeof part, "%.*s", (int)(end - name), name) >= (int)sizeof part) return false;
        if (H5Lexists(group->id, part, H5P_DEFAULT) <= 0) return false;
    }
    return H5Lexists(group->id, name, H5P_DEFAULT) > 0;
}

/* Says that `name` is missing, and what is there instead. */
static status refuse_missing(const hdf5_object *group, const char *name)
{
    status result = OK;
    char **names = NULL, there[480] = "";
    int64_t count = 0;
    TRY(hdf5_members(group, &names, &count));
    for (int64_t i = 0; i < count && i < NAMES_SHOWN; i++) {
        size_t at = strlen(there);
        snprintf(there + at, sizeof there - at, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    if (count == 0) TRY(hdf5_refuse(group, "has no member %s; it is empty", name));
    TRY(hdf5_refuse(group, "has no member %s; there are %s%s", name, there,
                    count > NAMES_SHOWN ? ", …" : ""));
done:
    hdf5_texts_free(names, count);
    return result;
}

status hdf5_member(const hdf5_object *group, const char *name, hdf5_object **out)
{
    status result = OK;
    char *place = NULL;
    size_t size = strlen(group->place) + strlen(name) + 2;
    *out = NULL;
    if (!group->group) TRY(hdf5_refuse(group, "is a dataset where a group should be"));
    if (!hdf5_has(group, name)) TRY(refuse_missing(group, name));
    place = malloc(size);
    CHECK(place != NULL, NO_MEMORY, "%s: no memory for %s", group->path, name);
    bool root = strcmp(group->place, "/") == 0;
    snprintf(place, size, "%s/%s", root ? "" : group->place, name);
    hid_t id = H5Oopen(group->id, name, H5P_DEFAULT);
    if (id < 0) TRY(hdf5_refuse(group, "its member %s cannot be read; the file is damaged", name));
    TRY(hdf5_object_make(group, id, place, out));
done:
    free(place);
    return result;
}

/* Names while HDF5 tells them one by one. */
typedef struct name_list {
    char **name;
    int64_t count, room;
} name_list;

static herr_t add_name(name_list *list, const char *name)
{
    if (list->count == list->room) return -1;
    list->name[list->count] = strdup(name);
    return list->name[list->count] ? (list->count++, 0) : -1;
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    (void)group, (void)info;
    return add_name(context, name);
}

static herr_t visit_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    (void)object, (void)info;
    return add_name(context, name);
}

static status list_names(const hdf5_object *o, bool attributes, int64_t most, char ***names, int64_t *count)
{
    status result = OK;
    name_list list = { .room = most };
    *names = NULL;
    *count = 0;
    if (most > MEMBERS_MAX) return hdf5_refuse(o, "has more than %d members", MEMBERS_MAX);
    list.name = calloc((size_t)most + 1, sizeof *list.name);
    CHECK(list.name != NULL, NO_MEMORY, "%s: no memory for the names in %s", o->path, o->place);
    herr_t listed = attributes ? H5Aiterate2(o->id, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_attribute, &list)
                               : H5Literate(o->id, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_link, &list);
    if (listed < 0) TRY(hdf5_refuse(o, "its members cannot be listed; the file is damaged"));
    *names = list.name;
    *count = list.count;
    list = (name_list){ 0 };
done:
    hdf5_texts_free(list.name, list.count);
    return result;
}

status hdf5_members(const hdf5_object *group, char ***names, int64_t *count)
{
    H5G_info_t info = { .nlinks = 0 };
    *names = NULL;
    *count = 0;
    if (!group->group) return hdf5_refuse(group, "is a dataset where a group should be");
    if (H5Gget_info(group->id, &info) < 0)
        return hdf5_refuse(group, "its members cannot be listed; the file is damaged");
    int64_t most = info.nlinks <= MEMBERS_MAX ? (int64_t)info.nlinks : (int64_t)MEMBERS_MAX + 1;
    return list_names(group, false, most, names, count);
}

status hdf5_attributes(const hdf5_object *o, char ***names, int64_t *count)
{
    int most = H5Aget_num_attrs(o->id);
    *names = NULL;
    *count = 0;
    if (most < 0) return hdf5_refuse(o, "its attributes cannot be listed; the file is damaged");
    return list_names(o, true, most, names, count);
}

bool hdf5_has_attribute(const hdf5_object *o, const char *name)
{
    return H5Aexists(o->id, name) > 0;
}

/* ---- what an object is ------------------------------------------------------------------------------------------- */

static void classify(hid_t type, hdf5_about *out)
{
    H5T_class_t class = H5Tget_class(type);
    out->whole = class == H5T_INTEGER || class == H5T_ENUM;
    out->real = class == H5T_FLOAT;
    out->bytes = class == H5T_INTEGER && H5Tget_size(type) == 1 && H5Tget_sign(type) == H5T_SGN_NONE;
    out->class = HDF5_OTHER;
    if (out->whole || out->real) out->class = HDF5_NUMBERS;
    if (class == H5T_STRING) out->class = HDF5_TEXTS;
    if (class == H5T_REFERENCE && H5Tequal(type, H5T_STD_REF_OBJ) > 0) out->class = HDF5_REFERENCES;
}

/* What a file says of its extents must be possible for its size. Values that were never written take no room: a few of
 * them are borne. Nothing that infosweep meets is packed better than deflate can, 1032 to 1. */
static bool can_hold(const hdf5_object *o, hid_t type, int64_t count)
{
    enum { UNWRITTEN_MAX = 1 << 20, RATIO_MAX = 1032 };
    hsize_t stored = H5Dget_storage_size(o->id);
    size_t each = H5Tget_size(type);
    int64_t bytes, most;
    if (each == 0 || each > INT32_MAX || stored > (hsize_t)o->file_bytes) return false;
    if (__builtin_mul_overflow(count, (int64_t)each, &bytes)) return false;
    if (__builtin_mul_overflow((int64_t)stored, (int64_t)RATIO_MAX, &most)) return true;
    return bytes <= most || bytes <= UNWRITTEN_MAX;
}

static status take_extents(const hdf5_object *o, hid_t space, hdf5_about *out)
{
    hsize_t extent[H5S_MAX_RANK];
    int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) return hdf5_refuse(o, "its shape cannot be read; the file is damaged");
    if (rank > HDF5_RANK_MAX)
        return hdf5_refuse(o, "has %d dimensions; at most %d are read", rank, HDF5_RANK_MAX);
    if (H5Sget_simple_extent_type(space) == H5S_NULL) return OK; /* holds nothing; count stays 0 */
    H5Sget_simple_extent_dims(space, extent, NULL);
    out->rank = rank;
    out->count = 1;
    for (int i = 0; i < rank; i++) {
        out->extent[i] = (int64_t)extent[i];
        if (extent[i] > INT64_MAX || __builtin_mul_overflow(out->count, out->extent[i], &out->count))
            return hdf5_refuse(o, "its dimensions are beyond any memory; the file is damaged");
    }
    return OK;
}

status hdf5_describe(const hdf5_object *o, hdf5_about *out)
{
    status result = OK;
    hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID;
    *out = (hdf5_about){ .class = HDF5_GROUP };
    if (o->group) return OK;
    type = H5Dget_type(o->id);
    space = H5Dget_space(o->id);
    if (type < 0 || space < 0) TRY(hdf5_refuse(o, "its shape cannot be read; the file is damaged"));
    classify(type, out);
    TRY(take_extents(o, space, out));
    if (!can_hold(o, type, out->count))
        TRY(hdf5_refuse(o, "says that it has %" PRId64 " values, which the file cannot hold; it is damaged",
                        out->count));
done:
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    return result;
}
