#include "check.h"
#include "data/settings_of.h"
#include "exact.h"
#include "numerics/slow_optimum.h"
#include "numerics/tables.h"

/* Nats to bits: what a certificate of 1e-7 nats allows, and a little for the flatness of the optimum. */
static const double CLOSE = 1e-5;

static rine_optimum solve(const table *t, rine_distance distance, rine_coupling coupling, double weight)
{
    rine_optimum o = { 0 };
    status result = rine_optimum_solve(t, distance, coupling, weight, &o);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL(result, OK);
    CU_ASSERT(result != OK || (o.gap_nats >= 0 && o.gap_nats <= 1e-7));
    return o;
}

static double objective_nats(const table *t, const rine_optimum *o, double weight)
{
    return (table_target_entropy_bits(t) - o->redundant_information_bits) * log(2) + weight * o->distance;
}

static table *gate(const char *name)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", name);
    table *made = table_of(t);
    settings_of_free(t);
    return made;
}

/* Where the authors' schedule ends after 30 epochs, and divided by the classes as their program does. */
static double code_weight(double beta, int classes)
{
    return beta * (1 - pow(0.97, 29)) / classes;
}

static void the_canonical_gates_have_their_known_optima(void)
{
    static const struct {
        const char *gate;
        double five, fifteen; /* bits at beta 5 and 15, from another solver that was good to a thousandth */
    } known[] = {
        { "unq", 0.448, 0 }, { "and", 0, 0 }, { "rdnxor", 1, 1 }, { "imperfectrdn", 0.994, 0.993 }
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        table *t = gate(known[k].gate);
        rine_optimum five = solve(t, DISTANCE_L1, COUPLING_PAIRWISE, code_weight(5, t->classes));
        rine_optimum fifteen = solve(t, DISTANCE_L1, COUPLING_PAIRWISE, code_weight(15, t->classes));
        CHECK_NEAR(five.redundant_information_bits, known[k].five, 0.0015);
        CHECK_NEAR(fifteen.redundant_information_bits, known[k].fifteen, 0.0015);
        if (strcmp(known[k].gate, "unq") == 0) CHECK_NEAR(five.distance, 0.364, 0.0006);
        table_free(t);
    }
}

static void an_imperfect_copy_is_given_up_only_at_hundreds(void)
{
    table *t = gate("imperfectrdn");
    CHECK_NEAR(solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 5).redundant_information_bits, 0.994, 0.0015);
    CHECK_NEAR(solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 200).redundant_information_bits, 0.993, 0.0006);
    CHECK_NEAR(solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 400).redundant_information_bits, 0.320, 0.0006);
    CHECK_NEAR(solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 1e4).redundant_information_bits, 0, CLOSE);
    table_free(t);
}

static void without_weight_each_source_tells_all_it_knows(void)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        table *t = random_table(2, 4, 3, seed);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++) {
            rine_optimum o = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, 0);
            CHECK_NEAR(o.usable_information_bits[0], table_information_bits(t, 1), CLOSE);
            CHECK_NEAR(o.usable_information_bits[1], table_information_bits(t, 2), CLOSE);
        }
        table_free(t);
    }
}

/* L1 and L2 force full agreement at a finite weight. JS is smooth and only comes close to it. */
static void a_huge_weight_leaves_the_common_part(void)
{
    static const char *const names[] = { "xor",    "and",       "unq",     "rdn",
                                         "rdnxor", "rdnunqxor", "triadic", "dyadic" };
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        table *t = gate(names[k]);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++)
            for (double weight = 1e3; weight < 1e10; weight *= 1e3) {
                double allowed = kind == DISTANCE_JS ? 5 / weight : CLOSE;
                rine_optimum o = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, weight);
                CHECK_NEAR(o.redundant_information_bits, table_wedge_bits(t), allowed);
            }
        table_free(t);
    }
}

