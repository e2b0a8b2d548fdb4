#include "rine.h"

#include <math.h>

double rine_weight(const rine_options *o, int outputs, int64_t epoch)
{
    double beta = o->beta;
    if (o->beta_schedule > 0) beta *= 1 - pow(o->beta_schedule, (double)epoch);
    return o->reduce == REDUCE_MEAN ? beta / outputs : beta;
}

double rine_target_entropy_bits(const rine_options *o, const dataset *d)
{
    switch ((enum target_entropy)o->target_entropy) {
    case ENTROPY_UNIFORM:
        return log2(d->shape.classes);
    case ENTROPY_EMPIRICAL:
        if (d->shape.weighted) return d->target_entropy_bits; /* the table's own */
        return dataset_empirical_entropy_bits(d->test_y, d->shape.test, d->shape.classes);
    case ENTROPY_KNOWN:
        break;
    }
    return d->target_entropy_bits;
}
