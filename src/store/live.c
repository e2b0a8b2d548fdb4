/* FILE.live: how a run is getting on, for `status` in another terminal. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

enum { PATH_ROOM = 4096 };

static bool live_path(const char *path, const char *ending, char out[PATH_ROOM])
{
    int length = snprintf(out, PATH_ROOM, "%s.live%s", path, ending);
    return length > 0 && length < PATH_ROOM;
}

status live_write(const char *path, const live *l)
{
    status result = OK;
    char name[PATH_ROOM], fresh[PATH_ROOM];
    FILE *to = NULL;
    CHECK(live_path(path, "", name) && live_path(path, ".new", fresh), BAD_INPUT, "%s: is too long a path",
          path);
    to = fopen(fresh, "w");
    CHECK(to != NULL, IO_FAILED, "%s: cannot write: %s", fresh, strerror(errno));
    fprintf(to, "unix_seconds %.3f\nranks %d\ntotal %" PRId64 "\ndone %" PRId64 "\nfailed %" PRId64 "\n",
            l->unix_seconds, l->ranks, l->total, l->done, l->failed);
    fprintf(to, "elapsed_seconds %.3f\nleft_seconds %.3f\nhost %.63s\nprocess %" PRId64 "\n",
            l->elapsed_seconds, l->left_seconds, l->host, l->process);
    bool failed = ferror(to) != 0;
    failed = fclose(to) != 0 || failed;
    to = NULL;
    CHECK(!failed && rename(fresh, name) == 0, IO_FAILED, "%s: cannot write: %s", name, strerror(errno));
done:
    if (to) fclose(to);
    return result;
}

bool live_read(const char *path, live *out)
{
    char name[PATH_ROOM], left[32] = "", *end;
    live l = { 0 };
    FILE *from = live_path(path, "", name) ? fopen(name, "r") : NULL;
    if (from == NULL) return false;
    int read = fscanf(from,
                      " unix_seconds %lf ranks %d total %" SCNd64 " done %" SCNd64 " failed %" SCNd64
                      " elapsed_seconds %lf left_seconds %31s host %63s process %" SCNd64,
                      &l.unix_seconds, &l.ranks, &l.total, &l.done, &l.failed, &l.elapsed_seconds, left,
                      l.host, &l.process);
    fclose(from);
    l.left_seconds = strtod(left, &end); /* also "nan": not known yet */
    if (read != 9 || *end != '\0') return false;
    *out = l;
    return true;
}

void live_remove(const char *path)
{
    char name[PATH_ROOM];
    if (live_path(path, ".new", name)) unlink(name);
    if (live_path(path, "", name)) unlink(name);
}
