/* During the run: every rank writes its own rows, independently of the others; or rank 0 those of all. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash.h"
#include "relay.h"
#include "runs.h"
#include "schedule.h"
#include "writer.h"

struct store {
    char *path;
    MPI_Comm comm; /* borrowed */
    int rank;
    writer writer;
    begun begun;  /* by this rank */
    relay *relay; /* NULL where every rank writes its own rows */
    double synced;
    double unsynced; /* MPI_Wtime from which on what was written is not known to be on disk; 0: all is */
    status failed;   /* of what other ranks sent: it is theirs, and so must not be forgotten */
    char failed_text[512];
};

/* ---- opening and closing --------------------------------------------------------------------------------------------- */

/* Rank 0: where everything lies in the file. */
static status find_places(store *st, const grid *g)
{
    status result = OK;
    hid_t file = H5I_INVALID_HID;
    hdf5_quiet();
    TRY(hdf5_open(st->path, false, &file));
    result = writer_find(&st->writer, file, g);
    if (result != OK) failure_at(result, "%s", st->path);
    H5Fclose(file);
done:
    return result;
}

static status open_file(store *st)
{
    st->writer.file = open(st->path, O_RDWR | O_CLOEXEC);
    if (st->writer.file >= 0) return OK;
    return failure(IO_FAILED, "%s: cannot open: %s", st->path, strerror(errno));
}

/* Collective. */
static void store_free(store *st)
{
    if (st == NULL) return;
    relay_free(st->relay);
    writer_free(&st->writer);
    begun_free(&st->begun);
    free(st->path);
    free(st);
}

static status store_make(MPI_Comm comm, const char *path, const layout *l, store **out)
{
    status result = OK;
    store *st = calloc(1, sizeof *st);
    CHECK(st != NULL, NO_MEMORY, "%s", path);
    st->writer.file = -1;
    st->comm = comm;
    st->synced = MPI_Wtime();
    MPI_Comm_rank(comm, &st->rank);
    *out = st;
    st->path = strdup(path);
    CHECK(st->path != NULL, NO_MEMORY, "%s", path);
    TRY(writer_make(l, &st->writer));
done:
    return result;
}

status store_open(MPI_Comm comm, const char *path, const sweep *s, const layout *l, store **out)
{
    status result = OK;
    store *st = NULL;
    bool relayed = sweep_store(s)->writer == WRITER_RANK0;
    TRY(schedule_agree(comm, store_make(comm, path, l, &st)));
    TRY(schedule_agree(comm, st->rank == 0 ? find_places(st, sweep_grid(s)) : OK));
    /* one rank reads the file's metadata: a thousand that did would be a burden */
    MPI_Bcast(st->writer.place, st->writer.places * (int)sizeof *st->writer.place, MPI_BYTE, 0, comm);
    TRY(schedule_agree(comm, relayed && st->rank > 0 ? OK : open_file(st)));
    if (relayed) TRY(schedule_agree(comm, relay_make(comm, l, &st->relay)));
    *out = st;
    st = NULL;
done:
    store_free(st);
    return result;
}

/* ---- cells and rows ------------------------------------------------------------------------------------------------------ */

/* Does this rank send what it has to write? */
static bool sends(const store *st)
{
    return st->relay != NULL && st->rank > 0;
}

static status explain(const store *st, status code)
{
    return code == OK ? OK : failure_at(code, "%s", st->path);
}

/* Something that was written at `when` or later has not been put on disk. */
static void note_unsynced(store *st, double when)
{
    if (st->unsynced == 0 || when < st->unsynced) st->unsynced = when;
}

/* The mark names what runs; while the list changes, nobody. */
static void name_running(const store *st)
{
    crash_cells(st->begun.cell, st->begun.count);
}

status store_begin(store *st, const int64_t *cells, int count)
{
    status result = OK;
    crash_cells(NULL, 0);
    if (sends(st)) {
        TRY(relay_begin(st->relay, cells, count));
        for (int i = 0; i < count; i++) TRY(begun_add(&st->begun, cells[i], 0));
    } else {
        note_unsynced(st, MPI_Wtime());
        TRY(writer_begin(&st->writer, &st->begun, cells, count));
    }
    name_running(st);
done:
    return explain(st, result);
}

