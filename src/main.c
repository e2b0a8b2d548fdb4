/* infosweep COMMAND …: finds the command, runs it, and tells what went wrong, once. */
#include <errno.h>
#include <hdf5.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "commands/launcher.h"
#include "decomposition.h"
#include "option.h"
#include "tensor.h"
#include "version.h"

static const command *const commands[] = {
    &run_command,   &plan_command, &status_command, &report_command,
    &merge_command, &data_command, &list_command,   NULL,
};

static void print_help(FILE *to)
{
    fprintf(to, "Usage: infosweep COMMAND [OPTION]...\n\n"
                "Sweeps estimators of shared information over a grid of settings, on all ranks that\n"
                "mpirun gives it, into one labelled HDF5 file.\n\n");
    for (int i = 0; commands[i]; i++) fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(to, "\ninfosweep help COMMAND tells more. infosweep --version says what this build is.\n\n"
                "Exit status: 0 all tasks are done; 1 some tasks failed; 2 the command line, the\n"
                "sweep file or the data is wrong; 3 the machine gave out (disk full, no memory);\n"
                "75 stopped in time with work left.\n");
}

/* One line: numbers may differ between them, and so may what works. */
static void print_libraries(FILE *to)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    unsigned major = 0, minor = 0, release = 0;
    int length;
    MPI_Get_library_version(mpi, &length);
    H5get_libversion(&major, &minor, &release);
    fprintf(to, "%.*s, HDF5 %u.%u.%u, %s, %s\n", (int)strcspn(mpi, ",\n"), mpi, major, minor, release,
            tensor_available() ? tensor_library() : "no oneDNN", decomposition_library());
}

static void print_version(FILE *to)
{
    fprintf(to, "infosweep %s (%s)\n%s\n%s\n", build_version.program, build_version.commit,
            build_version.compiler, build_version.flags);
    print_libraries(to);
}

static status unknown_command(const char *typed)
{
    const char *names[16];
    int count = 0;
    for (int i = 0; commands[i]; i++) names[count++] = commands[i]->name;
    const char *nearest = option_suggest(typed, names, count);
    if (nearest) return failure(BAD_INPUT, "no command '%s'; did you mean '%s'?", typed, nearest);
    return failure(BAD_INPUT, "no command '%s'; infosweep --help lists them", typed);
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0) return true;
    return false;
}

static const command *find(const char *name)
{
    for (int i = 0; commands[i]; i++)
        if (strcmp(name, commands[i]->name) == 0) return commands[i];
    return NULL;
}

/* infosweep help [COMMAND] */
static status help(int argc, char **argv)
{
    const command *about = argc > 2 ? find(argv[2]) : NULL;
    if (argc > 2 && about == NULL) return unknown_command(argv[2]);
    if (about)
        fputs(about->help, stdout);
    else
        print_help(stdout);
    return OK;
}

static status run(int argc, char **argv)
{
    if (argc < 2) return failure(BAD_INPUT, "which command? infosweep --help lists them");
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(argc, argv);
    if (strcmp(name, "--version") == 0) {
        print_version(stdout);
        return OK;
    }
    const command *typed = find(name);
    if (typed == NULL) return unknown_command(name);
    if (!asks_for_help(argc - 1, argv + 1)) return typed->run(argc - 1, argv + 1);
    fputs(typed->help, stdout);
    return OK;
}

/* Which rank prints: without MPI there is only this one. */
static int own_rank(void)
{
    int joined = 0, rank = 0;
    MPI_Initialized(&joined);
    if (joined)
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    else if (launcher_rank() >= 0)
        rank = launcher_rank();
    return rank;
}

static void tell(status result, bool name_rank)
{
    const char *text = failure_text()[0] ? failure_text() : status_text(result);
    if (name_rank)
        fprintf(stderr, "infosweep: rank %d: %s\n", own_rank(), text);
    else
        fprintf(stderr, "infosweep: %s\n", text);
}

/* Collective. Commands return the same status on every rank. Should a rank fail alone, which is a fault of infosweep, the
 * others would wait for it for ever: it tells what happened and takes them down. */
static void meet_the_others(status result)
{
    enum { SECONDS = 60 };
    MPI_Request all;
    MPI_Ibarrier(MPI_COMM_WORLD, &all);
    double began = MPI_Wtime();
    for (int here = 0; !here;) {
        MPI_Test(&all, &here, MPI_STATUS_IGNORE);
        if (here) return;
        if (result > WORK_LEFT && MPI_Wtime() - began > SECONDS) {
            tell(result, true);
            MPI_Abort(MPI_COMM_WORLD, status_exit(result));
        }
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
}

int main(int argc, char **argv)
{
    int joined = 0;
    status result = run(argc, argv);
    if (fflush(stdout) != 0 && result == OK)
        result = failure(IO_FAILED, "standard output: %s", strerror(errno));
    if (result != OK && own_rank() == 0) tell(result, false);
    MPI_Initialized(&joined);
    if (joined) {
        meet_the_others(result);
        MPI_Finalize();
    }
    return status_exit(result);
}
