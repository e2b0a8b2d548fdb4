/* During the run: every rank writes its own rows through MPI-IO, independently of the others.
 *
 * Nothing here changes metadata, so a kill at any moment leaves a file that opens. Values go first, then the bookkeeping,
 * then the checksum, then the status: a row whose status says done is whole, or its checksum says that it is not. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "checksum.h"
#include "column.h"
#include "runs.h"
#include "schedule.h"

/* A cell that this rank has begun and not written. */
typedef struct begun {
    int64_t cell;
    int32_t attempts;
} begun;

struct store {
    char *path;
    MPI_Comm comm; /* borrowed */
    int rank;
    hid_t file;
    int plain; /* our own descriptor of the same file, for syncing */
    double synced;
    bool unsynced; /* something was written since */
    const layout *layout;
    column *result; /* (layout->variables) */
    column status, attempts, wall_seconds, writer, checksum, reason;
    begun *begun; /* (begun_room) */
    int begun_count, begun_room;
    int *order;    /* (room) of the rows being written, by cell */
    void *staging; /* (room × the longest element of a row): what goes to one variable */
    int room;
};

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- opening and closing --------------------------------------------------------------------------------------------- */

static status open_columns(store *st, const grid *g)
{
    status result = OK;
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, REASON_MAX);
    const layout *l = st->layout;
    st->result = calloc((size_t)l->variables + 1, sizeof *st->result);
    CHECK(st->result != NULL, NO_MEMORY, "%d results", l->variables);
    for (int v = 0; v < l->variables; v++) {
        TRY(column_open(st->file, l->variable[v].quantity->name, g, H5T_NATIVE_DOUBLE, &st->result[v]));
        CHECK(st->result[v].count == l->variable[v].count, BAD_INPUT, "its variable %s has another shape",
              l->variable[v].quantity->name);
    }
    TRY(column_open(st->file, "status", g, H5T_NATIVE_UINT8, &st->status));
    TRY(column_open(st->file, "attempts", g, H5T_NATIVE_INT32, &st->attempts));
    TRY(column_open(st->file, "wall_seconds", g, H5T_NATIVE_DOUBLE, &st->wall_seconds));
    TRY(column_open(st->file, "rank", g, H5T_NATIVE_INT32, &st->writer));
    TRY(column_open(st->file, "checksum", g, H5T_NATIVE_UINT32, &st->checksum));
    TRY(column_open(st->file, "reason", g, text, &st->reason));
done:
    H5Tclose(text);
    return result;
}

static void close_columns(store *st)
{
    for (int v = 0; st->result && v < st->layout->variables; v++) column_close(&st->result[v]);
    column *own[] = {
        &st->status, &st->attempts, &st->wall_seconds, &st->writer, &st->checksum, &st->reason
    };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) column_close(own[i]);
}

static status open_plain(store *st, const grid *g)
{
    status result = OK;
    TRY(open_columns(st, g));
    st->plain = open(st->path, O_RDWR | O_CLOEXEC);
    CHECK(st->plain >= 0, IO_FAILED, "cannot open: %s", strerror(errno));
done:
    return result == OK ? OK : failure_at(result, "%s", st->path);
}

/* Collective. */
static status store_free(store *st)
{
    status result = OK;
    close_columns(st);
    if (st->file >= 0 && H5Fclose(st->file) < 0) result = hdf5_failure(IO_FAILED, st->path, "cannot close");
    if (st->plain >= 0) close(st->plain);
    free(st->result);
    free(st->begun);
    free(st->order);
    free(st->staging);
    free(st->path);
    free(st);
    return result;
}

status store_open(MPI_Comm comm, const char *path, const sweep *s, const layout *l, store **out)
{
    status mine = OK, result = OK;
    hdf5_quiet();
    store *st = calloc(1, sizeof *st);
    char *copy = strdup(path);
    if (st == NULL || copy == NULL) mine = failure(NO_MEMORY, "%s", path);
    if (st) *st = (store){ .path = copy, .comm = comm, .file = H5I_INVALID_HID, .plain = -1, .layout = l };
    TRY(schedule_agree(comm, mine));

    MPI_Comm_rank(comm, &st->rank);
    st->synced = now_seconds();
    mine = hdf5_open_parallel(comm, path, &st->file);
    if (mine == OK) mine = open_plain(st, sweep_grid(s));
    TRY(schedule_agree(comm, mine));
    *out = st;
    st = NULL;
    copy = NULL;
done:
    if (st)
        store_free(st); /* the copy, too */
    else if (copy && result != OK)
        free(copy);
    return result;
}

