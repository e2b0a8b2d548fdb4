/* Data: what an estimator learns from. A data kind turns settings into a dataset of n sources and a target, and, where
 * the distribution is a finite table, into that table.
 *
 * A kind is one file under src/data/ that ends in one table row; adding one touches that file and one line of
 * data_kinds. Random data is drawn from the task's seed, so a cell always sees the same samples. */
#ifndef DATA_H
#define DATA_H

#include "settings.h"

enum { SOURCES_MAX = 8 };

/* Of an image; all 0 where features are no image. */
typedef struct image_size {
    int channels, height, width;
} image_size;

/* What tasks must share to be packed: plain data, compared by value. */
typedef struct data_shape {
    int sources;
    int features[SOURCES_MAX]; /* of each source */
    image_size
        image[SOURCES_MAX]; /* what the features of each source are, channel after channel, row after row */
    int classes;            /* of the target; 0 where it is continuous */
    int dimensions;         /* of a continuous target; 0 where it is a class */
    int64_t train, test;    /* samples */
    int weighted;           /* 1: rows are a finite table with probabilities, and train is test */
    int recorded;           /* 1: samples are pairs of recorded trials, and the dataset says of which */
    int augmented;          /* 1: passes over the training part differ, so samples are read and never held */
} data_shape;

typedef enum data_part { DATA_TRAIN, DATA_TEST } data_part;

struct dataset;
/* How the samples of a dataset that holds no numbers are made when they are wanted: of images, which are many, and which a
 * pass may see otherwise than the one before (augmentation). */
typedef struct sample_reader {
    /* Writes samples visit[0 … rows-1] of a part as source `source` sees them to (rows, features). Row r of the training part
     * stands at place first + r of the endless row of passes (train_step_first), which keys its augmentation together with the
     * task's seed; the test part is always the same. */
    void (*read)(const struct dataset *d, data_part part, int source, int64_t seed, int64_t first,
                 const int32_t *visit, int rows, float *to);
    void (*free)(void *state);
} sample_reader;

typedef struct dataset {
    data_shape shape;
    float *train_x
        [SOURCES_MAX]; /* (train, features) row-major; NULL where there is a reader, until dataset_fill */
    float *test_x[SOURCES_MAX];  /* (test, features); the same block as train_x where weighted */
    const sample_reader *reader; /* NULL: train_x and test_x are there */
    void *reader_state;          /* owned */
    void *filled;                /* the memory behind train_x and test_x of dataset_fill */
    int32_t *train_y, *test_y; /* class of each sample, 0 … classes-1; NULL where the target is continuous */
    float *train_value,
        *test_value; /* (samples, dimensions) of a continuous target, about any mean; NULL otherwise */
    double *weight;  /* (train) probabilities that sum to 1; NULL unless weighted */
    /* (test) where a test sample's source i was recorded: the trial's number in its session, from 0, and the block of
     * trials that it belongs to; NULL unless recorded. The same session on both sides numbers its trials alike. */
    int32_t *test_trial[SOURCES_MAX], *test_block[SOURCES_MAX];
    /* H(Y) of the distribution where it is known; of recorded trials: of the frequencies of the targets over all pairs of
     * the cell, training and test; of a continuous target: the differential entropy of a Gaussian with the covariance of
     * all samples; NaN where it is not known */
    double target_entropy_bits;
    void *block; /* the memory behind the arrays */
} dataset;

/* Allocates every array of the shape (zeroed) in one block. */
status dataset_make(const data_shape *shape, dataset **out);
/* The same without train_x and test_x: takes the reader's state, also where it fails. */
status dataset_make_read(const data_shape *shape, const sample_reader *reader, void *state, dataset **out);
/* Makes train_x and test_x by the reader, for engines that want all samples at hand; nothing to do where they are there. The
 * shape must not be augmented. */
status dataset_fill(dataset *d);
/* Samples of a part as a source sees them, to (rows, features): by the reader, or copied. Arguments as of sample_reader. */
void dataset_read(const dataset *d, data_part part, int source, int64_t seed, int64_t first,
                  const int32_t *visit, int rows, float *to);
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

