/* Shards: whole together, disjoint, balanced, and the same wherever they are made. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "row.h"
#include "sweep.h"

static sweep *sweep_of(const char *text, bool loose)
{
    sweep *s = NULL;
    status result = sweep_parse(text, "test.yaml", NULL, 0, loose, &s);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_FATAL(result == OK);
    return s;
}

static sweep *shard_of(const char *text, bool loose, int64_t index, int64_t count)
{
    sweep *s = sweep_of(text, loose);
    CU_ASSERT(sweep_take_shard(s, index, count) == OK);
    return s;
}

static bool has(const sweep *s, int64_t cell)
{
    const grid *g = sweep_grid(s);
    return !(g->absent && g->absent[cell]);
}

static const char gates[] =
    "estimator: rine\ndata: {kind: gate, samples: 100}\n"
    "grid: {gate: [unq, and, xor], distance: [l1, l2], beta: [0, 5, 15], seed: 0..9}\n"
    "exclude: [{gate: and, beta: 5}]\n";

/* Each task is in one shard, excluded cells in none; the largest shard is at most `spread` tasks larger than the smallest. */
static void check_parts(const char *text, int64_t count, int64_t spread)
{
    sweep *whole = sweep_of(text, false);
    int64_t cells = sweep_grid(whole)->cells, least = cells, most = 0, sum = 0;
    int *owners = calloc((size_t)cells, sizeof *owners);
    for (int64_t i = 1; i <= count; i++) {
        int64_t tasks = 0, index, of;
        sweep *s = shard_of(text, false, i, count);
        CU_ASSERT(sweep_shard(s, &index, &of) && index == i && of == count);
        for (int64_t c = 0; c < cells; c++) {
            owners[c] += has(s, c);
            tasks += has(s, c);
        }
        CU_ASSERT(tasks == sweep_grid(s)->tasks && tasks > 0);
        sum += tasks;
        if (tasks < least) least = tasks;
        if (tasks > most) most = tasks;
        sweep_free(s);
    }
    for (int64_t c = 0; c < cells; c++) CU_ASSERT(owners[c] == has(whole, c));
    CU_ASSERT(sum == sweep_grid(whole)->tasks);
    CU_ASSERT(most - least <= spread);
    if (most - least > spread) fprintf(stderr, "%lld to %lld tasks\n", (long long)least, (long long)most);
    free(owners);
    sweep_free(whole);
}

/* A chunk is at most 16 tasks. */
static void shards_are_disjoint_whole_and_even(void)
{
    check_parts(gates, 1, 0);
    check_parts(gates, 2, 16);
    check_parts(gates, 4, 16);
    check_parts(gates, 7, 16);
    check_parts(gates, 160, 0); /* as many as there are tasks */
}

/* Where no estimator has lanes, balance counts for more than full registers. */
static void few_tasks_without_lanes_are_dealt_evenly(void)
{
    check_parts("estimator: idle\ngrid: {seed: 0..32}\n", 2, 4);
    check_parts("estimator: idle\ngrid: {seed: 0..32}\n", 3, 4);
    check_parts("estimator: idle\ngrid: {seconds: [0, 1, 2, 3], seed: 0..9}\n", 4, 4);
}

static void more_shards_than_tasks_are_refused(void)
{
    sweep *s = sweep_of("estimator: idle\ngrid: {seed: 0..2}\n", false);
    int64_t index, count;
    CU_ASSERT(sweep_take_shard(s, 1, 4) == BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "its 3 tasks cannot be dealt out to 4 shards") != NULL);
    CU_ASSERT(!sweep_shard(s, &index, &count) && sweep_grid(s)->tasks == 3);
    sweep_free(s);
}

/* A report of a shard does not have the data at hand, and must find the same tasks. */
static void a_loose_sweep_has_the_same_shards(void)
{
    for (int64_t i = 1; i <= 3; i++) {
        sweep *s = shard_of(gates, false, i, 3), *loose = shard_of(gates, true, i, 3);
        for (int64_t c = 0; c < sweep_grid(s)->cells; c++) CU_ASSERT(has(s, c) == has(loose, c));
        sweep_free(s);
        sweep_free(loose);
    }
}

