#include "estimators/exact_measures.h"

#include <math.h>

#include "exact.h"

static double of_source(const table *t, int i)
{
    return table_information_bits(t, 1U << i);
}

static double of_all(const table *t)
{
    return table_information_bits(t, (1U << t->sources) - 1);
}

static double sum_of_sources(const table *t)
{
    double sum = 0;
    for (int i = 0; i < t->sources; i++) sum += of_source(t, i);
    return sum;
}

status exact_measure_accepts(exact_measure m, const table *t)
{
    status result = OK;
    CHECK(m != MEASURE_BROJA || t->sources == 2, BAD_INPUT,
          "exact.measure broja is for two sources, and the table has %d; all other measures take any number",
          t->sources);
    CHECK((m != MEASURE_GH && m != MEASURE_PREC) || decomposition_has_rays(), BAD_INPUT,
          "exact.measure gh and prec need GLPK, which this infosweep was built without (see INSTALL)");
    CHECK(m != MEASURE_GH || t->rows <= REDUNDANCY_GH_ROWS_MAX, BAD_INPUT,
          "exact.measure gh is for tables of up to %d rows, and this one has %d; prec bounds it from above",
          REDUNDANCY_GH_ROWS_MAX, t->rows);
done:
    return result;
}

/* redundancy of two sources: R = I1 + I2 - U; unique_i = I_i - R; synergy = I12 - U. */
void decomposition_complete(const table *t, decomposition *d)
{
    if (t->sources == 2 && isnan(d->united)) d->united = sum_of_sources(t) - d->redundant;
    if (t->sources == 2 && isnan(d->redundant)) d->redundant = sum_of_sources(t) - d->united;
    for (int i = 0; t->sources == 2 && i < 2; i++) d->unique[i] = of_source(t, i) - d->redundant;
    d->synergistic = of_all(t) - d->united;
}

static status by_rays(exact_measure m, const table *t, solver_pause *pause, decomposition *d)
{
    status result = OK;
    ray_solution rays;
    TRY(m == MEASURE_GH ? redundancy_gh(t, pause, &rays) : redundancy_prec(t, pause, &rays));
    d->redundant = rays.bits;
    d->gap = rays.gap_bits;
done:
    return result;
}

static status by_union(const table *t, solver_pause *pause, decomposition *d)
{
    status result = OK;
    union_solution all;
    TRY(union_information(t, pause, &all));
    d->united = all.bits;
    d->gap = all.gap_bits;
    d->drift = all.drift;
done:
    return result;
}

status exact_decompose(exact_measure m, const table *t, solver_pause *pause, decomposition *out)
{
    status result = OK;
    decomposition d = { NAN, NAN, { NAN, NAN }, NAN, 0, NAN };
    double synergy;
    switch (m) {
    case MEASURE_MIN:
        TRY(redundancy_min(t, &d.redundant));
        break;
    case MEASURE_WEDGE:
        d.redundant = table_wedge_bits(t);
        break;
    case MEASURE_GH:
    case MEASURE_PREC:
        TRY(by_rays(m, t, pause, &d));
        break;
    case MEASURE_WMS:
        d.united = sum_of_sources(t);
        break;
    case MEASURE_CI:
        TRY(correlational_importance(t, &synergy));
        d.united = of_all(t) - synergy;
        break;
    case MEASURE_BROJA:
    case MEASURE_UNION:
        TRY(by_union(t, pause, &d));
        break;
    case MEASURE_RINE:
        CHECK(false, BROKEN, "RINE's optimum is no measure of a table alone");
    }
    decomposition_complete(t, &d);
    CHECK(!isinf(d.redundant) && !isinf(d.united), BROKEN,
          "the probabilities of a table of %d rows are too far apart for double precision", t->rows);
    *out = d;
done:
    return result;
}
