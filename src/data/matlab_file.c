#include "data/matlab_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/matlab_parts.h"

enum { NAMES_SHOWN = 12, TEXT_MAX = 1 << 20 };

struct matlab_file {
    char *path;
    const matlab_version *version;
    void *state;
};

/* ---- opening ----------------------------------------------------------------------------------------------------- */

/* Level 7.3 is HDF5 behind a header that says so, or without one. */
static status choose_version(const char *path, const matlab_version **out)
{
    static const char said[] = "MATLAB 7.3", hdf5[] = "\211HDF";
    status result = OK;
    char head[sizeof said] = "";
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    size_t read = fread(head, 1, sizeof said - 1, file);
    CHECK(read > 0, BAD_INPUT, "%s: %s", path,
          ferror(file) ? strerror(errno) : "is empty; not a MATLAB file");
    bool new = memcmp(head, said, sizeof said - 1) == 0 || memcmp(head, hdf5, sizeof hdf5 - 1) == 0;
    *out = new ? &matlab_73 : &matlab_5;
    CHECK(
        (*out)->open != NULL, BAD_INPUT,
        "%s: this build reads MATLAB files of level 7.3 only (made without matio); right would be save -v7.3",
        path);
done:
    if (file) fclose(file);
    return result;
}

status matlab_open(const char *path, matlab_file **out)
{
    status result = OK;
    matlab_file *made = calloc(1, sizeof *made);
    *out = NULL;
    CHECK(made != NULL, NO_MEMORY, "%s: no memory to read it", path);
    made->path = strdup(path);
    CHECK(made->path != NULL, NO_MEMORY, "%s: no memory to read it", path);
    TRY(choose_version(path, &made->version));
    TRY(made->version->open(made->path, &made->state));
    *out = made;
    made = NULL;
done:
    matlab_close(made);
    return result;
}

void matlab_close(matlab_file *f)
{
    if (f == NULL) return;
    if (f->state) f->version->close(f->state);
    free(f->path);
    free(f);
}

