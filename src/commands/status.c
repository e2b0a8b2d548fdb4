/* infosweep status: how far a result file is, also while a run fills it. */
#include <math.h>
#include <stdlib.h>

#include "commands.h"
#include "status_follow.h"
#include "status_words.h"

static const char help[] =
    "Usage: infosweep status [OPTION]... FILE\n"
    "\n"
    "Counts the cells of a result file by what became of them; says how a run that fills it is getting on\n"
    "(rate, time left, time limit, each rank's share of the work, the tasks that have run longest, up to\n"
    "when a loss of power would spare what was done), which run was the last, what failed and why (the "
    "first\n"
    "ten), and how to go on. It only reads, and never disturbs the run.\n"
    "\n"
    "      --follow            say so again and again until no run is on: on a terminal in place, elsewhere "
    "a\n"
    "                          line when something has changed; then say all of it once\n"
    "      --interval SECONDS  time between two looks (1 on a terminal, 10 elsewhere)\n"
    "      --exit-code         exit with 0 when all tasks are done, 1 when some failed, 75 when work is "
    "left\n"
    "      --help              this text\n";

typedef struct status_arguments {
    const char *path;
    bool follow, exit_code;
    double interval_seconds; /* 0: as it comes */
} status_arguments;

static status parse_interval(const char *text, double *seconds)
{
    const double least = 0.1, most = 86400;
    char *end;
    *seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(*seconds >= least && *seconds <= most))
        return failure(BAD_INPUT, "status: --interval %s: right would be seconds, %g to %g", text, least,
                       most);
    return OK;
}

static status read_arguments(int argc, char **argv, status_arguments *a)
{
    status result = OK;
    strings words;
    const char *interval = NULL;
    const argument options[] = {
        { .name = "follow", .given = &a->follow },
        { .name = "interval", .value = "SECONDS", .text = &interval },
        { .name = "exit-code", .given = &a->exit_code },
        { .name = NULL },
    };
    TRY(arguments_read(&status_command, argc, argv, options, 1, 1, &words));
    a->path = words.item[0];
    if (interval) TRY(parse_interval(interval, &a->interval_seconds));
    CHECK(interval == NULL || a->follow, BAD_INPUT, "status: --interval is for --follow");
done:
    return result;
}

/* What --exit-code asks for: work that is left counts more than tasks that failed. */
static status state_of(const look *l)
{
    long long failed = look_failed(l), left = look_left(l);
    if (left > 0) return failure(WORK_LEFT, "%lld %s left", left, left == 1 ? "task is" : "tasks are");
    if (failed > 0) return failure(SOME_FAILED, "%lld task%s failed", failed, failed == 1 ? "" : "s");
    return OK;
}

static status run(int argc, char **argv)
{
    status result = OK;
    status_arguments a = { 0 };
    look l = { 0 };
    TRY(read_arguments(argc, argv, &a));
    if (a.follow) TRY(status_follow(a.path, a.interval_seconds));
    TRY(look_take(a.path, &l));
    TRY(status_say(&l, stdout));
    if (a.exit_code) result = state_of(&l);
done:
    look_free(&l);
    return result;
}

const command status_command = {
    .name = "status",
    .summary = "say how far a result file is, what failed and why, and whether a run is on",
    .help = help,
    .run = run,
};
