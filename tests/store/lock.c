/* One run at a time: a lock that lives as long as any of a run's processes, and no longer. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "store.h"

static char folder[] = "/tmp/infosweep-lock-XXXXXX", path[64], lock_path[80];

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

/* A process that holds the lock, as rank 0 (or as another rank), until it is killed. Returns when it has it. */
static pid_t holder(bool owner, int pipe_to_parent[2])
{
    if (pipe(pipe_to_parent) != 0) exit(2);
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        store_lock *l = NULL;
        status taken = owner ? store_lock_take(path, 0, &l) : store_lock_share(path, &l);
        if (write(pipe_to_parent[1], taken == OK ? "y" : "n", 1) != 1) _exit(1);
        for (;;) pause();
    }
    char had = 'n';
    if (read(pipe_to_parent[0], &had, 1) != 1 || had != 'y') exit(2);
    close(pipe_to_parent[0]);
    close(pipe_to_parent[1]);
    return process;
}

static void end(pid_t process)
{
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
}

/* Waiting says so on stderr, which is no failure of a test. */
static status take_quietly(double patience, store_lock **l)
{
    fflush(NULL);
    int before = dup(2), nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 2);
    status taken = store_lock_take(path, patience, l);
    fflush(NULL);
    dup2(before, 2);
    close(before);
    close(nowhere);
    return taken;
}

static void a_second_run_is_refused_and_told_who_holds_it(void)
{
    int way[2];
    char process[32];
    store_lock *l = NULL;
    pid_t first = holder(true, way);
    snprintf(process, sizeof process, "process %ld", (long)first);
    CU_ASSERT_EQUAL(take_quietly(0.3, &l), BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), process) != NULL && strstr(failure_text(), lock_path) != NULL);
    end(first);
}

static void the_lock_of_a_killed_process_is_free(void)
{
    int way[2];
    store_lock *l = NULL;
    end(holder(true, way));
    CU_ASSERT_EQUAL(access(lock_path, F_OK), 0); /* the file stays, which nobody minds */
    CU_ASSERT_EQUAL(store_lock_take(path, 0, &l), OK);
    store_lock_release(l);
    CU_ASSERT(access(lock_path, F_OK) != 0);
}

static void a_run_waits_for_one_that_is_ending(void)
{
    int way[2];
    store_lock *l = NULL;
    pid_t first = holder(true, way);
    fflush(NULL);
    pid_t killer = fork();
    if (killer == 0) {
        sleep_ms(300);
        kill(first, SIGKILL);
        _exit(0);
    }
    CU_ASSERT_EQUAL(take_quietly(600, &l), OK);
    store_lock_release(l);
    waitpid(killer, NULL, 0);
    waitpid(first, NULL, 0);
}

/* mpirun or rank 0 was killed: the others live on for a second, and write. */
static void ranks_that_outlive_rank_0_keep_the_others_out(void)
{
    int way[2];
    store_lock *l = NULL;
    pid_t rank_0 = holder(true, way), rank_1 = holder(false, way), rank_2 = holder(false, way);
    end(rank_0);
    CU_ASSERT_EQUAL(take_quietly(0.2, &l), BAD_INPUT);
    end(rank_1);
    CU_ASSERT_EQUAL(take_quietly(0.2, &l), BAD_INPUT);
    end(rank_2);
    CU_ASSERT_EQUAL(take_quietly(0, &l), OK);
    store_lock_release(l);
}

static void a_lock_that_cannot_be_made_is_told(void)
{
    store_lock *l = NULL;
    CU_ASSERT_EQUAL(store_lock_take("/nowhere/at/all.h5", 600, &l), BAD_INPUT); /* and at once */
    CU_ASSERT(strstr(failure_text(), "/nowhere/at/all.h5.lock: cannot create") != NULL);
}

int main(int argc, char **argv)
{
    static const check_test tests[] = { TEST(a_second_run_is_refused_and_told_who_holds_it),
                                        TEST(the_lock_of_a_killed_process_is_free),
                                        TEST(a_run_waits_for_one_that_is_ending),
                                        TEST(ranks_that_outlive_rank_0_keep_the_others_out),
                                        TEST(a_lock_that_cannot_be_made_is_told) };
    if (mkdtemp(folder) == NULL) return 2;
    snprintf(path, sizeof path, "%s/result.h5", folder);
    snprintf(lock_path, sizeof lock_path, "%s.lock", path);
    int failed = check_run("lock", tests, sizeof tests / sizeof tests[0], argc, argv);
    unlink(lock_path);
    return rmdir(folder) != 0 || failed;
}
