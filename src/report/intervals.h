/* Confidence intervals: bootstrap of recorded trials. What a trained network says about each trial is kept; which trials
 * happened to be recorded is drawn again, from those of the same target, and the value is formed anew. Training is not
 * repeated, so an interval leaves its variance out (the standard deviation over seeds has it).
 *
 *     value = H(Y) − 1/n Σ_i Σ_c W_ic b_ic     source i, target c; b_ic mean cross-entropy, W_ic frequency, both weighted
 *                                              as the cells of the group are (trials.h)
 *
 * Of n_c trials of a target n_c − 1 are drawn with replacement: then the variance of the drawn mean is s² / n_c, which n_c
 * drawn ones fall short of by (n_c − 1) / n_c (Rao and Wu, J. Am. Stat. Assoc. 83 (1988) 231). Where trials that follow
 * each other depend on each other, whole blocks of them are drawn instead, B − 1 of B.
 *
 * Sessions are drawn independently of each other; sources that were recorded in one session get the same trials. Resample k
 * of a session is the same in every group that has the same trials of it, so that differences and means of groups have
 * intervals, too. Random numbers depend on the session's name and k alone: a report is the same every time. */
#ifndef REPORT_INTERVALS_H
#define REPORT_INTERVALS_H

#include "trials.h"

/* resamples of value − value as recorded, into shift[0 … resamples-1]; *any is false where some
 * session has no two trials of a target, or no two blocks: nothing tells then how the value varies. */
status intervals_resample(const group_trials *t, bool blocks, int64_t resamples, double *shift, bool *any);

typedef struct interval {
    double low, high; /* NaN where there is none */
} interval;

/* Percentiles of value + shift: of `confidence` 0.95, the 2.5 % and the 97.5 % one. */
status intervals_percentile(double value, const double *shift, int64_t resamples, double confidence,
                            interval *out);

#endif
