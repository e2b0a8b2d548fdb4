/* The writer: puts rows into the file, for its own rank or for others (relay.h).
 *
 * Nothing here changes metadata, so a kill at any moment leaves a file that opens. Values go first, then the bookkeeping,
 * then the checksum, then the status: a row whose status says done is whole, or its checksum says that it is not. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "place.h"
#include "row.h"

/* The cells that one rank has begun and not written, and their attempts, this one counted. */
typedef struct begun {
    int64_t *cell;     /* (room) */
    int32_t *attempts; /* (room) */
    int count, room;
} begun;

status begun_add(begun *b, int64_t cell, int32_t attempts);
int32_t begun_forget(begun *b, int64_t cell); /* its attempts; 0 where it was not begun */
void begun_free(begun *b);

enum writer_place {
    PLACE_STATUS,
    PLACE_ATTEMPTS,
    PLACE_WALL_SECONDS,
    PLACE_RANK,
    PLACE_CHECKSUM,
    PLACE_REASON,
    PLACE_RESULTS /* and those behind it, in the order of the layout */
};

typedef struct writer {
    const layout *layout; /* borrowed */
    int file;             /* a plain descriptor; -1 where this rank writes nothing */
    int places;
    place *place;  /* (places) */
    int *order;    /* (room) of the rows being written, by cell */
    void *staging; /* (room × the longest element of a row): what goes to one variable */
    int room;
} writer;

/* Room for the places, which writer_find looks up in the file. Failures name no path. */
status writer_make(const layout *l, writer *out);
status writer_find(writer *w, hid_t file, const grid *g);
void writer_free(writer *w); /* closes the descriptor */

/* Marks cells as running and counts the attempt. */
status writer_begin(writer *w, begun *b, const int64_t *cells, int count);
/* Makes what was begun pending again, and takes the attempt back. */
status writer_give_up(writer *w, begun *b);
/* Writes rows that `rank` computed; neighbouring cells in one piece. */
status writer_rows(writer *w, begun *b, int rank, const int64_t *cells, task_row *const *rows, int count);

#endif
