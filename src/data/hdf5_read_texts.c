/* What is no number: texts, references to other objects, and the attributes of both. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/hdf5_read.h"
#include "data/hdf5_read_parts.h"
#include "data/hdf5_rehearsal.h"

/* ---- texts ------------------------------------------------------------------------------------------------------- */

void hdf5_texts_free(char **texts, int64_t count)
{
    for (int64_t i = 0; texts && i < count; i++) free(texts[i]);
    free(texts);
}

/* Where texts are read from: a dataset or an attribute, of `count` values. */
typedef struct text_source {
    const hdf5_object *object;
    hid_t attribute; /* H5I_INVALID_HID: the dataset itself */
    hid_t stored;    /* type */
    int64_t count;
} text_source;

static bool read_raw(const text_source *s, hid_t type, void *to)
{
    if (s->attribute >= 0) return H5Aread(s->attribute, type, to) >= 0;
    return H5Dread(s->object->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) >= 0;
}

/* Reads texts of variable length into nowhere. */
typedef struct attempt {
    const text_source *source;
    hid_t type;
    char **to;
} attempt;

static void read_texts(void *context)
{
    const attempt *a = context;
    read_raw(a->source, a->type, a->to);
}

static status take_variable(const text_source *s, char **texts)
{
    status result = OK;
    hsize_t extent = (hsize_t)s->count;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &extent, NULL);
    char **read = calloc((size_t)s->count, sizeof *read);
    CHECK(read != NULL, NO_MEMORY, "%s: no memory for %s", s->object->path, s->object->place);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5Tget_cset(s->stored));
    /* Such a text lies elsewhere in the file, in a place that its length and number name. HDF5 does not check the number, and
     * reads beyond its memory where a damaged file has another one: whether that ends the process depends on what lies
     * there now, which a rehearsal of the whole file cannot tell. */
    if (!hdf5_survives(read_texts, &(attempt){ s, type, read }) || !read_raw(s, type, read))
        TRY(hdf5_cannot_read(s->object));
    for (int64_t i = 0; i < s->count; i++) {
        texts[i] = strdup(read[i] ? read[i] : "");
        CHECK(texts[i] != NULL, NO_MEMORY, "%s: no memory for %s", s->object->path, s->object->place);
    }
done:
    if (read) H5Dvlen_reclaim(type, space, H5P_DEFAULT, read);
    free(read);
    H5Sclose(space);
    H5Tclose(type);
    return result;
}

static status take_fixed(const text_source *s, char **texts)
{
    status result = OK;
    size_t size = H5Tget_size(s->stored);
    bool blanks = H5Tget_strpad(s->stored) == H5T_STR_SPACEPAD;
    char *read = calloc((size_t)s->count, size);
    CHECK(read != NULL, NO_MEMORY, "%s: no memory for %s", s->object->path, s->object->place);
    if (!read_raw(s, s->stored, read)) TRY(hdf5_cannot_read(s->object));
    for (int64_t i = 0; i < s->count; i++) {
        const char *from = read + (size_t)i * size;
        size_t length = strnlen(from, size);
        while (blanks && length > 0 && from[length - 1] == ' ') length--;
        texts[i] = strndup(from, length);
        CHECK(texts[i] != NULL, NO_MEMORY, "%s: no memory for %s", s->object->path, s->object->place);
    }
done:
    free(read);
    return result;
}

