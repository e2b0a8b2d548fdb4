#include "outcomes.h"

#include <string.h>

enum { LISTED = 10 };

status outcomes_read(const results *r, outcomes *out)
{
    status result = OK;
    int64_t cells = sweep_grid(results_sweep(r))->cells;
    *out = (outcomes){ 0 };
    TRY(results_status(r, &out->of));
    for (int64_t i = 0; i < cells; i++)
        if (out->of[i] < OUTCOMES) out->count[out->of[i]]++;
done:
    return result;
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

status outcomes_print_failures(const results *r, const outcomes *o, FILE *to)
{
    status result = OK;
    const grid *g = sweep_grid(results_sweep(r));
    int64_t listed = 0, all = outcomes_failed(o);
    for (int64_t cell = 0; cell < g->cells && listed < all && listed < LISTED; cell++) {
        char reason[REASON_MAX];
        if (!has_failed(o->of[cell])) continue;
        TRY(results_reason(r, cell, reason));
        fprintf(to, "  %s: ", outcome_text((outcome)o->of[cell]));
        grid_print_cell(g, cell, to);
        fprintf(to, ": %s\n", reason);
        listed++;
    }
    if (all > listed) fprintf(to, "  … and %lld more\n", (long long)(all - listed));
done:
    return result;
}
