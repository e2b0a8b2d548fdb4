/* mi: what its files share. Everything is in nats here; results are in bits. */
#ifndef MI_H
#define MI_H

#include "information.h"
#include "samples.h"

typedef enum mi_method {
    METHOD_KSG,
    METHOD_KSG2,
    METHOD_KL,
    METHOD_WKL,
    METHOD_WKL_CODE,
    METHOD_KDE_ML,
    METHOD_KDE_LSE,
    METHOD_GAUSSIAN
} mi_method;
#define MI_METHODS "ksg|ksg2|kl|wkl|wkl_code|kde_ml|kde_lse|gaussian"

/* What the word "auto" of the option `neighbours` is stored as. */
enum { NEIGHBOURS_AUTO = -1 };

typedef struct mi_options {
    int method; /* mi_method */
    int64_t neighbours;
    bool whiten;
    int bandwidth; /* 0: of the joint samples, for all; 1: of each term its own */
    int part;      /* 0: all samples, 1: the test part */
    int64_t permutations;
} mi_options;

/* Samples of one source beside the target. */
typedef struct mi_pair {
    int64_t count;
    int dx, dy;
    const double *x;      /* (count, dx) */
    const double *y;      /* (count, dy); NULL where the target is a class */
    const int32_t *label; /* (count) 0 … classes-1; NULL where it is continuous */
    int classes;
} mi_pair;

/* What an estimate came to beside its value. */
typedef struct mi_estimate {
    double nats, error;
    double bandwidth;    /* of kernels, of the joint samples; NaN elsewhere */
    double weights_norm; /* of neighbours, in the joint space; NaN elsewhere */
} mi_estimate;

/* Neighbours that an estimate looks at. */
int mi_neighbours(const mi_options *o);
/* Can this method look at such samples? BAD_INPUT says why not. */
status mi_accepts(const mi_options *o, const data_shape *shape);
/* From samples without ties. */
status mi_information(const mi_options *o, const mi_pair *pair, mi_estimate *out);

/* The same with the target's rows in other orders, o->permutations of them, drawn from the seed: mean and deviation of what is
 * found where there is nothing, and the share of them, the true order counted as one, that come to `nats` or more. */
typedef struct mi_null {
    double mean, deviation, p;
} mi_null;
status mi_permuted(const mi_options *o, const mi_pair *pair, uint64_t seed, double nats,
                   bool (*go_on)(void *context, double done), void *context, mi_null *out);

#endif
