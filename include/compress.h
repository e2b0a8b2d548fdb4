/* Compression in front of an estimator: what it sees of its sources are their first principal components, fitted on the training
 * part (on all samples where there is none). The section `compress` of a sweep file; off unless asked for.
 *
 * On a gang the last bits depend on the number of ranks (pca.h): estimators that compress on one have `rounds` (estimator.h). */
#ifndef COMPRESS_H
#define COMPRESS_H

#include "gang.h"
#include "samples.h"

typedef enum compress_method { COMPRESS_NONE, COMPRESS_PCA } compress_method;

typedef struct compress_options {
    int by;             /* compress_method */
    int64_t components; /* most that are kept of each source; 0: by their share of the variance alone */
    double share;       /* share of the variance that the components keep, if so many suffice */
    bool with_target;   /* the target, too, where it is continuous */
    double
        feature_noise; /* standard deviation of independent Gaussian noise in every feature; 0: not known, or none */
} compress_options;

extern const section compress_section;

/* What was kept of each source, and last of the target. */
typedef struct compressed {
    int components[SOURCES_MAX + 1];  /* 0 where nothing was compressed */
    double variance[SOURCES_MAX + 1]; /* share that they have; NaN where nothing was compressed */
    double
        lost_nats[SOURCES_MAX +
                  1]; /* most information that can be lost (pca.h), where the noise is known; NaN elsewhere */
} compressed;

bool compress_is_on(const settings *s);
/* The shape of what comes out: by `share` there may be fewer components, and the rest are zeros. BAD_INPUT where data cannot be
 * compressed: a finite table, passes that differ, fewer features than components. */
status compress_shape(const settings *s, data_shape *shape);

/* What compression takes beside what the estimator does: arithmetic, seconds on one core (the making of uncompressed samples among
 * them), and bytes of each rank of the gang that the task gets, or of one rank. Zeros where it is off. */
typedef struct compress_cost {
    double flops, seconds;
    size_t bytes;
} compress_cost;
void compress_cost_of(const settings *s, bool by_gang, compress_cost *out);

/* What an estimator learns from: made by the data kind, compressed where that is asked for. Collective over the gang (NULL: this
 * rank alone), all of whose ranks get the same. */
status prepare_dataset(const settings *s, gang *g, dataset **out);
/* The same in double precision. A source has as many columns as components were kept: out->shape may be narrower than
 * compress_shape says. *what (unless NULL) tells what was kept. */
status prepare_samples(const settings *s, gang *g, samples **out, compressed *what);

#endif
