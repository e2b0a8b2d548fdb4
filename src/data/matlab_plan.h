/* What a mapping says of a MATLAB file, and what the files of its reader share: a struct array whose elements are trials. */
#ifndef MATLAB_PLAN_H
#define MATLAB_PLAN_H

#include "data/import.h"
#include "data/matlab_file.h"
#include "data/matlab_time.h"

enum { MATLAB_PARTS_MAX = 16 };

typedef struct matlab_plan {
    const node *mapping;                 /* borrowed, like all texts */
    int parts;                           /* struct arrays, one behind the other */
    const char *array[MATLAB_PARTS_MAX]; /* the variable */
    const char
        *label[MATLAB_PARTS_MAX]; /* what column `part` says of its trials; NULL where there is one array */
    const node *areas;            /* a mapping of areas to fields */
    const node *columns, *drop;   /* NULL where there are none */
    const char *target;           /* the field; NULL: the array's column */
    const char *aligned_to;
    double sample_ms, bin_ms;
    int64_t bin_samples;
    matlab_time align, from, to; /* after the raster's start */
    bool valid;                  /* from and to are given: trials may differ in length */
    bool counts, time_first;
} matlab_plan;

/* A trial: where it stands, and when. */
typedef struct matlab_trial {
    int part;
    int64_t element;
    int64_t samples;       /* of its rasters */
    int64_t event;         /* the sample that is 0 ms */
    double from_ms, to_ms; /* where it holds data, after the raster's start */
} matlab_trial;

/* While a session is read. */
typedef struct matlab_import {
    matlab_file *file;
    matlab_plan plan;
    matlab_value structs[MATLAB_PARTS_MAX];
    recorded_session *session;
    matlab_trial *trial; /* (session->trials) */
} matlab_import;

status matlab_plan_read(const node *mapping, const import_format *format, matlab_plan *out);
void matlab_plan_free(matlab_plan *p);

extern const import_key matlab_keys[];

/* "train_trial(3, 2).spikes", as MATLAB would say it. */
enum { MATLAB_WHERE_MAX = 320 };
const char *matlab_where(const matlab_import *m, const matlab_trial *t, const char *field,
                         char to[MATLAB_WHERE_MAX]);

/* Reads the rasters of all areas into the session, when its trials are known; valid_from and valid_to where trials are not
 * alike. */
status matlab_rasters_read(matlab_import *m);

status matlab_describe(const char *path, FILE *to);

#endif
