/* Packs: every wanted cell once, with its like. */
#include "pack.h"

#include "check.h"
#include "sweep/fakes.h"

/* Two cells may share a pack when everything but lane options agrees; compared here option by option. */
static bool are_alike(const sweep *s, int64_t x, int64_t y)
{
    settings *a = NULL, *b = NULL;
    data_shape p, q;
    bool alike = true;
    CU_ASSERT_EQUAL(sweep_settings(s, x, &a), OK);
    CU_ASSERT_EQUAL(sweep_settings(s, y, &b), OK);
    CU_ASSERT_EQUAL(sweep_shape(s, x, &p), OK);
    CU_ASSERT_EQUAL(sweep_shape(s, y, &q), OK);
    alike = a->estimator == b->estimator && a->data == b->data && a->model == b->model;
    if (a->estimator->envelope) a->estimator->envelope(a, &p, &p);
    if (b->estimator->envelope) b->estimator->envelope(b, &q, &q);
    alike =
        alike && p.train == q.train && p.test == q.test && p.classes == q.classes && p.sources == q.sources;
    for (int i = 0; alike && i < SECTIONS; i++)
        for (const option *row = a->section[i] ? a->section[i]->options : NULL; row && row->name; row++)
            alike = alike && ((row->traits & OPTION_LANE) || option_equal(row, a->block[i], b->block[i]));
    settings_free(a);
    settings_free(b);
    return alike;
}

/* How the cells of pack `i` are wanted, by the stage that it stands in; where there are no stages, packed. */
static int way_of(const packs *p, int64_t i, bool *begins)
{
    int at = 0;
    while (at + 1 < p->stages && p->stage[at + 1].first_pack <= i) at++;
    *begins = i == 0 || (at > 0 && p->stage[at].first_pack == i);
    return at > 0 ? WANT_ALONE + p->stage[at].halvings : WANT_PACKED;
}

/* Every wanted cell stands in exactly one pack of its stage, packs are runs of `cell`, alike within, in order of time
 * within each stage. */
static void check_packs(const sweep *s, const packs *p, const uint8_t *wanted)
{
    const grid *g = sweep_grid(s);
    int *times = calloc((size_t)g->cells, sizeof *times);
    int64_t next = 0;
    for (int64_t i = 0; i < p->count; i++) {
        const pack *k = &p->pack[i];
        bool begins;
        int way = way_of(p, i, &begins);
        CU_ASSERT_EQUAL(k->first, next);
        CU_ASSERT(way == WANT_PACKED || k->count == 1);
        CU_ASSERT(k->count >= 1 && k->count <= sweep_run(s)->pack);
        for (int64_t c = next; c < next + k->count; c++) {
            times[p->cell[c]]++;
            CU_ASSERT(are_alike(s, p->cell[next], p->cell[c]));
            CU_ASSERT_EQUAL(wanted ? wanted[p->cell[c]] : WANT_PACKED, way);
            if (c > next) CU_ASSERT(p->cell[c] > p->cell[c - 1]); /* grid order */
        }
        if (!begins) CU_ASSERT(k->seconds <= k[-1].seconds);
        if (!begins && k->seconds == k[-1].seconds) CU_ASSERT(p->cell[k->first] > p->cell[k[-1].first]);
        next += k->count;
    }
    CU_ASSERT_EQUAL(p->cells, next);
    for (int64_t c = 0; c < g->cells; c++)
        CU_ASSERT_EQUAL(times[c], is_present(s, c) && (!wanted || wanted[c] != WANT_NOT) ? 1 : 0);
    free(times);
}

static packs *make_packs(const sweep *s, const uint8_t *wanted)
{
    packs *p = NULL;
    CU_ASSERT_EQUAL_FATAL(packs_make(s, wanted, &p), OK);
    check_packs(s, p, wanted);
    return p;
}

