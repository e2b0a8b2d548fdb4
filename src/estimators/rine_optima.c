#include "rine_optima.h"

#include <math.h>
#include <stdlib.h>

#include "compress.h"
#include "exact.h"
#include "rine.h"

static const rine_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

/* Above this many unknowns (symbols times classes, over the sources) the exact optimum would cost more than the
 * training; `exact` solves larger tables on request. */
enum { EXACT_UNKNOWNS_MAX = 400 };

/* Of the distance, in the last epoch. */
static double final_weight(const settings *s, const data_shape *shape)
{
    const train_options *t = s->block[SECTION_TRAIN];
    return rine_weight(options_of(s), shape->classes, t->epochs - 1);
}

/* Do two tasks have the same table and the same objective? */
static bool same_optimum(const settings *a, const settings *b, const data_shape *shape)
{
    return options_of(b)->exact && final_weight(a, shape) == final_weight(b, shape) &&
           settings_equal(a, b, SECTION_DATA);
}

static status solve_optimum(const settings *s, const data_shape *shape, double *bits)
{
    status result = OK;
    const rine_options *o = options_of(s);
    table *t = NULL;
    rine_optimum optimum;
    int unknowns = 0;

    *bits = NAN;
    if (compress_is_on(s)) goto done; /* of other sources than those of the table */
    TRY(s->data->table(s, &t));
    if (t == NULL) goto done;
    for (int i = 0; i < t->sources; i++) unknowns += t->symbols[i] * t->classes;
    if (unknowns > EXACT_UNKNOWNS_MAX) goto done;
    TRY(rine_optimum_solve(t, (rine_distance)o->distance, (rine_coupling)o->coupling, final_weight(s, shape),
                           &optimum));
    *bits = optimum.redundant_information_bits;
done:
    table_free(t);
    if (result == BROKEN) result = OK; /* no certificate, no number: the trained value stands by itself */
    return result;
}

/* Every distinct optimum of the pack is solved once, and the coordinator is answered before each. */
status rine_set_optima(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    double *bits = calloc((size_t)pack->count, sizeof *bits);
    CHECK(bits, NO_MEMORY, "optima of %d tasks", pack->count);
    for (int i = 0; i < pack->count; i++) {
        int twin = 0;
        if (!options_of(pack->task[i])->exact) continue;
        while (twin < i && !same_optimum(pack->task[i], pack->task[twin], &pack->shape)) twin++;
        if (twin < i) {
            bits[i] = bits[twin];
        } else {
            TRY(t->tick(t, 1) ? OK : WORK_LEFT);
            TRY(solve_optimum(pack->task[i], &pack->shape, &bits[i]));
        }
        if (rows[i]->outcome == OUTCOME_DONE) row_set(rows[i], "exact_redundant_information", 0, bits[i]);
    }
done:
    free(bits);
    return result;
}
