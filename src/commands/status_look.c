#include "status_look.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "report/outcomes.h"
#include "store/checkpoint.h"

/* The live file is written every second: one that is older was left by a run that was killed, */
#define LIVE_MAX_SECONDS 15
/* unless another one comes in this time. */
#define LIVE_WAIT_SECONDS 3

static bool speaks_again(const char *path, live *l)
{
    live later;
    nanosleep(&(struct timespec){ .tv_sec = LIVE_WAIT_SECONDS }, NULL);
    if (!live_read(path, &later) || later.unix_seconds == l->unix_seconds) return false;
    *l = later;
    return true;
}

bool look_for_run(const char *path, live *out)
{
    if (!live_read(path, out)) return false;
    switch (live_pulse_of(out)) {
    case LIVE_GONE:
        return false;
    case LIVE_BEATS:
        return true;
    case LIVE_UNKNOWN:
        break;
    }
    double age = (double)time(NULL) - out->unix_seconds;
    return fabs(age) <= LIVE_MAX_SECONDS || speaks_again(path, out);
}

int64_t look_failed(const look *l)
{
    return l->count[OUTCOME_DIVERGED] + l->count[OUTCOME_FAILED] + l->count[OUTCOME_QUARANTINED];
}

int64_t look_left(const look *l)
{
    return l->count[OUTCOME_PENDING] + l->count[OUTCOME_RUNNING];
}

bool look_has_ended(const look *l)
{
    return l->run_count > 0 && l->runs[l->run_count - 1].ended[0] != '\0';
}

static status count_whole_rows(look *l)
{
    uint8_t *of = NULL;
    status result = results_status(l->results, &of);
    if (result == OK) {
        const outcomes o = outcomes_count(sweep_grid(results_sweep(l->results)), of);
        for (int i = 0; i < OUTCOMES; i++) l->count[i] = o.count[i];
    }
    free(of);
    return result;
}

status look_take(const char *path, look *out)
{
    status result = OK;
    look l = { 0 };
    l.is_on = look_for_run(path, &l.live);
    TRY(results_open(path, &l.results));
    if (l.is_on) TRY(results_count(l.results, l.count));
    if (look_left(&l) == 0) TRY(count_whole_rows(&l));
    TRY(results_runs(l.results, &l.runs, &l.run_count));
    checkpoints_count(path, &l.checkpoints, &l.checkpoint_bytes);
    *out = l;
    l = (look){ 0 };
done:
    look_free(&l);
    return result;
}

void look_free(look *l)
{
    free(l->runs);
    results_close(l->results);
    *l = (look){ 0 };
}
