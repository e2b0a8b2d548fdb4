#include "check.h"
#include "data/gates.h"
#include "decomposition.h"
#include "exact.h"
#include "numerics/tables.h"

#include <time.h>

/* Two ways to the same number differ by what a dozen equations make of the rounding of a table whose least probabilities are
 * 1e-9 of the largest. */
#define CLOSE 1e-9
/* The solver stops where no price lacks more than 1e-10. */
#define GAP 2e-10

enum { TABLES = 1000 };

typedef status solver(const table *t, solver_pause *pause, ray_solution *out);
static solver *const solvers[] = { redundancy_gh, redundancy_prec };
enum { SOLVERS = 2 };

static double solved(solver *solve, const table *t)
{
    ray_solution s = { NAN, 0, NAN };
    if (solve(t, NULL, &s) != OK) {
        fprintf(stderr, "%s\n", failure_text());
        CU_FAIL("a table was not solved");
    }
    CHECK_NEAR(s.gap_bits, 0, GAP);
    return s.bits;
}

static double minimum(const table *t)
{
    double bits = NAN;
    if (redundancy_min(t, &bits) != OK) CU_FAIL("no I_min");
    return bits;
}

/* Griffith and Ho 2015, Kolchinsky 2022 and the papers that brought the gates; two computations agree on all but rdnunqxor. */
static const struct {
    const char *name;
    double first, second, joint, min, wedge, gh, prec;
} gates[] = {
    { "unq", 1, 1, 2, 1, 0, 0, 0 },
    { "and", .31128, .31128, .81128, .31128, 0, .12256, .31128 },
    { "or", .31128, .31128, .81128, .31128, 0, .12256, .31128 },
    { "xor", 0, 0, 1, 0, 0, 0, 0 },
    { "rdn", 1, 1, 1, 1, 1, 1, 1 },
    { "rdnxor", 1, 1, 2, 1, 1, 1, 1 },
    { "rdnunqxor", 2, 2, 4, 2, 1, 1, 1 },
    { "imperfectrdn", 1, .98959, 1, .98959, 0, .98959, .98959 },
    { "sum", .5, .5, 1.5, .5, 0, 0, .5 },
    { "reducedor", .31128, .31128, 1, .31128, 0, 0, .31128 },
    { "pntunq", .5, .5, 1, .5, 0, 0, .5 },
    { "diff", .31128, .31128, .5, .20752, 0, .08170, .08170 },
    { "gband", 1.31128, 1.31128, 1.81128, 1.31128, 1, 1.12256, 1.31128 },
};
enum { GATES = sizeof gates / sizeof gates[0] };

static void gates_have_their_published_redundancies(void)
{
    for (int k = 0; k < GATES; k++) {
        table *t = NULL;
        if (gate_table(gates[k].name, &t) != OK) abort();
        CHECK_NEAR(table_information_bits(t, 1), gates[k].first, 5e-6); /* five decimals are known */
        CHECK_NEAR(table_information_bits(t, 2), gates[k].second, 5e-6);
        CHECK_NEAR(table_information_bits(t, 3), gates[k].joint, 5e-6);
        CHECK_NEAR(minimum(t), gates[k].min, 5e-6);
        CHECK_NEAR(table_wedge_bits(t), gates[k].wedge, 5e-6);
        if (decomposition_has_rays()) {
            CHECK_NEAR(solved(redundancy_gh, t), gates[k].gh, 5e-6);
            CHECK_NEAR(solved(redundancy_prec, t), gates[k].prec, 5e-6);
        }
        table_free(t);
    }
}

