/* What each version of MATLAB files does for matlab_file.h. */
#ifndef MATLAB_PARTS_H
#define MATLAB_PARTS_H

#include "data/matlab_file.h"

typedef struct matlab_version {
    status (*open)(const char *path, void **state);
    void (*close)(void *state);
    status (*variables)(void *state, char ***names, int64_t *count);
    /* *found is false, and nothing else happens, where there is none of this name */
    status (*variable)(void *state, const char *name, matlab_value *out, bool *found);
    status (*member)(void *state, const matlab_value *structs, const char *name, matlab_value *out,
                     bool *found);
    void (*value_free)(matlab_value *value);
    status (*field_names)(void *state, const matlab_value *structs, char ***names, int64_t *count);
    status (*field_open)(void *state, const matlab_value *structs, const char *name, void **handle,
                         bool *found);
    void (*field_close)(void *handle);
    status (*element)(void *state, void *field, int64_t element, matlab_value *out);
    status (*numbers)(void *state, const matlab_value *value, const char *where, double *to);
    /* code units of a text as numbers, and whether they are bytes of UTF-8 */
    status (*characters)(void *state, const matlab_value *value, const char *where, uint32_t *to, bool *utf8);
} matlab_version;

extern const matlab_version matlab_5; /* .open is NULL where this build has no matio */
extern const matlab_version matlab_73;

#endif
