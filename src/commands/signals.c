#include "signals.h"

#include <signal.h>

static volatile sig_atomic_t drain, stop, interrupts;
static bool interrupt_stops;

static void on_signal(int number)
{
    if (number == SIGUSR1) {
        drain = 1;
    } else if (number == SIGTERM || interrupt_stops) {
        stop = 1;
    } else {
        drain = 1;
        if (++interrupts > 1) stop = 1;
    }
    if (number == SIGINT && stop) signal(SIGINT, SIG_DFL);
}

void signals_catch(bool launched)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, before;
    interrupt_stops = launched;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGINT, NULL, &before);
    if (before.sa_handler != SIG_IGN) sigaction(SIGINT, &action, NULL);
}

wish signals_wish(void)
{
    if (stop) return WISH_STOP;
    return drain ? WISH_DRAIN : WISH_GO_ON;
}
