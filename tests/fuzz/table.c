#include <math.h>

#include "data/gates.h"
#include "decomposition.h"
#include "exact.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "table";

/* What every table is, whatever file it is from. */
static void check_table(const table *t)
{
    double sum = 0;
    fuzz_require(t->sources >= 2 && t->sources <= SOURCES_MAX && t->classes >= 1 && t->rows >= 1, "no table");
    for (int r = 0; r < t->rows; r++) {
        for (int i = 0; i < t->sources; i++) {
            int symbol = t->symbol[r * t->sources + i];
            fuzz_require(symbol >= 0 && symbol < t->symbols[i], "a symbol that its source has not");
            fuzz_require(isfinite(t->value[i][symbol]), "a symbol without a value");
        }
        fuzz_require(t->y[r] >= 0 && t->y[r] < t->classes, "a class that the target has not");
        fuzz_require(t->p[r] > 0, "an outcome that never happens");
        sum += t->p[r];
    }
    fuzz_require(fabs(sum - 1) < 1e-9, "probabilities that do not sum to 1");
}

/* What is certain of measures that are formulas. Probabilities that are denormal numbers leave some of them without bits. */
static void check_measures(const table *t)
{
    double least = table_wedge_bits(t), most = table_target_entropy_bits(t), bits;
    fuzz_require(isfinite(least) && isfinite(most) && least <= most + 1e-9,
                 "a common part that says too much");
    fuzz_check(redundancy_min(t, &bits));
    fuzz_require(!isnan(bits), "a redundancy that is no number");
    fuzz_check(correlational_importance(t, &bits));
    fuzz_require(!isnan(bits), "a synergy that is no number");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    table *t = NULL;
    status result = gate_read(fuzz_file("input.csv", data, size), &t);
    fuzz_require((result == OK) == (t != NULL), "neither a table nor a refusal");
    if (t) {
        check_table(t);
        check_measures(t);
    }
    table_free(t);
    fuzz_check(result);
    return 0;
}
