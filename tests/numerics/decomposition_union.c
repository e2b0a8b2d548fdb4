#include "check.h"
#include "data/settings_of.h"
#include "decomposition.h"
#include "exact.h"
#include "numerics/tables.h"

/* What the path ends with is some 1e-11 nats off, and a little more where cells empty; a gap of 1e-6 bits is accepted. */
static const double CLOSE = 1e-8, DRIFT = 1e-12;

static table *gate(const char *name)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", name);
    table *made = table_of(t);
    settings_of_free(t);
    return made;
}

static double union_bits(const table *t)
{
    union_solution u = { .bits = NAN };
    status result = union_information(t, NULL, &u);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL(result, OK);
    CU_ASSERT(u.gap_bits >= 0 && u.gap_bits <= CLOSE);
    CU_ASSERT(u.drift >= 0 && u.drift <= DRIFT);
    return u.bits;
}

static double redundancy_bits(const table *t)
{
    return table_information_bits(t, 1) + table_information_bits(t, 2) - union_bits(t);
}

static double whole_minus_sum_bits(const table *t)
{
    double bits = NAN;
    CU_ASSERT_EQUAL(whole_minus_sum(t, &bits), OK);
    return bits;
}

/* The table with another source behind the others: its symbol k < symbols has probability share[k], whatever the rest. */
static table *with_noise(const table *t, int symbols, const double *share)
{
    int alphabet[SOURCES_MAX];
    for (int i = 0; i < t->sources; i++) alphabet[i] = t->symbols[i];
    alphabet[t->sources] = symbols;
    table *made = NULL;
    if (table_make(t->sources + 1, alphabet, t->classes, t->rows * symbols, &made) != OK) abort();
    for (int r = 0; r < made->rows; r++) {
        int from = r / symbols, noise = r % symbols;
        for (int i = 0; i < t->sources; i++)
            made->symbol[r * made->sources + i] = t->symbol[from * t->sources + i];
        made->symbol[r * made->sources + t->sources] = noise;
        made->y[r] = t->y[from];
        made->p[r] = t->p[from] * share[noise];
    }
    return made;
}

/* The table with a copy of a source behind the others. */
static table *with_copy(const table *t, int source)
{
    static const double all = 1;
    table *made = with_noise(t, 1, &all);
    made->symbols[t->sources] = t->symbols[source];
    for (int r = 0; r < t->rows; r++)
        made->symbol[r * made->sources + t->sources] = t->symbol[r * t->sources + source];
    return made;
}

static void the_gates_have_their_known_redundancies(void)
{
    /* bits, to the five digits that are published */
    static const struct {
        const char *gate;
        double bits;
    } known[] = { { "unq", 0 },        { "and", 0.31128 }, { "xor", 0 },         { "rdn", 1 },
                  { "rdnxor", 1 },     { "rdnunqxor", 1 }, { "sum", 0.5 },       { "imperfectrdn", 0.98959 },
                  { "diff", 0.12256 }, { "pntunq", 0.5 },  { "gband", 1.31128 }, { "reducedor", 0.31128 } };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        table *t = gate(known[k].gate);
        CHECK_NEAR(redundancy_bits(t), known[k].bits, 1e-5);
        table_free(t);
    }
}

/* y = 1 is x = (1, 1) alone; for y = 0 the marginals leave one number c = q(1, 1, 0) <= 1/4, and H(Y | X) is that of the cell
 * (1, 1), which grows with c: 1/2 bit at c = 1/4. */
static void the_and_gate_is_what_paper_and_pencil_give(void)
{
    table *t = gate("and");
    CHECK_NEAR(union_bits(t), 2 - 0.75 * log2(3) - 0.5, CLOSE);
    table_free(t);
}

typedef struct binary {
    double p[2][2][2]; /* x1, x2, y */
} binary;

/* F of the distribution that moves d[y] along (+ - - +) in the cells of each class, in bits. */
static double moved_bits(const binary *from, const double *d)
{
    double sum = 0;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++) {
            double sign = a == b ? 1 : -1, zero = from->p[a][b][0] + sign * d[0],
                   one = from->p[a][b][1] + sign * d[1];
            if (zero > 0) sum += zero * log2(zero / (zero + fmax(one, 0)));
            if (one > 0) sum += one * log2(one / (one + fmax(zero, 0)));
        }
    return sum;
}

/* Least over d[y], y = from … 1, by golden sections inside of golden sections: F is convex, and so is its minimum over a part. */
static double searched_bits(const binary *t, int from, double *d)
{
    if (from == 2) return moved_bits(t, d);
    const double golden = 0.61803398874989485;
    double low = -fmin(t->p[0][0][from], t->p[1][1][from]), high = fmin(t->p[0][1][from], t->p[1][0][from]);
    double best = INFINITY;
    for (int k = 0; k < 60; k++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        d[from] = left;
        double at_left = searched_bits(t, from + 1, d);
        d[from] = right;
        double at_right = searched_bits(t, from + 1, d);
        best = fmin(best, fmin(at_left, at_right));
        if (at_left < at_right)
            high = right;
        else
            low = left;
    }
    return best;
}

