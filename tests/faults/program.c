/* infosweep with one estimator more, for tests alone: `crash`, whose culprits take their process down, in the ways in which
 * processes go down. It gives the random number of `idle`, so that what a crashed sweep ends with can be compared. With
 * `steps`, its tasks are long ones that keep their state, for a gang if there is one, and culprits go down in the middle. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "estimator.h"
#include "gang.h"
#include "random.h"

/* ---- options --------------------------------------------------------------------------------------------------------- */

typedef enum way {
    WAY_SEGV,
    WAY_BUS,
    WAY_FPE,
    WAY_ILL,
    WAY_ABRT,
    WAY_STACK,
    WAY_KILL,
    WAY_MEMORY,
    WAY_HANG
} way;

typedef struct crash_options {
    double seconds;
    integers culprits;
    int way;
    int64_t times, steps, ranks, rank;
    const char *trace;
} crash_options;

/* What crashes, and how, is no part of the sweep: a resumed run may have it mended. */
#define FIELD(f) offsetof(crash_options, f)
static const option crash_table[] = {
    { "seconds", OPTION_REAL, FIELD(seconds), "0", 0, 1e6, "s", "how long each task waits", NULL,
      OPTION_EXECUTION },
    { "culprits", OPTION_INTEGERS, FIELD(culprits), "[]", 0, 0, "", "seeds of the tasks that crash", NULL,
      OPTION_EXECUTION },
    { "way", OPTION_CHOICE, FIELD(way), "segv", 0, 0, "", "in which they do",
      "segv|bus|fpe|ill|abrt|stack|kill|memory|hang", OPTION_EXECUTION },
    { "times", OPTION_INTEGER, FIELD(times), "0", 0, 1e6, "",
      "only so many times, as the trace tells; 0: always", NULL, OPTION_EXECUTION },
    { "steps", OPTION_INTEGER, FIELD(steps), "0", 0, 1e6, "",
      "of a long task, which waits in each; 0: it is no long one", NULL, 0 },
    { "ranks", OPTION_INTEGER, FIELD(ranks), "1", 1, 8, "ranks", "most that a gang may have for a long task",
      NULL, OPTION_EXECUTION },
    { "rank", OPTION_INTEGER, FIELD(rank), "0", 0, 7, "", "of a gang, that goes down", NULL,
      OPTION_EXECUTION },
    { "trace", OPTION_TEXT, FIELD(trace), "", 0, 0, "", "file that tells what ran", NULL, OPTION_EXECUTION },
    { .name = NULL },
};
#undef FIELD

static const quantity crash_results[] = {
    { "number", PER_CELL, "", "random number that depends on the seed" },
    { .name = NULL },
};

static const crash_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

static bool is_culprit(const settings *s)
{
    const integers *all = &options_of(s)->culprits;
    for (int i = 0; i < all->count; i++)
        if (all->value[i] == settings_task(s)->seed) return true;
    return false;
}

/* ---- the trace: lines "begins SEED TASKS-IN-PACK PROCESS", "dies SEED", "ends SEED", "resumes SEED STEP" ------------------------------------ */

/* One line in one piece, whichever process writes. */
static void trace(const crash_options *o, const char *event, int64_t seed, int count)
{
    char line[96];
    if (o->trace[0] == '\0') return;
    int length =
        snprintf(line, sizeof line, "%s %lld %d %ld\n", event, (long long)seed, count, (long)getpid());
    int file = open(o->trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0 || write(file, line, (size_t)length) != length) {
        fprintf(stderr, "%s: %s\n", o->trace, strerror(errno));
        exit(2);
    }
    close(file);
}

static int64_t deaths_of(const crash_options *o, int64_t seed)
{
    int64_t deaths = 0;
    char line[96], wanted[64];
    FILE *from = fopen(o->trace, "r");
    if (from == NULL) return 0;
    snprintf(wanted, sizeof wanted, "dies %lld ", (long long)seed);
    while (fgets(line, sizeof line, from)) deaths += strncmp(line, wanted, strlen(wanted)) == 0;
    fclose(from);
    return deaths;
}

