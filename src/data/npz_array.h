/* Arrays as NumPy writes them (NPY 1.0 to 3.0): numbers of any width and byte order, or texts. Whatever needs Python to be
 * read (objects, which are pickled, and records) is refused. */
#ifndef NPZ_ARRAY_H
#define NPZ_ARRAY_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

enum {
    ARRAY_DIMENSIONS_MAX = 8,
    ARRAY_HEADER_MAX = 1 << 16, /* bytes from the start within which a header ends */
};

typedef struct array {
    char type[16]; /* as NumPy calls it: "float32" */
    int dimensions;
    int64_t extent[ARRAY_DIMENSIONS_MAX];
    int64_t values;
    double *number; /* (values) row-major, or NULL … */
    char **text;    /* … (values) UTF-8 */
} array;

/* What the header says; values are not looked at. `place` stands before every refusal. */
status array_describe(const char *place, const unsigned char *bytes, uint64_t size, array *out);
/* The whole array, which must take exactly the bytes given. */
status array_parse(const char *place, const unsigned char *bytes, uint64_t size, array *out);
void array_free(array *a);

/* "float32 (1082, 187)". Returns `to`. */
enum { ARRAY_SHAPE_MAX = 192 };
const char *array_shape(const array *a, char to[ARRAY_SHAPE_MAX]);

#endif