static void lanes_differ_in_lane_options_only(void)
{
    sweep *s = parse(
        "data: {kind: gate}\ngrid: {beta: [0, 5], epochs: [10, 20], gate: [unq, and, xor], seed: 0..2}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *p = make_packs(s, NULL);
    /* epochs and classes (and: 2) divide the cells: 2 betas × 3 seeds × (1 or 2 gates) each */
    CU_ASSERT_EQUAL(p->count, 4);
    static const int counts[] = { 12, 12, 6, 6 };
    static const double seconds[] = { 4e-5, 2e-5, 2e-5, 1e-5 }; /* 1e-9 * epochs * 500 * classes */
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(p->pack[i].count, counts[i]);
        CHECK_NEAR(p->pack[i].seconds, seconds[i], 1e-12); /* sums of a few rounded products */
        CHECK_NEAR(p->pack[i].flops, seconds[i] * 1e9 * counts[i], 1e-3);
        CU_ASSERT_EQUAL(p->pack[i].bytes, 1000 * (size_t)counts[i]);
    }
    packs_free(p);
    sweep_free(s);
}

static void groups_are_cut_into_the_fewest_packs_of_nearly_equal_size(void)
{
    static const struct {
        const char *seeds;
        int64_t most, count;
        int largest, smallest;
    } cuts[] = {
        { "0..15", 16, 1, 16, 16 }, { "0..16", 16, 2, 9, 8 },    { "0..32", 16, 3, 11, 11 },
        { "0..33", 16, 3, 12, 11 }, { "0..9", 4, 3, 4, 3 },      { "0..9", 1, 10, 1, 1 },
        { "0..99", 64, 2, 50, 50 }, { "0..129", 64, 3, 44, 43 },
    };
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "estimator: idle\ngrid: {seed: %s}\nrun: {pack: %d}\n", cuts[i].seeds,
                 (int)cuts[i].most);
        sweep *s = parse(text);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        packs *p = make_packs(s, NULL);
        int largest = 0, smallest = 64;
        for (int64_t k = 0; k < p->count; k++) {
            largest = p->pack[k].count > largest ? p->pack[k].count : largest;
            smallest = p->pack[k].count < smallest ? p->pack[k].count : smallest;
        }
        CU_ASSERT_EQUAL(p->count, cuts[i].count);
        CU_ASSERT_EQUAL(largest, cuts[i].largest);
        CU_ASSERT_EQUAL(smallest, cuts[i].smallest);
        packs_free(p);
        sweep_free(s);
    }
}

