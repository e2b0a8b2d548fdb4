/* MATLAB files of level 5 (through matio, once matlab_check has looked through them) and of level 7.3 (HDF5) as one thing:
 * variables, which hold numbers, texts, or arrays of structs whose fields hold the same. Elements are counted as MATLAB
 * stores them, columns after another, from 0. */
#ifndef MATLAB_FILE_H
#define MATLAB_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

typedef struct matlab_file matlab_file;

typedef enum matlab_kind {
    MATLAB_NUMBERS,
    MATLAB_TEXT,
    MATLAB_STRUCTS,
    MATLAB_CELLS,
    MATLAB_OTHER
} matlab_kind;

enum { MATLAB_RANK_MAX = 8 };

/* A variable, or a field of one element. */
typedef struct matlab_value {
    matlab_kind kind;
    const char *class; /* as MATLAB calls it: "uint8"; borrowed from the program */
    int rank;
    int64_t extent[MATLAB_RANK_MAX]; /* rows, columns, … */
    int64_t count;                   /* their product */
    void *handle;                    /* of the file's version */
} matlab_value;

typedef struct matlab_field {
    char *name;
    void *handle; /* of the file's version */
} matlab_field;

/* Says what is wrong with a file that is none, cut off or damaged, or that this build cannot read. */
status matlab_open(const char *path, matlab_file **out);
void matlab_close(matlab_file *f); /* after all values and fields of it */
const char *matlab_path(const matlab_file *f);

/* Names of all variables, or of a struct's fields. */
status matlab_variables(matlab_file *f, char ***names, int64_t *count);
status matlab_field_names(matlab_file *f, const matlab_value *structs, char ***names, int64_t *count);
void matlab_names_free(char **names, int64_t count);

/* A variable, or "a.b" for a field of a single struct. A missing one is refused with the names of those there are. */
status matlab_variable(matlab_file *f, const char *name, matlab_value *out);
void matlab_value_free(matlab_file *f, matlab_value *value);

/* A field of all elements of a struct array called `of`; then the value of one element. */
status matlab_field_open(matlab_file *f, const matlab_value *structs, const char *of, const char *name,
                         matlab_field *out);
void matlab_field_close(matlab_file *f, matlab_field *field);
status matlab_element(matlab_file *f, const matlab_field *field, int64_t element, matlab_value *out);

/* All numbers, columns after another, into `to` (value->count); `where` is for messages: "train(3).spikes". */
status matlab_numbers(matlab_file *f, const matlab_value *value, const char *where, double *to);
/* A text of one line; UTF-8, which the caller frees. */
status matlab_text(matlab_file *f, const matlab_value *value, const char *where, char **out);

/* "97 × 700 uint8" */
enum { MATLAB_SHAPE_MAX = 160 };
const char *matlab_shape(const matlab_value *value, char to[MATLAB_SHAPE_MAX]);

#endif
