#include <stdlib.h>
#include <string.h>

#include "data/matlab_parts.h"

#ifndef HAVE_MATIO

const matlab_version matlab_5 = { .open = NULL };

#else

#include <limits.h>
#include <math.h>
#include <matio.h>

#include "data/matlab.h"

/* matio reads by an int of values. */
enum { VALUES_MAX = 1 << 28 };

/* An open file; variables are read once, without their data, and stay until it is closed. */
typedef struct file_5 {
    const char *path;
    mat_t *mat;
    matvar_t **variable;
    int variables;
} file_5;

typedef struct field_5 {
    matvar_t *structs;
    char name[];
} field_5;

/* matio would print what it stumbles over; what a person should know is said here. */
static void say_nothing(int level, char *message)
{
    (void)level, (void)message;
}

static void close_5(void *state)
{
    file_5 *f = state;
    for (int v = 0; v < f->variables; v++) Mat_VarFree(f->variable[v]);
    free(f->variable);
    if (f->mat) Mat_Close(f->mat);
    free(f);
}

static status open_5(const char *path, void **state)
{
    status result = OK;
    file_5 *made = NULL;
    TRY(matlab_check(path));
    made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory to read it", path);
    made->path = path;
    Mat_LogInitFunc("infosweep", say_nothing);
    made->mat = Mat_Open(path, MAT_ACC_RDONLY);
    CHECK(made->mat != NULL, BAD_INPUT, "%s: not a MATLAB file", path);
    *state = made;
    made = NULL;
done:
    if (made) close_5(made);
    return result;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static status copy_names(const file_5 *f, char *const *from, int64_t count, char ***names, int64_t *copied)
{
    status result = OK;
    char **made = calloc((size_t)count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%s: no memory for names", f->path);
    for (int64_t i = 0; i < count; i++) {
        made[i] = strdup(from[i] ? from[i] : "");
        CHECK(made[i] != NULL, NO_MEMORY, "%s: no memory for names", f->path);
    }
    *names = made;
    *copied = count;
    made = NULL;
done:
    matlab_names_free(made, count);
    return result;
}

static status variables_5(void *state, char ***names, int64_t *count)
{
    file_5 *f = state;
    size_t listed = 0;
    char **directory = Mat_GetDir(f->mat, &listed);
    return copy_names(f, directory, directory ? (int64_t)listed : 0, names, count);
}

static status field_names_5(void *state, const matlab_value *structs, char ***names, int64_t *count)
{
    matvar_t *variable = structs->handle;
    char *const *fields = Mat_VarGetStructFieldnames(variable);
    return copy_names(state, fields, fields ? (int64_t)Mat_VarGetNumberOfFields(variable) : 0, names, count);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static matlab_kind kind_of(const matvar_t *v)
{
    if (v->class_type >= MAT_C_DOUBLE && v->class_type <= MAT_C_UINT64)
        return v->isComplex ? MATLAB_OTHER : MATLAB_NUMBERS;
    if (v->class_type == MAT_C_CHAR) return MATLAB_TEXT;
    if (v->class_type == MAT_C_STRUCT) return MATLAB_STRUCTS;
    if (v->class_type == MAT_C_CELL) return MATLAB_CELLS;
    return MATLAB_OTHER;
}

static const char *class_of(const matvar_t *v)
{
    static const char *const names[] = { "empty",  "cell",   "struct", "object", "char",  "sparse",
                                         "double", "single", "int8",   "uint8",  "int16", "uint16",
                                         "int32",  "uint32", "int64",  "uint64" };
    if (v->isComplex) return "complex numbers";
    if (v->isLogical) return "logical";
    unsigned class = (unsigned)v->class_type;
    return class < sizeof names / sizeof names[0] ? names[class] : "function";
}

static status take_value(const file_5 *f, matvar_t *v, matlab_value *out)
{
    status result = OK;
    *out = (matlab_value){ .kind = kind_of(v), .class = class_of(v), .handle = v };
    CHECK(v->rank >= 0 && v->rank <= MATLAB_RANK_MAX, BAD_INPUT,
          "%s: a variable of %d dimensions; at most %d are read", f->path, v->rank, MATLAB_RANK_MAX);
    out->rank = v->dims ? v->rank : 0;
    out->count = out->rank > 0;
    for (int i = 0; i < out->rank; i++) {
        CHECK(v->dims[i] <= INT_MAX && !__builtin_mul_overflow(out->count, (int64_t)v->dims[i], &out->count),
              BAD_INPUT, "%s: damaged: dimensions beyond any memory", f->path);
        out->extent[i] = (int64_t)v->dims[i];
    }
done:
    return result;
}

static status variable_5(void *state, const char *name, matlab_value *out, bool *found)
{
    status result = OK;
    file_5 *f = state;
    matvar_t *v = NULL;
    for (int i = 0; i < f->variables && v == NULL; i++)
        if (strcmp(f->variable[i]->name, name) == 0) v = f->variable[i];
    if (v == NULL) {
        v = Mat_VarReadInfo(f->mat, name);
        *found = v != NULL;
        if (v == NULL) return OK;
        matvar_t **larger = realloc(f->variable, ((size_t)f->variables + 1) * sizeof *larger);
        if (larger == NULL) Mat_VarFree(v);
        CHECK(larger != NULL, NO_MEMORY, "%s: no memory for %s", f->path, name);
        f->variable = larger;
        f->variable[f->variables++] = v;
    }
    *found = true;
    TRY(take_value(f, v, out));
done:
    return result;
}

static status member_5(void *state, const matlab_value *structs, const char *name, matlab_value *out,
                       bool *found)
{
    matvar_t *v = Mat_VarGetStructFieldByName(structs->handle, name, 0);
    *found = v != NULL;
    return v ? take_value(state, v, out) : OK;
}

/* Values belong to their variable. */
static void value_free_5(matlab_value *value)
{
    (void)value;
}

static status field_open_5(void *state, const matlab_value *structs, const char *name, void **handle,
                           bool *found)
{
    status result = OK;
    const file_5 *f = state;
    *found = structs->count > 0 && Mat_VarGetStructFieldByName(structs->handle, name, 0) != NULL;
    if (!*found) return OK;
    size_t size = strlen(name) + 1;
    field_5 *field = malloc(sizeof *field + size);
    CHECK(field != NULL, NO_MEMORY, "%s: no memory for %s", f->path, name);
    field->structs = structs->handle;
    memcpy(field->name, name, size);
    *handle = field;
done:
    return result;
}

static status element_5(void *state, void *handle, int64_t element, matlab_value *out)
{
    const file_5 *f = state;
    const field_5 *field = handle;
    matvar_t *v = Mat_VarGetStructFieldByName(field->structs, field->name, (size_t)element);
    if (v == NULL) return failure(BAD_INPUT, "%s: damaged: an element has no field %s", f->path, field->name);
    return take_value(f, v, out);
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

/* Numbers of the file's class become doubles where they stand, the last first: none is wider than a double. */
#define WIDEN(type)                                                                      \
    for (int64_t i = count - 1; i >= 0; i--) {                                           \
        type narrow;                                                                     \
        memcpy(&narrow, (unsigned char *)to + (size_t)i * sizeof narrow, sizeof narrow); \
        to[i] = (double)narrow;                                                          \
    }                                                                                    \
    break

static void widen(enum matio_classes class, int64_t count, double *to)
{
    switch (class) {
    case MAT_C_SINGLE:
        WIDEN(float);
    case MAT_C_INT8:
        WIDEN(int8_t);
    case MAT_C_UINT8:
        WIDEN(uint8_t);
    case MAT_C_INT16:
        WIDEN(int16_t);
    case MAT_C_UINT16:
        WIDEN(uint16_t);
    case MAT_C_INT32:
        WIDEN(int32_t);
    case MAT_C_UINT32:
        WIDEN(uint32_t);
    case MAT_C_INT64:
        WIDEN(int64_t);
    case MAT_C_UINT64:
        WIDEN(uint64_t);
    default:
        break;
    }
}

static status numbers_5(void *state, const matlab_value *value, const char *where, double *to)
{
    status result = OK;
    file_5 *f = state;
    matvar_t *v = value->handle;
    CHECK(value->count <= VALUES_MAX, BAD_INPUT, "%s: %s has %lld values, which is too many", f->path, where,
          (long long)value->count);
    CHECK(Mat_VarReadDataLinear(f->mat, v, to, 0, 1, (int)value->count) == 0, BAD_INPUT,
          "%s: damaged: %s cannot be read", f->path, where);
    widen(v->class_type, value->count, to);
done:
    return result;
}

static status characters_5(void *state, const matlab_value *value, const char *where, uint32_t *to,
                           bool *utf8)
{
    status result = OK;
    file_5 *f = state;
    matvar_t *v = value->handle;
    if (v->data == NULL) Mat_VarReadDataAll(f->mat, v);
    CHECK(v->data != NULL && v->data_size > 0, BAD_INPUT, "%s: damaged: %s cannot be read", f->path, where);
    size_t room = v->nbytes / (size_t)v->data_size,
           count = (size_t)value->count < room ? (size_t)value->count : room;
    *utf8 = v->data_type == MAT_T_UTF8;
    for (size_t i = 0; i < count; i++) {
        if (v->data_size == 1) to[i] = ((const uint8_t *)v->data)[i];
        if (v->data_size == 2) to[i] = ((const uint16_t *)v->data)[i];
        if (v->data_size == 4) to[i] = ((const uint32_t *)v->data)[i];
    }
done:
    return result;
}

const matlab_version matlab_5 = {
    .open = open_5,
    .close = close_5,
    .variables = variables_5,
    .variable = variable_5,
    .member = member_5,
    .value_free = value_free_5,
    .field_names = field_names_5,
    .field_open = field_open_5,
    .field_close = free,
    .element = element_5,
    .numbers = numbers_5,
    .characters = characters_5,
};

#endif