static void shapes_of_one_envelope_share_packs(void)
{
    sweep *s = parse("data: {kind: windows, samples: 100}\n"
                     "grid: {seed: 0..2, epochs: [1, 2], window_1: [60, 140, 150, 151, 250]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *p = make_packs(s, NULL);
    /* 110, 190 and 200 are padded to 200; 201 and 300 to 300; epochs are never mixed */
    CU_ASSERT_EQUAL_FATAL(p->count, 4);
    static const int counts[] = { 6, 9, 6, 9 };
    static const double epochs[] = { 2, 2, 1, 1 }, padded[] = { 300, 200, 300, 200 };
    static const double own[] = { 3 * (201 + 300), 3 * (110 + 190 + 200) }; /* samples of all tasks */
    for (int i = 0; i < 4; i++) {
        data_shape shape;
        settings *t = NULL;
        const int64_t *cells = p->cell + p->pack[i].first;
        CU_ASSERT_EQUAL(p->pack[i].count, counts[i]);
        CHECK_NEAR(p->pack[i].seconds, 1e-9 * epochs[i] * padded[i] * 8, 1e-15);
        CHECK_NEAR(p->pack[i].flops, epochs[i] * own[i % 2] * 8, 1e-6);
        CU_ASSERT_EQUAL(sweep_settings(s, cells[0], &t), OK);
        CU_ASSERT_EQUAL(pack_shape(s, cells, p->pack[i].count, t, &shape), OK);
        CU_ASSERT_EQUAL((double)shape.train, padded[i]);
        CU_ASSERT_EQUAL(pack_shape(s, cells, 1, t, &shape), OK); /* alone, its own shape does */
        CU_ASSERT_EQUAL(shape.train, i % 2 ? 110 : 201);
        settings_free(t);
    }
    packs_free(p);
    sweep_free(s);
}

/* A day with itself is recorded, and two.h5 has numbers as targets. */
static void shapes_that_differ_in_anything_are_told_apart(void)
{
    sweep *s = parse("data: {kind: days}\ngrid: {file: [one.h5, two.h5], day_1: [A, B], seed: 0..2}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    data_shape shape;
    for (int64_t cell = 0; cell < 12; cell++) {
        CU_ASSERT_EQUAL(sweep_shape(s, cell, &shape), OK);
        CU_ASSERT_EQUAL(shape.dimensions, cell < 6 ? 0 : 2);
        CU_ASSERT_EQUAL(shape.recorded, cell % 6 < 3);
    }
    packs *p = NULL;
    CU_ASSERT_EQUAL_FATAL(packs_make(s, NULL, &p), OK);
    CU_ASSERT_EQUAL(p->count, 4);
    packs_free(p);
    sweep_free(s);
}

static void full_registers_are_packed_where_there_are_lanes(void)
{
    static const struct {
        const char *seeds;
        int most, lanes;
        int count[8]; /* tasks of the packs in grid order */
    } cuts[] = {
        { "0..32", 16, 16, { 16, 16, 1 } }, { "0..32", 16, 8, { 16, 16, 1 } }, { "0..39", 32, 8, { 24, 16 } },
        { "0..23", 12, 8, { 8, 8, 8 } },    { "0..16", 8, 16, { 6, 6, 5 } }, /* no pack can fill a register */
        { "0..16", 16, 1, { 9, 8 } },
    };
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        char text[160];
        snprintf(text, sizeof text, "data: {kind: gate}\ngrid: {seed: %s}\nrun: {pack: %d}\n", cuts[i].seeds,
                 cuts[i].most);
        fake_lanes_count = cuts[i].lanes;
        sweep *s = parse(text);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        packs *p = make_packs(s, NULL);
        for (int64_t k = 0; k < p->count; k++) {
            CU_ASSERT_EQUAL(p->pack[k].count, cuts[i].count[k]);
            CU_ASSERT_EQUAL(p->pack[k].lanes, cuts[i].lanes);
        }
        CU_ASSERT_EQUAL(cuts[i].count[p->count], 0);
        packs_free(p);
        sweep_free(s);
    }
    fake_lanes_count = 1;
    CU_ASSERT_EQUAL(pack_lanes(16, 33), 48);
    CU_ASSERT_EQUAL(pack_lanes(1, 33), 33);
    CU_ASSERT_EQUAL(pack_lanes(0, 33), 33); /* whoever made the pack said nothing */
}

static void cells_of_different_estimators_and_kinds_never_mix(void)
{
    sweep *s = parse(
        "grid: {estimator: [rine, exact, idle], data.kind: [gate, windows], seed: 0..4, epochs: [3, 4]}\n"
        "exclude: [{estimator: exact, data.kind: windows}]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *p = make_packs(s, NULL);
    /* rine: 2 kinds × 2 epochs; exact: gate, no epochs (10 tasks); idle: nothing but seeds (20 tasks, 2 packs) */
    CU_ASSERT_EQUAL(p->count, 4 + 1 + 2);
    packs_free(p);
    sweep_free(s);
}

static void zipped_axes_with_equal_values_share_packs(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid: {rate: [0.1, 0.2, 0.3, 0.4], batch: [10, 20, 10, 20]}\nzip: "
                     "[[rate, batch]]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *p = make_packs(s, NULL);
    CU_ASSERT_EQUAL(p->count, 2); /* rate may differ between lanes, batch may not */
    CU_ASSERT_EQUAL(p->cell[0], 0);
    CU_ASSERT_EQUAL(p->cell[1], 2);
    packs_free(p);
    sweep_free(s);
}

static void only_wanted_cells_are_packed(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid: {gate: all, epochs: [1, 2, 3], seed: 0..6}\nexclude: [{gate: "
                     "and, epochs: 2..3}]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    uint8_t wanted[63];
    for (unsigned pattern = 0; pattern < 200; pattern++) {
        for (unsigned c = 0; c < 63; c++)
            wanted[c] = (pattern * 2654435761u >> (c % 32)) & 1; /* any bits will do */
        packs *p = make_packs(s, wanted);
        packs *again = make_packs(s, wanted);
        CU_ASSERT_EQUAL(p->count, again->count);
        CU_ASSERT(memcmp(p->cell, again->cell, (size_t)p->cells * sizeof *p->cell) == 0);
        packs_free(again);
        packs_free(p);
    }
    memset(wanted, 0, sizeof wanted);
    packs *none = make_packs(s, wanted);
    CU_ASSERT_EQUAL(none->count, 0);
    packs_free(none);
    sweep_free(s);
}

static void suspects_run_unpacked_in_stages_of_few_deaths_first(void)
{
    sweep *s =
        parse("data: {kind: gate}\ngrid: {gate: [unq, and], epochs: [1, 2], seed: 0..9}\nexclude: [{gate: "
              "and, seed: 9}]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    uint8_t wanted[40];
    for (int c = 0; c < 40; c++) wanted[c] = c % 4 ? WANT_PACKED : WANT_NOT;
    static const int alone[] = { 1, 15, 30 }, first[] = { 3, 11, 22, 33 }, seventh[] = { 2, 39 };
    for (int i = 0; i < 3; i++) wanted[alone[i]] = WANT_ALONE;
    for (int i = 0; i < 4; i++) wanted[first[i]] = WANT_SUSPECT + 1;
    for (int i = 0; i < 2; i++) wanted[seventh[i]] = WANT_SUSPECT + 7;
    packs *p = make_packs(s, wanted);
    CU_ASSERT_EQUAL_FATAL(p->stages, 4);
    /* 39 is absent, and nobody waits for it */
    static const int halvings[] = { 0, 0, 1, 7 }, counts[] = { 4, 3, 4, 1 };
    for (int i = 0; i < 4; i++) {
        int64_t end = i < 3 ? p->stage[i + 1].first_pack : p->count;
        CU_ASSERT_EQUAL(p->stage[i].halvings, halvings[i]);
        CU_ASSERT_EQUAL(end - p->stage[i].first_pack, counts[i]);
    }
    packs_free(p);
    sweep_free(s);
}

static void there_are_stages_only_where_something_runs_apart(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid: {seed: 0..3}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *packed = make_packs(s, (uint8_t[]){ 1, 1, 0, 1 });
    CU_ASSERT_EQUAL(packed->stages, 0);
    packs_free(packed);
    packs *suspects = make_packs(s, (uint8_t[]){ 0, WANT_SUSPECT + 2, 0, WANT_SUSPECT + 2 });
    CU_ASSERT_EQUAL_FATAL(suspects->stages, 2); /* nothing is packed, and still that comes first */
    CU_ASSERT_EQUAL(suspects->stage[1].first_pack, 0);
    CU_ASSERT_EQUAL(suspects->stage[1].halvings, 2);
    CU_ASSERT_EQUAL(suspects->count, 2);
    packs_free(suspects);
    sweep_free(s);
}

static void slices_of_a_pack_cost_what_the_estimator_says(void)
{
    sweep *s = parse("estimator: idle\nidle: {seconds: 2}\ngrid: {seed: 0..9}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *p = make_packs(s, NULL);
    double seconds = 0;
    CU_ASSERT_EQUAL(pack_seconds(s, p, 3, 4, &seconds), OK);
    CU_ASSERT_EQUAL(seconds, 8);
    packs_free(p);
    sweep_free(s);
}

static void a_million_cells_are_packed(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid: {beta: 0..99, rate: {from: 0.1, to: 1, count: 50}, epochs: "
                     "1..20, seed: 0..9}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    packs *p = NULL;
    CU_ASSERT_EQUAL_FATAL(packs_make(s, NULL, &p), OK);
    CU_ASSERT_EQUAL(p->cells, 1000000);
    CU_ASSERT_EQUAL(p->count, 20 * 3125); /* 50000 cells of each number of epochs, by 16 */
    for (int64_t i = 0; i < p->count; i += 1000) {
        int64_t first = p->pack[i].first;
        for (int k = 1; k < p->pack[i].count; k++)
            CU_ASSERT(are_alike(s, p->cell[first], p->cell[first + k]));
    }
    packs_free(p);
    sweep_free(s);
}

CHECK_MAIN("packs", TEST(lanes_differ_in_lane_options_only),
           TEST(groups_are_cut_into_the_fewest_packs_of_nearly_equal_size),
           TEST(shapes_that_differ_in_anything_are_told_apart), TEST(shapes_of_one_envelope_share_packs),
           TEST(full_registers_are_packed_where_there_are_lanes),
           TEST(cells_of_different_estimators_and_kinds_never_mix),
           TEST(zipped_axes_with_equal_values_share_packs), TEST(only_wanted_cells_are_packed),
           TEST(suspects_run_unpacked_in_stages_of_few_deaths_first),
           TEST(there_are_stages_only_where_something_runs_apart),
           TEST(slices_of_a_pack_cost_what_the_estimator_says), TEST(a_million_cells_are_packed))