/* ---- ways down ---------------------------------------------------------------------------------------------------------- */

/* A write to a page that may not be written, which no sanitizer takes for a mistake of its own kind. */
static void touch_forbidden_page(void)
{
    char *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *(volatile char *)page = 1;
}

/* Deeper than any stack. */
static volatile int depth_left = 1 << 24;

static int overflow_stack(int before)
{
    volatile char room[4096];
    room[0] = (char)before;
    return depth_left-- > 0 ? overflow_stack(room[0]) + room[0] : 0;
}

/* Takes memory until there is no more, as much as `ulimit -v` leaves. */
static status exhaust_memory(void)
{
    enum { PIECE = 1 << 24 };
    void *last = NULL;
    size_t taken = 0;
    for (void **piece; (piece = malloc(PIECE)) != NULL; last = piece, taken += PIECE) *piece = last;
    while (last) {
        void *before = *(void **)last;
        free(last);
        last = before;
    }
    return failure(NO_MEMORY, "not enough memory for a piece after %zu bytes", taken);
}

static status hang(ticker *t)
{
    while (t->tick(t, 0)) nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    return WORK_LEFT;
}

static status go_down(way w, ticker *t)
{
    switch (w) {
    case WAY_SEGV:
        touch_forbidden_page();
        break;
    case WAY_BUS:
        raise(SIGBUS);
        break;
    case WAY_FPE:
        raise(SIGFPE);
        break;
    case WAY_ILL:
        raise(SIGILL);
        break;
    case WAY_ABRT:
        abort();
    case WAY_STACK:
        overflow_stack(1);
        break;
    case WAY_KILL:
        kill(getpid(), SIGKILL);
        break;
    case WAY_MEMORY:
        return exhaust_memory();
    case WAY_HANG:
        return hang(t);
    }
    return failure(BROKEN, "a culprit lives on");
}

/* ---- the estimator ------------------------------------------------------------------------------------------------------ */

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    (void)s;
    (void)shape;
    *out = (result_extents){ 0 };
}

static double flops(const settings *s, const data_shape *shape)
{
    (void)s;
    (void)shape;
    return 0;
}

/* The tasks of a pack wait one after the other. */
static double seconds(const settings *s, const data_shape *shape, int count)
{
    (void)shape;
    const int64_t steps = options_of(s)->steps;
    return options_of(s)->seconds * (double)(steps > 0 ? steps : 1) * count;
}

static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    (void)s;
    (void)shape;
    (void)count;
    return 0;
}

static bool wait_for(double left, ticker *t, double fraction)
{
    if (!t->tick(t, fraction)) return false;
    for (; left > 0; left -= t->interval_seconds) {
        double now = left < t->interval_seconds ? left : t->interval_seconds;
        struct timespec nap = { .tv_sec = (time_t)now };
        nap.tv_nsec = (long)(1e9 * (now - (double)nap.tv_sec));
        nanosleep(&nap, NULL);
        if (!t->tick(t, fraction)) return false;
    }
    return true;
}

/* ---- long tasks ---------------------------------------------------------------------------------------------------------- */

static void manner(const settings *s, const data_shape *shape, task_manner *out)
{
    (void)shape;
    out->keeps = options_of(s)->steps > 0;
    out->ranks = out->keeps ? (int)options_of(s)->ranks : 1;
}

/* What a long task has done so far. */
typedef struct progress_made {
    int64_t step;
    double sum; /* of a random number for each */
} progress_made;

static status load(checkpoint *c, const settings *s, progress_made *made)
{
    status result = OK;
    void *state = NULL;
    size_t bytes;
    TRY(c->load(c, &state, &bytes));
    if (state == NULL) goto done;
    CHECK(bytes == sizeof *made, BROKEN, "a state of %zu bytes", bytes);
    memcpy(made, state, sizeof *made);
    trace(options_of(s), "resumes", settings_task(s)->seed, (int)made->step);
done:
    free(state);
    return result;
}

