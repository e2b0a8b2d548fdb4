/* Whether the process that wrote a live file lives. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

#define BURIED_NOT_YET (-1)

/* /proc/PROCESS/stat is "NUMBER (NAME) STATE …", where NAME may hold blanks and brackets; the start is field 22. 0 where
 * there is no such file, which says little: some systems show people their own processes only. */
static int64_t read_start(int64_t process)
{
    enum { STATE = 3, START = 22 };
    char name[64], text[1024];
    int64_t start = 0;
    snprintf(name, sizeof name, "/proc/%" PRId64 "/stat", process);
    FILE *from = fopen(name, "r");
    if (from == NULL) return 0;
    size_t size = fread(text, 1, sizeof text - 1, from);
    fclose(from);
    text[size] = '\0';
    char *at = strrchr(text, ')');
    if (at == NULL || at[1] != ' ') return 0;
    if (at[2] == 'Z' || at[2] == 'X') return BURIED_NOT_YET;
    for (int field = STATE - 1; at && field < START; field++) at = strchr(at + 1, ' ');
    return at && sscanf(at, "%" SCNd64, &start) == 1 ? start : 0;
}

int64_t live_process_start(int64_t process)
{
    int64_t start = read_start(process);
    return start > 0 ? start : 0;
}

live_pulse live_pulse_of(const live *l)
{
    char here[sizeof l->host] = "";
    if (gethostname(here, sizeof here - 1) != 0 || strcmp(here, l->host) != 0) return LIVE_UNKNOWN;
    if (kill((pid_t)l->process, 0) != 0 && errno == ESRCH) return LIVE_GONE;
    int64_t start = read_start(l->process);
    if (start == BURIED_NOT_YET) return LIVE_GONE;
    return start > 0 && l->process_start > 0 && start != l->process_start ? LIVE_GONE : LIVE_BEATS;
}
