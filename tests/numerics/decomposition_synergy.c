/* Synergies that have a formula: correlational importance and whole minus sum. */
#include "check.h"
#include "data/settings_of.h"
#include "decomposition.h"
#include "exact.h"
#include "numerics/tables.h"

static table *gate(const char *name)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", name);
    table *made = table_of(t);
    settings_of_free(t);
    return made;
}

static double importance_bits(const table *t)
{
    double bits = NAN;
    CU_ASSERT_EQUAL(correlational_importance(t, &bits), OK);
    return bits;
}

static double whole_minus_sum_bits(const table *t)
{
    double bits = NAN;
    CU_ASSERT_EQUAL(whole_minus_sum(t, &bits), OK);
    return bits;
}

static void synergies_of_gates(void)
{
    table *parity = gate("xor"), *shared = gate("rdn"), *both = gate("and");
    CHECK_NEAR(importance_bits(parity), 1, 1e-14); /* rounding, here and below */
    CHECK_NEAR(whole_minus_sum_bits(parity), 1, 1e-14);
    CHECK_NEAR(importance_bits(shared), 0, 1e-14);
    CHECK_NEAR(whole_minus_sum_bits(shared), -1, 1e-14);
    /* I(X; Y) = 2 - 3/4 log2 3; I(X_i; Y) = that less H(Y | X_i) = 1/2 */
    CHECK_NEAR(whole_minus_sum_bits(both), 0.75 * log2(3) - 1, 1e-14);
    /* the decoder thinks y = 0 possible at (1, 1), 1/12 against 1/4 */
    CHECK_NEAR(importance_bits(both), 0.25 * log2(4.0 / 3), 1e-14);
    table_free(parity);
    table_free(shared);
    table_free(both);
}

static void importance_is_nothing_where_sources_are_independent_given_the_class(void)
{
    enum { A = 3, B = 4, Y = 3 };
    static const int symbols[] = { A, B };
    for (uint64_t seed = 0; seed < 20; seed++) {
        random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
        table *t = NULL;
        if (table_make(2, symbols, Y, A * B * Y, &t) != OK) abort();
        double sum = 0;
        for (int r = 0; r < t->rows; r++) {
            int a = t->symbol[2 * r] = r % A, b = t->symbol[2 * r + 1] = r / A % B, y = t->y[r] = r / (A * B);
            sum += t->p[r] =
                random_uniform(key, (uint64_t)(y * A + a)) * random_uniform(key, (uint64_t)(100 + y * B + b));
        }
        for (int r = 0; r < t->rows; r++) t->p[r] /= sum;
        CHECK_NEAR(importance_bits(t), 0, 1e-14);
        table_free(t);
    }
}

/* The definition over the whole of three indices, in plain probabilities. */
static double plain_importance_bits(const table *t)
{
    enum { MOST = 5 };
    double p[MOST][MOST][MOST] = { { { 0 } } }, sum = 0;
    double one[MOST][MOST] = { { 0 } }, two[MOST][MOST] = { { 0 } }, class[MOST] = { 0 };
    for (int r = 0; r < t->rows; r++) p[t->symbol[2 * r]][t->symbol[2 * r + 1]][t->y[r]] = t->p[r];
    for (int a = 0; a < MOST; a++)
        for (int b = 0; b < MOST; b++)
            for (int y = 0; y < MOST; y++) {
                one[a][y] += p[a][b][y];
                two[b][y] += p[a][b][y];
                class[y] += p[a][b][y];
            }
    for (int a = 0; a < MOST; a++)
        for (int b = 0; b < MOST; b++) {
            double cell = 0, decoded = 0;
            for (int y = 0; y < MOST; y++) {
                cell += p[a][b][y];
                if (class[y] > 0) decoded += one[a][y] * two[b][y] / class[y];
            }
            for (int y = 0; y < MOST; y++)
                if (p[a][b][y] > 0)
                    sum +=
                        p[a][b][y] * log2(p[a][b][y] / cell * decoded / (one[a][y] * two[b][y] / class[y]));
        }
    return sum;
}

static void importance_agrees_with_plain_loops(void)
{
    for (int k = 0; k < 200; k++) {
        int symbols[] = { 2 + k % 4, 2 + k / 4 % 4 };
        table *t = wide_table(2, symbols, 2 + k / 16 % 4, 3, (uint64_t)k);
        double bits = importance_bits(t);
        CHECK_NEAR(bits, plain_importance_bits(t), 1e-12); /* rounding of some hundred terms */
        CU_ASSERT(bits >= 0);
        table_free(t);
    }
}

static void a_single_class_and_symbols_that_never_occur_have_none(void)
{
    static const int symbols[] = { 3, 5 };
    table *t = NULL;
    if (table_make(2, symbols, 4, 2, &t) != OK) abort();
    t->symbol[2] = 2;
    t->symbol[3] = 4;
    t->y[1] = 3;
    t->p[0] = t->p[1] = 0.5;
    CHECK_NEAR(importance_bits(t), 0, 1e-14); /* rounding */
    t->y[1] = 0;
    t->classes = 1;
    CHECK_NEAR(importance_bits(t), 0, 1e-14);
    table_free(t);
}

CHECK_MAIN("decomposition_synergy", TEST(synergies_of_gates),
           TEST(importance_is_nothing_where_sources_are_independent_given_the_class),
           TEST(importance_agrees_with_plain_loops),
           TEST(a_single_class_and_symbols_that_never_occur_have_none))
