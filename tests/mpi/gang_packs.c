/* Packs for gangs beside packs for single ranks: who runs them, when, and how they stop. Tasks wait; ranks of a gang meet at
 * each tick, as those of an estimator do at each step. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "schedule.h"
#include "schedule/gang_make.h"

enum { PACKS_MAX = 4000 };
#define TICK 0.01

/* What a rank has seen. */
static struct {
    int rank, ranks;
    packs packs;
    pack pack[PACKS_MAX];
    int wide; /* packs for gangs; they come first */
    int32_t led[PACKS_MAX], helped[PACKS_MAX];
    double first_wide, last_wide, first_single; /* seconds after the start */
    double began;
    int stopping, draining, failing,
        dying; /* rank that does so, within its first pack for a gang; -1: none */
    double limit_seconds;
    double late_seconds; /* that all but the first of a gang need after they have met for the last time */
    bool ran_wide;
    running shown[16]; /* rank 0: the last that was told of each rank with a note */
    int note_kinds;
} t;

static double now(void)
{
    return MPI_Wtime();
}

/* `wide` packs of that many ranks, which take `wide_seconds` each there, and `singles` of `seconds` each. */
static void make(int wide, int ranks_each, double wide_seconds, int singles, double seconds)
{
    memset(&t, 0, sizeof t);
    MPI_Comm_rank(MPI_COMM_WORLD, &t.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &t.ranks);
    t.stopping = t.draining = t.failing = t.dying = -1;
    t.first_wide = t.first_single = INFINITY;
    t.wide = wide;
    for (int i = 0; i < wide + singles; i++) {
        bool is_wide = i < wide;
        double on_one =
            is_wide && ranks_each > 1 ? wide_seconds * ranks_each * GANG_EFFICIENCY : wide_seconds;
        t.pack[i] = (pack){ .first = i,
                            .count = 1,
                            .ranks = is_wide ? ranks_each : 1,
                            .keeps = is_wide,
                            .seconds = is_wide ? on_one : seconds };
    }
    t.packs = (packs){ .cells = wide + singles, .count = wide + singles, .pack = t.pack };
}

static void meet(gang *team, int64_t first)
{
    int64_t *all = malloc(sizeof *all * (size_t)gang_ranks(team));
    if (gang_gather(team, &first, sizeof first, all) == OK)
        for (int i = 0; i < gang_ranks(team); i++) CU_ASSERT_EQUAL(all[i], first);
    free(all);
}

static status wait_and_tick(gang *team, int64_t first, double seconds, ticker *tick)
{
    double began = now();
    for (double gone = 0; gone < seconds; gone = now() - began) {
        tick->note = (task_note){ .epoch = first, .epochs = 100, .loss = 0.5, .bits = 0.25 };
        if (!tick->tick(tick, gone / seconds)) return WORK_LEFT;
        double rest = fmin(seconds - gone, tick->interval_seconds);
        nanosleep(&(struct timespec){ .tv_nsec = (long)(1e9 * rest) }, NULL);
        if (t.failing == t.rank && team != NULL) return failure(NO_MEMORY, "one of a gang");
    }
    meet(team, first);
    return OK;
}

static status run(void *context, int64_t first, int count, gang *team, ticker *tick, tally *tasks)
{
    const pack *k = &t.pack[first];
    double since = now() - t.began;
    (void)context;
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(gang_ranks(team), k->ranks);
    CU_ASSERT_EQUAL(gang_rank(team), t.rank % k->ranks);
    CU_ASSERT(t.rank / k->ranks * k->ranks + k->ranks <= t.ranks);
    t.ran_wide = t.ran_wide || first < t.wide;
    if (first < t.wide)
        t.first_wide = fmin(t.first_wide, since);
    else
        t.first_single = fmin(t.first_single, since);
    meet(team, first);
    status result = wait_and_tick(team, first, pack_span(k, k->seconds), tick);
    if (result != OK) return result;
    if (first < t.wide) t.last_wide = now() - t.began;
    if (gang_rank(team) > 0) {
        for (double from = now(); now() - from < t.late_seconds;)
            if (!tick->tick(tick, 1)) return WORK_LEFT;
        t.helped[first]++;
        return OK;
    }
    t.led[first]++;
    tasks->done += count;
    return OK;
}

