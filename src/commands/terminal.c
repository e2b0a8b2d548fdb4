#include "terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Open MPI gives its ranks a pipe for standard error and passes on what comes through it. Where mpirun is this process's
 * parent, which it is on its own node, its standard error is what a person sees. */
static int terminal_of_mpirun(void)
{
    char path[64];
    if (getenv("OMPI_COMM_WORLD_RANK") == NULL) return -1;
    snprintf(path, sizeof path, "/proc/%ld/fd/2", (long)getppid());
    int terminal = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (terminal >= 0 && !isatty(terminal)) {
        close(terminal);
        terminal = -1;
    }
    return terminal;
}

int terminal_of(FILE *to)
{
    const char *kind = getenv("TERM");
    if (kind && strcmp(kind, "dumb") == 0) return -1;
    int own = fileno(to);
    return isatty(own) ? fcntl(own, F_DUPFD_CLOEXEC, 0) : terminal_of_mpirun();
}

void terminal_close(int terminal)
{
    if (terminal >= 0) close(terminal);
}

/* What the environment says where the terminal does not. */
static int of_environment(const char *name, int otherwise)
{
    const char *text = getenv(name);
    int value = text ? atoi(text) : 0;
    return value > 0 ? value : otherwise;
}

int terminal_width(int terminal)
{
    struct winsize window;
    if (ioctl(terminal, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) return window.ws_col;
    return of_environment("COLUMNS", 80);
}

int terminal_height(int terminal)
{
    struct winsize window;
    if (ioctl(terminal, TIOCGWINSZ, &window) == 0 && window.ws_row > 0) return window.ws_row;
    return of_environment("LINES", 24);
}
