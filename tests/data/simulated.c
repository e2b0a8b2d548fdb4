#include "data/recordings_of.h"
#include "data/settings_of.h"
#include "data/simulation.h"
#include "exact.h"

static test_settings *simulated_of(const char *first, const char *second)
{
    test_settings *t = settings_of("simulated_sessions");
    settings_set(t, "session_1", first);
    settings_set(t, "session_2", second);
    return t;
}

static simulation plain_simulation(void)
{
    return (simulation){ .number = 1,
                         .sessions = 2,
                         .animals = 2,
                         .areas = 2,
                         .classes = 8,
                         .trials = 400,
                         .units = 16,
                         .overlap = 0.5,
                         .rate = 20,
                         .tuning = 2 };
}

static void overlapping_classes_share_what_the_clean_design_shares(void)
{
    /* of C classes n are known to either: I_wedge of the clean design, by hand (facts E2) */
    static const char *const overlaps[] = { "0", "0.25", "0.5", "0.75", "1" };
    static const double shared[] = { 0, 1.0613, 2, 2.75, 3 };
    for (int k = 0; k < 5; k++) {
        test_settings *t = simulated_of("A1", "B1");
        settings_set(t, "overlap", overlaps[k]);
        for (int fixed = 0; fixed < 2; fixed++) {
            settings_set(t, "stand_ins", fixed ? "fixed" : "random");
            table *made = table_of(t);
            CU_ASSERT_PTR_NOT_NULL_FATAL(made);
            CHECK_NEAR(table_wedge_bits(made), shared[k], 5e-5); /* four decimals are known */
            table_free(made);
        }
        settings_of_free(t);
    }
}

static void fixed_stand_ins_let_an_animal_share_more_with_itself(void)
{
    test_settings *t = simulated_of("A1", "A2");
    settings_set(t, "sessions", "4");
    settings_set(t, "stand_ins", "fixed");
    table *within = table_of(t);
    CHECK_NEAR(table_wedge_bits(within), 2.5, 1e-9); /* two pairs of classes look alike: 3 - 1/2 bits */
    settings_set(t, "session_2", "B2");
    table *between = table_of(t);
    CHECK_NEAR(table_wedge_bits(between), 2, 1e-9);
    table_free(within);
    table_free(between);
    settings_of_free(t);
}

static void every_table_is_a_distribution_without_doubles(void)
{
    static const char *const cases[][5] = {
        /* sessions, pairing, areas */
        { "A1", "A1", "recorded", "PMd", "PMd" },  { "A1", "A1", "recorded", "PMd", "M1" },
        { "A1", "A1", "surrogate", "PMd", "PMd" }, { "A1", "B1", "recorded", "M1", "M1" },
        { "B1", "A1", "surrogate", "PMd", "M1" },
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        test_settings *t = simulated_of(cases[c][0], cases[c][1]);
        settings_set(t, "areas", "2");
        settings_set(t, "area_loss", "0.3");
        settings_set(t, "pairing", cases[c][2]);
        settings_set(t, "area_1", cases[c][3]);
        settings_set(t, "area_2", cases[c][4]);
        table *made = table_of(t);
        CU_ASSERT_PTR_NOT_NULL_FATAL(made);
        double sum = 0, of_class[8] = { 0 };
        for (int a = 0; a < made->rows; a++) {
            CU_ASSERT(made->p[a] > 0);
            sum += made->p[a];
            of_class[made->y[a]] += made->p[a];
            for (int b = 0; b < a; b++)
                CU_ASSERT(made->y[a] != made->y[b] || made->symbol[2 * a] != made->symbol[2 * b] ||
                          made->symbol[2 * a + 1] != made->symbol[2 * b + 1]);
        }
        CHECK_NEAR(sum, 1, 1e-12);
        for (int y = 0; y < 8; y++) CHECK_NEAR(of_class[y], 0.125, 1e-12);
        table_free(made);
        settings_of_free(t);
    }
}

