/* Level 7.3 is HDF5: a variable is a dataset with an attribute MATLAB_class, dimensions in reverse order; a single struct is
 * a group of its fields; a struct array is a group of datasets of references, one reference per element. */
#include <stdlib.h>
#include <string.h>

#include "data/hdf5_read.h"
#include "data/matlab_parts.h"

/* MATLAB keeps what references point at in groups of its own, which are no variables. */
static const char hidden = '#';

typedef struct field_73 {
    hdf5_object *of; /* a struct array: its references to this field; a single struct: the struct */
    bool single;
    char name[];
} field_73;

static status open_73(const char *path, void **state)
{
    hdf5_object *root;
    status result = hdf5_root(path, &root);
    if (result == OK) *state = root;
    return result;
}

static void close_73(void *state)
{
    hdf5_object_free(state);
}

static status variables_73(void *state, char ***names, int64_t *count)
{
    status result = hdf5_members(state, names, count);
    int64_t kept = 0;
    for (int64_t i = 0; result == OK && i < *count; i++) {
        if ((*names)[i][0] == hidden)
            free((*names)[i]);
        else
            (*names)[kept++] = (*names)[i];
    }
    if (result == OK) *count = kept;
    return result;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* Dimensions in MATLAB's order; a single number is 1 × 1, as is every scalar there. */
static void take_extents(const hdf5_about *about, matlab_value *out)
{
    out->count = about->count;
    out->rank = about->rank < 2 ? 2 : about->rank;
    out->extent[0] = out->extent[1] = 1;
    for (int i = 0; i < about->rank; i++) out->extent[about->rank - 1 - i] = about->extent[i];
    if (about->count == 0 && about->rank == 0) out->extent[0] = out->extent[1] = 0;
}

/* The class that MATLAB noted, as a text of the program; what it is without one. */
static status take_class(const hdf5_object *o, const hdf5_about *about, matlab_value *out)
{
    static const struct {
        const char *name;
        matlab_kind kind;
    } classes[] = { { "double", MATLAB_NUMBERS }, { "single", MATLAB_NUMBERS }, { "logical", MATLAB_NUMBERS },
                    { "int8", MATLAB_NUMBERS },   { "uint8", MATLAB_NUMBERS },  { "int16", MATLAB_NUMBERS },
                    { "uint16", MATLAB_NUMBERS }, { "int32", MATLAB_NUMBERS },  { "uint32", MATLAB_NUMBERS },
                    { "int64", MATLAB_NUMBERS },  { "uint64", MATLAB_NUMBERS }, { "char", MATLAB_TEXT },
                    { "cell", MATLAB_CELLS },     { "struct", MATLAB_STRUCTS } };
    status result = OK;
    char *noted = NULL;
    out->kind = about->class == HDF5_NUMBERS ? MATLAB_NUMBERS
                : about->class == HDF5_GROUP ? MATLAB_STRUCTS
                                             : MATLAB_OTHER;
    out->class = out->kind == MATLAB_NUMBERS   ? "numbers"
                 : out->kind == MATLAB_STRUCTS ? "struct"
                                               : "something else";
    TRY(hdf5_text_attribute(o, "MATLAB_class", &noted));
    if (noted == NULL) goto done;
    out->kind = MATLAB_OTHER;
    out->class = "something else";
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (strcmp(noted, classes[i].name) == 0) {
            out->kind = classes[i].kind;
            out->class = classes[i].name;
        }
    bool numbers = out->kind == MATLAB_NUMBERS || out->kind == MATLAB_TEXT;
    if (numbers && about->class != HDF5_NUMBERS) out->kind = MATLAB_OTHER; /* complex and sparse ones */
    if (hdf5_has_attribute(o, "MATLAB_sparse")) out->class = "sparse matrix";
done:
    free(noted);
    return result;
}

/* Is a field of a struct group one of many elements: references that are no cell array? */
static status is_of_many(hdf5_object *field, const hdf5_about *about, bool *many)
{
    char *noted = NULL;
    status result = hdf5_text_attribute(field, "MATLAB_class", &noted);
    *many = about->class == HDF5_REFERENCES && noted == NULL;
    free(noted);
    return result;
}

/* A group is a single struct, or an array whose extents are those of its fields' references. */
static status take_structs(hdf5_object *group, matlab_value *out)
{
    status result = OK;
    char **names = NULL;
    int64_t count = 0;
    hdf5_object *field = NULL;
    hdf5_about about;
    bool many = false;
    out->rank = 2;
    out->extent[0] = out->extent[1] = out->count = 1;
    TRY(hdf5_members(group, &names, &count));
    if (count == 0) goto done;
    TRY(hdf5_member(group, names[0], &field));
    TRY(hdf5_describe(field, &about));
    TRY(is_of_many(field, &about, &many));
    if (many) take_extents(&about, out);
done:
    hdf5_object_free(field);
    matlab_names_free(names, count);
    return result;
}

/* Takes over the object, also when it fails. */
static status take_value(hdf5_object *o, matlab_value *out)
{
    status result = OK;
    hdf5_about about;
    double empty = 0;
    *out = (matlab_value){ .handle = o };
    TRY(hdf5_describe(o, &about));
    TRY(take_class(o, &about, out));
    if (about.class == HDF5_GROUP) {
        if (out->kind == MATLAB_STRUCTS) TRY(take_structs(o, out));
        goto done;
    }
    take_extents(&about, out);
    TRY(hdf5_number_attribute(o, "MATLAB_empty", &empty));
    if (empty != 0) { /* then the dataset holds the dimensions instead */
        out->rank = 2;
        out->extent[0] = out->extent[1] = out->count = 0;
    }
done:
    if (result != OK) {
        hdf5_object_free(o);
        *out = (matlab_value){ 0 };
    }
    return result;
}

static status member_of(const hdf5_object *group, const char *name, matlab_value *out, bool *found)
{
    status result = OK;
    hdf5_object *o;
    *found = hdf5_has(group, name);
    if (!*found) return OK;
    TRY(hdf5_member(group, name, &o));
    TRY(take_value(o, out));
done:
    return result;
}

static status variable_73(void *state, const char *name, matlab_value *out, bool *found)
{
    return member_of(state, name, out, found);
}

static status member_73(void *state, const matlab_value *structs, const char *name, matlab_value *out,
                        bool *found)
{
    (void)state;
    return member_of(structs->handle, name, out, found);
}

static void value_free_73(matlab_value *value)
{
    hdf5_object_free(value->handle);
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static status field_names_73(void *state, const matlab_value *structs, char ***names, int64_t *count)
{
    (void)state;
    return hdf5_members(structs->handle, names, count);
}

static void field_close_73(void *handle)
{
    field_73 *field = handle;
    if (!field->single) hdf5_object_free(field->of);
    free(field);
}

static status field_open_73(void *state, const matlab_value *structs, const char *name, void **handle,
                            bool *found)
{
    status result = OK;
    hdf5_about about;
    size_t size = strlen(name) + 1;
    field_73 *field = NULL;
    (void)state;
    *found = hdf5_has(structs->handle, name);
    if (!*found) return OK;
    field = calloc(1, sizeof *field + size);
    CHECK(field != NULL, NO_MEMORY, "%s: no memory for %s", hdf5_path(structs->handle), name);
    memcpy(field->name, name, size);
    TRY(hdf5_member(structs->handle, name, &field->of));
    TRY(hdf5_describe(field->of, &about));
    bool many;
    TRY(is_of_many(field->of, &about, &many));
    CHECK(many ? about.count == structs->count : structs->count == 1, BAD_INPUT,
          "%s: damaged: %s has not as many values as there are structs", hdf5_path(field->of),
          hdf5_place(field->of));
    if (!many) {
        hdf5_object_free(field->of);
        field->of = structs->handle; /* borrowed */
        field->single = true;
    }
    *handle = field;
    field = NULL;
done:
    if (field) field_close_73(field);
    return result;
}

static status element_73(void *state, void *handle, int64_t element, matlab_value *out)
{
    status result = OK;
    const field_73 *field = handle;
    hdf5_object *o;
    (void)state;
    if (field->single)
        TRY(hdf5_member(field->of, field->name, &o));
    else
        TRY(hdf5_follow(field->of, element, &o));
    TRY(take_value(o, out));
done:
    return result;
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

static status numbers_73(void *state, const matlab_value *value, const char *where, double *to)
{
    status result = OK;
    double *read = NULL;
    int64_t count;
    (void)state;
    TRY(hdf5_doubles(value->handle, value->count, &read, &count));
    CHECK(count == value->count, BAD_INPUT, "%s: damaged: %s cannot be read", hdf5_path(value->handle),
          where);
    memcpy(to, read, (size_t)count * sizeof *to);
done:
    free(read);
    return result;
}

static status characters_73(void *state, const matlab_value *value, const char *where, uint32_t *to,
                            bool *utf8)
{
    status result = OK;
    double *read = calloc((size_t)value->count + 1, sizeof *read);
    CHECK(read != NULL, NO_MEMORY, "%s: no memory for %s", hdf5_path(value->handle), where);
    TRY(numbers_73(state, value, where, read));
    for (int64_t i = 0; i < value->count; i++) {
        CHECK(read[i] >= 0 && read[i] <= UINT32_MAX, BAD_INPUT, "%s: damaged: %s is no text",
              hdf5_path(value->handle), where);
        to[i] = (uint32_t)read[i];
    }
    *utf8 = false;
done:
    free(read);
    return result;
}

const matlab_version matlab_73 = {
    .open = open_73,
    .close = close_73,
    .variables = variables_73,
    .variable = variable_73,
    .member = member_73,
    .value_free = value_free_73,
    .field_names = field_names_73,
    .field_open = field_open_73,
    .field_close = field_close_73,
    .element = element_73,
    .numbers = numbers_73,
    .characters = characters_73,
};