/* How a kind hands what it holds between tasks to other processes of the same machine. A block is memory that both map, at
 * different addresses, and that is only read once it is written. */
typedef struct data_sharing {
    /* Item `index` of what is held: its key, by which it is found again (the path of a file), and the size of its block, 0
     * if it lies in a block already. *key is NULL when there are no more. */
    status (*held)(int index, const char **key, size_t *bytes);
    /* Writes the item's block to `to` (64-byte aligned), holds the item there from now on, and frees its own memory. What
     * was borrowed from the kind stays valid. */
    void (*move)(int index, void *to);
    /* Holds the item that another process has moved; nothing to do where its key is held already. */
    status (*adopt)(const char *key, const void *block, size_t bytes);
} data_sharing;

struct samples;
struct covariance;
typedef struct data_kind {
    const char *name;
    const char *summary; /* one line */
    const char *source;  /* paper and place, or where the data comes from */
    section section;     /* its name is "data" */
    /* Is the data of these settings drawn from the task's seed? Otherwise the data section alone decides it. */
    bool (*drawn)(const settings *s);

    /* The shape of a cell's data and whether it can be made at all: cheap, opens files at most once per process, and
     * depends on the data section alone, so that cells that differ elsewhere share it. */
    status (*shape)(const settings *s, data_shape *shape);
    /* The data of a cell; the caller frees it. */
    status (*make)(const settings *s, dataset **out);
    /* The finite table behind it: *out is NULL where there is none (default: data_no_table). */
    status (*table)(const settings *s, table **out);
    /* The samples of a cell in double precision (samples.h), from which `make` rounds; NULL: kinds that have single precision. */
    status (*samples)(const settings *s, struct samples **out);
    /* The covariance of its sources and target where the distribution is normal and known (gaussian_information.h); the caller frees
     * it. NULL: kinds that know none. */
    status (*covariance)(const settings *s, struct covariance **out);
    /* Calls visit for every file that this cell reads (default: data_no_files). */
    status (*files)(const settings *s, status (*visit)(const char *path, void *context), void *context);

    /* What `all` stands for on an axis of one of its TEXT options, in order: the sessions of a file, its areas. Asked with
     * the fixed settings of the data section, before there are cells. NULL, or *count 0: the option's `choices` are all
     * that is known. The texts are borrowed until data_close. */
    status (*members)(const settings *s, const char *option, const char *const **member, int *count);
    /* What a value of one of its TEXT options belongs to: a session to its animal. *label is NULL where there is nothing
     * to say; NULL as a function: never. Borrowed until data_close. */
    status (*label)(const settings *s, const char *option, const char *value, const char **label);

    /* What the classes of the target are called, in order; *count 0: by their numbers. NULL: always. Asked with the settings
     * of a cell. Borrowed until data_close. */
    status (*classes)(const settings *s, const char *const **name, int *count);

    /* NULL: what it holds between tasks is little, or is made and not read. */
    const data_sharing *sharing;
} data_kind;

bool data_always_drawn(const settings *s);
bool data_never_drawn(const settings *s);

status data_no_table(const settings *s, table **out);
status data_no_files(const settings *s, status (*visit)(const char *path, void *context), void *context);

extern const data_kind *const data_kinds[]; /* ended by NULL */
const data_kind *data_kind_find(const char *name);

/* Finds a data file: as it is if absolute, else below the sweep's folder, else below the folder in INFOSWEEP_DATA
 * (default ../shared/data). BAD_INPUT names every place that was tried. The caller frees *found. */
status data_path(const settings *s, const char *name, char **found);
/* The same for what may be a folder as well: of images. */
status data_path_or_folder(const settings *s, const char *name, char **found);
/* The same from any folder. */
status data_find(const char *folder, const char *name, char **found);

/* Frees what data kinds keep open between tasks (recordings, tables). */
void data_close(void);

/* What all kinds hold, as one block for the processes of a machine (node_data.h). *bytes: its size, 0 where there is
 * nothing to share. */
status data_shared_bytes(size_t *bytes);
/* Moves it to `to` (64-byte aligned), which must live until data_close. */
status data_move(void *to);
/* Takes what another process has moved there, instead of from files. The block must live until data_close. */
status data_adopt(const void *block);

#endif
