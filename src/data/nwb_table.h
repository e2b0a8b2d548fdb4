/* Dynamic tables of NWB 2 files: a group with one dataset per column. Columns of one value per row (of one or more
 * dimensions) are read; ragged ones, and those that refer to other objects, are not. */
#ifndef NWB_TABLE_H
#define NWB_TABLE_H

#include "data/hdf5_read.h"

typedef struct nwb_column {
    char *name;
    bool texts;
    int dimensions; /* 1 of texts */
} nwb_column;

typedef struct nwb_table {
    hdf5_object *group; /* owned */
    int64_t rows;
    int columns;
    nwb_column *column; /* (columns) that can be read */
} nwb_table;

/* Takes the group, also when it fails. Refuses columns that have another length than `id`. */
status nwb_table_make(hdf5_object *group, nwb_table *out);
void nwb_table_free(nwb_table *t);

const nwb_column *nwb_table_find(const nwb_table *t, const char *name); /* or NULL */
/* Numbers (rows, dimensions) of a column that was found; the caller frees. */
status nwb_table_numbers(const nwb_table *t, const nwb_column *c, double **out);
/* Texts (rows); freed with hdf5_texts_free. */
status nwb_table_texts(const nwb_table *t, const nwb_column *c, char ***out);
/* What the file says a column is; "" where it says nothing. The caller frees. */
status nwb_table_description(const nwb_table *t, const nwb_column *c, char **out);

#endif
