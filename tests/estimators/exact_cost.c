#include "estimators/exact_cost.h"

#include "check.h"
#include "data/gates.h"
#include "numerics/tables.h"

static exact_cost cost_of_draw(exact_measure m, int symbols, int classes)
{
    int alphabet[] = { symbols, symbols };
    table *t = wide_table(2, alphabet, classes, 1, 1);
    exact_cost c = exact_cost_of(m, DISTANCE_L1, t);
    table_free(t);
    return c;
}

static void every_measure_costs_something_and_more_for_more(void)
{
    for (exact_measure m = MEASURE_RINE; m <= MEASURE_CI; m++) {
        exact_cost before = { 0 };
        for (int symbols = 2; symbols <= 8; symbols += 2) {
            exact_cost now = cost_of_draw(m, symbols, 3);
            CU_ASSERT(isfinite(now.seconds) && isfinite(now.flops));
            CU_ASSERT(now.seconds > before.seconds ||
                      now.seconds > 5); /* what is refused in the end has a limit */
            CU_ASSERT(now.flops > before.flops && now.bytes > before.bytes);
            before = now;
        }
    }
}

/* Orders of magnitude on any processor, of what took 4 ms, 0.1 s, 0.1 s and 0.1 ms on one. */
static void costs_are_apart_by_measure(void)
{
    CU_ASSERT(cost_of_draw(MEASURE_BROJA, 8, 8).seconds < 0.05);
    CU_ASSERT(cost_of_draw(MEASURE_BROJA, 16, 16).seconds > 0.005);
    CU_ASSERT(cost_of_draw(MEASURE_PREC, 16, 4).seconds > 0.01);
    CU_ASSERT(cost_of_draw(MEASURE_PREC, 4, 4).seconds < 0.001);
    CU_ASSERT(cost_of_draw(MEASURE_MIN, 16, 16).seconds < 0.01);
}

/* Gates are solved in a millisecond, whatever their alphabets. */
static void gates_are_cheap(void)
{
    static const char *const names[] = { "and", "xor", "rdnunqxor", "gband", "imperfectrdn", "sum" };
    for (int k = 0; k < 6; k++) {
        table *t = NULL;
        if (gate_table(names[k], &t) != OK) abort();
        for (exact_measure m = MEASURE_MIN; m <= MEASURE_CI; m++)
            CU_ASSERT(exact_cost_of(m, DISTANCE_L1, t).seconds < 0.01);
        table_free(t);
    }
}

/* Of 2000 symbols that occur once each, the rows count and not what might be. */
static void large_tables_have_a_finite_cost(void)
{
    static const int symbols[] = { 2000, 2000 };
    table *t = NULL;
    if (table_make(2, symbols, 2, 2000, &t) != OK) abort();
    for (int r = 0; r < t->rows; r++) {
        t->symbol[2 * r] = t->symbol[2 * r + 1] = r;
        t->y[r] = r % 2;
        t->p[r] = 1.0 / t->rows;
    }
    for (exact_measure m = MEASURE_RINE; m <= MEASURE_CI; m++) {
        exact_cost c = exact_cost_of(m, DISTANCE_L1, t);
        CU_ASSERT(isfinite(c.seconds) && c.seconds > 0 && isfinite(c.flops));
    }
    CU_ASSERT(exact_cost_of(MEASURE_PREC, DISTANCE_L1, t).bytes < (size_t)1 << 30);
    table_free(t);
}

CHECK_MAIN("exact_cost", TEST(every_measure_costs_something_and_more_for_more),
           TEST(costs_are_apart_by_measure), TEST(gates_are_cheap), TEST(large_tables_have_a_finite_cost))
