/* infosweep status: how far a result file is, also while a run fills it. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "live.h"
#include "report/outcomes.h"
#include "words.h"

static const char help[] =
    "Usage: infosweep status [OPTION]... FILE\n"
    "\n"
    "Counts the cells of a result file by what became of them, says how a run that fills it is getting on,\n"
    "which run was the last, and what failed and why (the first ten).\n"
    "\n"
    "      --exit-code  exit with 0 when all tasks are done, 1 when some failed, 75 when work is left\n"
    "      --help       this text\n";

/* A live file older than this was left by a run that was killed: it is written every second. */
#define LIVE_MAX_SECONDS 15

static void print_counts(const results *r, const outcomes *o)
{
    const sweep *s = results_sweep(r);
    printf("%s: %s\n", results_path(r), sweep_title(s));
    int64_t tasks = sweep_grid(s)->tasks;
    printf("%lld %s:", (long long)tasks, tasks == 1 ? "task" : "tasks");
    const char *before = " ";
    for (int i = OUTCOME_PENDING; i < OUTCOMES; i++) {
        if (o->count[i] == 0) continue;
        printf("%s%lld %s", before, (long long)o->count[i], outcome_text((outcome)i));
        before = ", ";
    }
    printf("\n");
}

/* Only a process of this machine can be asked; of one elsewhere, the age of its file tells. */
static bool is_known_gone(const live *l)
{
    char here[sizeof l->host] = "";
    if (gethostname(here, sizeof here - 1) != 0 || strcmp(here, l->host) != 0) return false;
    return kill((pid_t)l->process, 0) != 0 && errno == ESRCH;
}

/* Returns whether a run is on. */
static bool print_live(const results *r)
{
    live l;
    char left[WORDS_MAX], gone[WORDS_MAX], rate[WORDS_MAX];
    if (!live_read(results_path(r), &l)) return false;
    double age = difftime(time(NULL), (time_t)l.unix_seconds);
    if (age > LIVE_MAX_SECONDS || is_known_gone(&l)) return false;
    int64_t finished = l.done + l.failed;
    printf("running on %s (process %lld, %d %s): %lld of %lld", l.host, (long long)l.process, l.ranks,
           l.ranks == 1 ? "rank" : "ranks", (long long)finished, (long long)l.total);
    if (l.failed > 0) printf(", %lld failed", (long long)l.failed);
    printf(" in %s", duration_text(l.elapsed_seconds, gone));
    if (finished > 0 && l.elapsed_seconds > 0)
        printf(", %s", rate_text((double)finished / l.elapsed_seconds, rate));
    if (!isnan(l.left_seconds)) printf(", %s left", duration_text(l.left_seconds, left));
    printf("\n");
    return true;
}

static status print_last_run(const results *r, bool is_on)
{
    status result = OK;
    run_record *runs = NULL;
    int count = 0;
    TRY(results_runs(r, &runs, &count));
    if (count == 0) goto done;
    const run_record *last = &runs[count - 1];
    printf("run %d: %s, %d %s on %s, infosweep %s (%s), kernels %s\n", count, last->started, last->ranks,
           last->ranks == 1 ? "rank" : "ranks", last->host, last->version, last->commit, last->kernels);
    printf("  %s\n", last->command);
    if (last->ended[0])
        printf("  ended %s: %s\n", last->ended, last->ending);
    else if (!is_on)
        printf("  was killed, or runs where this machine cannot see it\n");
done:
    free(runs);
    return result;
}

/* What --exit-code asks for: work that is left counts more than tasks that failed. */
static status state_of(const outcomes *o)
{
    int64_t failed = outcomes_failed(o), left = outcomes_left(o);
    if (left > 0) return failure(WORK_LEFT, "%lld tasks are left", (long long)left);
    if (failed > 0) return failure(SOME_FAILED, "%lld tasks failed", (long long)failed);
    return OK;
}

static status run(int argc, char **argv)
{
    status result = OK;
    strings words;
    bool exit_code = false;
    results *r = NULL;
    uint8_t *of = NULL;
    const argument options[] = {
        { .name = "exit-code", .given = &exit_code },
        { .name = NULL },
    };
    TRY(arguments_read(&status_command, argc, argv, options, 1, 1, &words));
    TRY(results_open(words.item[0], &r));
    TRY(results_status(r, &of));
    const outcomes o = outcomes_count(sweep_grid(results_sweep(r)), of);
    print_counts(r, &o);
    bool is_on = print_live(r);
    TRY(print_last_run(r, is_on));
    TRY(outcomes_print_failures(&o, r, stdout));
    if (exit_code) result = state_of(&o);
done:
    free(of);
    results_close(r);
    return result;
}

const command status_command = {
    .name = "status",
    .summary = "say how far a result file is, what failed and why, and whether a run is on",
    .help = help,
    .run = run,
};