static void binary_tables_agree_with_a_search(void)
{
    static const int symbols[] = { 2, 2 };
    for (uint64_t seed = 0; seed < 40; seed++) {
        table *t = wide_table(2, symbols, 2, seed % 2 ? 1 : 4, seed);
        binary plain = { { { { 0 } } } };
        double d[2];
        for (int r = 0; r < t->rows; r++) plain.p[t->symbol[2 * r]][t->symbol[2 * r + 1]][t->y[r]] = t->p[r];
        double found = table_target_entropy_bits(t) + searched_bits(&plain, 0, d);
        /* at the end of an interval, 60 sections leave 1e-12 of x ln x; flat in between */
        CHECK_NEAR(union_bits(t), fmax(0, found), 1e-7);
        table_free(t);
    }
}

static void redundancy_and_union_stay_within_their_bounds(void)
{
    for (int k = 0; k < 1000; k++) {
        int symbols[] = { 2 + k % 7, 2 + k / 7 % 7 }, classes = 2 + k / 49 % 3;
        table *t = wide_table(2, symbols, classes, k % 3, (uint64_t)k);
        double one = table_information_bits(t, 1), two = table_information_bits(t, 2), both = union_bits(t);
        CU_ASSERT(one + two - both >= -CLOSE);
        CU_ASSERT(both >= fmax(one, two) - CLOSE);
        CU_ASSERT(both <= table_information_bits(t, 3) + CLOSE);
        table_free(t);
    }
}

static void sources_may_be_exchanged_and_renamed(void)
{
    static const int backwards[] = { 1, 0 };
    for (int k = 0; k < 100; k++) {
        int symbols[] = { 2 + k % 7, 2 + k / 7 % 7 };
        table *t = wide_table(2, symbols, 2 + k % 3, 2, 4000 + (uint64_t)k);
        table *exchanged = with_sources(t, 2, backwards), *renamed = relabelled(t);
        double bits = union_bits(t);
        CHECK_NEAR(union_bits(exchanged), bits, CLOSE);
        CHECK_NEAR(union_bits(renamed), bits, CLOSE);
        table_free(t);
        table_free(exchanged);
        table_free(renamed);
    }
}

static void a_source_of_noise_changes_nothing(void)
{
    static const double share[] = { 0.7, 0.2, 0.1 };
    for (int k = 0; k < 60; k++) {
        table *t = random_table(1 + k % 2, 2 + k % 4, 2 + k % 3, 600 + (uint64_t)k),
              *noisy = with_noise(t, 3, share);
        CHECK_NEAR(union_bits(noisy), union_bits(t), CLOSE);
        table_free(t);
        table_free(noisy);
    }
}

static void a_copy_of_a_source_changes_nothing(void)
{
    for (int k = 0; k < 60; k++) {
        table *t = random_table(1 + k % 2, 2 + k % 4, 2 + k % 3, 700 + (uint64_t)k),
              *more = with_copy(t, k / 2 % t->sources);
        CHECK_NEAR(union_bits(more), union_bits(t), CLOSE);
        table_free(t);
        table_free(more);
    }
}

static void another_source_never_takes_from_the_union(void)
{
    static const int pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };
    for (int k = 0; k < 60; k++) {
        int symbols[] = { 2 + k % 3, 2 + k / 3 % 3, 2 + k / 9 % 3 };
        table *t = wide_table(3, symbols, 2 + k % 3, 2, 900 + (uint64_t)k);
        double all = union_bits(t);
        CU_ASSERT(all <= table_information_bits(t, 7) + CLOSE);
        for (int i = 0; i < 3; i++) {
            table *pair = with_sources(t, 2, pairs[i]);
            CU_ASSERT(union_bits(pair) <= all + CLOSE);
            table_free(pair);
        }
        table_free(t);
    }
}

static void one_source_has_all_of_its_information(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        table *t = random_table(1, 6, 4, seed);
        CHECK_NEAR(union_bits(t), table_information_bits(t, 1), CLOSE);
        table_free(t);
    }
}

/* Of a parity no two of three bits know anything, and of three bits each knows one. */
static void three_sources_of_known_union(void)
{
    static const int bits[] = { 2, 2, 2 };
    table *t = NULL;
    if (table_make(3, bits, 8, 8, &t) != OK) abort();
    for (int r = 0; r < 8; r++) {
        for (int i = 0; i < 3; i++) t->symbol[3 * r + i] = r >> i & 1;
        t->y[r] = r;
        t->p[r] = 0.125;
    }
    CHECK_NEAR(union_bits(t), 3, CLOSE);
    for (int r = 0; r < 8; r++) t->y[r] = (r ^ r >> 1 ^ r >> 2) & 1;
    CHECK_NEAR(union_bits(t), 0, CLOSE);
    table_free(t);
}