/* Counts p(s1, s2, y) of drawn symbols and compares it with the table: chi squared over its rows. */
static void compare_with_table(const simulation *o, const int *session, const int *place, bool same_trials)
{
    table *t = NULL;
    must(simulation_table(o, session, place, same_trials, &t));
    int64_t trials = o->trials * o->classes, found = 0;
    symbol_range symbols[2];
    for (int i = 0; i < 2; i++) {
        simulated_code c = simulated_code_of(o, session[i]);
        symbols[i] = code_symbols(&c);
    }
    double chi_squared = 0;
    for (int row = 0; row < t->rows; row++) {
        int64_t count = 0;
        for (int64_t k = 0; k < trials; k++) {
            int64_t other = same_trials ? k : (k + o->classes) % trials; /* another trial of the same class */
            count +=
                k % o->classes == t->y[row] &&
                simulated_symbol(o, session[0], place[0], k) - symbols[0].first == t->symbol[2 * row] &&
                simulated_symbol(o, session[1], place[1], other) - symbols[1].first == t->symbol[2 * row + 1];
        }
        double expected = t->p[row] * (double)trials;
        chi_squared += ((double)count - expected) * ((double)count - expected) / expected;
        found += count;
    }
    CU_ASSERT_EQUAL(found, trials); /* nothing is drawn that the table does not have */
    /* fewer degrees of freedom than rows; six of its standard deviations above */
    CU_ASSERT(chi_squared < t->rows + 6 * sqrt(2.0 * t->rows));
    table_free(t);
}

static void drawn_symbols_follow_the_table(void)
{
    static const int sessions[][2] = { { 0, 1 }, { 1, 0 }, { 0, 0 } },
                     places[][2] = { { 0, 0 }, { 0, 1 }, { 1, 1 } };
    simulation o = plain_simulation();
    for (int loss = 0; loss < 2; loss++) {
        o.area_loss = loss ? 0.4 : 0;
        for (int s = 0; s < 3; s++)
            for (int p = 0; p < 3; p++) {
                compare_with_table(&o, sessions[s], places[p], false);
                if (s == 2) compare_with_table(&o, sessions[s], places[p], true);
            }
    }
}

static void exact_units_give_the_symbol_and_nothing_else(void)
{
    simulation o = plain_simulation();
    recordings *r = NULL;
    o.trials = 20;
    must(simulation_make(&o, &r));
    must(recordings_check(r, "simulation"));
    const area *a = &r->session[1].area[0];
    for (int64_t t = 0; t < 160; t++)
        for (int64_t k = 0; k < t; k++) {
            bool alike = memcmp(a->feature + t * 16, a->feature + k * 16, 16 * sizeof *a->feature) == 0;
            CU_ASSERT_EQUAL(alike, simulated_symbol(&o, 1, 0, t) == simulated_symbol(&o, 1, 0, k));
        }
    recordings_free(r);
}

static void counts_have_the_means_and_variances_of_poisson_counts(void)
{
    simulation o = plain_simulation();
    o.readout = READOUT_POISSON;
    o.tuning = 0;
    o.noise_units = 4;
    o.trials = 1000;
    for (int correlated = 0; correlated < 2; correlated++) {
        recordings *r = NULL;
        o.noise = correlated ? NOISE_CORRELATED : NOISE_INDEPENDENT;
        o.gain = 0.3;
        must(simulation_make(&o, &r));
        const area *a = &r->session[0].area[0];
        double n = 8000, sum[2] = { 0 }, squares[2] = { 0 }, product = 0;
        for (int t = 0; t < 8000; t++) {
            double x[2] = { a->count[t * 20], a->count[t * 20 + 19] }; /* a tuned unit and a noise unit */
            for (int i = 0; i < 2; i++) sum[i] += x[i] / n, squares[i] += x[i] * x[i] / n;
            product += x[0] * x[1] / n;
        }
        /* means 10 and 5; a common gain adds (e^0.09 - 1) of the mean squared: five standard errors */
        double extra = correlated ? exp(0.09) - 1 : 0;
        for (int i = 0; i < 2; i++) {
            double mean = i == 0 ? 10 : 5, variance = mean + mean * mean * extra;
            CHECK_NEAR(sum[i], mean, 5 * sqrt(variance / n));
            CHECK_NEAR(squares[i] - sum[i] * sum[i], variance, 5 * variance * sqrt(2.5 / n) * (1 + extra));
        }
        double covariance = product - sum[0] * sum[1];
        CHECK_NEAR(covariance, 50 * extra, 5 * sqrt((10 + 100 * extra) * (5 + 25 * extra) * 1.5 / n));
        recordings_free(r);
    }
}

