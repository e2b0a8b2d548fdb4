/* A process that dies of its own signal leaves a mark that names what it ran, and still dies of that signal. */
#include "store/crash.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { CELLS = 20 };

static char folder[] = "/tmp/infosweep-crash-XXXXXX", path[64];

/* Under the sanitizers a fault is reported and ends with an exit status. */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static void raise_segv(void)
{
    raise(SIGSEGV);
}
static void raise_bus(void)
{
    raise(SIGBUS);
}
static void raise_fpe(void)
{
    raise(SIGFPE);
}
static void raise_ill(void)
{
    raise(SIGILL);
}

/* A page that nobody may touch. */
static void touch_nothing(void)
{
    volatile char *volatile nowhere = (char *)16;
    *nowhere = 1;
}

/* Neither a tail call nor a loop; deeper than any stack. */
static int dig(int64_t depth, volatile char *above)
{
    volatile char here[4096];
    here[0] = above ? above[0] : 1;
    return depth > 0 ? dig(depth - 1, here) + here[0] : 0;
}

static void overflow_the_stack(void)
{
    exit(dig(INT64_MAX, NULL));
}

/* Runs `end` in a process that works on the cells; returns how that ended, as wait says. */
static int child(void (*end)(void), const int64_t *cells, int count)
{
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 2);
        if (crash_watch(path, 3) != OK) _exit(99);
        crash_cells(cells, count);
        end();
        _exit(98);
    }
    int how = 0;
    waitpid(process, &how, 0);
    return how;
}

static int marks(uint8_t signal_of[CELLS])
{
    int count = -1;
    CU_ASSERT_EQUAL(crash_marks_read(path, CELLS, signal_of, &count), OK);
    crash_marks_clear(path);
    return count;
}

static void every_signal_of_a_crash_leaves_a_mark(void)
{
    static const struct {
        void (*end)(void);
        int number;
    } ways[] = { { raise_segv, SIGSEGV },        { raise_bus, SIGBUS }, { raise_fpe, SIGFPE },
                 { raise_ill, SIGILL },          { abort, SIGABRT },    { touch_nothing, SIGSEGV },
                 { overflow_the_stack, SIGSEGV } };
    const int64_t cells[] = { 3, 0, 19 };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        uint8_t signal_of[CELLS];
        int how = child(ways[i].end, cells, 3);
        CU_ASSERT(SANITIZED || (WIFSIGNALED(how) && WTERMSIG(how) == ways[i].number));
        CU_ASSERT_EQUAL(marks(signal_of), 1);
        for (int c = 0; c < CELLS; c++)
            CU_ASSERT_EQUAL(signal_of[c], c == 0 || c == 3 || c == 19 ? ways[i].number : 0);
    }
}

static void a_process_that_runs_nothing_leaves_no_mark(void)
{
    uint8_t signal_of[CELLS];
    child(abort, NULL, 0);
    CU_ASSERT_EQUAL(marks(signal_of), 0);
}

static void signals_of_others_leave_no_mark(void)
{
    static const int numbers[] = { SIGTERM, SIGKILL, SIGUSR1, SIGINT };
    const int64_t cells[] = { 3 };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint8_t signal_of[CELLS];
        fflush(NULL);
        pid_t process = fork();
        if (process == 0) {
            crash_watch(path, 3);
            crash_cells(cells, 1);
            kill(getpid(), numbers[i]);
            _exit(98);
        }
        waitpid(process, NULL, 0);
        CU_ASSERT_EQUAL(marks(signal_of), 0);
    }
}

static void what_is_not_watched_any_more_leaves_no_mark(void)
{
    uint8_t signal_of[CELLS];
    const int64_t cells[] = { 3 };
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        crash_watch(path, 3);
        crash_cells(cells, 1);
        crash_unwatch();
        abort();
    }
    waitpid(process, NULL, 0);
    CU_ASSERT_EQUAL(marks(signal_of), 0);
}

/* Anybody may put files there. */
static void what_only_looks_like_a_mark_is_passed_over(void)
{
    uint8_t signal_of[CELLS];
    char name[128];
    snprintf(name, sizeof name, "%s.crash.7", path);
    CU_ASSERT_EQUAL(mkdir(name, 0777), 0);
    CU_ASSERT_EQUAL(marks(signal_of), 0);
    rmdir(name);
    CU_ASSERT_EQUAL(symlink("/dev/zero", name), 0);
    CU_ASSERT_EQUAL(marks(signal_of), 0);
    unlink(name);
    CU_ASSERT_EQUAL(mkfifo(name, 0666), 0);
    CU_ASSERT_EQUAL(marks(signal_of), 0);
    unlink(name);
    snprintf(name, sizeof name, "%s.crash.7x", path); /* not ours: neither read nor removed */
    FILE *to = fopen(name, "w");
    fputs("11 here 1 2\n", to);
    fclose(to);
    CU_ASSERT_EQUAL(marks(signal_of), 0);
    CU_ASSERT_EQUAL(unlink(name), 0);
}

int main(int argc, char **argv)
{
    static const check_test tests[] = { TEST(every_signal_of_a_crash_leaves_a_mark),
                                        TEST(a_process_that_runs_nothing_leaves_no_mark),
                                        TEST(signals_of_others_leave_no_mark),
                                        TEST(what_is_not_watched_any_more_leaves_no_mark),
                                        TEST(what_only_looks_like_a_mark_is_passed_over) };
    if (mkdtemp(folder) == NULL) return 2;
    snprintf(path, sizeof path, "%s/result.h5", folder);
    int failed = check_run("crash", tests, sizeof tests / sizeof tests[0], argc, argv);
    return rmdir(folder) != 0 || failed; /* nothing is left behind */
}
