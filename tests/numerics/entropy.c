#include "check.h"
#include "exact.h"
#include "numerics/tables.h"

/* A gate of two sources by its outcomes: x1, x2, y and a share of the probability. */
typedef struct gate {
    const char *name;
    int rows;
    struct {
        int x1, x2, y;
        double share;
    } row[16];
    double first, second, joint, wedge; /* bits */
} gate;

/* Definitions and values as the literature on the partial information decomposition has them. */
static const gate gates[] = {
    { "DIFF", 4, { { 0, 0, 0, 1 }, { 0, 0, 1, 1 }, { 0, 1, 0, 1 }, { 1, 0, 1, 1 } }, .31128, .31128, .5, 0 },
    { "REDUCEDOR", 3, { { 0, 0, 0, 2 }, { 0, 1, 1, 1 }, { 1, 0, 1, 1 } }, .31128, .31128, 1, 0 },
    { "PNTUNQ", 4, { { 0, 1, 1, 1 }, { 1, 0, 1, 1 }, { 0, 2, 2, 1 }, { 2, 0, 2, 1 } }, .5, .5, 1, 0 },
    { "GBAND", /* a shared bit r beside AND: x = 2 r + bit, y = 2 r + and */
      8,
      { { 0, 0, 0, 1 },
        { 0, 1, 0, 1 },
        { 1, 0, 0, 1 },
        { 1, 1, 1, 1 },
        { 2, 2, 2, 1 },
        { 2, 3, 2, 1 },
        { 3, 2, 2, 1 },
        { 3, 3, 3, 1 } },
      1.31128,
      1.31128,
      1.81128,
      1 },
};

static void gates_of_the_literature_have_their_informations(void)
{
    static const int symbols[] = { 4, 4 }; /* more than some gates use: what never occurs carries nothing */
    for (size_t k = 0; k < sizeof gates / sizeof gates[0]; k++) {
        const gate *g = &gates[k];
        table *t = NULL;
        double shares = 0;
        if (table_make(2, symbols, 4, g->rows, &t) != OK) abort();
        for (int r = 0; r < g->rows; r++) shares += g->row[r].share;
        for (int r = 0; r < g->rows; r++) {
            t->symbol[2 * r] = g->row[r].x1;
            t->symbol[2 * r + 1] = g->row[r].x2;
            t->y[r] = g->row[r].y;
            t->p[r] = g->row[r].share / shares;
        }
        CHECK_NEAR(table_information_bits(t, 1), g->first, 5e-6); /* five decimals are known */
        CHECK_NEAR(table_information_bits(t, 2), g->second, 5e-6);
        CHECK_NEAR(table_information_bits(t, 3), g->joint, 5e-6);
        CHECK_NEAR(table_wedge_bits(t), g->wedge, 5e-6);
        table_free(t);
    }
}

/* I(X_S; Y) from sums over all cells of a full array, for two or three sources. */
static double information_by_arrays(const table *t, unsigned sources)
{
    static double joint[4096], of_x[1024], of_y[16];
    memset(joint, 0, sizeof joint);
    memset(of_x, 0, sizeof of_x);
    memset(of_y, 0, sizeof of_y);
    for (int r = 0; r < t->rows; r++) {
        int x = 0;
        for (int i = 0; i < t->sources; i++)
            if (sources >> i & 1) x = x * t->symbols[i] + t->symbol[r * t->sources + i];
        joint[x * t->classes + t->y[r]] += t->p[r];
        of_x[x] += t->p[r];
        of_y[t->y[r]] += t->p[r];
    }
    double information = 0;
    for (int x = 0; x < 1024; x++)
        for (int y = 0; y < t->classes; y++) {
            double p = x * t->classes + y < 4096 ? joint[x * t->classes + y] : 0;
            if (p > 0) information += p * log2(p / (of_x[x] * of_y[y]));
        }
    return information;
}

static void informations_of_random_tables_agree_with_plain_sums(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        table *t = random_table(3, 4, 3, seed);
        for (unsigned set = 1; set < 8; set++)
            CHECK_NEAR(table_information_bits(t, set), information_by_arrays(t, set), 1e-12); /* rounding */
        CHECK_NEAR(table_information_bits(t, 0), 0, 1e-12);
        table_free(t);
    }
}

static void informations_do_not_depend_on_labels(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        table *t = random_table(2, 5, 4, seed), *other = relabelled(t);
        CHECK_NEAR(table_information_bits(other, 3), table_information_bits(t, 3), 1e-12);
        CHECK_NEAR(table_wedge_bits(other), table_wedge_bits(t), 1e-12);
        table_free(t);
        table_free(other);
    }
}

/* Three sources: a chain of shared symbols joins rows that no single source joins. */
static void the_common_part_follows_chains_through_all_sources(void)
{
    static const int symbols[] = { 3, 3, 3 }, chained[] = { 0, 0, 0, 0, 1, 1, 1, 1, 0, 2, 2, 2 };
    table *t = NULL;
    if (table_make(3, symbols, 4, 4, &t) != OK) abort();
    memcpy(t->symbol, chained, sizeof chained); /* rows 0-1 share x1, 1-2 share x2 or x3, 3 stands alone */
    for (int r = 0; r < 4; r++) {
        t->y[r] = r;
        t->p[r] = 0.25;
    }
    CHECK_NEAR(table_wedge_bits(t), 0.75 * log2(4.0 / 3) + 0.25 * 2, 1e-12);
    t->symbol[9] = 1; /* and now it does not */
    CHECK_NEAR(table_wedge_bits(t), 0, 1e-12);
    table_free(t);
}

CHECK_MAIN("entropy", TEST(gates_of_the_literature_have_their_informations),
           TEST(informations_of_random_tables_agree_with_plain_sums),
           TEST(informations_do_not_depend_on_labels),
           TEST(the_common_part_follows_chains_through_all_sources))