static double seconds_of(void *context, int64_t first, int count)
{
    (void)context;
    (void)count;
    return t.pack[first].seconds;
}

static wish look(void *context)
{
    (void)context;
    if (!t.ran_wide) return WISH_GO_ON;
    if (t.stopping == t.rank) return WISH_STOP;
    return t.draining == t.rank ? WISH_DRAIN : WISH_GO_ON;
}

static void show(void *context, const progress *p)
{
    (void)context;
    for (int i = 0; i < p->ranks && i < 16; i++) {
        const running *r = &p->running[i];
        if (r->count == 0) continue;
        CU_ASSERT_EQUAL(r->ranks, t.pack[r->first].ranks);
        CU_ASSERT_EQUAL(i % r->ranks, 0);
        if (r->note.epochs == 0) continue; /* it has not said anything yet */
        CU_ASSERT_EQUAL(r->note.epoch, r->first);
        CHECK_NEAR(r->note.loss, 0.5, 0);
        t.shown[i] = *r;
    }
}

static status go(progress *last)
{
    const schedule s = { .packs = &t.packs,
                         .tick_seconds = TICK,
                         .run = run,
                         .seconds = seconds_of,
                         .progress = show,
                         .look = look,
                         .limit_seconds = t.limit_seconds };
    MPI_Barrier(MPI_COMM_WORLD);
    t.began = now();
    return schedule_run(MPI_COMM_WORLD, &s, last);
}

static double over_ranks(double mine, MPI_Op op)
{
    MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, op, MPI_COMM_WORLD);
    return mine;
}

/* Collective. How often was the pack led, or helped with? */
static void sum_over_ranks(int32_t *count)
{
    MPI_Allreduce(MPI_IN_PLACE, count, (int)t.packs.count, MPI_INT32_T, MPI_SUM, MPI_COMM_WORLD);
}

/* Collective. Packs that ran to the end, each of them once, on all its ranks. */
static int64_t ran(void)
{
    int64_t count = 0;
    sum_over_ranks(t.led);
    sum_over_ranks(t.helped);
    for (int64_t i = 0; i < t.packs.count; i++) {
        CU_ASSERT(t.led[i] <= 1);
        CU_ASSERT_EQUAL(t.helped[i], t.led[i] * (t.pack[i].ranks - 1));
        count += t.led[i];
    }
    return count;
}

static int pair(void)
{
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    return ranks > 1 ? 2 : 1;
}

static int largest(void)
{
    int ranks, count = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    while (2 * count <= ranks) count *= 2;
    return count;
}

static void every_pack_runs_once_on_all_ranks_of_its_gang(void)
{
    const int wide[] = { 1, 7, 30, 0, 3 }, singles[] = { 0, 0, 40, 5, 300 };
    for (int i = 0; i < 5; i++) {
        for (int width = 1; width <= largest(); width *= 2) {
            progress last;
            make(wide[i], width, 0.004, singles[i], 0.001);
            CU_ASSERT_EQUAL(go(&last), OK);
            CU_ASSERT_EQUAL(ran(), t.packs.count);
            if (t.rank == 0) CU_ASSERT_EQUAL(last.tasks.done, t.packs.count);
        }
    }
}

static void gangs_of_different_sizes_take_turns(void)
{
    make(20, largest(), 0.01, 30, 0.005);
    for (int i = 10; i < 20; i++) {
        t.pack[i].ranks = pair();
        t.pack[i].seconds = 0.009 * pair();
    }
    CU_ASSERT_EQUAL(go(NULL), OK);
    CU_ASSERT_EQUAL(ran(), 50);
}