/* ---- cells that run ----------------------------------------------------------------------------------------------------- */

static status make_room(store *st, int count)
{
    status result = OK;
    int64_t longest = REASON_MAX;
    if (count <= st->room) return OK;
    for (int v = 0; v < st->layout->variables; v++) {
        int64_t bytes = st->layout->variable[v].count * (int64_t)sizeof(double);
        if (bytes > longest) longest = bytes;
    }
    free(st->order);
    free(st->staging);
    st->order = malloc((size_t)count * sizeof *st->order);
    st->staging = malloc((size_t)count * (size_t)longest);
    st->room = st->order && st->staging ? count : 0;
    CHECK(st->room > 0, NO_MEMORY, "%d rows", count);
done:
    return result;
}

static status note_begun(store *st, int64_t cell, int32_t attempts)
{
    status result = OK;
    if (st->begun_count == st->begun_room) {
        int room = 2 * st->begun_room + 16;
        begun *grown = realloc(st->begun, (size_t)room * sizeof *grown);
        CHECK(grown != NULL, NO_MEMORY, "%d cells", room);
        st->begun = grown;
        st->begun_room = room;
    }
    st->begun[st->begun_count++] = (begun){ .cell = cell, .attempts = attempts };
done:
    return result;
}

/* Strikes a cell off and returns its attempts; 0 for one that was not begun. */
static int32_t forget_begun(store *st, int64_t cell)
{
    for (int i = 0; i < st->begun_count; i++) {
        if (st->begun[i].cell != cell) continue;
        int32_t attempts = st->begun[i].attempts;
        st->begun[i] = st->begun[--st->begun_count];
        return attempts;
    }
    return 0;
}

/* Names the file in front of what is recorded. MPI-IO says of a write that it failed and not why: a full disk is told by
 * asking. */
static status explain(const store *st, status code)
{
    struct statvfs disk;
    if (code == IO_FAILED && fstatvfs(st->plain, &disk) == 0 && disk.f_bavail == 0)
        return failure(code, "%s: cannot write: %s", st->path, strerror(ENOSPC));
    return code == OK ? OK : failure_at(code, "%s", st->path);
}

/* How many of the cells from `at` on follow each other in the grid; `order` may be NULL. */
static int run_length(const int64_t *cells, const int *order, int at, int count)
{
    int length = 1;
    int64_t first = cells[order ? order[at] : at];
    while (at + length < count && cells[order ? order[at + length] : at + length] == first + length) length++;
    return length;
}

status store_begin(store *st, const int64_t *cells, int count)
{
    status result = OK;
    TRY(make_room(st, count));
    for (int at = 0, length; at < count; at += length) {
        int32_t *attempts = st->staging;
        length = run_length(cells, NULL, at, count);
        TRY(column_read(&st->attempts, cells[at], length, attempts));
        for (int i = 0; i < length; i++) TRY(note_begun(st, cells[at + i], ++attempts[i]));
        TRY(column_write(&st->attempts, cells[at], length, attempts));
        memset(st->staging, OUTCOME_RUNNING, (size_t)length);
        TRY(column_write(&st->status, cells[at], length, st->staging));
    }
    st->unsynced = true;
done:
    return explain(st, result);
}

status store_give_up(store *st)
{
    static const uint8_t pending = OUTCOME_PENDING;
    status result = OK;
    for (int i = 0; i < st->begun_count; i++) {
        int32_t attempts = st->begun[i].attempts - 1;
        TRY(column_write(&st->status, st->begun[i].cell, 1, &pending));
        TRY(column_write(&st->attempts, st->begun[i].cell, 1, &attempts));
    }
    st->begun_count = 0;
done:
    return explain(st, result);
}

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

