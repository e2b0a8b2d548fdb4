/* Tables whose rows are bins of trials: which rows make a trial, and what each trial gets of them. The rows of a trial lie
 * together, in time; NPZ arrays and CSV files come like this. */
#ifndef TRIAL_ROWS_H
#define TRIAL_ROWS_H

#include "data/import.h"

typedef struct trial_rows {
    const char *path; /* borrowed, like line */
    const int *line;  /* (rows) in a text file, for messages; NULL: rows are counted from 0 */
    int64_t rows, trials, longest;
    int64_t *first; /* (trials + 1) first row of each trial, and where the last one ends */
} trial_rows;

/* What becomes of a trial's bins. */
typedef struct trial_bins {
    bool keep;   /* in time, padded to the longest trial; else one value per trial, the mean */
    bool counts; /* the numbers are spike counts */
    double bin_ms, start_ms;
    const char *aligned_to; /* borrowed */
} trial_bins;

/* clang-format off */
#define TRIAL_BINS_KEYS                                                                                              \
    { "bins", "mean: one value per trial and unit, the mean over its rows; keep: the rows are bins in time", "mean", false }, \
    { "counts", "true: the features are spike counts (whole numbers, 0 to 255)", "false", false },                   \
    { "bin_ms", "length of a bin, where bins are kept", "20", false },                                               \
    { "start_ms", "start of the first bin after the event that trials are aligned to", "0", false },                 \
    { "aligned_to", "name of that event", "target_on", false }
/* clang-format on */

/* Reads the keys above from a session's mapping. */
status trial_bins_read(const node *mapping, trial_bins *out);

/* Finds the trials: rows with equal numbers. NULL: every row is a trial. Refuses numbers that jump back or are none. */
status trial_rows_make(const char *path, const int *line, int64_t rows, const double *number,
                       trial_rows *out);
void trial_rows_free(trial_rows *t);

/* Add a column of the trials. Numbers (rows, dimensions) are averaged over a trial's rows, or refused where they differ and
 * `constant` is wanted; texts (rows, of which each `stride`-th is taken) may never differ. A column that the session has
 * already is left as it is. */
status trial_rows_numbers(const trial_rows *t, recorded_session *s, const char *name, const double *number,
                          int dimensions, bool constant);
status trial_rows_texts(const trial_rows *t, recorded_session *s, const char *name, char *const *text,
                        int64_t stride);

/* Adds an area of values (rows, units, bins); bins is 1 unless every row is a trial. Refuses what is not finite. */
status trial_rows_area(const trial_rows *t, recorded_session *s, const trial_bins *how, const char *name,
                       const double *value, int units, int bins);

#endif
