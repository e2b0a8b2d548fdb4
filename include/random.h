/* Random numbers that depend on what they are for and on nothing else.
 *
 * Philox4x32-10 (Random123; Salmon et al. 2011) turns a counter into numbers, so there is no state to carry, save or
 * share: the same (seed, purpose, stream, epoch, index) gives the same number on any rank, in any lane, after any
 * restart. Purposes are listed here and never renumbered. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

typedef enum random_purpose {
    RANDOM_DATA = 1,       /* which sample: gate rows, overlap codes */
    RANDOM_NOISE = 2,      /* noise features of a source (stream: source) */
    RANDOM_SPLIT = 3,      /* training and test part */
    RANDOM_INIT = 4,       /* parameters (stream: source * 64 + layer) */
    RANDOM_SHUFFLE = 5,    /* order of the samples in an epoch */
    RANDOM_TRIAL = 6,      /* the `idle` estimator */
    RANDOM_FOLD = 7,       /* which fold a recorded trial is tested in */
    RANDOM_PAIR = 8,       /* surrogate pairs of trials (stream: source) */
    RANDOM_SUBSET = 9,     /* units and trials that are matched in number (stream: source) */
    RANDOM_TARGET = 10,    /* shuffled targets of the permutation null */
    RANDOM_TUNING = 11,    /* tuning curves of simulated units (stream: session) */
    RANDOM_SPIKES = 12,    /* counts of simulated units (stream: session) */
    RANDOM_BOOTSTRAP = 13, /* resampled trials of a report */
    RANDOM_AUGMENT = 14,   /* shifts of images (stream: source) */
    RANDOM_TIES = 15,      /* noise that tells equal samples apart (epoch: round) */
    RANDOM_RESAMPLE = 16,  /* samples of a bootstrap (epoch: resample) */
} random_purpose;

/* The key of a sequence: numbers `index` = 0, 1, 2, … of it are independent and uniform. */
typedef struct random_key {
    uint64_t seed;
    uint32_t purpose; /* random_purpose */
    uint32_t stream;  /* source, layer, …; below 65536 */
    uint32_t epoch;
} random_key;

void random_block(random_key key, uint64_t block, uint32_t out[4]); /* numbers 4*block … 4*block+3 */
uint32_t random_word(random_key key, uint64_t index);
double random_uniform(random_key key, uint64_t index); /* in (0, 1), 32 bits, never 0 or 1 */
double random_normal(random_key key,
                     uint64_t index); /* mean 0, variance 1: the inverse distribution function */
/* Uniform in 0 … bound-1 by multiply-high: off by at most bound / 2^32 in probability, far below anything sampled. */
uint32_t random_below(random_key key, uint64_t index, uint32_t bound);
/* A random order of 0 … count-1 (Fisher-Yates). */
void random_permutation(random_key key, int64_t count, int32_t *order);

#endif