/* Rows `order[0 … count-1]`, whose cells follow each other from `first` on. */
typedef struct piece {
    store *store;
    int64_t first;
    int count;
    const int *order;
    task_row *const *rows;
} piece;

static const task_row *piece_row(const piece *p, int i)
{
    return p->rows[p->order[i]];
}

static status write_results(const piece *p)
{
    status result = OK;
    const layout *l = p->store->layout;
    double *staging = p->store->staging;
    for (int v = 0; v < l->variables; v++) {
        const variable *about = &l->variable[v];
        for (int i = 0; i < p->count; i++)
            memcpy(staging + i * about->count, piece_row(p, i)->value + about->offset,
                   (size_t)about->count * sizeof *staging);
        TRY(column_write(&p->store->result[v], p->first, p->count, staging));
    }
done:
    return result;
}

/* Most rows have none, and a variable that is not written costs no disk: reasons are written where there are any, or where
 * an earlier attempt may have left one. */
static status write_reasons(const piece *p)
{
    char *staging = p->store->staging;
    bool any = false;
    for (int i = 0; i < p->count; i++) {
        int32_t attempts = forget_begun(p->store, p->first + i);
        if (attempts != 1 || piece_row(p, i)->reason[0]) any = true;
        strncpy(staging + i * REASON_MAX, piece_row(p, i)->reason, REASON_MAX);
    }
    return any ? column_write(&p->store->reason, p->first, p->count, staging) : OK;
}

static status write_bookkeeping(const piece *p)
{
    status result = OK;
    double *seconds = p->store->staging;
    int32_t *rank = p->store->staging;
    for (int i = 0; i < p->count; i++) seconds[i] = piece_row(p, i)->wall_seconds;
    TRY(column_write(&p->store->wall_seconds, p->first, p->count, seconds));
    for (int i = 0; i < p->count; i++) rank[i] = p->store->rank;
    TRY(column_write(&p->store->writer, p->first, p->count, rank));
    TRY(write_reasons(p));
done:
    return result;
}

static status write_checksums(const piece *p)
{
    uint32_t *sum = p->store->staging;
    for (int i = 0; i < p->count; i++)
        sum[i] = checksum_add(checksum_start(p->first + i), piece_row(p, i)->value, p->store->layout->size);
    return column_write(&p->store->checksum, p->first, p->count, sum);
}

static status write_status(const piece *p)
{
    uint8_t *state = p->store->staging;
    for (int i = 0; i < p->count; i++) state[i] = (uint8_t)piece_row(p, i)->outcome;
    return column_write(&p->store->status, p->first, p->count, state);
}

/* Packs are small and nearly sorted. */
static void sort_by_cell(int *order, const int64_t *cells, int count)
{
    for (int i = 0; i < count; i++) {
        int at = i;
        for (; at > 0 && cells[order[at - 1]] > cells[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
}

status store_write(store *st, const int64_t *cells, task_row *const *rows, int count)
{
    status result = OK;
    TRY(make_room(st, count));
    sort_by_cell(st->order, cells, count);
    for (int at = 0, length; at < count; at += length) {
        length = run_length(cells, st->order, at, count);
        piece p = { st, cells[st->order[at]], length, st->order + at, rows };
        TRY(write_results(&p));
        TRY(write_bookkeeping(&p));
        TRY(write_checksums(&p));
        TRY(write_status(&p));
    }
    st->unsynced = true;
done:
    return explain(st, result);
}

status store_look(store *st, double interval_seconds)
{
    status result = OK;
    double now = now_seconds();
    if (!st->unsynced || now - st->synced < interval_seconds) return OK;
    CHECK(fdatasync(st->plain) == 0, IO_FAILED, "%s: cannot sync: %s", st->path, strerror(errno));
    st->synced = now;
    st->unsynced = false;
done:
    return result;
}

status store_close(store *st, const char *ending)
{
    status result = store_give_up(st);
    if (result == OK && st->rank == 0) {
        result = explain(st, runs_end(st->file, ending));
    }
    if (result == OK) result = store_look(st, 0);
    MPI_Comm comm = st->comm;
    status closed = store_free(st);
    return schedule_agree(comm, result == OK ? closed : result);
}