status store_give_up(store *st)
{
    status result = OK;
    crash_cells(NULL, 0);
    if (st->begun.count == 0) goto done;
    if (sends(st)) {
        st->begun.count = 0;
        TRY(relay_give_up(st->relay));
    } else {
        note_unsynced(st, MPI_Wtime());
        TRY(writer_give_up(&st->writer, &st->begun));
    }
done:
    return explain(st, result);
}

status store_write(store *st, const int64_t *cells, task_row *const *rows, int count)
{
    status result = OK;
    crash_cells(NULL, 0);
    if (sends(st)) {
        TRY(relay_rows(st->relay, cells, rows, count));
        for (int i = 0; i < count; i++) begun_forget(&st->begun, cells[i]);
    } else {
        note_unsynced(st, MPI_Wtime());
        TRY(writer_rows(&st->writer, &st->begun, st->rank, cells, rows, count));
    }
    name_running(st);
done:
    return explain(st, result);
}

/* ---- now and then -------------------------------------------------------------------------------------------------------- */

/* What other ranks sent could not be written: said again whenever this rank is asked. */
static status remember(store *st, status taken)
{
    if (taken != OK && st->failed == OK) {
        st->failed = explain(st, taken);
        snprintf(st->failed_text, sizeof st->failed_text, "%s", failure_text());
    }
    return st->failed == OK ? OK : failure(st->failed, "%s", st->failed_text);
}

static status take(store *st)
{
    const double never = 1e300;
    double since = never;
    if (st->relay == NULL || st->rank > 0) return OK;
    status taken = relay_take(st->relay, &st->writer, &since);
    if (since < never) note_unsynced(st, since);
    return remember(st, taken);
}

static status sync_file(store *st, double interval_seconds)
{
    status result = OK;
    double now = MPI_Wtime();
    if (st->unsynced == 0 || now - st->synced < interval_seconds) return OK;
    CHECK(fdatasync(st->writer.file) == 0, IO_FAILED, "%s: cannot sync: %s", st->path, strerror(errno));
    st->synced = MPI_Wtime();
    st->unsynced = 0;
done:
    return result;
}

status store_look(store *st, double interval_seconds)
{
    status taken = take(st);
    return taken == OK ? sync_file(st, interval_seconds) : taken;
}

double store_unsynced_seconds(const store *st)
{
    double since = sends(st) ? relay_oldest(st->relay) : st->unsynced;
    return since > 0 ? MPI_Wtime() - since : 0;
}

/* Rank 0: what changes of a run's own row is written through HDF5, which closes the file again at once. */
static status change_run(store *st, status (*change)(hid_t file, const void *what), const void *what)
{
    status result = OK;
    hid_t file = H5I_INVALID_HID;
    TRY(hdf5_open(st->path, true, &file));
    result = change(file, what);
    if (result != OK) failure_at(result, "%s", st->path);
    if (H5Fclose(file) < 0 && result == OK) result = hdf5_failure(IO_FAILED, st->path, "cannot close");
done:
    return result;
}

static status change_safe(hid_t file, const void *what)
{
    return runs_note_safe(file, *(const double *)what);
}

static status change_work(hid_t file, const void *what)
{
    const double *shares = what;
    return runs_note_work(file, shares[0], shares[1], shares[2]);
}

static status change_ending(hid_t file, const void *what)
{
    return runs_end(file, what);
}

status store_note_safe(store *st, double unix_seconds)
{
    return change_run(st, change_safe, &unix_seconds);
}

status store_note_work(store *st, double busy, double least_busy, double processor)
{
    const double shares[] = { busy, least_busy, processor };
    return change_run(st, change_work, shares);
}

/* Workers wait until rank 0 has taken what they sent; rank 0 takes it, whatever went wrong. */
static status end_relay(store *st)
{
    if (st->relay == NULL) return OK;
    if (st->rank > 0) return explain(st, relay_end(st->relay));
    note_unsynced(st, MPI_Wtime());
    return remember(st, relay_drain(st->relay, &st->writer));
}

status store_close(store *st, const char *ending)
{
    MPI_Comm comm = st->comm;
    status result = store_give_up(st), relayed = end_relay(st);
    if (result == OK) result = relayed;
    if (result == OK && st->rank == 0) result = change_run(st, change_ending, ending);
    if (result == OK && st->writer.file >= 0) result = sync_file(st, 0);
    result = schedule_agree(comm, result);
    store_free(st);
    return result;
}
