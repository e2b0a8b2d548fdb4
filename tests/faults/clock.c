/* A clock that jumps, to be preloaded: the time of day is what it is and as many seconds more as the file in CLOCK_SHIFT
 * says, from the moment on at which there is such a file. Time that only measures (CLOCK_MONOTONIC) goes on as it does. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long shift_seconds(void)
{
    long seconds = 0;
    const char *path = getenv("CLOCK_SHIFT");
    FILE *from = path ? fopen(path, "r") : NULL;
    if (from == NULL) return 0;
    if (fscanf(from, "%ld", &seconds) != 1) seconds = 0;
    fclose(from);
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += shift_seconds();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec t;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &t);
    *now = (struct timeval){ .tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000 };
    return 0;
}

time_t time(time_t *out)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (out) *out = t.tv_sec;
    return t.tv_sec;
}