/* Splitting methods need some thousand cheap steps where Newton's needs a hundred, but share no line with it. */
static void random_tables_agree_with_a_slow_splitting_method(void)
{
    for (uint64_t seed = 0; seed < 6; seed++) {
        int sources = seed % 3 == 2 ? 3 : 2;
        table *t = random_table(sources, sources == 3 ? 2 : 3, 2 + (int)(seed % 2), seed + 100);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_L2; kind++)
            for (int coupling = COUPLING_PAIRWISE; coupling <= COUPLING_CENTROID; coupling++) {
                double weight = 0.2 + 0.15 * (double)seed;
                rine_optimum o = solve(t, (rine_distance)kind, (rine_coupling)coupling, weight);
                double slow =
                    slow_optimum_nats(t, (rine_distance)kind, (rine_coupling)coupling, weight, 3000);
                CHECK_NEAR(objective_nats(t, &o, weight), slow, 1e-4); /* what the slow method reaches */
                CU_ASSERT(objective_nats(t, &o, weight) <= slow + 1e-7);
            }
        table_free(t);
    }
}

static void binary_tables_agree_with_a_search_of_every_prediction(void)
{
    for (uint64_t seed = 0; seed < 4; seed++) {
        table *t = random_table(2, 2, 2, seed + 40);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++) {
            double weight = 0.1 + 0.4 * (double)seed;
            rine_optimum o = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, weight);
            double found = searched_optimum_nats(t, (rine_distance)kind, weight);
            CHECK_NEAR(objective_nats(t, &o, weight), found, 1e-4);
            CU_ASSERT(objective_nats(t, &o, weight) <= found + 1e-7);
        }
        table_free(t);
    }
}

static void optima_do_not_depend_on_labels(void)
{
    for (uint64_t seed = 0; seed < 6; seed++) {
        table *t = random_table(2, 4, 3, seed + 7), *other = relabelled(t);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++) {
            rine_optimum a = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, 0.8);
            rine_optimum b = solve(other, (rine_distance)kind, COUPLING_PAIRWISE, 0.8);
            CHECK_NEAR(a.redundant_information_bits, b.redundant_information_bits, CLOSE);
            CHECK_NEAR(a.distance, b.distance, CLOSE);
        }
        table_free(t);
        table_free(other);
    }
}

static void sources_may_be_exchanged(void)
{
    for (uint64_t seed = 0; seed < 6; seed++) {
        table *t = random_table(2, 4, 3, seed + 70), *other = NULL;
        if (table_copy(t, &other) != OK) abort();
        for (int r = 0; r < t->rows; r++) {
            other->symbol[2 * r] = t->symbol[2 * r + 1];
            other->symbol[2 * r + 1] = t->symbol[2 * r];
        }
        for (int coupling = COUPLING_PAIRWISE; coupling <= COUPLING_CENTROID; coupling++) {
            rine_optimum a = solve(t, DISTANCE_L1, (rine_coupling)coupling, 0.8);
            rine_optimum b = solve(other, DISTANCE_L1, (rine_coupling)coupling, 0.8);
            CHECK_NEAR(a.usable_information_bits[0], b.usable_information_bits[1], CLOSE);
            CHECK_NEAR(a.usable_information_bits[1], b.usable_information_bits[0], CLOSE);
        }
        table_free(t);
        table_free(other);
    }
}

static void more_weight_never_gives_more_information(void)
{
    for (uint64_t seed = 0; seed < 4; seed++) {
        table *t = random_table(2 + (int)(seed % 2), 3, 3, seed + 300);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++) {
            rine_optimum before = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, 0);
            for (double weight = 0.05; weight < 100; weight *= 2) {
                rine_optimum now = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, weight);
                CU_ASSERT(now.redundant_information_bits <= before.redundant_information_bits + CLOSE);
                CU_ASSERT(now.distance <= before.distance + CLOSE);
                before = now;
            }
        }
        table_free(t);
    }
}

/* With two sources each is half the difference away from the mean: the sum of both is the distance of the pair. */
static void two_sources_have_one_coupling_in_l1_and_l2(void)
{
    for (uint64_t seed = 0; seed < 6; seed++) {
        table *t = random_table(2, 3, 3, seed + 11);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_L2; kind++) {
            rine_optimum pair = solve(t, (rine_distance)kind, COUPLING_PAIRWISE, 0.6);
            rine_optimum mean = solve(t, (rine_distance)kind, COUPLING_CENTROID, 0.6);
            CHECK_NEAR(pair.redundant_information_bits, mean.redundant_information_bits, CLOSE);
            CHECK_NEAR(pair.distance, mean.distance, CLOSE);
        }
        table_free(t);
    }
}

