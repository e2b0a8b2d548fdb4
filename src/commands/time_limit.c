#include "time_limit.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
#define SECONDS_MAX (3650.0 * DAY)

/* 90s, 30m, 2h, 1.5d */
static bool parse_unit(const char *text, double *seconds)
{
    static const struct {
        char letter;
        int seconds;
    } units[] = { { 's', 1 }, { 'm', MINUTE }, { 'h', HOUR }, { 'd', DAY } };
    char *end;
    if (!isdigit((unsigned char)text[0])) return false;
    double value = strtod(text, &end);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (end[0] == units[i].letter && end[1] == '\0') {
            *seconds = value * units[i].seconds;
            return true;
        }
    return false;
}

/* One or two digits or more, up to `most`; moves *at behind them. */
static bool parse_part(const char **at, long most, long *value)
{
    char *end;
    if (!isdigit((unsigned char)**at)) return false;
    *value = strtol(*at, &end, 10);
    *at = end;
    return *value <= most;
}

/* [D-]HH:MM:SS or MM:SS, of which the first part may be any number. */
static bool parse_colons(const char *text, double *seconds)
{
    enum { MOST = 1000000 };
    const char *at = text;
    long days = 0, part[3] = { 0 };
    int parts = 0;
    if (strchr(text, '-')) {
        if (!parse_part(&at, MOST, &days) || *at++ != '-') return false;
    }
    do {
        if (parts == 3 || !parse_part(&at, parts == 0 ? MOST : 59, &part[parts])) return false;
        parts++;
    } while (*at == ':' && *at++);
    if (*at != '\0' || parts < 2 || (days > 0 && parts != 3)) return false;
    if (parts == 2)
        *seconds = (double)(MINUTE * part[0] + part[1]);
    else
        *seconds = (double)days * DAY + (double)part[0] * HOUR + (double)(MINUTE * part[1] + part[2]);
    return true;
}

status time_limit_parse(const char *text, double *seconds)
{
    if (strcmp(text, "UNLIMITED") == 0) {
        *seconds = INFINITY;
        return OK;
    }
    if ((parse_unit(text, seconds) || parse_colons(text, seconds)) && *seconds <= SECONDS_MAX) return OK;
    return failure(BAD_INPUT,
                   "--time-limit %s: right would be a time like 90s, 30m, 2h or 1.5d, or as squeue prints it "
                   "([D-]HH:MM:SS, MM:SS, UNLIMITED)",
                   text);
}

/* Seconds until the end of the allocation, as SLURM tells it. */
static double slurm_seconds(void)
{
    char *end;
    const char *text = getenv("SLURM_JOB_END_TIME");
    if (text == NULL || !isdigit((unsigned char)text[0])) return INFINITY;
    long long unix_seconds = strtoll(text, &end, 10);
    return *end == '\0' && unix_seconds > 0 ? difftime((time_t)unix_seconds, time(NULL)) : INFINITY;
}

status time_limit_find(const char *typed, double *seconds)
{
    status result = OK;
    *seconds = INFINITY;
    if (typed) TRY(time_limit_parse(typed, seconds));
    *seconds = fmin(*seconds, slurm_seconds());
done:
    return result;
}
