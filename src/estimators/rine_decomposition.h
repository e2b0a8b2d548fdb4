/* Partial information decomposition around the redundant information R of two sources: their single information I_1, I_2
 * and joint information J from networks of their own, unique U_i = I_i - R, synergistic S = J - I_1 - I_2 + R, so that
 * R + U_1 + U_2 + S = J. With a finite beta R can exceed the smaller I_i: then there are no atoms. */
#ifndef RINE_DECOMPOSITION_H
#define RINE_DECOMPOSITION_H

#include "rine_results.h"

/* Sources that have unique and synergistic information in this sense. */
enum { DECOMPOSED_SOURCES = 2 };

/* The ticks of one group: of its one training, or of all three of a decomposition one after the other. */
typedef struct rine_progress {
    ticker ticker; /* for the training that is on */
    ticker *outer;
    double begin, width; /* the group's share of the pack */
    int training, trainings;
} rine_progress;

/* p stays where it is while it is used: its ticker points to it. */
void rine_progress_start(rine_progress *p, ticker *outer, const task_pack *pack, int first, int count,
                         bool decompose);

/* Trains the other networks of a group whose coupled ones are trained and whose rows are filled, and adds to its rows.
 * WORK_LEFT when a tick said stop. */
status rine_decompose(const lanes_kernels *k, const rine_group *g, rine_progress *progress);

#endif
