/* FILE.lock: held by all ranks while a run works on FILE. Record locks of the system guard it, which end with the process
 * however that ends: rank 0 holds its first byte alone, every other rank shares the second, because ranks live on for a second or
 * two when mpirun or rank 0 is killed, and write. On file systems without such locks, the host and process that the file names
 * decide. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

struct store_lock {
    char *path;
    int file;
    bool owner; /* rank 0's */
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

enum { BYTE_OWNER, BYTE_RANKS };

static struct flock byte_lock(short kind, int byte)
{
    return (struct flock){ .l_type = kind, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
}

/* Is another run on? Takes both bytes if not. Sets *busy only where waiting may help. */
static status lock_file(const char *path, int file, bool *busy)
{
    struct flock both = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = BYTE_OWNER, .l_len = 2 };
    owner o = owner_read(file);
    *busy = false;
    if (fcntl(file, F_SETLK, &both) == 0) return OK;
    if (errno == EACCES || errno == EAGAIN) {
        *busy = true;
        return refuse(path, &o);
    }
    return owner_is_gone(&o) ? OK : refuse(path, &o); /* no locks here */
}

/* The second byte is for the ranks to share. */
static void open_to_ranks(int file)
{
    struct flock shared = byte_lock(F_RDLCK, BYTE_RANKS);
    fcntl(file, F_SETLK, &shared);
}

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void say_waiting(const char *path, int file, double patience_seconds)
{
    owner o = owner_read(file);
    if (o.process > 0)
        fprintf(stderr, "%s: waiting %g s at most for process %ld on %s, which holds it\n", path,
                patience_seconds, o.process, o.host);
    else
        fprintf(stderr, "%s: waiting %g s at most for another run, which holds it\n", path, patience_seconds);
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

/* One try. The file is opened anew each time: the one that ends may remove it. */
static status try_lock(store_lock *l, bool *busy)
{
    status result = OK;
    do {
        if (l->file >= 0) close(l->file);
        l->file = open(l->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        *busy = false;
        CHECK(l->file >= 0, BAD_INPUT, "%s: cannot create: %s", l->path, strerror(errno));
        TRY(lock_file(l->path, l->file, busy));
    } while (!still_there(l->path, l->file));
done:
    return result;
}

static status make(const char *path, store_lock **out)
{
    status result = OK;
    store_lock *l = calloc(1, sizeof *l);
    CHECK(l != NULL, NO_MEMORY, "lock of %s", path);
    l->file = -1;
    l->path = malloc(strlen(path) + sizeof ".lock");
    CHECK(l->path != NULL, NO_MEMORY, "lock of %s", path);
    sprintf(l->path, "%s.lock", path);
    *out = l;
    l = NULL;
done:
    free(l);
    return result;
}

/* Lets go and leaves the file to whoever holds it. */
static void discard(store_lock *l)
{
    if (l == NULL) return;
    if (l->file >= 0) close(l->file);
    free(l->path);
    free(l);
}

status store_lock_take(const char *path, double patience_seconds, store_lock **out)
{
    status result = OK;
    bool busy, told = false;
    double began = now_seconds();
    store_lock *l = NULL;
    TRY(make(path, &l));
    while ((result = try_lock(l, &busy)) != OK && busy && now_seconds() - began < patience_seconds) {
        if (!told) say_waiting(l->path, l->file, patience_seconds);
        told = true;
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
    }
    TRY(result);
    TRY(write_owner(l->path, l->file));
    open_to_ranks(l->file);
    l->owner = true;
    *out = l;
    l = NULL;
done:
    discard(l);
    return result;
}

status store_lock_share(const char *path, store_lock **out)
{
    status result = OK;
    store_lock *l = NULL;
    struct flock shared = byte_lock(F_RDLCK, BYTE_RANKS);
    TRY(make(path, &l));
    l->file = open(l->path, O_RDWR | O_CLOEXEC);
    /* where it cannot be had (no locks, or another view of the folder), rank 0's own must do */
    if (l->file >= 0) fcntl(l->file, F_SETLK, &shared);
    *out = l;
done:
    return result;
}

void store_lock_release(store_lock *l)
{
    if (l == NULL) return;
    if (l->owner) unlink(l->path); /* before the lock ends, so that the next one makes its own */
    discard(l);
}
