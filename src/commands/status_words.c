#include "status_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "progress.h"
#include "report/outcomes.h"
#include "words.h"

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

static void say_title(const look *l, FILE *to)
{
    int64_t index, count;
    const sweep *s = results_sweep(l->results);
    fprintf(to, "%s: %s", results_path(l->results), sweep_title(s));
    if (sweep_shard(s, &index, &count))
        fprintf(to, " (shard %lld of %lld)", (long long)index, (long long)count);
    fputc('\n', to);
}

static void say_counts(const look *l, FILE *to)
{
    int64_t tasks = sweep_grid(results_sweep(l->results))->tasks;
    fprintf(to, "%lld task%s:", (long long)tasks, plural(tasks));
    const char *before = " ";
    for (int i = OUTCOME_PENDING; i < OUTCOMES; i++) {
        if (l->count[i] == 0) continue;
        fprintf(to, "%s%lld %s", before, (long long)l->count[i], outcome_text((outcome)i));
        before = ", ";
    }
    fputc('\n', to);
}

/* ---- a run that is on ----------------------------------------------------------------------------------------------- */

static void say_run(const live *v, FILE *to)
{
    char left[WORDS_MAX], gone[WORDS_MAX], rate[WORDS_MAX];
    int64_t finished = v->done + v->failed;
    fprintf(to, "running on %s (process %lld, %d rank%s)", v->host, (long long)v->process, v->ranks,
            plural(v->ranks));
    if (v->state != LIVE_RUNNING) fprintf(to, ", %s", live_state_text(v->state));
    if (v->state == LIVE_STARTING) {
        fputc('\n', to);
        return;
    }
    fprintf(to, ": %lld of %lld", (long long)finished, (long long)v->total);
    if (v->failed > 0) fprintf(to, ", %lld failed", (long long)v->failed);
    fprintf(to, " in %s", duration_text(v->elapsed_seconds, gone));
    if (finished > 0 && v->elapsed_seconds > 0)
        fprintf(to, ", %s", rate_text((double)finished / v->elapsed_seconds, rate));
    if (!isnan(v->left_seconds)) fprintf(to, ", %s left", duration_text(v->left_seconds, left));
    if (v->suspects > 0) fprintf(to, ", %lld suspect%s apart", (long long)v->suspects, plural(v->suspects));
    fputc('\n', to);
}

static void say_limit(const live *v, FILE *to)
{
    char limit[WORDS_MAX], margin[WORDS_MAX];
    if (v->limit_seconds == 0 || isinf(v->limit_seconds)) return;
    fprintf(to, "time limit in %s, the last %s kept free\n", duration_text(v->limit_seconds, limit),
            duration_text(v->margin_seconds, margin));
}

static void say_safe(const live *v, FILE *to)
{
    char text[32];
    struct tm parts;
    time_t when = (time_t)v->safe_unix_seconds;
    if (!(v->safe_unix_seconds > 0) || localtime_r(&when, &parts) == NULL) return;
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    fprintf(to, "safe on disk: what was done up to %s\n", text);
}

static void say_ranks(const live *v, FILE *to)
{
    fprintf(to, "share of work: busy %.0f %% of the time", 100 * v->mean.busy);
    if (v->ranks > 1)
        fprintf(to, " (%.0f to %.0f %%), %.0f to %.0f tasks each", 100 * v->least.busy, 100 * v->most.busy,
                v->least.tasks, v->most.tasks);
    fputc('\n', to);
    if (v->listed < 2) return;
    for (int i = 0; i < v->listed; i++)
        fprintf(to, "%s%.0f %% (%.0f)", i == 0 ? "  each rank: " : ", ", 100 * v->rank[i].busy,
                v->rank[i].tasks);
    fputc('\n', to);
}

static void say_slowest(const look *l, FILE *to)
{
    char gone[WORDS_MAX], left[WORDS_MAX];
    const grid *g = sweep_grid(results_sweep(l->results));
    if (l->live.slices > 0) fprintf(to, "running longest:\n");
    for (int i = 0; i < l->live.slices; i++) {
        const live_slice *s = &l->live.slice[i];
        if (s->cell >= g->cells) continue; /* of another file */
        fprintf(to, "  ");
        grid_print_cell(g, s->cell, to);
        if (s->tasks > 1) fprintf(to, " and %lld more", (long long)s->tasks - 1);
        fprintf(to, "%s ", g->axes > 0 ? ":" : "");
        progress_print_note(&s->note, to);
        fprintf(to, "for %s", duration_text(s->seconds, gone));
        if (s->ranks > 1) fprintf(to, " on %d ranks", s->ranks);
        fprintf(to, ", %s left\n", duration_text(s->left_seconds, left));
    }
}

static void say_live(const look *l, FILE *to)
{
    const live *v = &l->live;
    say_run(v, to);
    say_limit(v, to);
    if (v->state == LIVE_STARTING) return;
    say_ranks(v, to);
    say_safe(v, to);
    say_slowest(l, to);
}