static void three_copies_of_a_bit_share_it_at_any_weight(void)
{
    static const int symbols[] = { 2, 2, 2 };
    table *t = NULL;
    if (table_make(3, symbols, 2, 2, &t) != OK) abort();
    for (int i = 0; i < 3; i++) t->symbol[3 + i] = 1;
    t->y[1] = 1;
    t->p[0] = t->p[1] = 0.5;
    for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++)
        for (int coupling = COUPLING_PAIRWISE; coupling <= COUPLING_CENTROID; coupling++)
            for (double weight = 0; weight < 1e7; weight = weight * 100 + 0.01) {
                rine_optimum o = solve(t, (rine_distance)kind, (rine_coupling)coupling, weight);
                for (int i = 0; i < 3; i++) CHECK_NEAR(o.usable_information_bits[i], 1, CLOSE);
                CHECK_NEAR(o.distance, 0, CLOSE);
            }
    table_free(t);
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
    CHECK_NEAR(solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 3).redundant_information_bits, 1, CLOSE);
    CHECK_NEAR(solve(t, DISTANCE_L2, COUPLING_CENTROID, 3).redundant_information_bits, 1, CLOSE);
    t->y[1] = 0;
    t->classes = 1;
    CHECK_NEAR(solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 3).redundant_information_bits, 0, CLOSE);
    table_free(t);
}

/* The exact values that the overlap task is judged by. */
static void the_clean_overlap_reaches_its_common_part(void)
{
    static const char *const counts[] = { "4", "5", "6", "7", "8" };
    for (int n = 0; n < 5; n++) {
        test_settings *s = settings_of("overlap");
        settings_set(s, "classes_per_input", counts[n]);
        settings_set(s, "design", "clean");
        table *t = table_of(s);
        rine_optimum o = solve(t, DISTANCE_L1, COUPLING_PAIRWISE, 50);
        CHECK_NEAR(o.redundant_information_bits, table_wedge_bits(t), CLOSE);
        table_free(t);
        settings_of_free(s);
    }
}

/* At the weight where the authors' schedule ends, some classes hold their sources together and others let go, with
 * predictions that no probability of theirs decides: what is left of the curvature there is least. */
static void the_published_overlap_is_certified(void)
{
    static const char *const counts[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8" };
    for (int n = 0; n < 9; n++) {
        test_settings *s = settings_of("overlap");
        settings_set(s, "classes_per_input", counts[n]);
        table *t = table_of(s);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++)
            solve(t, (rine_distance)kind, COUPLING_PAIRWISE, 4.845);
        table_free(t);
        settings_of_free(s);
    }
}

/* Every distance and coupling on wide ranges of probabilities and weights: what counts is that a certificate is found. */
static void random_tables_of_all_sizes_are_certified(void)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        int sources = 2 + (int)(seed % 3);
        table *t = random_table(sources,
                                sources == 2   ? 5
                                : sources == 3 ? 3
                                               : 2,
                                2 + (int)(seed % 4), seed + 1000);
        double weight = pow(10, (double)(seed % 7) - 2);
        for (int kind = DISTANCE_L1; kind <= DISTANCE_JS; kind++)
            solve(t, (rine_distance)kind, (rine_coupling)(seed / 7 % 2), weight);
        table_free(t);
    }
}

CHECK_MAIN("rine_optimum", TEST(the_canonical_gates_have_their_known_optima),
           TEST(an_imperfect_copy_is_given_up_only_at_hundreds),
           TEST(without_weight_each_source_tells_all_it_knows), TEST(a_huge_weight_leaves_the_common_part),
           TEST(random_tables_agree_with_a_slow_splitting_method),
           TEST(binary_tables_agree_with_a_search_of_every_prediction), TEST(optima_do_not_depend_on_labels),
           TEST(sources_may_be_exchanged), TEST(more_weight_never_gives_more_information),
           TEST(two_sources_have_one_coupling_in_l1_and_l2),
           TEST(three_copies_of_a_bit_share_it_at_any_weight),
           TEST(symbols_that_never_occur_and_a_single_class_do_no_harm),
           TEST(the_clean_overlap_reaches_its_common_part), TEST(the_published_overlap_is_certified),
           TEST(random_tables_of_all_sizes_are_certified))