static void all_gates_take_less_than_half_a_second(void)
{
    table *t[GATES] = { NULL };
    double sum = 0, known = 0;
    for (int k = 0; k < GATES; k++)
        if (gate_table(gates[k].name, &t[k]) != OK) abort();
    clock_t start = clock();
    for (int k = 0; k < GATES; k++)
        sum += minimum(t[k]) + solved(redundancy_gh, t[k]) + solved(redundancy_prec, t[k]);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    for (int k = 0; k < GATES; k++) known += gates[k].min + gates[k].gh + gates[k].prec;
    CU_ASSERT(seconds < 0.5);     /* some milliseconds; ten times that under a sanitizer */
    CHECK_NEAR(sum, known, 2e-4); /* 39 numbers of five decimals */
    for (int k = 0; k < GATES; k++) table_free(t[k]);
}

/* Two sources of two or three symbols, two to four classes. Four outcomes of ten do not occur, so now and then a whole symbol or
 * class does not. Probabilities are any, or one to three shares, where much coincides. */
static table *small_table(uint64_t seed)
{
    int symbols = 2 + (int)(seed % 2),
        classes = symbols == 3 ? 2 + (int)(seed / 2 % 2) : 2 + (int)(seed / 2 % 3);
    table *t = random_table(2, symbols, classes, seed);
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL, .stream = 1 };
    double sum = 0;
    if (seed / 6 % 2 == 0) return t;
    for (int r = 0; r < t->rows; r++) sum += t->p[r] = 1 + (double)random_below(key, (uint64_t)r, 3);
    for (int r = 0; r < t->rows; r++) t->p[r] /= sum;
    return t;
}

static void measures_of_random_tables_are_ordered(void)
{
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        table *t = small_table(seed);
        double gh = solved(redundancy_gh, t), prec = solved(redundancy_prec, t), min = minimum(t);
        CU_ASSERT(table_wedge_bits(t) <= gh + CLOSE);
        CU_ASSERT(gh <= prec + CLOSE);
        CU_ASSERT(prec <= min + CLOSE);
        CU_ASSERT(min <= table_information_bits(t, 1) + CLOSE);
        CU_ASSERT(min <= table_information_bits(t, 2) + CLOSE);
        table_free(t);
    }
}

static void channels_share_no_more_than_broja_says(void)
{
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        table *t = small_table(seed);
        union_solution u;
        CU_ASSERT_EQUAL_FATAL(union_information(t, NULL, &u), OK);
        double broja = table_information_bits(t, 1) + table_information_bits(t, 2) - u.bits;
        CU_ASSERT(solved(redundancy_prec, t) <= broja + u.gap_bits + CLOSE);
        CU_ASSERT(broja <= minimum(t) + u.gap_bits + CLOSE);
        table_free(t);
    }
}

static void the_order_of_sources_does_not_matter(void)
{
    static const int swapped[] = { 1, 0 };
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        table *t = small_table(seed), *other = with_sources(t, 2, swapped);
        CHECK_NEAR(minimum(other), minimum(t), CLOSE);
        for (int k = 0; k < SOLVERS; k++) CHECK_NEAR(solved(solvers[k], other), solved(solvers[k], t), CLOSE);
        table_free(t);
        table_free(other);
    }
}

static void what_symbols_are_called_does_not_matter(void)
{
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        table *t = small_table(seed), *other = relabelled(t);
        CHECK_NEAR(minimum(other), minimum(t), CLOSE);
        for (int k = 0; k < SOLVERS; k++) CHECK_NEAR(solved(solvers[k], other), solved(solvers[k], t), CLOSE);
        table_free(t);
        table_free(other);
    }
}

static void a_source_is_redundant_with_itself(void)
{
    static const int twice[] = { 0, 0 }, once[] = { 1 };
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        table *t = small_table(seed), *first = with_sources(t, 2, twice), *second = with_sources(t, 1, once);
        CHECK_NEAR(minimum(first), table_information_bits(t, 1), CLOSE);
        CHECK_NEAR(minimum(second), table_information_bits(t, 2), CLOSE);
        for (int k = 0; k < SOLVERS; k++) {
            CHECK_NEAR(solved(solvers[k], first), table_information_bits(t, 1), CLOSE);
            CHECK_NEAR(solved(solvers[k], second), table_information_bits(t, 2), CLOSE);
        }
        table_free(t);
        table_free(first);
        table_free(second);
    }
}

