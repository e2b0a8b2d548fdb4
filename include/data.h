/* Data: what an estimator learns from. A data kind turns settings into a dataset of n sources and a target, and, where
 * the distribution is a finite table, into that table.
 *
 * A kind is one file under src/data/ that ends in one table row; adding one touches that file and one line of
 * data_kinds. Random data is drawn from the task's seed, so a cell always sees the same samples. */
#ifndef DATA_H
#define DATA_H

#include "settings.h"

enum { SOURCES_MAX = 8 };

/* What tasks must share to be packed: plain data, compared by value. */
typedef struct data_shape {
    int sources;
    int features[SOURCES_MAX]; /* of each source */
    int classes;               /* of the target */
    int64_t train, test;       /* samples */
    int weighted;              /* 1: rows are a finite table with probabilities, and train is test */
} data_shape;

typedef struct dataset {
    data_shape shape;
    float *train_x[SOURCES_MAX]; /* (train, features) row-major */
    float *test_x[SOURCES_MAX];  /* (test, features); the same block as train_x where weighted */
    int32_t *train_y, *test_y;   /* class of each sample, 0 … classes-1 */
    double *weight;              /* (train) probabilities that sum to 1; NULL unless weighted */
    double target_entropy_bits;  /* of the distribution, where it is known; NaN otherwise */
    void *block;                 /* the memory behind the arrays */
} dataset;

/* Allocates every array of the shape (zeroed) in one block. */
status dataset_make(const data_shape *shape, dataset **out);
void dataset_free(dataset *d);
/* Entropy of the labels that occur, in bits. */
double dataset_empirical_entropy_bits(const int32_t *labels, int64_t count, int classes);

/* A finite joint distribution p(x1, …, xn, y) by its support. */
typedef struct table {
    int sources;
    int symbols[SOURCES_MAX]; /* alphabet size of each source */
    int classes;
    int rows;                   /* entries with p > 0; no two alike */
    int *symbol;                /* (rows, sources) 0 … symbols-1 */
    int *y;                     /* (rows) 0 … classes-1 */
    double *p;                  /* (rows) sums to 1 */
    double *value[SOURCES_MAX]; /* (symbols) the number that encodes a symbol when it enters as one scalar */
    void *block;
} table;

status table_make(int sources, const int *symbols, int classes, int rows, table **out);
status table_copy(const table *t, table **out);
void table_free(table *t);

typedef struct data_kind {
    const char *name;
    const char *summary; /* one line */
    const char *source;  /* paper and place, or where the data comes from */
    section section;     /* its name is "data" */
    bool drawn; /* the data is drawn from the task's seed; otherwise the data section alone decides it */

    /* The shape of a cell's data and whether it can be made at all: cheap, opens files at most once per process, and
     * depends on the data section alone, so that cells that differ elsewhere share it. */
    status (*shape)(const settings *s, data_shape *shape);
    /* The data of a cell; the caller frees it. */
    status (*make)(const settings *s, dataset **out);
    /* The finite table behind it: *out is NULL where there is none (default: data_no_table). */
    status (*table)(const settings *s, table **out);
    /* Calls visit for every file that this cell reads (default: data_no_files). */
    status (*files)(const settings *s, status (*visit)(const char *path, void *context), void *context);
} data_kind;

status data_no_table(const settings *s, table **out);
status data_no_files(const settings *s, status (*visit)(const char *path, void *context), void *context);

extern const data_kind *const data_kinds[]; /* ended by NULL */
const data_kind *data_kind_find(const char *name);

/* Finds a data file: as it is if absolute, else below the sweep's folder, else below the folder in INFOSWEEP_DATA
 * (default ../shared/data). BAD_INPUT names every place that was tried. The caller frees *found. */
status data_path(const settings *s, const char *name, char **found);

/* Frees what data kinds keep open between tasks (recordings, tables). */
void data_close(void);

#endif