static void another_simulation_is_another_draw_and_the_seed_draws_only_where_asked(void)
{
    test_settings *t = simulated_of("A1", "B1");
    dataset *d[4] = { NULL };
    settings_set(t, "readout", "poisson");
    CU_ASSERT_FALSE(t->s.data->drawn(&t->s));
    must(t->s.data->make(&t->s, &d[0]));
    t->task.seed = 2;
    must(t->s.data->make(&t->s, &d[1]));
    settings_set(t, "simulation", "1");
    must(t->s.data->make(&t->s, &d[2]));
    t->task.seed = 0;
    settings_set(t, "simulation", "seed"); /* 0, as it was at first */
    CU_ASSERT(t->s.data->drawn(&t->s));
    must(t->s.data->make(&t->s, &d[3]));
    size_t bytes = (size_t)d[0]->shape.train * 16 * sizeof(float);
    CU_ASSERT_EQUAL(memcmp(d[0]->train_x[0], d[1]->train_x[0], bytes), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(d[0]->train_x[0], d[2]->train_x[0], bytes), 0);
    CU_ASSERT_EQUAL(memcmp(d[0]->train_x[0], d[3]->train_x[0], bytes), 0);
    for (int k = 0; k < 4; k++) dataset_free(d[k]);
    settings_of_free(t);
    data_close();
}

static void sessions_are_named_by_their_animals(void)
{
    test_settings *t = simulated_of("A1", "B1");
    const char *const *member;
    const char *label;
    int count;
    settings_set(t, "sessions", "7");
    settings_set(t, "areas", "2");
    must(t->s.data->members(&t->s, "session_2", &member, &count));
    CU_ASSERT_EQUAL_FATAL(count, 7);
    CU_ASSERT_STRING_EQUAL(member[3], "A4");
    CU_ASSERT_STRING_EQUAL(member[4], "B1");
    CU_ASSERT_STRING_EQUAL(member[6], "B3");
    must(t->s.data->members(&t->s, "area_1", &member, &count));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_STRING_EQUAL(member[1], "M1");
    must(t->s.data->members(&t->s, "overlap", &member, &count));
    CU_ASSERT_EQUAL(count, 0);
    must(t->s.data->label(&t->s, "session_1", "B2", &label));
    CU_ASSERT_STRING_EQUAL(label, "B");
    must(t->s.data->label(&t->s, "area_1", "M1", &label));
    CU_ASSERT_PTR_NULL(label);
    settings_of_free(t);
}

static void settings_without_a_truth_have_no_table(void)
{
    static const char *const cases[][2] = {
        { "readout", "poisson" }, { "tuning", "0" },      { "shuffle", "1" }, { "trials", "target < 3" },
        { "targets", "1, 2" },    { "match_units", "1" }, /* a unit alone may not tell all symbols apart */
        { "units_1", "even" }
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        test_settings *t = simulated_of("A1", "B1");
        settings_set(t, cases[c][0], cases[c][1]);
        CU_ASSERT_PTR_NULL(table_of(t));
        settings_of_free(t);
    }
}

static void settings_that_make_no_sense_are_refused(void)
{
    static const char *const cases[][3] = {
        { "overlap", "0.3",
          "data.overlap is 0.3, but of 8 classes two animals can have a share of 0, 0.25, … 1" },
        { "sessions", "1", "data.animals is 2, but there are 1 sessions" },
        { "session_1", "A3", "there is no session 'A3'; there are A1, B1" },
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        data_shape shape;
        test_settings *t = simulated_of("A1", "B1");
        settings_set(t, cases[c][0], cases[c][1]);
        CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
        if (strstr(failure_text(), cases[c][2]) == NULL) fprintf(stderr, "%s\n", failure_text());
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), cases[c][2]));
        settings_of_free(t);
    }
    data_close();
}

CHECK_MAIN("simulated", TEST(overlapping_classes_share_what_the_clean_design_shares),
           TEST(fixed_stand_ins_let_an_animal_share_more_with_itself),
           TEST(every_table_is_a_distribution_without_doubles), TEST(drawn_symbols_follow_the_table),
           TEST(exact_units_give_the_symbol_and_nothing_else),
           TEST(counts_have_the_means_and_variances_of_poisson_counts),
           TEST(another_simulation_is_another_draw_and_the_seed_draws_only_where_asked),
           TEST(sessions_are_named_by_their_animals), TEST(settings_without_a_truth_have_no_table),
           TEST(settings_that_make_no_sense_are_refused))