static void another_source_never_raises_redundancy(void)
{
    static const int two[] = { 0, 1 };
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        table *t = random_table(3, 2, 2 + (int)(seed % 2), seed), *fewer = with_sources(t, 2, two);
        CU_ASSERT(minimum(t) <= minimum(fewer) + CLOSE);
        for (int k = 0; k < SOLVERS; k++)
            CU_ASSERT(solved(solvers[k], t) <= solved(solvers[k], fewer) + CLOSE);
        table_free(t);
        table_free(fewer);
    }
}

/* A source that is another's garbling tells nothing apart from it: the redundancy is what it knows. */
static void the_coarser_of_two_views_is_redundant(void)
{
    for (uint64_t seed = 0; seed < 100; seed++) {
        static const int twice[] = { 0, 0 };
        table *t = random_table(1, 3, 3, seed), *both = with_sources(t, 2, twice);
        for (int r = 0; r < both->rows; r++) both->symbol[2 * r + 1] /= 2;
        CHECK_NEAR(solved(redundancy_gh, both), table_information_bits(both, 2), CLOSE);
        CHECK_NEAR(solved(redundancy_prec, both), table_information_bits(both, 2), CLOSE);
        table_free(t);
        table_free(both);
    }
}

/* Each symbol becomes several that say the same of the target, by another random split for each source. */
static void symbols_that_say_the_same_count_as_one(void)
{
    enum { COPIES = 12 };
    for (uint64_t seed = 0; seed < 20; seed++) {
        table *t = random_table(2, 4, 3, seed), *split = NULL;
        static const int symbols[] = { 4 * COPIES, 4 * COPIES };
        random_key key = { .seed = seed, .purpose = RANDOM_TRIAL, .stream = 1 };
        double weight[2][4 * COPIES], sum;
        for (int k = 0; k < 2 * 4; k++) {
            double *of = weight[k / 4] + k % 4 * COPIES;
            sum = 0;
            for (int c = 0; c < COPIES; c++) sum += of[c] = random_uniform(key, (uint64_t)(k * COPIES + c));
            for (int c = 0; c < COPIES; c++) of[c] /= sum;
        }
        if (table_make(2, symbols, 3, t->rows * COPIES * COPIES, &split) != OK) abort();
        for (int r = 0; r < split->rows; r++) {
            int from = r / COPIES / COPIES, first = t->symbol[2 * from] * COPIES + r % COPIES,
                second = t->symbol[2 * from + 1] * COPIES + r / COPIES % COPIES;
            split->symbol[2 * r] = first;
            split->symbol[2 * r + 1] = second;
            split->y[r] = t->y[from];
            split->p[r] = t->p[from] * weight[0][first] * weight[1][second];
        }
        ray_solution one = { NAN, 0, NAN }, many = { NAN, -1, NAN };
        CU_ASSERT_EQUAL(redundancy_prec(t, NULL, &one), OK);
        CU_ASSERT_EQUAL(redundancy_prec(split, NULL, &many), OK);
        CU_ASSERT_EQUAL(many.rays, one.rays);
        CHECK_NEAR(many.bits, one.bits, CLOSE);
        table_free(t);
        table_free(split);
    }
}

static void channels_of_eight_symbols_and_four_classes_are_solved(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        table *t = random_table(2, 8, 4, seed);
        double prec = solved(redundancy_prec, t);
        CU_ASSERT(prec >= table_wedge_bits(t) - CLOSE);
        CU_ASSERT(prec <= minimum(t) + CLOSE);
        table_free(t);
    }
}