/* Goes down in the middle, if this is the rank of the gang to do so. */
static status take_fate(const task_pack *pack, const progress_made *made, ticker *t)
{
    const settings *s = pack->task[0];
    const crash_options *o = options_of(s);
    int64_t seed = settings_task(s)->seed;
    if (made->step != o->steps / 2 || !is_culprit(s) || gang_rank(pack->gang) != o->rank) return OK;
    if (o->times > 0 && deaths_of(o, seed) >= o->times) return OK;
    trace(o, "dies", seed, pack->count);
    return go_down((way)o->way, t);
}

/* All ranks of a gang have done a step. */
static bool meet(gang *team)
{
    float there = 1;
    return gang_sum(team, &there, 1) == OK;
}

static status run_steps(const task_pack *pack, ticker *t, task_row *row)
{
    status result = OK;
    const settings *s = pack->task[0];
    const crash_options *o = options_of(s);
    checkpoint *c = pack->checkpoint;
    int64_t seed = settings_task(s)->seed;
    random_key key = { .seed = (uint64_t)seed, .purpose = RANDOM_TRIAL };
    progress_made made = { 0 };
    const bool leads = gang_rank(pack->gang) == 0;
    if (leads) trace(o, "begins", seed, pack->count);
    TRY(load(c, s, &made));
    TRY(gang_share(pack->gang, &made, sizeof made));
    for (; made.step < o->steps; made.step++) {
        TRY(take_fate(pack, &made, t));
        t->note = (task_note){ made.step, o->steps, 1.5, 0.25, 412 };
        if (!wait_for(o->seconds, t, (double)made.step / (double)o->steps) || !meet(pack->gang)) {
            result = c->save(c, &made, sizeof made);
            return result == OK ? WORK_LEFT : result;
        }
        made.sum += random_uniform(key, (uint64_t)made.step);
        progress_made next = { made.step + 1, made.sum };
        if (c->due(c)) TRY(c->save(c, &next, sizeof next));
    }
    if (!leads) goto done;
    row_set(row, "number", 0, made.sum);
    row->outcome = OUTCOME_DONE;
    trace(o, "ends", seed, pack->count);
done:
    return result;
}

/* ---- all of them ----------------------------------------------------------------------------------------------------------- */

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    if (options_of(pack->task[0])->steps > 0) return run_steps(pack, t, rows[0]);
    for (int i = 0; i < pack->count; i++) {
        const settings *s = pack->task[i];
        const crash_options *o = options_of(s);
        int64_t seed = settings_task(s)->seed;
        random_key key = { .seed = (uint64_t)seed, .purpose = RANDOM_TRIAL };
        trace(o, "begins", seed, pack->count);
        if (is_culprit(s) && (o->times == 0 || deaths_of(o, seed) < o->times)) {
            trace(o, "dies", seed, pack->count);
            TRY(go_down((way)o->way, t));
        }
        if (!wait_for(o->seconds, t, (double)i / pack->count)) return WORK_LEFT;
        row_set(rows[i], "number", 0, random_uniform(key, 0));
        rows[i]->outcome = OUTCOME_DONE;
        trace(o, "ends", seed, pack->count);
    }
done:
    return result;
}

static const estimator crash_estimator = {
    .name = "crash",
    .summary = "takes its process down: for tests",
    .source = "infosweep",
    .section = { "crash", crash_table, sizeof(crash_options) },
    .results = crash_results,
    .needs = 0,
    .check = estimator_accepts_all,
    .extents = extents,
    .manner = manner,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};

/* ---- the registry: it stands in for that of the library, which is then not linked ----------------------------------------- */

extern const estimator rine_estimator, exact_estimator, similarity_estimator, idle_estimator;

const estimator *const estimators[] = {
    &rine_estimator, &exact_estimator, &similarity_estimator, &idle_estimator, &crash_estimator, NULL,
};

const estimator *estimator_find(const char *name)
{
    for (int i = 0; estimators[i]; i++)
        if (strcmp(estimators[i]->name, name) == 0) return estimators[i];
    return NULL;
}

status estimator_accepts_all(const settings *s, const data_shape *shape)
{
    (void)s;
    (void)shape;
    return OK;
}
