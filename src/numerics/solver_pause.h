/* How loops that may take long ask whether to go on. */
#ifndef SOLVER_PAUSE_H
#define SOLVER_PAUSE_H

#include "decomposition.h"

static inline bool solver_goes_on(solver_pause *pause)
{
    return pause == NULL || pause->go_on(pause);
}

#endif