/* distance is no option of a lane: the 80 tasks of each distance pack among themselves. Of 5 chunks of 16 each, a shard of
 * four gets whole ones. */
static void tasks_that_pack_stay_together(void)
{
    for (int64_t i = 1; i <= 4; i++) {
        sweep *s = shard_of(gates, false, i, 4);
        const grid *g = sweep_grid(s);
        int64_t of_distance[2] = { 0 };
        for (int64_t c = 0; c < g->cells; c++)
            if (has(s, c)) of_distance[grid_value(g, c, 1)]++;
        CU_ASSERT(of_distance[0] % 16 == 0 && of_distance[1] % 16 == 0);
        sweep_free(s);
    }
}

/* Every other task is a large one, as is every other chunk: each shard of two gets its half. */
static void the_rhythm_of_the_grid_is_not_that_of_the_dealing(void)
{
    static const char text[] = "estimator: idle\ngrid: {seed: 0..63, seconds: [0, 9]}\n";
    sweep *s = shard_of(text, false, 1, 2);
    const grid *g = sweep_grid(s);
    int64_t large = 0;
    for (int64_t c = 0; c < g->cells; c++) large += has(s, c) && grid_value(g, c, 1) == 1;
    CU_ASSERT(large == 32); /* of 64 */
    sweep_free(s);

    /* 200 groups of one task each, the larger ones in turn: by a fair coin each of two shards gets 50 ± 5 of them */
    s = shard_of("estimator: rine\ndata: {kind: gate, samples: 100}\n"
                 "grid: {epochs: {from: 1, to: 100, count: 100}, distance: [l1, l2]}\n",
                 false, 1, 2);
    g = sweep_grid(s);
    large = 0;
    for (int64_t c = 0; c < g->cells; c++) large += has(s, c) && grid_value(g, c, 1) == 1;
    CU_ASSERT(sweep_grid(s)->tasks == 100 && large > 35 && large < 65); /* 3 standard deviations */
    sweep_free(s);
}

/* Rows have the shape that they have in the whole sweep, whatever the longest of the shard is. */
static void a_shard_has_the_layout_of_the_whole_sweep(void)
{
    static const char text[] = "estimator: rine\ndata: {kind: gate, samples: 100}\nrine: {history: true}\n"
                               "grid: {epochs: [2, 3, 4, 50], seed: 0..1}\n";
    for (int64_t i = 1; i <= 4; i++) {
        sweep *s = shard_of(text, false, i, 4);
        layout *l = NULL;
        CU_ASSERT_FATAL(layout_make(s, &l) == OK);
        CU_ASSERT(l->extents.epochs == 50);
        layout_free(l);
        sweep_free(s);
    }
}

static void what_is_no_shard_is_refused(void)
{
    static const char *const wrong[] = { "",    "2",    "/",    "2/",    "/4",  "0/4",
                                         "5/4", "-1/4", "2/4x", "2 / 4", "a/b", "1/99999999999999999999" };
    int64_t index = 0, count = 0;
    CU_ASSERT(sweep_shard_parse("2/4", &index, &count) == OK && index == 2 && count == 4);
    CU_ASSERT(sweep_shard_parse("1/1", &index, &count) == OK && index == 1 && count == 1);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT(sweep_shard_parse(wrong[i], &index, &count) == BAD_INPUT);
        CU_ASSERT(strstr(failure_text(), "2/4 is the second of four") != NULL);
    }
}

CHECK_MAIN("shards", TEST(shards_are_disjoint_whole_and_even), TEST(few_tasks_without_lanes_are_dealt_evenly),
           TEST(more_shards_than_tasks_are_refused), TEST(a_loose_sweep_has_the_same_shards),
           TEST(tasks_that_pack_stay_together), TEST(the_rhythm_of_the_grid_is_not_that_of_the_dealing),
           TEST(a_shard_has_the_layout_of_the_whole_sweep), TEST(what_is_no_shard_is_refused))
