/* What the last run left behind when it died, and who is to blame.
 *
 * Rows that are still marked as running were running then. Where a process left a mark of its crash (crash.h), the cells that
 * it names count a crash, and all others are innocent: the second crash quarantines, and after the first a cell runs alone,
 * so that the second has one culprit. Without any mark, every cell that ran is a suspect; it counts a suspicion, and, if it
 * was the only one, a sole suspicion, of which `crash_limit` quarantine.
 *
 * Status is written first, then the marks go, then counts are written. Killed before the marks go, the next resume finds them
 * and no row that runs, and settles the same; killed afterwards, it forgets a death. None is counted twice. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "checksum.h"
#include "column.h"
#include "crash.h"
#include "pack.h"
#include "prepare.h"

enum { CRASHES_MAX = 2, COUNT_MAX = 255, SUSPICIONS_MAX = 60 };

typedef struct deaths {
    hid_t file;
    const store_request *request;
    const grid *grid;
    store_found *found;
    /* (cells) each */
    uint8_t *state, *crashes, *suspicions, *sole_suspicions, *signal_of;
    int marks; /* of processes that crashed */
} deaths;

static void deaths_free(deaths *d)
{
    free(d->state);
    free(d->crashes);
    free(d->suspicions);
    free(d->sole_suspicions);
    free(d->signal_of);
}

static status read_counts(deaths *d)
{
    status result = OK;
    struct {
        const char *name;
        uint8_t **to;
    } counts[] = { { "crashes", &d->crashes },
                   { "suspicions", &d->suspicions },
                   { "sole_suspicions", &d->sole_suspicions } };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        TRY(column_read_all(d->file, counts[i].name, d->grid, H5T_NATIVE_UINT8, (void **)counts[i].to));
done:
    return result;
}

static status write_counts(const deaths *d)
{
    status result = OK;
    TRY(column_write_all(d->file, "crashes", d->grid, H5T_NATIVE_UINT8, d->crashes));
    TRY(column_write_all(d->file, "suspicions", d->grid, H5T_NATIVE_UINT8, d->suspicions));
    TRY(column_write_all(d->file, "sole_suspicions", d->grid, H5T_NATIVE_UINT8, d->sole_suspicions));
done:
    return result;
}

/* The status of all cells, torn rows as pending. */
static status read_states(deaths *d, const layout *l)
{
    status result = OK;
    uint8_t *written = NULL;
    TRY(checksum_read_states(d->file, d->grid, &written));
    TRY(checksum_read_status(d->file, d->grid, l, &d->state));
    for (int64_t c = 0; c < d->grid->cells; c++) d->found->torn += d->state[c] != written[c];
done:
    free(written);
    return result;
}

static status write_reason(const deaths *d, int64_t cell, const char *text)
{
    status result = OK;
    column why = { 0 };
    char reason[REASON_MAX] = "";
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, REASON_MAX);
    snprintf(reason, sizeof reason, "%s", text);
    TRY(column_open(d->file, "reason", d->grid, type, &why));
    TRY(column_write(&why, cell, 1, reason));
done:
    column_close(&why);
    H5Tclose(type);
    return result;
}

static status quarantine(deaths *d, int64_t cell, const char *reason)
{
    d->state[cell] = OUTCOME_QUARANTINED;
    d->found->quarantined++;
    return write_reason(d, cell, reason);
}

static void count(uint8_t *counts, int64_t cell)
{
    if (counts[cell] < COUNT_MAX) counts[cell]++;
}

/* The cell ran in a process that left a mark. */
static status blame_crash(deaths *d, int64_t cell)
{
    char reason[REASON_MAX];
    count(d->crashes, cell);
    d->state[cell] = OUTCOME_PENDING;
    d->found->crashed++;
    if (d->crashes[cell] < CRASHES_MAX) return OK;
    snprintf(reason, sizeof reason, "its process crashed %s: %s",
             d->crashes[cell] == 2 ? "twice" : "again and again", crash_signal_name(d->signal_of[cell]));
    return quarantine(d, cell, reason);
}

/* The cell ran when a run died that left no mark; `alone`: no other did. */
static status blame_death(deaths *d, int64_t cell, bool alone)
{
    char reason[REASON_MAX];
    int64_t limit = d->request->crash_limit;
    count(d->suspicions, cell);
    d->state[cell] = OUTCOME_PENDING;
    if (!alone) return OK;
    count(d->sole_suspicions, cell);
    if (limit == 0 || d->sole_suspicions[cell] < limit) return OK;
    snprintf(reason, sizeof reason, "the run was killed %d times while this task alone was running",
             d->sole_suspicions[cell]);
    return quarantine(d, cell, reason);
}

/* A mark names cells that were not done; that the file does not show them as running may be because rank 0 had still to
 * write it. */
static bool is_marked(const deaths *d, int64_t cell)
{
    return d->signal_of[cell] && (d->state[cell] == OUTCOME_RUNNING || d->state[cell] == OUTCOME_PENDING);
}

static status blame(deaths *d)
{
    status result = OK;
    int64_t running = 0;
    for (int64_t c = 0; c < d->grid->cells; c++) running += d->state[c] == OUTCOME_RUNNING;
    for (int64_t c = 0; c < d->grid->cells; c++) {
        if (is_marked(d, c))
            TRY(blame_crash(d, c));
        else if (d->state[c] == OUTCOME_RUNNING && d->marks == 0)
            TRY(blame_death(d, c, running == 1));
        else if (d->state[c] == OUTCOME_RUNNING)
            d->state[c] = OUTCOME_PENDING;
    }
done:
    return result;
}

/* How a cell is wanted. One that is tried again starts with a clean slate, but alone if it was quarantined. */
static uint8_t want(deaths *d, int64_t cell)
{
    if (d->request->retry) {
        if (!(d->request->retry & 1u << d->state[cell])) return WANT_NOT;
        if (d->state[cell] != OUTCOME_QUARANTINED) return WANT_PACKED;
        d->crashes[cell] = d->suspicions[cell] = d->sole_suspicions[cell] = 0;
        return WANT_ALONE;
    }
    if (d->state[cell] != OUTCOME_PENDING) return WANT_NOT;
    if (d->suspicions[cell] > 0) {
        d->found->suspects++;
        int n = d->suspicions[cell] < SUSPICIONS_MAX ? d->suspicions[cell] : SUSPICIONS_MAX;
        return (uint8_t)(WANT_SUSPECT + n);
    }
    return d->crashes[cell] > 0 ? WANT_ALONE : WANT_PACKED;
}

status deaths_settle(hid_t file, const store_request *q, const grid *g, const layout *l, uint8_t *wanted,
                     store_found *found)
{
    status result = OK;
    deaths d = { .file = file, .request = q, .grid = g, .found = found };
    TRY(read_states(&d, l));
    TRY(read_counts(&d));
    d.signal_of = malloc((size_t)g->cells);
    CHECK(d.signal_of != NULL, NO_MEMORY, "%" PRId64 " cells", g->cells);
    TRY(crash_marks_read(q->path, g->cells, d.signal_of, &d.marks));
    TRY(blame(&d));
    for (int64_t c = 0; c < g->cells; c++) wanted[c] = want(&d, c);

    TRY(column_write_all(file, "status", g, H5T_NATIVE_UINT8, d.state));
    crash_marks_clear(q->path);
    TRY(write_counts(&d));
    checkpoints_tidy(q->path, d.state, g->cells);
done:
    deaths_free(&d);
    return result;
}
