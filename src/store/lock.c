/* FILE.lock: held by rank 0 while a run works on FILE. A record lock of the system guards it, which ends with the process
 * however that ends; on file systems without such locks, the host and process that the file names decide. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"

struct store_lock {
    char *path;
    int file;
};

typedef struct owner {
    char host[64];
    long process;
} owner;

static owner owner_self(void)
{
    owner self = { .process = (long)getpid() };
    if (gethostname(self.host, sizeof self.host - 1) != 0) snprintf(self.host, sizeof self.host, "unknown");
    return self;
}

/* A file that is empty or garbled names nobody: process 0. */
static owner owner_read(int file)
{
    owner o = { .process = 0 };
    char text[128] = "";
    if (pread(file, text, sizeof text - 1, 0) > 0 && sscanf(text, "%63s %ld", o.host, &o.process) != 2)
        o.process = 0;
    return o;
}

static bool owner_is_gone(const owner *o)
{
    owner self = owner_self();
    if (o->process <= 0 || (strcmp(o->host, self.host) == 0 && o->process == self.process)) return true;
    return strcmp(o->host, self.host) == 0 && kill((pid_t)o->process, 0) != 0 && errno == ESRCH;
}

static status refuse(const char *path, const owner *o)
{
    if (o->process <= 0) return failure(BAD_INPUT, "%s: another run is working on the result", path);
    return failure(BAD_INPUT,
                   "%s: process %ld on %s is working on the result; remove this file if it is gone", path,
                   o->process, o->host);
}

static status lock_file(const char *path, int file)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    owner o = owner_read(file);
    if (fcntl(file, F_SETLK, &whole) == 0) return OK;
    if (errno == EACCES || errno == EAGAIN) return refuse(path, &o);
    return owner_is_gone(&o) ? OK : refuse(path, &o); /* no locks here */
}

/* Somebody may have removed the file between our opening and locking it. */
static bool still_there(const char *path, int file)
{
    struct stat ours, named;
    return fstat(file, &ours) == 0 && stat(path, &named) == 0 && ours.st_ino == named.st_ino &&
           ours.st_dev == named.st_dev;
}

static status write_owner(const char *path, int file)
{
    char text[128];
    owner self = owner_self();
    int length = snprintf(text, sizeof text, "%s %ld\n", self.host, self.process);
    if (ftruncate(file, 0) != 0 || pwrite(file, text, (size_t)length, 0) != length)
        return failure(IO_FAILED, "%s: cannot write: %s", path, strerror(errno));
    return OK;
}

status store_lock_take(const char *path, double patience_seconds, store_lock **out)
{
    (void)patience_seconds;
    status result = OK;
    store_lock *l = calloc(1, sizeof *l);
    CHECK(l != NULL, NO_MEMORY, "lock of %s", path);
    l->file = -1;
    l->path = malloc(strlen(path) + sizeof ".lock");
    CHECK(l->path != NULL, NO_MEMORY, "lock of %s", path);
    sprintf(l->path, "%s.lock", path);
    do {
        if (l->file >= 0) close(l->file);
        l->file = open(l->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        CHECK(l->file >= 0, BAD_INPUT, "%s: cannot create: %s", l->path, strerror(errno));
        TRY(lock_file(l->path, l->file));
    } while (!still_there(l->path, l->file));
    TRY(write_owner(l->path, l->file));
    *out = l;
    l = NULL;
done:
    if (l && l->file >= 0) close(l->file);
    if (l) free(l->path);
    free(l);
    return result;
}

void store_lock_release(store_lock *l)
{
    if (l == NULL) return;
    unlink(l->path); /* before the lock ends, so that the next one makes its own */
    close(l->file);
    free(l->path);
    free(l);
}
