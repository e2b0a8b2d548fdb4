#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int number;
    const char *name;
} signals[] = {
    { SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" },   { SIGFPE, "SIGFPE" },
    { SIGILL, "SIGILL" },   { SIGABRT, "SIGABRT" },
};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

const char *crash_signal_name(int number)
{
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i].number == number) return signals[i].name;
    return "a signal";
}

/* All that the handler needs, ready before anything happens. */
static struct {
    bool on;
    char path[PATH_MAX];
    char owner[96]; /* " HOST PROCESS" */
    char line[1 << 16];
    void *stack;
    struct sigaction before[SIGNALS];
    const int64_t *volatile cell;
    volatile sig_atomic_t count;
} watch;

/* ---- in the handler: only what a handler may call ------------------------------------------------------------------------ */

static size_t put_text(size_t at, const char *text)
{
    while (*text && at < sizeof watch.line) watch.line[at++] = *text++;
    return at;
}

static size_t put_number(size_t at, int64_t value)
{
    char digits[24];
    size_t count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (count > 0 && at < sizeof watch.line) watch.line[at++] = digits[--count];
    return at;
}

/* One write: a mark is whole or, without its end of line, none. */
static void leave_mark(int number)
{
    enum { ROOM_OF_A_CELL = 24 };
    size_t at = put_text(put_number(0, number), watch.owner);
    for (int i = 0; i < watch.count && at + ROOM_OF_A_CELL < sizeof watch.line; i++)
        at = put_number(put_text(at, " "), watch.cell[i]);
    at = put_text(at, "\n");
    int file = open(watch.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return;
    ssize_t written = write(file, watch.line, at);
    (void)written; /* there is nobody to tell */
    close(file);
}

/* The signal comes again as soon as this returns, and then it ends the process as it would have without us. */
static void on_crash(int number)
{
    if (watch.cell != NULL && watch.count > 0) leave_mark(number);
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i].number == number) sigaction(number, &watch.before[i], NULL);
    raise(number);
}

/* ---- around a run --------------------------------------------------------------------------------------------------------- */

status crash_watch(const char *path, int rank)
{
    enum { STACK = 1 << 16 };
    status result = OK;
    char host[64] = "unknown";
    gethostname(host, sizeof host - 1);
    crash_unwatch();
    int length = snprintf(watch.path, sizeof watch.path, "%s.crash.%d", path, rank);
    CHECK(length > 0 && (size_t)length < sizeof watch.path, BAD_INPUT, "%s: is too long a path", path);
    snprintf(watch.owner, sizeof watch.owner, " %s %ld", host, (long)getpid());
    watch.stack = malloc(STACK);
    CHECK(watch.stack != NULL, NO_MEMORY, "no memory for a signal's stack");
    sigaltstack(&(stack_t){ .ss_sp = watch.stack, .ss_size = STACK }, NULL);

    struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
    sigemptyset(&action.sa_mask);
    watch.on = true;
    for (int i = 0; i < SIGNALS; i++) sigaction(signals[i].number, &action, &watch.before[i]);
done:
    return result;
}

void crash_unwatch(void)
{
    crash_cells(NULL, 0);
    if (!watch.on) return;
    watch.on = false;
    for (int i = 0; i < SIGNALS; i++) sigaction(signals[i].number, &watch.before[i], NULL);
    sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL);
    free(watch.stack);
    watch.stack = NULL;
}

void crash_cells(const int64_t *cells, int count)
{
    watch.count = 0; /* the handler believes the list only with its count */
    watch.cell = cells;
    watch.count = count;
}