/* Some of these stop the quick steps. */
static void probabilities_of_many_orders_of_magnitude_are_certified(void)
{
    static const struct {
        int sources, symbols, classes;
        uint64_t seed;
    } hard[] = {
        { 2, 3, 3, 9787 }, { 2, 5, 2, 9978 }, { 2, 3, 2, 12636 }, { 3, 2, 3, 12103 }, { 3, 2, 4, 2492 }
    };
    for (size_t k = 0; k < sizeof hard / sizeof hard[0]; k++) {
        table *t = random_table(hard[k].sources, hard[k].symbols, hard[k].classes, hard[k].seed);
        CU_ASSERT(union_bits(t) <= table_information_bits(t, (1U << t->sources) - 1) + CLOSE);
        table_free(t);
    }
    for (int k = 0; k < 100; k++) {
        int symbols[] = { 2 + k % 4, 2 + k % 3 };
        table *t = wide_table(2, symbols, 2 + k % 3, 12, 5000 + (uint64_t)k);
        CU_ASSERT(union_bits(t) <= table_information_bits(t, 3) + CLOSE);
        table_free(t);
    }
}

static void symbols_that_never_occur_and_a_single_class_do_no_harm(void)
{
    static const int symbols[] = { 3, 5 };
    table *t = NULL;
    if (table_make(2, symbols, 4, 2, &t) != OK) abort();
    t->symbol[2] = 2;
    t->symbol[3] = 4;
    t->y[1] = 3;
    t->p[0] = t->p[1] = 0.5;
    CHECK_NEAR(union_bits(t), 1, CLOSE);
    t->y[1] = 0;
    t->classes = 1;
    CHECK_NEAR(union_bits(t), 0, CLOSE);
    t->rows = 1;
    t->p[0] = 1;
    CHECK_NEAR(union_bits(t), 0, CLOSE);
    table_free(t);
}

static void the_same_table_gives_the_same_bits(void)
{
    table *t = random_table(2, 6, 4, 3);
    union_solution one, two;
    CU_ASSERT_EQUAL(union_information(t, NULL, &one), OK);
    CU_ASSERT_EQUAL(union_information(t, NULL, &two), OK);
    CU_ASSERT(one.bits == two.bits && one.gap_bits == two.gap_bits && one.drift == two.drift);
    CU_ASSERT_EQUAL(one.steps, two.steps);
    table_free(t);
}

static bool goes_on_twice(solver_pause *self)
{
    return ++*(int *)self->context <= 2;
}

static void a_pause_gives_up(void)
{
    int asked = 0;
    solver_pause pause = { goes_on_twice, &asked };
    table *t = random_table(2, 6, 4, 3);
    union_solution u;
    CU_ASSERT_EQUAL(union_information(t, &pause, &u), WORK_LEFT);
    CU_ASSERT_EQUAL(asked, 3);
    table_free(t);
}

static void tables_that_are_too_large_are_refused(void)
{
    static const int cells[] = { 2100, 2100 }, marginals[] = { 40, 400 };
    table *t = NULL;
    union_solution u;
    if (table_make(2, cells, 2, 1, &t) != OK) abort();
    t->p[0] = 1;
    CU_ASSERT_EQUAL(union_information(t, NULL, &u), BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "they may be 33554432 at the most") != NULL);
    table_free(t);
    if (table_make(2, marginals, 6, 40 * 400 * 6, &t) != OK) abort();
    for (int r = 0; r < t->rows; r++) {
        t->symbol[2 * r] = r % 40;
        t->symbol[2 * r + 1] = r / 40 % 400;
        t->y[r] = r / 16000;
        t->p[r] = 1.0 / t->rows;
    }
    CU_ASSERT_EQUAL(union_information(t, NULL, &u), BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "2634 independent marginals") != NULL);
    table_free(t);
}

static void whole_minus_sum_is_synergy_minus_redundancy(void)
{
    for (int k = 0; k < 50; k++) {
        table *t = random_table(2, 4, 3, (uint64_t)k);
        double synergy = table_information_bits(t, 3) - union_bits(t);
        CHECK_NEAR(whole_minus_sum_bits(t), synergy - redundancy_bits(t), CLOSE);
        table_free(t);
    }
}

CHECK_MAIN("decomposition_union", TEST(the_gates_have_their_known_redundancies),
           TEST(the_and_gate_is_what_paper_and_pencil_give), TEST(binary_tables_agree_with_a_search),
           TEST(redundancy_and_union_stay_within_their_bounds), TEST(sources_may_be_exchanged_and_renamed),
           TEST(a_source_of_noise_changes_nothing), TEST(a_copy_of_a_source_changes_nothing),
           TEST(another_source_never_takes_from_the_union), TEST(one_source_has_all_of_its_information),
           TEST(three_sources_of_known_union), TEST(probabilities_of_many_orders_of_magnitude_are_certified),
           TEST(symbols_that_never_occur_and_a_single_class_do_no_harm),
           TEST(the_same_table_gives_the_same_bits), TEST(a_pause_gives_up),
           TEST(tables_that_are_too_large_are_refused), TEST(whole_minus_sum_is_synergy_minus_redundancy))
