/* The live file, FILE.live beside a result file while a run fills it: how the run is getting on, for whoever looks. */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

typedef struct live {
    double unix_seconds; /* when it was written */
    int ranks;
    int64_t total, done, failed;
    double elapsed_seconds, left_seconds;
    char host[64];
    int64_t process;
} live;
status live_write(const char *path, const live *l); /* atomically: temporary name, then rename */
bool live_read(const char *path, live *out);        /* false where there is none */
void live_remove(const char *path);

#endif
