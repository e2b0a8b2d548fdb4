#include "relay.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "schedule/messages.h"

/* Of a worker, on their way to rank 0. */
enum { MESSAGES_MAX = 128, BYTES_MAX = 16 << 20 };
/* Rows are sent in messages of about this size, of one row at least. */
enum { PIECE_BYTES = 1 << 20 };
/* Rank 0 does not write for longer than this before it goes on with its own work. */
#define TAKE_SECONDS 0.02

enum kind { KIND_BEGIN, KIND_GIVE_UP, KIND_ROWS, KIND_END };

/* What a message begins with. Behind it: cells for KIND_BEGIN; a `sent_row` and its values, `count` times, for KIND_ROWS.
 * Structs travel as bytes: every rank runs the same program on the same kind of machine. */
typedef struct head {
    int64_t kind, count;
} head;

typedef struct sent_row {
    int64_t cell, outcome;
    double wall_seconds;
    char reason[REASON_MAX];
} sent_row;

typedef struct message {
    struct message *next;
    MPI_Request request;
    double sent; /* MPI_Wtime */
    size_t size;
    double bytes[]; /* so that values in them are aligned */
} message;

struct relay {
    MPI_Comm comm;
    int rank, ranks;
    const layout *layout; /* borrowed */
    size_t row_bytes;
    int most_rows, most_cells; /* of a message */

    /* a worker's: on their way, oldest first */
    message *oldest, *newest;
    int messages;
    size_t bytes;

    /* rank 0's */
    begun *begun;    /* (ranks) */
    int ended;       /* workers that send nothing more */
    double emptied;  /* MPI_Wtime at which nothing was waiting to be taken */
    void *buffer;    /* of the longest message */
    task_row *row;   /* (most_rows) whose values lie in the buffer */
    task_row **rows; /* (most_rows) */
    int64_t *cells;  /* (most_rows) */
    status failed;   /* then messages are dropped */
};

static status make_buffers(relay *r)
{
    size_t rows = (size_t)r->most_rows, longest = sizeof(head) + PIECE_BYTES;
    if (r->row_bytes > PIECE_BYTES) longest = sizeof(head) + r->row_bytes;
    r->begun = calloc((size_t)r->ranks, sizeof *r->begun);
    r->buffer = malloc(longest);
    r->row = malloc(rows * sizeof *r->row);
    r->rows = malloc(rows * sizeof(task_row *));
    r->cells = malloc(rows * sizeof *r->cells);
    bool made = r->begun && r->buffer && r->row && r->rows && r->cells;
    return made ? OK : failure(NO_MEMORY, "rows of %d ranks, %zu bytes each", r->ranks, r->row_bytes);
}

status relay_make(MPI_Comm comm, const layout *l, relay **out)
{
    status result = OK;
    MPI_Comm own;
    MPI_Comm_dup(comm, &own);
    relay *r = calloc(1, sizeof *r);
    if (r == NULL) MPI_Comm_free(&own);
    CHECK(r != NULL, NO_MEMORY, "the relay of rows");
    r->comm = own;
    r->layout = l;
    r->row_bytes = sizeof(sent_row) + (size_t)l->size * sizeof(double);
    r->most_rows = r->row_bytes < PIECE_BYTES ? (int)(PIECE_BYTES / r->row_bytes) : 1;
    r->most_cells = PIECE_BYTES / sizeof(int64_t);
    r->emptied = MPI_Wtime();
    MPI_Comm_rank(own, &r->rank);
    MPI_Comm_size(own, &r->ranks);
    *out = r;
    CHECK(r->row_bytes < INT_MAX - sizeof(head), BAD_INPUT,
          "a row of %zu bytes is too long to be sent to rank 0; store.writer: all", r->row_bytes);
    if (r->rank == 0) TRY(make_buffers(r));
done:
    return result;
}

void relay_free(relay *r)
{
    if (r == NULL) return;
    for (int i = 0; r->begun && i < r->ranks; i++) begun_free(&r->begun[i]);
    free(r->begun);
    free(r->buffer);
    free(r->row);
    free(r->rows);
    free(r->cells);
    MPI_Comm_free(&r->comm);
    free(r);
}

/* ---- sending ------------------------------------------------------------------------------------------------------------ */

/* Forgets the messages that rank 0 has taken. */
static void sweep_up(relay *r)
{
    while (r->oldest && message_gone(&r->oldest->request)) {
        message *gone = r->oldest;
        r->oldest = gone->next;
        if (r->oldest == NULL) r->newest = NULL;
        r->messages--;
        r->bytes -= gone->size;
        free(gone);
    }
}

static void wait_for_room(relay *r, size_t size)
{
    patience p = { 0 };
    for (sweep_up(r); r->messages > 0 && (r->messages >= MESSAGES_MAX || r->bytes + size > BYTES_MAX);
         sweep_up(r))
        patience_wait(&p);
}

static status message_make(enum kind kind, int64_t count, size_t body, message **out)
{
    size_t size = sizeof(head) + body;
    *out = malloc(sizeof **out + size);
    if (*out == NULL) return failure(NO_MEMORY, "a message of %zu bytes", size);
    **out = (message){ .size = size, .request = MPI_REQUEST_NULL };
    memcpy((*out)->bytes, &(head){ .kind = kind, .count = count }, sizeof(head));
    return OK;
}

/* Synchronous sends end when rank 0 begins to receive: what has not ended is what waits there. */
static void message_send(relay *r, message *m)
{
    m->sent = MPI_Wtime();
    *(r->newest ? &r->newest->next : &r->oldest) = m;
    r->newest = m;
    r->messages++;
    r->bytes += m->size;
    MPI_Issend(m->bytes, (int)m->size, MPI_BYTE, 0, 0, r->comm, &m->request);
}

