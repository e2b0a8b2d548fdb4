/* The exact optimum beside trained values: what the same objective gives with decoders of any power. */
#ifndef RINE_OPTIMA_H
#define RINE_OPTIMA_H

#include "estimator.h"

/* Sets exact_redundant_information of every row that is done and asks for it, where the data is a finite table of moderate
 * size; each distinct optimum of the pack is solved once. WORK_LEFT when a tick said stop. */
status rine_set_optima(const task_pack *pack, ticker *t, task_row *const *rows);

#endif
