/* The relay: rank 0 writes the rows of all ranks (store.writer: rank0), for file systems on which several clients cannot
 * write to one file.
 *
 * A worker sends what it would have written, in that order; rank 0 writes it whenever it looks. A worker keeps a bounded
 * number of messages on their way and waits when rank 0 does not look for long. Messages travel on a communicator of their
 * own. */
#ifndef STORE_RELAY_H
#define STORE_RELAY_H

#include <mpi.h>

#include "writer.h"

typedef struct relay relay;
/* Both are collective. */
status relay_make(MPI_Comm comm, const layout *l, relay **out);
void relay_free(relay *r);

/* ---- workers: like those of writer.h ----------------------------------------------------------------------------------- */

status relay_begin(relay *r, const int64_t *cells, int count);
status relay_give_up(relay *r);
status relay_rows(relay *r, const int64_t *cells, task_row *const *rows, int count);
/* Says that nothing more comes, and waits until rank 0 has taken everything. */
status relay_end(relay *r);
/* MPI_Wtime at which the oldest message that rank 0 has not taken was sent; 0 where it has taken all. */
double relay_oldest(relay *r);

/* ---- rank 0 ------------------------------------------------------------------------------------------------------------ */

/* Writes what has come, for a short while at most. *since: MPI_Wtime before which nothing of it was sent; untouched where
 * nothing came. After a failure, what comes is taken and dropped, so that nobody waits for ever: the caller remembers it. */
status relay_take(relay *r, writer *w, double *since);
/* The same until every worker has said that nothing more comes. */
status relay_drain(relay *r, writer *w);

#endif