const char *matlab_path(const matlab_file *f)
{
    return f->path;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

void matlab_names_free(char **names, int64_t count)
{
    for (int64_t i = 0; names && i < count; i++) free(names[i]);
    free(names);
}

status matlab_variables(matlab_file *f, char ***names, int64_t *count)
{
    return f->version->variables(f->state, names, count);
}

status matlab_field_names(matlab_file *f, const matlab_value *structs, char ***names, int64_t *count)
{
    return f->version->field_names(f->state, structs, names, count);
}

/* "…; there are a, b, c": says that `what` is missing among the names, which it frees. */
static status refuse_missing(const matlab_file *f, const char *what, char **names, int64_t count)
{
    char there[480] = "";
    size_t used = 0;
    for (int64_t i = 0; i < count && i < NAMES_SHOWN && used < sizeof there; i++)
        used += (size_t)snprintf(there + used, sizeof there - used, "%s%s", i > 0 ? ", " : "", names[i]);
    matlab_names_free(names, count);
    if (count == 0) return failure(BAD_INPUT, "%s: there is %s; there is nothing", f->path, what);
    return failure(BAD_INPUT, "%s: there is %s; there %s %s%s", f->path, what, count == 1 ? "is" : "are",
                   there, count > NAMES_SHOWN ? ", …" : "");
}

static status refuse_variable(matlab_file *f, const char *name)
{
    char **names, what[200];
    int64_t count;
    status result = matlab_variables(f, &names, &count);
    if (result != OK) return result;
    snprintf(what, sizeof what, "no variable %s", name);
    return refuse_missing(f, what, names, count);
}

static status refuse_field(matlab_file *f, const matlab_value *structs, const char *of, const char *name)
{
    char **names, what[400];
    int64_t count;
    status result = matlab_field_names(f, structs, &names, &count);
    if (result != OK) return result;
    snprintf(what, sizeof what, "no field %s in %s", name, of);
    return refuse_missing(f, what, names, count);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* Goes into *at, a single struct called `of`, by one name. */
static status step_into(matlab_file *f, matlab_value *at, const char *of, const char *name)
{
    status result = OK;
    matlab_value inner = { 0 };
    char shape[MATLAB_SHAPE_MAX];
    bool found;
    CHECK(at->kind == MATLAB_STRUCTS && at->count == 1, BAD_INPUT,
          "%s: %s is %s; right would be a single struct", f->path, of, matlab_shape(at, shape));
    TRY(f->version->member(f->state, at, name, &inner, &found));
    if (!found) TRY(refuse_field(f, at, of, name));
    matlab_value_free(f, at);
    *at = inner;
done:
    return result;
}

status matlab_variable(matlab_file *f, const char *name, matlab_value *out)
{
    status result = OK;
    bool found;
    char *path = strdup(name), *rest = NULL;
    *out = (matlab_value){ 0 };
    CHECK(path != NULL, NO_MEMORY, "%s: no memory for %s", f->path, name);
    rest = strchr(path, '.');
    if (rest) *rest = '\0';
    TRY(f->version->variable(f->state, path, out, &found));
    if (!found) TRY(refuse_variable(f, path));
    while (rest) { /* what was passed stands in `path`, whole again */
        char *step = rest + 1;
        char *next = strchr(step, '.');
        if (next) *next = '\0';
        TRY(step_into(f, out, path, step));
        *rest = '.';
        rest = next;
    }
done:
    free(path);
    if (result != OK) matlab_value_free(f, out);
    return result;
}

void matlab_value_free(matlab_file *f, matlab_value *value)
{
    if (value->handle) f->version->value_free(value);
    *value = (matlab_value){ 0 };
}

status matlab_field_open(matlab_file *f, const matlab_value *structs, const char *of, const char *name,
                         matlab_field *out)
{
    status result = OK;
    bool found;
    *out = (matlab_field){ .name = strdup(name) };
    CHECK(out->name != NULL, NO_MEMORY, "%s: no memory for %s", f->path, name);
    TRY(f->version->field_open(f->state, structs, name, &out->handle, &found));
    if (!found) TRY(refuse_field(f, structs, of, name));
done:
    if (result != OK) matlab_field_close(f, out);
    return result;
}

void matlab_field_close(matlab_file *f, matlab_field *field)
{
    if (field->handle) f->version->field_close(field->handle);
    free(field->name);
    *field = (matlab_field){ 0 };
}

status matlab_element(matlab_file *f, const matlab_field *field, int64_t element, matlab_value *out)
{
    *out = (matlab_value){ 0 };
    return f->version->element(f->state, field->handle, element, out);
}

status matlab_numbers(matlab_file *f, const matlab_value *value, const char *where, double *to)
{
    return value->count == 0 ? OK : f->version->numbers(f->state, value, where, to);
}

const char *matlab_shape(const matlab_value *value, char to[MATLAB_SHAPE_MAX])
{
    size_t used = 0;
    for (int i = 0; i < value->rank && used < MATLAB_SHAPE_MAX; i++)
        used += (size_t)snprintf(to + used, MATLAB_SHAPE_MAX - used, "%s%" PRId64, i > 0 ? " × " : "",
                                 value->extent[i]);
    if (used < MATLAB_SHAPE_MAX) snprintf(to + used, MATLAB_SHAPE_MAX - used, " %s", value->class);
    return to;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static void put_character(FILE *to, uint32_t c)
{
    if (c < 0x80) {
        fputc((int)c, to);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3; /* bytes behind the first */
    static const uint32_t mark[] = { 0, 0xC0, 0xE0, 0xF0 };
    fputc((int)(mark[more] | c >> (6 * more)), to);
    while (more-- > 0) fputc((int)(0x80 | (c >> (6 * more) & 0x3F)), to);
}

/* UTF-16, of which a lone surrogate becomes the replacement character; zeros at the end are padding. */
static void put_units(const uint32_t *unit, int64_t count, bool utf8, FILE *to)
{
    enum { REPLACEMENT = 0xFFFD };
    for (int64_t i = 0; i < count && unit[i] != 0; i++) {
        uint32_t c = unit[i];
        if (utf8) {
            fputc((int)(c & 0xFF), to);
            continue;
        }
        bool high = c >= 0xD800 && c < 0xDC00,
             pair = high && i + 1 < count && unit[i + 1] >= 0xDC00 && unit[i + 1] < 0xE000;
        if (pair) c = 0x10000 + ((c - 0xD800) << 10) + (unit[++i] - 0xDC00);
        if ((c >= 0xD800 && c < 0xE000) || c > 0x10FFFF) c = REPLACEMENT;
        put_character(to, c);
    }
}

status matlab_text(matlab_file *f, const matlab_value *value, const char *where, char **out)
{
    status result = OK;
    uint32_t *unit = NULL;
    bool utf8 = false;
    size_t size;
    char shape[MATLAB_SHAPE_MAX];
    *out = NULL;
    bool line =
        value->kind == MATLAB_TEXT && value->rank == 2 && (value->extent[0] == 1 || value->count == 0);
    CHECK(line && value->count <= TEXT_MAX, BAD_INPUT, "%s: %s is %s; right would be a text of one line",
          f->path, where, matlab_shape(value, shape));
    unit = calloc((size_t)value->count + 1, sizeof *unit);
    CHECK(unit != NULL, NO_MEMORY, "%s: no memory for %s", f->path, where);
    if (value->count > 0) TRY(f->version->characters(f->state, value, where, unit, &utf8));
    FILE *to = open_memstream(out, &size);
    CHECK(to != NULL, NO_MEMORY, "%s: no memory for %s", f->path, where);
    put_units(unit, value->count, utf8, to);
    CHECK(fclose(to) == 0, NO_MEMORY, "%s: no memory for %s", f->path, where);
done:
    free(unit);
    if (result != OK) {
        free(*out);
        *out = NULL;
    }
    return result;
}
