/* Gangs: groups of ranks that work on one task together. Every function takes NULL for a gang of one. A gang is a power of two
 * of ranks, so that sums over its ranks make a tree that does not depend on how many there are: a task whose parts are leaves
 * of the tree gets the same bits from 1, 2 or 4 ranks.
 *
 * Ranks wait for each other politely: `pause` (may be NULL) is called while they do, and false from it gives the wait up on
 * this rank (WORK_LEFT); the gang is then of no more use, which is right when a run stops as a whole. */
#ifndef GANG_H
#define GANG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

typedef struct gang gang;
typedef bool (*gang_pause)(void *context);

int gang_rank(const gang *g);
int gang_ranks(const gang *g);
/* What is called while this rank waits in the functions below. */
void gang_set_pause(gang *g, gang_pause pause, void *context);

/* Collective over the gang. The gang of ranks [first, first + count) of this one, where this rank is one of them; every rank
 * of the gang calls it with its own part. count is a power of two and divides first. Free with gang_free. A part of one rank is
 * NULL. */
status gang_part(const gang *g, int first, int count, gang **out);
void gang_free(gang *g);

/* Collective. Blocks of `bytes` of all ranks, in their order, at `all` on every rank. */
status gang_gather(gang *g, const void *mine, size_t bytes, void *all);
/* Collective. x (count) becomes the sum over ranks on all of them: of neighbours first, then of pairs of neighbours, … */
status gang_sum(gang *g, float *x, int64_t count);
/* Collective. Rank 0's bytes for all. */
status gang_share(gang *g, void *data, size_t bytes);
/* Collective. Bytes of rank `from` at rank 0; nothing happens on the others. */
status gang_fetch(gang *g, int from, void *data, size_t bytes);
/* Collective. The worst status of all ranks on each of them, with the text of a rank that has it. */
status gang_agree(gang *g, status mine);

#endif