/* What a run that was killed now would leave, or did. */
static void say_checkpoints(const look *l, FILE *to)
{
    if (l->checkpoints == 0) return;
    fprintf(to, "checkpoints: %lld task%s can go on from where %s (%.1f MB)\n", (long long)l->checkpoints,
            plural(l->checkpoints), l->checkpoints == 1 ? "it was" : "they were",
            (double)l->checkpoint_bytes / 1e6);
}

/* ---- runs and failures ---------------------------------------------------------------------------------------------- */

static void say_last_run(const look *l, FILE *to)
{
    if (l->run_count == 0) return;
    const run_record *last = &l->runs[l->run_count - 1];
    fprintf(to, "run %d: %s, %d rank%s on %s, infosweep %s (%s), kernels %s\n", l->run_count, last->started,
            last->ranks, plural(last->ranks), last->host, last->version, last->commit, last->kernels);
    fprintf(to, "  %s\n", last->command);
    if (look_has_ended(l)) {
        fprintf(to, "  ended %s: %s\n", last->ended, last->ending);
    } else if (!l->is_on) {
        fprintf(to, "  was killed, or runs where this machine cannot see it\n");
        if (last->safe[0]) fprintf(to, "  safe on disk: what was done up to %s\n", last->safe);
    }
}

/* The states alone, without reading values: what failed is whole in any case. */
static status say_failures(const look *l, FILE *to)
{
    status result = OK;
    const grid *g = sweep_grid(results_sweep(l->results));
    double *state = NULL;
    uint8_t *of = NULL;
    if (look_failed(l) == 0) return OK;
    TRY(results_values(l->results, "status", &state));
    of = malloc((size_t)g->cells);
    CHECK(of != NULL, NO_MEMORY, "states of %lld cells", (long long)g->cells);
    for (int64_t i = 0; i < g->cells; i++)
        of[i] = state[i] > 0 && state[i] < OUTCOMES ? (uint8_t)state[i] : OUTCOME_ABSENT;
    const outcomes o = outcomes_count(g, of);
    TRY(outcomes_print_failures(&o, l->results, to));
done:
    free(state);
    free(of);
    return result;
}

/* The command that is shown, with other options: it may be longer than what the file keeps of it. */
static void say_how_to_go_on(const look *l, FILE *to)
{
    static const outcome can[] = { OUTCOME_FAILED, OUTCOME_DIVERGED, OUTCOME_QUARANTINED };
    long long left = look_left(l), failed = look_failed(l);
    if (left > 0)
        fprintf(to, "to run the %lld that %s left: the same command with --resume\n", left,
                left == 1 ? "is" : "are");
    if (failed == 0) return;
    fprintf(to, "to run the %lld that failed again: the same command with --retry ", failed);
    const char *before = "";
    for (size_t i = 0; i < sizeof can / sizeof can[0]; i++) {
        if (l->count[can[i]] == 0) continue;
        fprintf(to, "%s%s", before, outcome_text(can[i]));
        before = ",";
    }
    fputc('\n', to);
}

status status_say(const look *l, FILE *to)
{
    status result = OK;
    say_title(l, to);
    say_counts(l, to);
    if (l->is_on) say_live(l, to);
    say_checkpoints(l, to);
    say_last_run(l, to);
    TRY(say_failures(l, to));
    if (!l->is_on && l->run_count > 0) say_how_to_go_on(l, to);
done:
    return result;
}

/* ---- following ------------------------------------------------------------------------------------------------------ */

status status_say_now(const look *l, int columns, FILE *to)
{
    char bar[BAR_MAX + 3];
    int64_t tasks = sweep_grid(results_sweep(l->results))->tasks;
    double part = tasks > 0 ? 1 - (double)look_left(l) / (double)tasks : 1;
    say_title(l, to);
    if (columns > BAR_MAX + 10) {
        progress_bar(part, BAR_MAX, bar);
        fprintf(to, "%s %.1f %%\n", bar, 100 * part);
    }
    say_counts(l, to);
    say_live(l, to);
    say_checkpoints(l, to);
    return say_failures(l, to);
}

/* As `run` itself says it. */
void status_say_line(const look *l, char *text, size_t size)
{
    const live *v = &l->live;
    running slices[LIVE_SLICES];
    for (int i = 0; i < v->slices; i++)
        slices[i] =
            (running){ .count = 1, .left_seconds = v->slice[i].left_seconds, .note = v->slice[i].note };
    progress p = {
        .ranks = v->slices,
        .total = v->total,
        .tasks = { .done = v->done, .failed = v->failed },
        .elapsed_seconds = v->elapsed_seconds,
        .left_seconds = v->left_seconds,
        .running = slices,
        .asked = v->state == LIVE_STOPPING   ? WISH_STOP
                 : v->state == LIVE_DRAINING ? WISH_DRAIN
                                             : WISH_GO_ON,
        .out_of_time = v->state == LIVE_OUT_OF_TIME,
        .limit_seconds = v->limit_seconds,
        .suspects = v->suspects,
    };
    if (v->state == LIVE_STARTING)
        snprintf(text, size, "%s", live_state_text(v->state));
    else
        progress_text(&p, (int)size - 1, false, text, size);
}
