/* What lies beside a result file while a run is on: FILE.lock and FILE.live. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"
#include "live.h"

/* A process that takes the lock, says so on a pipe, and waits to be killed. */
static pid_t start_owner(const char *path)
{
    int ready[2];
    char byte;
    if (pipe(ready) != 0) return -1;
    pid_t owner = fork();
    if (owner == 0) {
        store_lock *l;
        if (store_lock_take(path, 0, &l) != OK || write(ready[1], "x", 1) != 1) _exit(1);
        for (;;) pause();
    }
    close(ready[1]);
    CU_ASSERT(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    return owner;
}

static void kill_owner(pid_t owner)
{
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
}

static void a_second_run_is_refused_and_told_who_works(void)
{
    char folder[] = "/tmp/infosweep-lock-XXXXXX", path[64], lock[80], process[32];
    store_lock *l = NULL;
    CU_ASSERT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/r.h5", folder);
    snprintf(lock, sizeof lock, "%s.lock", path);
    pid_t owner = start_owner(path);
    snprintf(process, sizeof process, "process %d on ", (int)owner);
    CHECK_REFUSED(store_lock_take(path, 0, &l), process);
    CU_ASSERT(access(lock, F_OK) == 0);
    kill_owner(owner);

    CU_ASSERT(access(lock, F_OK) == 0);     /* nobody tidied up … */
    CHECK_OK(store_lock_take(path, 0, &l)); /* … and it is no obstacle */
    store_lock_release(l);
    CU_ASSERT(access(lock, F_OK) != 0);
    CU_ASSERT(rmdir(folder) == 0);
}

static void a_lock_can_be_taken_again_after_it_was_released(void)
{
    char folder[] = "/tmp/infosweep-lock-XXXXXX", path[64];
    store_lock *l = NULL;
    CU_ASSERT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/r.h5", folder);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(store_lock_take(path, 0, &l));
        store_lock_release(l);
    }
    store_lock_release(NULL);
    CU_ASSERT(rmdir(folder) == 0);
}

static void a_garbled_lock_file_is_taken_over(void)
{
    char folder[] = "/tmp/infosweep-lock-XXXXXX", path[64], lock[80];
    store_lock *l = NULL;
    CU_ASSERT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/r.h5", folder);
    snprintf(lock, sizeof lock, "%s.lock", path);
    int file = open(lock, O_CREAT | O_WRONLY, 0666);
    CU_ASSERT(write(file, "\0\377 -1 %s%n\n", 12) == 12);
    close(file);
    CHECK_OK(store_lock_take(path, 0, &l));
    store_lock_release(l);
    CU_ASSERT(rmdir(folder) == 0);
}

static void a_lock_in_a_missing_folder_is_refused(void)
{
    store_lock *l = NULL;
    CHECK_REFUSED(store_lock_take("/tmp/no/such/folder/r.h5", 0, &l), "/tmp/no/such/folder/r.h5");
}

static void what_was_written_live_is_read_back(void)
{
    char folder[] = "/tmp/infosweep-live-XXXXXX", path[64];
    live in = { 1.75e9, 4, 1000000, 123456, 7, 33.25, NAN, "node17.cluster", 4321 }, out;
    CU_ASSERT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/r.h5", folder);
    CU_ASSERT(!live_read(path, &out));
    CHECK_OK(live_write(path, &in));
    CU_ASSERT(live_read(path, &out));
    CU_ASSERT(isnan(out.left_seconds)); /* not known yet */
    in.left_seconds = 12.5;
    CHECK_OK(live_write(path, &in));
    CU_ASSERT(live_read(path, &out));
    CHECK_NEAR(out.unix_seconds, 1.75e9, 1e-3); /* written with three decimals */
    CHECK_NEAR(out.left_seconds, 12.5, 1e-3);
    CHECK_NEAR(out.elapsed_seconds, 33.25, 1e-3);
    CU_ASSERT(out.ranks == 4 && out.total == 1000000 && out.done == 123456 && out.failed == 7);
    CU_ASSERT(out.process == 4321 && strcmp(out.host, "node17.cluster") == 0);
    live_remove(path);
    live_remove(path);
    CU_ASSERT(!live_read(path, &out));
    CU_ASSERT(rmdir(folder) == 0);
}

static void a_cut_live_file_is_none(void)
{
    char folder[] = "/tmp/infosweep-live-XXXXXX", path[64], name[80];
    live in = { 1.75e9, 4, 10, 5, 0, 1, 2, "host", 4321 }, out;
    struct stat about;
    CU_ASSERT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/r.h5", folder);
    snprintf(name, sizeof name, "%s.live", path);
    CHECK_OK(live_write(path, &in));
    CU_ASSERT(stat(name, &about) == 0);
    for (off_t size = about.st_size - (off_t)strlen(" 4321\n"); size >= 0; size--) {
        CU_ASSERT(truncate(name, size) == 0);
        CU_ASSERT(!live_read(path, &out));
    }
    live_remove(path);
    CU_ASSERT(rmdir(folder) == 0);
}

CHECK_MAIN("store: beside the result", TEST(a_second_run_is_refused_and_told_who_works),
           TEST(a_lock_can_be_taken_again_after_it_was_released), TEST(a_garbled_lock_file_is_taken_over),
           TEST(a_lock_in_a_missing_folder_is_refused), TEST(what_was_written_live_is_read_back),
           TEST(a_cut_live_file_is_none))
