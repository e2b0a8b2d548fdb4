/* What `run` tells a person before and after. */
#include <math.h>
#include <stdlib.h>

#include "report.h"
#include "report/outcomes.h"
#include "run.h"
#include "words.h"

/* Now is the time to mend the file of published values; the run needs it not. */
static void say_published(const sweep *s)
{
    comparison *published = NULL;
    if (sweep_compare(s) == NULL) return;
    if (comparison_read(sweep_compare(s), sweep_grid(s), s, &published) != OK)
        fprintf(stderr, "no published values: %s\n", failure_text());
    failure_clear();
    comparison_free(published);
}

static const char *tasks_word(int64_t count)
{
    return count == 1 ? "task" : "tasks";
}

/* What earlier runs left. */
static void say_found(const job *j)
{
    const store_found *f = &j->found;
    const char *path = j->path;
    int64_t before = sweep_grid(j->sweep)->tasks - j->packs->cells - f->copied;
    if (f->copied > 0)
        fprintf(stderr, "%s: %lld %s taken over\n", j->typed.reuse, (long long)f->copied,
                tasks_word(f->copied));
    if (before > 0)
        fprintf(stderr, "%s: %lld %s %s\n", path, (long long)before, tasks_word(before),
                j->typed.retry ? "left as they are" : "done before");
    if (j->typed.retry && j->packs->cells == 0)
        fprintf(stderr, "%s: no task is %s: nothing to run\n", path, j->typed.retry_text);
    if (f->torn > 0)
        fprintf(stderr, "%s: half-written, to be done again: %lld %s\n", path, (long long)f->torn,
                tasks_word(f->torn));
    if (f->crashed > 0)
        fprintf(stderr, "%s: %lld %s ran in a process that crashed: to run apart, after all others\n", path,
                (long long)f->crashed, tasks_word(f->crashed));
    if (f->suspects > 0)
        fprintf(stderr, "%s: %lld %s ran when the run was killed: to run apart, after all others\n", path,
                (long long)f->suspects, tasks_word(f->suspects));
    if (f->quarantined > 0)
        fprintf(stderr, "%s: %lld %s quarantined\n", path, (long long)f->quarantined,
                f->quarantined == 1 ? "task is" : "tasks are");
}

void job_say_start(const job *j)
{
    char text[WORDS_MAX];
    double seconds = 0;
    if (j->rank != 0 || j->typed.quiet) return;
    for (int64_t i = 0; i < j->packs->count; i++) seconds += j->packs->pack[i].seconds;
    say_found(j);
    say_published(j->sweep);
    if (j->packs->cells == 0) return;
    fprintf(stderr, "%s: %lld %s in %lld %s on %d %s, kernels %s; predicted to take %s\n", j->typed.sweep,
            (long long)j->packs->cells, j->packs->cells == 1 ? "task" : "tasks", (long long)j->packs->count,
            j->packs->count == 1 ? "pack" : "packs", j->ranks, j->ranks == 1 ? "rank" : "ranks", j->kernels,
            duration_text(seconds / j->ranks, text));
    double margin = sweep_run(j->sweep)->margin_seconds, left = j->ends - MPI_Wtime();
    if (isinf(left)) return;
    fprintf(stderr, "the time limit is in %s; %g s before it the run ends%s\n",
            duration_text(fmax(left, 0), text), margin,
            left > margin ? "" : ": that is now (a longer limit, or a smaller run.margin_seconds)");
}

/* What has been done, against what was predicted. */
static void say_rate(const job *j, const progress *p)
{
    char measured[WORDS_MAX], predicted[WORDS_MAX], rate[WORDS_MAX];
    int64_t finished = p->tasks.done + p->tasks.failed;
    fprintf(stderr, "%lld %s in %s (predicted: %s), %s, ranks busy %.1f %% of it (the least %.1f %%)",
            (long long)finished, finished == 1 ? "task" : "tasks",
            duration_text(p->elapsed_seconds, measured), duration_text(p->predicted_seconds, predicted),
            rate_text((double)finished / p->elapsed_seconds, rate),
            100 * p->busy_seconds / (p->elapsed_seconds * p->ranks),
            100 * p->least_busy_seconds / p->elapsed_seconds);
    if (j->lane_places > 0)
        fprintf(stderr, ", lanes filled %.0f %%", 100 * (double)j->lane_tasks / (double)j->lane_places);
    fputc('\n', stderr);
}

status job_say_end(const job *j, const progress *last)
{
    status result = OK;
    results *r = NULL;
    uint8_t *of = NULL;
    int64_t finished = last->tasks.done + last->tasks.failed;
    if (!j->typed.quiet && finished > 0) say_rate(j, last);
    TRY(results_open(j->path, &r));
    TRY(results_status(r, &of));
    const outcomes o = outcomes_count(sweep_grid(j->sweep), of);
    checkpoints_tidy(j->path, of, sweep_grid(j->sweep)->cells);
    int64_t failed = outcomes_failed(&o), left = outcomes_left(&o);
    TRY(outcomes_print_failures(&o, r, stderr));
    if (!j->typed.quiet)
        fprintf(stderr, "%s: %lld done, %lld failed (infosweep report %s)\n", j->path,
                (long long)o.count[OUTCOME_DONE], (long long)failed, j->path);
    CHECK(left == 0, WORK_LEFT, "%lld of %lld tasks are left; --resume runs them", (long long)left,
          (long long)sweep_grid(j->sweep)->tasks);
    CHECK(failed == 0, SOME_FAILED, "%lld of %lld tasks failed", (long long)failed,
          (long long)sweep_grid(j->sweep)->tasks);
done:
    free(of);
    results_close(r);
    return result;
}
