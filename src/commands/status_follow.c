#include "status_follow.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>

#include "block.h"
#include "status_words.h"
#include "terminal.h"

#define TERMINAL_SECONDS 1   /* the live file is written as often */
#define PLAIN_SECONDS    10  /* as for the lines of `run` */
#define PULSE_SECONDS    1   /* between two looks for the run itself, which cost nothing */
#define COST_PART        0.1 /* of the time, at most, is spent on looking */
#define CLOSE_SECONDS    10  /* a run that has ended its tasks takes to close the file */

typedef struct follower {
    const char *path;
    double interval_seconds;
    block block;
    bool has_said;
    live said;        /* what was said last */
    sigset_t waiting; /* signals that are let through while it waits, and only then */
} follower;

/* ---- signals -------------------------------------------------------------------------------------------------------- */

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    if (number != SIGWINCH) caught = number;
}

/* They come while it waits, so that none is missed between a look and the wait, and no line is half drawn. */
static void catch_signals(follower *f)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH };
    struct sigaction action = { .sa_handler = on_signal }, before;
    sigset_t held;
    sigemptyset(&action.sa_mask);
    sigemptyset(&held);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaction(numbers[i], NULL, &before);
        if (before.sa_handler == SIG_IGN) continue;
        sigaction(numbers[i], &action, NULL);
        sigaddset(&held, numbers[i]);
    }
    sigprocmask(SIG_BLOCK, &held, &f->waiting);
}

/* False when a signal came, also one that only tells that the window has another size. */
static bool wait_for(const follower *f, double seconds)
{
    double whole = floor(seconds);
    struct timespec most = { .tv_sec = (time_t)whole, .tv_nsec = (long)(1e9 * (seconds - whole)) };
    return pselect(0, NULL, NULL, NULL, &most, &f->waiting) == 0 || errno != EINTR;
}

/* As if the signal had not been caught: whoever started this process learns of it. */
static void obey_signal(follower *f)
{
    if (caught == 0) return;
    if (f->block.terminal >= 0) block_remove(&f->block);
    fflush(stdout);
    signal(caught, SIG_DFL);
    sigprocmask(SIG_SETMASK, &f->waiting, NULL);
    raise(caught);
}

/* ---- showing -------------------------------------------------------------------------------------------------------- */

static status show_block(follower *f, const look *l)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) return failure(NO_MEMORY, "no memory for what is shown");
    status result = status_say_now(l, terminal_width(f->block.terminal), to);
    if (fclose(to) == 0 && result == OK) block_show(&f->block, text);
    free(text);
    return result;
}

/* Counts and state: the rest changes by itself. */
static bool has_news(const follower *f, const live *l)
{
    return !f->has_said || f->said.state != l->state || f->said.done != l->done ||
           f->said.failed != l->failed;
}

static status show_line(const follower *f, const look *l)
{
    char line[256], when[32];
    struct tm parts;
    time_t at = time(NULL);
    if (!has_news(f, &l->live)) return OK;
    status_say_line(l, line, sizeof line);
    strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", localtime_r(&at, &parts));
    printf("%s  %s\n", when, line);
    return fflush(stdout) == 0 ? OK : failure(IO_FAILED, "standard output: %s", strerror(errno));
}

static status show(follower *f, const look *l)
{
    status result = f->block.terminal >= 0 ? show_block(f, l) : show_line(f, l);
    f->said = l->live;
    f->has_said = true;
    return result;
}

/* ---- following ------------------------------------------------------------------------------------------------------ */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Until it is time for another look, there is news of the run that cannot wait, or a signal came. */
static void wait_for_news(follower *f, double cost_seconds)
{
    double left = fmax(f->interval_seconds, cost_seconds / COST_PART);
    for (; left > 0; left -= PULSE_SECONDS) {
        live l;
        if (!wait_for(f, fmin(left, PULSE_SECONDS))) return;
        if (left > PULSE_SECONDS && (!look_for_run(f->path, &l) || l.state != f->said.state)) return;
    }
}

/* The run has ended its tasks, or was killed: waits until it has closed the file. */
static void wait_for_close(const follower *f, const live *last)
{
    double began = now();
    while (caught == 0 && now() - began < CLOSE_SECONDS) {
        look l;
        bool gone = live_pulse_of(last) == LIVE_GONE;
        if (look_take(f->path, &l) != OK) return;
        bool over = gone || look_has_ended(&l);
        look_free(&l);
        if (over) return;
        wait_for(f, 0.1);
    }
}

static status follow(follower *f)
{
    status result = OK;
    live last;
    bool was_on = false;
    for (;;) {
        double began = now();
        look l;
        TRY(look_take(f->path, &l));
        bool is_on = l.is_on;
        if (is_on) {
            last = l.live;
            result = show(f, &l);
        }
        look_free(&l);
        if (!is_on || result != OK) break;
        was_on = true;
        wait_for_news(f, now() - began);
        obey_signal(f);
    }
    if (was_on && result == OK) wait_for_close(f, &last);
    obey_signal(f);
done:
    return result;
}

status status_follow(const char *path, double interval_seconds)
{
    follower f = { .path = path, .block = { .terminal = terminal_of(stdout) } };
    f.interval_seconds = interval_seconds > 0    ? interval_seconds
                         : f.block.terminal >= 0 ? TERMINAL_SECONDS
                                                 : PLAIN_SECONDS;
    catch_signals(&f);
    status result = follow(&f);
    if (f.block.terminal >= 0) block_remove(&f.block);
    terminal_close(f.block.terminal);
    sigprocmask(SIG_SETMASK, &f.waiting, NULL);
    return result;
}
