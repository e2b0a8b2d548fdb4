/* What makes a result file the file of one sweep: constants, axes, what is excluded, data files, kernels. It is made from
 * a sweep or read from a file; what differs between two is told in words. */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include <stdbool.h>

#include "digest.h"
#include "hdf5.h"
#include "sweep.h"

typedef struct setting {
    char *name, *text; /* "rine.distance", "l1" */
} setting;

typedef struct identity_axis {
    char *option, *name; /* "rine.beta", "beta": that of the coordinate variable */
    int dimension;
    int64_t count;
    char **value; /* (count) */
} identity_axis;

typedef struct data_file {
    char *path;
    char digest[DIGEST_TEXT];
} data_file;

typedef struct identity {
    int settings; /* constants, in the order of sweep_constants */
    setting *setting;
    int axes;
    identity_axis axis[AXES_MAX];
    int files;
    data_file *file;
    char *kernels;
} identity;

/* Reads every data file of the sweep for its digest. */
status identity_make(const sweep *s, const char *kernels, identity **out);
void identity_free(identity *i);

/* Attributes: kernels; sweep_settings ("name: text" lines), sweep_axes ("dimension option name" lines) and data_files
 * ("digest  path" lines, as sha256sum prints and checks them). The values of the axes are the coordinates' own. */
status identity_write(const identity *i, hid_t file);
status identity_read(hid_t file, identity **out);

/* The part of its sweep that a file holds, as "2/4". BAD_INPUT where the attribute makes no sense. */
#define SHARD_ATTRIBUTE "sweep_shard"
status identity_read_shard(hid_t file, int64_t *index, int64_t *count); /* 0 of 0: all of it */

/* One digest of all data files, which are told by what is in them. */
void identity_digest_data(const identity *i, char text[DIGEST_TEXT]);

/* Is this a result file, and of the one format that this version writes? */
enum { STORE_FORMAT = 2 }; /* 1: without counts of deaths */
status identity_check_format(hid_t file);

const char *identity_setting(const identity *i, const char *name); /* NULL where it is no constant */
const identity_axis *identity_axis_find(const identity *i, const char *name);

/* A path without its folders, which differ between machines. */
const char *identity_file_name(const char *path);

/* ---- comparing ---------------------------------------------------------------------------------------------------- */

/* Are two values the same, as numbers where both are numbers? */
bool identity_same_value(const char *a, const char *b);

/* For each of `count` values the index of the same value among `in` (of `in_count`), or -1. */
status identity_match(char *const *values, int64_t count, char *const *in, int64_t in_count, int64_t *index);

/* Does each know the axes of the other, as an axis or a constant? */
bool identity_related(const identity *a, const identity *b);

/* BAD_INPUT says what differs, in words that go behind "PATH: ". */
status identity_check_axes(const identity *file, const identity *asked);
status identity_check_settings(const identity *file, const identity *asked);
/* Files that both have, by their names without folders; with `all`, those that only one has, too. */
status identity_check_data(const identity *file, const identity *asked, bool all);

#endif
