/* The measures of `exact`: from a table to what its sources share, have alone and have together only. */
#ifndef EXACT_MEASURES_H
#define EXACT_MEASURES_H

#include "decomposition.h"

typedef enum exact_measure {
    MEASURE_RINE,
    MEASURE_MIN,
    MEASURE_WEDGE,
    MEASURE_GH,
    MEASURE_PREC,
    MEASURE_BROJA,
    MEASURE_UNION,
    MEASURE_WMS,
    MEASURE_CI
} exact_measure;
#define EXACT_MEASURES "rine|min|wedge|gh|prec|broja|union|wms|ci"

/* In bits; NaN where the measure does not say. Values may be negative: that is what the measure then says. */
typedef struct decomposition {
    double redundant, united; /* of all sources */
    double unique[2];         /* for two sources */
    double synergistic;
    double gap;   /* certified: how far the value may be from the optimum; 0 where it is a formula */
    double drift; /* of the marginals that an optimum must keep */
} decomposition;

/* Can this measure look at this table? BAD_INPUT says why not, without solving anything. */
status exact_measure_accepts(exact_measure m, const table *t);
/* Any measure but MEASURE_RINE. */
status exact_decompose(exact_measure m, const table *t, solver_pause *pause, decomposition *out);
/* The other atoms of a redundancy, by the identities of the decomposition: of all sources the union is known for two only. */
void decomposition_complete(const table *t, decomposition *d);

#endif
