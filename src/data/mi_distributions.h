/* Distributions of the mutual information benchmark before they are transformed, with their information in closed form. */
#ifndef MI_DISTRIBUTIONS_H
#define MI_DISTRIBUTIONS_H

#include "data/pair_samples.h"

typedef enum mi_distribution { MI_NORMAL, MI_STUDENT, MI_ADDITIVE } mi_distribution;
typedef enum mi_dispersion { MI_DENSE, MI_PAIRS, MI_IDENTITY } mi_dispersion;
enum { MI_DEGREES_MOST = 1000 };

typedef struct mi_options {
    int task;                     /* index into MI_BENCHMARK_NAMES */
    int distribution, dispersion; /* enum mi_distribution, mi_dispersion */
    int64_t dimension_x, dimension_y;
    double correlation;
    int64_t pairs, degrees;
    double epsilon;
    int transform; /* mi_transform */
    double speed;
    pair_options sizes;
} mi_options;

/* Is there such a distribution? */
status mi_distribution_check(const mi_options *o);
double mi_distribution_nats(const mi_options *o);
status mi_distribution_samples(const settings *s, const mi_options *o, samples **out);

#endif
