#include "outcomes.h"

enum { LISTED = 10 };

outcomes outcomes_count(const grid *g, const uint8_t *of)
{
    outcomes o = { .grid = g, .of = of };
    for (int64_t cell = 0; cell < g->cells; cell++)
        if (of[cell] < OUTCOMES) o.count[of[cell]]++;
    return o;
}

int64_t outcomes_failed(const outcomes *o)
{
    return o->count[OUTCOME_DIVERGED] + o->count[OUTCOME_FAILED] + o->count[OUTCOME_QUARANTINED];
}

int64_t outcomes_left(const outcomes *o)
{
    return o->count[OUTCOME_PENDING] + o->count[OUTCOME_RUNNING];
}

static bool has_failed(uint8_t o)
{
    return o == OUTCOME_DIVERGED || o == OUTCOME_FAILED || o == OUTCOME_QUARANTINED;
}

/* The only cell of a grid without axes has no name. */
static status print_failure(const outcomes *o, int64_t cell, const results *r, FILE *to)
{
    status result = OK;
    char reason[REASON_MAX] = "";
    if (r) TRY(results_reason(r, cell, reason));
    fprintf(to, "  ");
    grid_print_cell(o->grid, cell, to);
    fprintf(to, "%s%s%s%s\n", o->grid->axes > 0 ? ": " : "", outcome_text((outcome)o->of[cell]),
            reason[0] ? ": " : "", reason);
done:
    return result;
}

status outcomes_print_failures(const outcomes *o, const results *r, FILE *to)
{
    status result = OK;
    int64_t listed = 0, all = outcomes_failed(o);
    for (int64_t cell = 0; listed < all && listed < LISTED; cell++) {
        if (!has_failed(o->of[cell])) continue;
        TRY(print_failure(o, cell, r, to));
        listed++;
    }
    if (all > listed)
        fprintf(to, "  and %lld more (infosweep report --csv has the status of every task)\n",
                (long long)(all - listed));
done:
    return result;
}