/* Every outcome of three symbols twice and three classes: the largest that I_GH is promised for. */
static void common_causes_of_three_by_three_by_three_are_solved(void)
{
    static const int symbols[] = { 3, 3 };
    random_key key = { .seed = 1, .purpose = RANDOM_TRIAL };
    table *t = NULL;
    double sum = 0;
    if (table_make(2, symbols, 3, 27, &t) != OK) abort();
    for (int r = 0; r < 27; r++) {
        t->symbol[2 * r] = r % 3;
        t->symbol[2 * r + 1] = r / 3 % 3;
        t->y[r] = r / 9;
        sum += t->p[r] = random_uniform(key, (uint64_t)r);
    }
    for (int r = 0; r < 27; r++) t->p[r] /= sum;
    ray_solution s = { 0 };
    CU_ASSERT_EQUAL(redundancy_gh(t, NULL, &s), OK);
    CU_ASSERT(s.rays > 10000);
    CU_ASSERT(s.bits > 0 && s.bits <= solved(redundancy_prec, t) + CLOSE);
    CHECK_NEAR(s.gap_bits, 0, GAP);
    table_free(t);
}

static void too_large_a_table_is_refused_in_a_line(void)
{
    ray_solution s;
    table *t = random_table(2, 12, 3, 1);
    CU_ASSERT_EQUAL(redundancy_gh(t, NULL, &s), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "I_GH of a table of 12 x 12 symbols and 3 classes: its"));
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "outcomes are more than 128"));
    table_free(t);
    t = random_table(2, 40, 12, 1);
    CU_ASSERT_EQUAL(redundancy_prec(t, NULL, &s), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(failure_text(), "I_prec of a table of 40 x 40 symbols and 12 classes: its cone"));
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "more than 60000 rays"));
    table_free(t);
}

static bool never(solver_pause *self)
{
    (void)self;
    return false;
}

static void a_pause_that_says_stop_leaves_work(void)
{
    solver_pause pause = { .go_on = never };
    ray_solution s;
    table *t = random_table(2, 3, 3, 1);
    CU_ASSERT_EQUAL(redundancy_gh(t, &pause, &s), WORK_LEFT);
    CU_ASSERT_EQUAL(redundancy_prec(t, &pause, &s), WORK_LEFT);
    table_free(t);
}

static void a_build_without_a_solver_says_so(void)
{
    ray_solution s;
    table *t = random_table(2, 2, 2, 1);
    CU_ASSERT_EQUAL(redundancy_gh(t, NULL, &s), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "GLPK"));
    CU_ASSERT_EQUAL(redundancy_prec(t, NULL, &s), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "GLPK"));
    table_free(t);
}

int main(int argc, char **argv)
{
    static const check_test with[] = { TEST(gates_have_their_published_redundancies),
                                       TEST(all_gates_take_less_than_half_a_second),
                                       TEST(measures_of_random_tables_are_ordered),
                                       TEST(the_order_of_sources_does_not_matter),
                                       TEST(what_symbols_are_called_does_not_matter),
                                       TEST(a_source_is_redundant_with_itself),
                                       TEST(another_source_never_raises_redundancy),
                                       TEST(the_coarser_of_two_views_is_redundant),
                                       TEST(symbols_that_say_the_same_count_as_one),
                                       TEST(channels_share_no_more_than_broja_says),
                                       TEST(channels_of_eight_symbols_and_four_classes_are_solved),
                                       TEST(common_causes_of_three_by_three_by_three_are_solved),
                                       TEST(too_large_a_table_is_refused_in_a_line),
                                       TEST(a_pause_that_says_stop_leaves_work) },
                            without[] = { TEST(gates_have_their_published_redundancies),
                                          TEST(a_build_without_a_solver_says_so) };
    if (decomposition_has_rays())
        return check_run("decomposition_rays", with, sizeof with / sizeof with[0], argc, argv);
    puts("skipped: built without GLPK (all but what needs no linear program)");
    return check_run("decomposition_rays", without, sizeof without / sizeof without[0], argc, argv);
}