/* 5 packs for two ranks each and 50 for one: as long as if all could be shared out evenly, or a pack longer. */
static void neither_kind_waits_for_the_other_to_be_through(void)
{
    progress last;
    make(5, pair(), 0.2, 50, 0.02);
    double bound = (5 * 0.2 * pair() + 50 * 0.02) / t.ranks;
    CU_ASSERT_EQUAL(go(&last), OK);
    CU_ASSERT_EQUAL(ran(), 55);
    double took = over_ranks(now() - t.began, MPI_MAX);
    if (took > bound + 0.25)
        fprintf(stderr, "took %g s, at best %g s\n", took, bound); /* as beside other work */
    double first_wide = over_ranks(t.first_wide, MPI_MIN), last_wide = over_ranks(t.last_wide, MPI_MAX);
    double first_single = over_ranks(t.first_single, MPI_MIN);
    CU_ASSERT(first_wide < took / 2);                     /* the longest are not put off, … */
    if (t.ranks > 2) CU_ASSERT(first_single < last_wide); /* … nor those that fit beside them */
    if (t.rank != 0) return;
    double busy = 5 * 0.2 * pair() + 50 * 0.02;
    CU_ASSERT(last.busy_seconds > 0.95 * busy); /* of every rank of a gang */
    CU_ASSERT(last.busy_seconds <= t.ranks * took * 1.01);
}

/* Where single packs are longer they go first; the gang gets its block in the end. */
static void a_gang_gets_its_block_after_longer_single_packs(void)
{
    make(1, largest(), 0.05, 6, 0.1);
    CU_ASSERT_EQUAL(go(NULL), OK);
    CU_ASSERT_EQUAL(ran(), 7);
    double took = over_ranks(now() - t.began, MPI_MAX);
    CU_ASSERT(took < 0.1 * ceil(6.0 / t.ranks) + 0.1 + 0.05 + 0.1);
}

static void ranks_beyond_the_last_block_run_single_packs(void)
{
    make(6, pair(), 0.05, 12, 0.02);
    CU_ASSERT_EQUAL(go(NULL), OK);
    if (t.rank / pair() * pair() + pair() > t.ranks) CU_ASSERT(!t.ran_wide);
    CU_ASSERT_EQUAL(ran(), 18);
}

static void a_person_is_told_what_a_gang_says(void)
{
    make(2, largest(), 0.5, 0, 0);
    CU_ASSERT_EQUAL(go(NULL), OK);
    if (t.rank != 0) return;
    CU_ASSERT_EQUAL(t.shown[0].ranks, largest());
    CU_ASSERT_EQUAL(t.shown[0].note.epochs, 100);
    CHECK_NEAR(t.shown[0].note.bits, 0.25, 0);
}

static void a_stop_on_any_rank_ends_the_gang(void)
{
    for (int stopping = 0; stopping < pair(); stopping++) {
        make(3, pair(), 20, 3, 0.01);
        t.stopping = pair() > 1 ? stopping : -2;
        if (t.stopping == -2) return;
        double began = now();
        CU_ASSERT_EQUAL(go(NULL), WORK_LEFT);
        CU_ASSERT(now() - began < 1.5);
    }
}

/* All is done when the first of a gang says so: the others may still be on their way out, and nobody has asked them to stop. */
static void a_rank_that_ends_after_its_gang_is_waited_for(void)
{
    make(1, largest(), 0.02, 0, 0);
    t.late_seconds = 0.3;
    CU_ASSERT_EQUAL(go(NULL), OK);
    CU_ASSERT_EQUAL(ran(), 1);
}

static void a_failure_on_any_rank_of_a_gang_fails_the_run(void)
{
    for (int failing = 0; failing < pair() && pair() > 1; failing++) {
        char named[32];
        make(3, pair(), 20, 3, 0.01);
        t.failing = failing;
        double began = now();
        CU_ASSERT_EQUAL(go(NULL), NO_MEMORY);
        CU_ASSERT(now() - began < 1.5);
        CU_ASSERT(strstr(failure_text(), "one of a gang") != NULL);
        snprintf(named, sizeof named, "rank %d: ", failing);
        CU_ASSERT_EQUAL(strstr(failure_text(), named) != NULL, failing > 0);
    }
}