static status take_texts(const text_source *s, char ***texts)
{
    status result = OK;
    char **made = calloc((size_t)s->count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory for %s", s->object->path, s->object->place);
    if (s->count > 0) TRY(H5Tis_variable_str(s->stored) > 0 ? take_variable(s, made) : take_fixed(s, made));
    *texts = made;
    made = NULL;
done:
    hdf5_texts_free(made, s->count);
    return result;
}

status hdf5_texts(const hdf5_object *dataset, int64_t most, char ***texts, int64_t *count)
{
    status result = OK;
    hdf5_about about;
    hid_t stored = H5I_INVALID_HID;
    *texts = NULL;
    *count = 0;
    TRY(hdf5_expect(dataset, HDF5_TEXTS, most, &about));
    stored = H5Dget_type(dataset->id);
    TRY(take_texts(&(text_source){ dataset, H5I_INVALID_HID, stored, about.count }, texts));
    *count = about.count;
done:
    if (stored >= 0) H5Tclose(stored);
    return result;
}

/* ---- references -------------------------------------------------------------------------------------------------- */

static status read_references(hdf5_object *o)
{
    status result = OK;
    hdf5_about about;
    hobj_ref_t *made = NULL;
    TRY(hdf5_expect(o, HDF5_REFERENCES, 0, &about));
    made = calloc((size_t)about.count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory for %s", o->path, o->place);
    if (about.count > 0 && H5Dread(o->id, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, made) < 0)
        TRY(hdf5_cannot_read(o));
    o->reference = made;
    o->references = about.count;
    made = NULL;
done:
    free(made);
    return result;
}

static status follow(const hdf5_object *from, const char *place, const hobj_ref_t *reference,
                     hdf5_object **out)
{
    hid_t id = H5Rdereference2(from->id, H5P_DEFAULT, H5R_OBJECT, reference);
    if (id < 0) return failure(BAD_INPUT, "%s: %s points nowhere; the file is damaged", from->path, place);
    return hdf5_object_make(from, id, place, out);
}

status hdf5_follow(hdf5_object *references, int64_t index, hdf5_object **out)
{
    status result = OK;
    char *place = NULL;
    size_t size = strlen(references->place) + 32;
    *out = NULL;
    if (references->reference == NULL) TRY(read_references(references));
    if (index < 0 || index >= references->references)
        TRY(hdf5_refuse(references, "has no value %" PRId64, index));
    place = malloc(size);
    CHECK(place != NULL, NO_MEMORY, "%s: no memory for %s", references->path, references->place);
    snprintf(place, size, "%s[%" PRId64 "]", references->place, index);
    TRY(follow(references, place, &references->reference[index], out));
done:
    free(place);
    return result;
}

/* ---- attributes -------------------------------------------------------------------------------------------------- */

/* An attribute with its type and number of values; *attribute stays invalid where there is none of this name. */
typedef struct open_attribute {
    hid_t id, type;
    H5T_class_t class;
    int64_t count;
} open_attribute;

static void close_attribute(open_attribute *a)
{
    if (a->type >= 0) H5Tclose(a->type);
    if (a->id >= 0) H5Aclose(a->id);
}

static status attribute_open(const hdf5_object *o, const char *name, open_attribute *out)
{
    status result = OK;
    *out = (open_attribute){ .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
    if (!hdf5_has_attribute(o, name)) return OK;
    out->id = H5Aopen(o->id, name, H5P_DEFAULT);
    if (out->id < 0) TRY(hdf5_refuse(o, "its attribute %s cannot be read; the file is damaged", name));
    hid_t space = H5Aget_space(out->id);
    out->type = H5Aget_type(out->id);
    out->class = H5Tget_class(out->type);
    out->count = (int64_t)H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    /* attributes lie in the file as they are: what is larger than it is damaged */
    size_t each = H5Tget_size(out->type);
    if (out->count < 0 || each == 0 || out->count > o->file_bytes / (int64_t)each)
        TRY(hdf5_refuse(o, "its attribute %s cannot be read; the file is damaged", name));
done:
    return result;
}

status hdf5_text_attribute(const hdf5_object *o, const char *name, char **out)
{
    status result = OK;
    open_attribute a;
    char **texts = NULL;
    *out = NULL;
    TRY(attribute_open(o, name, &a));
    if (a.id < 0) goto done;
    if (a.class != H5T_STRING || a.count < 1) TRY(hdf5_refuse(o, "its attribute %s is no text", name));
    TRY(take_texts(&(text_source){ o, a.id, a.type, a.count }, &texts));
    *out = texts[0];
    texts[0] = NULL;
done:
    hdf5_texts_free(texts, a.count);
    close_attribute(&a);
    return result;
}

status hdf5_number_attribute(const hdf5_object *o, const char *name, double *out)
{
    status result = OK;
    open_attribute a;
    double *read = NULL;
    TRY(attribute_open(o, name, &a));
    if (a.id < 0) goto done;
    bool number = a.class == H5T_INTEGER || a.class == H5T_FLOAT || a.class == H5T_ENUM;
    if (!number || a.count < 1) TRY(hdf5_refuse(o, "its attribute %s is no number", name));
    read = calloc((size_t)a.count, sizeof *read);
    CHECK(read != NULL, NO_MEMORY, "%s: no memory for attribute %s", o->path, name);
    if (H5Aread(a.id, H5T_NATIVE_DOUBLE, read) < 0)
        TRY(hdf5_refuse(o, "its attribute %s cannot be read; the file is damaged", name));
    *out = read[0];
done:
    free(read);
    close_attribute(&a);
    return result;
}

status hdf5_follow_attribute(const hdf5_object *o, const char *name, hdf5_object **out)
{
    status result = OK;
    open_attribute a;
    hobj_ref_t reference;
    char place[512];
    *out = NULL;
    TRY(attribute_open(o, name, &a));
    if (a.id < 0) goto done;
    if (a.class != H5T_REFERENCE || H5Tequal(a.type, H5T_STD_REF_OBJ) <= 0 || a.count != 1)
        TRY(hdf5_refuse(o, "its attribute %s is no reference to an object", name));
    if (H5Aread(a.id, H5T_STD_REF_OBJ, &reference) < 0)
        TRY(hdf5_refuse(o, "its attribute %s cannot be read; the file is damaged", name));
    snprintf(place, sizeof place, "%s@%s", o->place, name);
    TRY(follow(o, place, &reference, out));
done:
    close_attribute(&a);
    return result;
}