static status send_cells(relay *r, const int64_t *cells, int count)
{
    message *m = NULL;
    size_t body = (size_t)count * sizeof *cells;
    wait_for_room(r, body);
    status result = message_make(KIND_BEGIN, count, body, &m);
    if (result != OK) return result;
    memcpy((char *)m->bytes + sizeof(head), cells, body);
    message_send(r, m);
    return OK;
}

status relay_begin(relay *r, const int64_t *cells, int count)
{
    status result = OK;
    for (int at = 0; at < count && result == OK; at += r->most_cells)
        result = send_cells(r, cells + at, count - at < r->most_cells ? count - at : r->most_cells);
    return result;
}

static status send_rows(relay *r, const int64_t *cells, task_row *const *rows, int count)
{
    status result = OK;
    message *m = NULL;
    size_t body = (size_t)count * r->row_bytes;
    wait_for_room(r, body);
    TRY(message_make(KIND_ROWS, count, body, &m));
    char *to = (char *)m->bytes + sizeof(head);
    for (int i = 0; i < count; i++, to += r->row_bytes) {
        sent_row one = { .cell = cells[i],
                         .outcome = rows[i]->outcome,
                         .wall_seconds = rows[i]->wall_seconds };
        memcpy(one.reason, rows[i]->reason, sizeof one.reason);
        memcpy(to, &one, sizeof one);
        memcpy(to + sizeof one, rows[i]->value, (size_t)r->layout->size * sizeof(double));
    }
    message_send(r, m);
done:
    return result;
}

status relay_rows(relay *r, const int64_t *cells, task_row *const *rows, int count)
{
    status result = OK;
    for (int at = 0; at < count && result == OK; at += r->most_rows)
        result = send_rows(r, cells + at, rows + at, count - at < r->most_rows ? count - at : r->most_rows);
    return result;
}

/* What ends something does not wait for room: rank 0 may be waiting for this one. */
static status send_word(relay *r, enum kind kind)
{
    message *m = NULL;
    status result = message_make(kind, 0, 0, &m);
    if (result == OK) message_send(r, m);
    return result;
}

status relay_give_up(relay *r)
{
    return send_word(r, KIND_GIVE_UP);
}

status relay_end(relay *r)
{
    patience p = { 0 };
    status result = send_word(r, KIND_END);
    for (sweep_up(r); r->messages > 0; sweep_up(r)) patience_wait(&p);
    return result;
}

double relay_oldest(relay *r)
{
    sweep_up(r);
    return r->oldest ? r->oldest->sent : 0;
}

/* ---- taking ------------------------------------------------------------------------------------------------------------- */

static status write_rows(relay *r, writer *w, int rank, int count)
{
    sent_row one;
    char *from = (char *)r->buffer + sizeof(head);
    for (int i = 0; i < count; i++, from += r->row_bytes) {
        memcpy(&one, from, sizeof one);
        r->row[i] = (task_row){ .layout = r->layout,
                                .outcome = (outcome)one.outcome,
                                .value = (double *)(void *)(from + sizeof one),
                                .wall_seconds = one.wall_seconds };
        memcpy(r->row[i].reason, one.reason, sizeof one.reason);
        r->rows[i] = &r->row[i];
        r->cells[i] = one.cell;
    }
    return writer_rows(w, &r->begun[rank], rank, r->cells, r->rows, count);
}

/* What the message in the buffer asks for. */
static status obey(relay *r, writer *w, int rank)
{
    head h;
    memcpy(&h, r->buffer, sizeof h);
    if (h.kind == KIND_END) r->ended++;
    if (r->failed != OK) return OK;
    if (h.kind == KIND_GIVE_UP) return writer_give_up(w, &r->begun[rank]);
    if (h.kind == KIND_ROWS) return write_rows(r, w, rank, (int)h.count);
    if (h.kind == KIND_BEGIN)
        return writer_begin(w, &r->begun[rank], (const int64_t *)((const head *)r->buffer + 1), (int)h.count);
    return OK;
}

/* Receives and obeys one message, if there is one. */
static status take_one(relay *r, writer *w, bool *any)
{
    int there = 0, size;
    MPI_Status from;
    MPI_Message waiting;
    MPI_Improbe(MPI_ANY_SOURCE, 0, r->comm, &there, &waiting, &from);
    *any = there != 0;
    if (!there) return OK;
    MPI_Get_count(&from, MPI_BYTE, &size);
    MPI_Mrecv(r->buffer, size, MPI_BYTE, &waiting, MPI_STATUS_IGNORE);
    return obey(r, w, from.MPI_SOURCE);
}

status relay_take(relay *r, writer *w, double *since)
{
    status result = OK;
    double now = MPI_Wtime(), began = now;
    for (bool any = true; any && now - began < TAKE_SECONDS; now = MPI_Wtime()) {
        status taken = take_one(r, w, &any);
        if (taken != OK && r->failed == OK) result = r->failed = taken;
        if (any && *since > r->emptied) *since = r->emptied;
        if (!any) r->emptied = now;
    }
    return result;
}

status relay_drain(relay *r, writer *w)
{
    status result = OK;
    patience p = { 0 };
    double since = 0;
    while (r->ended < r->ranks - 1) {
        int before = r->ended;
        status taken = relay_take(r, w, &since);
        if (taken != OK) result = taken;
        if (r->ended == before) patience_wait(&p);
    }
    return result;
}