/* Short ones, so that ranks have some queued when one of them hears the signal: what some have begun all end, or none. */
static void a_drain_on_any_rank_lets_gangs_end_together(void)
{
    for (int draining = 0; draining < pair() && pair() > 1; draining++) {
        progress last;
        make(400, pair(), 0.003, 300, 0.001);
        t.draining = draining;
        CU_ASSERT_EQUAL(go(&last), WORK_LEFT);
        int64_t done = ran();
        CU_ASSERT(done > 0);
        CU_ASSERT(done < 700);
        if (t.rank != 0) continue;
        CU_ASSERT_EQUAL(last.tasks.done, done);
        CU_ASSERT_EQUAL(last.tasks.left, 700 - done);
    }
}

static void what_keeps_checkpoints_is_begun_and_given_up_at_the_limit(void)
{
    make(3, pair(), 20, 0, 0);
    t.limit_seconds = 1.5; /* more than a twentieth */
    double began = now();
    CU_ASSERT_EQUAL(go(NULL), WORK_LEFT);
    CU_ASSERT(now() - began > 1.2);
    CU_ASSERT(now() - began < 3);
    if (t.rank < pair()) CU_ASSERT(t.ran_wide);
    CU_ASSERT(strstr(failure_text(), "given up") != NULL);
}

static void what_keeps_checkpoints_is_not_begun_for_next_to_nothing(void)
{
    make(3, pair(), 200, 0, 0);
    t.limit_seconds = 1.5;
    double began = now();
    CU_ASSERT_EQUAL(go(NULL), WORK_LEFT);
    CU_ASSERT(now() - began < 1);
    CU_ASSERT(!t.ran_wide);
    CU_ASSERT(strstr(failure_text(), "keeps checkpoints is begun with 10 s left") != NULL);
}

static void what_keeps_none_is_not_begun_where_it_cannot_end(void)
{
    make(3, pair(), 20, 0, 0);
    for (int i = 0; i < 3; i++) t.pack[i].keeps = false;
    t.limit_seconds = 1.5;
    double began = now();
    CU_ASSERT_EQUAL(go(NULL), WORK_LEFT);
    CU_ASSERT(now() - began < 1);
    CU_ASSERT(!t.ran_wide);
}

static void more_ranks_for_a_task_than_the_run_has_are_refused(void)
{
    CU_ASSERT_EQUAL(schedule_check(4, 4), OK);
    CU_ASSERT_EQUAL(schedule_check(5, 1), OK);
    CU_ASSERT_EQUAL(schedule_check(2, 4), BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "the run, which has 2") != NULL);
    CU_ASSERT_EQUAL(schedule_check(8, 3), BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "no power of two") != NULL);
    make(1, 2 * largest(), 0.01, 1, 0.01);
    CU_ASSERT_EQUAL(go(NULL), BROKEN);
}

static const check_test tests[] = {
    TEST(every_pack_runs_once_on_all_ranks_of_its_gang),
    TEST(gangs_of_different_sizes_take_turns),
    TEST(neither_kind_waits_for_the_other_to_be_through),
    TEST(a_gang_gets_its_block_after_longer_single_packs),
    TEST(ranks_beyond_the_last_block_run_single_packs),
    TEST(a_person_is_told_what_a_gang_says),
    TEST(a_stop_on_any_rank_ends_the_gang),
    TEST(a_rank_that_ends_after_its_gang_is_waited_for),
    TEST(a_failure_on_any_rank_of_a_gang_fails_the_run),
    TEST(a_drain_on_any_rank_lets_gangs_end_together),
    TEST(what_keeps_checkpoints_is_begun_and_given_up_at_the_limit),
    TEST(what_keeps_checkpoints_is_not_begun_for_next_to_nothing),
    TEST(what_keeps_none_is_not_begun_where_it_cannot_end),
    TEST(more_ranks_for_a_task_than_the_run_has_are_refused),
};

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    int failed = check_run("gang packs", tests, sizeof tests / sizeof tests[0], argc, argv);
    MPI_Finalize();
    return failed;
}
