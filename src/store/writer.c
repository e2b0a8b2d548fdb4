#include "writer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checksum.h"

/* ---- cells that run ----------------------------------------------------------------------------------------------------- */

status begun_add(begun *b, int64_t cell, int32_t attempts)
{
    status result = OK;
    if (b->count == b->room) {
        int room = 2 * b->room + 16;
        int64_t *cells = realloc(b->cell, (size_t)room * sizeof *cells);
        if (cells) b->cell = cells;
        int32_t *counts = realloc(b->attempts, (size_t)room * sizeof *counts);
        if (counts) b->attempts = counts;
        CHECK(cells && counts, NO_MEMORY, "%d cells", room);
        b->room = room;
    }
    b->cell[b->count] = cell;
    b->attempts[b->count++] = attempts;
done:
    return result;
}

int32_t begun_forget(begun *b, int64_t cell)
{
    for (int i = 0; i < b->count; i++) {
        if (b->cell[i] != cell) continue;
        int32_t attempts = b->attempts[i];
        b->count--;
        b->cell[i] = b->cell[b->count];
        b->attempts[i] = b->attempts[b->count];
        return attempts;
    }
    return 0;
}

void begun_free(begun *b)
{
    free(b->cell);
    free(b->attempts);
    *b = (begun){ 0 };
}

/* ---- making ------------------------------------------------------------------------------------------------------------- */

status writer_make(const layout *l, writer *out)
{
    status result = OK;
    *out = (writer){ .layout = l, .file = -1, .places = PLACE_RESULTS + l->variables };
    out->place = calloc((size_t)out->places, sizeof *out->place);
    CHECK(out->place != NULL, NO_MEMORY, "%d variables", out->places);
done:
    return result;
}

status writer_find(writer *w, hid_t file, const grid *g)
{
    status result = OK;
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, REASON_MAX);
    const struct {
        const char *name;
        hid_t type;
    } bookkeeping[PLACE_RESULTS] = {
        [PLACE_STATUS] = { "status", H5T_NATIVE_UINT8 },
        [PLACE_ATTEMPTS] = { "attempts", H5T_NATIVE_INT32 },
        [PLACE_WALL_SECONDS] = { "wall_seconds", H5T_NATIVE_DOUBLE },
        [PLACE_RANK] = { "rank", H5T_NATIVE_INT32 },
        [PLACE_CHECKSUM] = { "checksum", H5T_NATIVE_UINT32 },
        [PLACE_REASON] = { "reason", text },
    };
    for (int i = 0; i < PLACE_RESULTS; i++)
        TRY(place_find(file, bookkeeping[i].name, g, bookkeeping[i].type, 1, &w->place[i]));
    for (int v = 0; v < w->layout->variables; v++) {
        const variable *of = &w->layout->variable[v];
        TRY(place_find(file, of->quantity->name, g, H5T_NATIVE_DOUBLE, of->count,
                       &w->place[PLACE_RESULTS + v]));
    }
done:
    H5Tclose(text);
    return result;
}

void writer_free(writer *w)
{
    if (w->file >= 0) close(w->file);
    free(w->place);
    free(w->order);
    free(w->staging);
    *w = (writer){ .file = -1 };
}

static status make_room(writer *w, int count)
{
    status result = OK;
    int64_t longest = 0;
    if (count <= w->room) return OK;
    for (int i = 0; i < w->places; i++)
        if (w->place[i].bytes > longest) longest = w->place[i].bytes;
    free(w->order);
    free(w->staging);
    w->order = malloc((size_t)count * sizeof *w->order);
    w->staging = malloc((size_t)count * (size_t)longest);
    w->room = w->order && w->staging ? count : 0;
    CHECK(w->room > 0, NO_MEMORY, "%d rows", count);
done:
    return result;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------ */

static status put(const writer *w, int which, int64_t first, int64_t cells, const void *values)
{
    return place_write(&w->place[which], w->file, first, cells, values);
}

/* How many of the cells from `at` on follow each other in the grid; `order` may be NULL. */
static int run_length(const int64_t *cells, const int *order, int at, int count)
{
    int length = 1;
    int64_t first = cells[order ? order[at] : at];
    while (at + length < count && cells[order ? order[at + length] : at + length] == first + length) length++;
    return length;
}

status writer_begin(writer *w, begun *b, const int64_t *cells, int count)
{
    status result = OK;
    TRY(make_room(w, count));
    for (int at = 0, length; at < count; at += length) {
        int32_t *attempts = w->staging;
        length = run_length(cells, NULL, at, count);
        TRY(place_read(&w->place[PLACE_ATTEMPTS], w->file, cells[at], length, attempts));
        for (int i = 0; i < length; i++) TRY(begun_add(b, cells[at + i], ++attempts[i]));
        TRY(put(w, PLACE_ATTEMPTS, cells[at], length, attempts));
        memset(w->staging, OUTCOME_RUNNING, (size_t)length);
        TRY(put(w, PLACE_STATUS, cells[at], length, w->staging));
    }
done:
    return result;
}

status writer_give_up(writer *w, begun *b)
{
    static const uint8_t pending = OUTCOME_PENDING;
    status result = OK;
    for (; b->count > 0; b->count--) {
        int64_t cell = b->cell[b->count - 1];
        int32_t attempts = b->attempts[b->count - 1] - 1;
        TRY(put(w, PLACE_STATUS, cell, 1, &pending));
        TRY(put(w, PLACE_ATTEMPTS, cell, 1, &attempts));
    }
done:
    return result;
}

/* Rows `order[0 … count-1]`, whose cells follow each other from `first` on. */
typedef struct piece {
    writer *writer;
    begun *begun;
    int rank;
    int64_t first;
    int count;
    const int *order;
    task_row *const *rows;
} piece;

static const task_row *piece_row(const piece *p, int i)
{
    return p->rows[p->order[i]];
}

static status put_piece(const piece *p, int which)
{
    return put(p->writer, which, p->first, p->count, p->writer->staging);
}

static status write_results(const piece *p)
{
    status result = OK;
    const layout *l = p->writer->layout;
    double *staging = p->writer->staging;
    for (int v = 0; v < l->variables; v++) {
        const variable *about = &l->variable[v];
        for (int i = 0; i < p->count; i++)
            memcpy(staging + i * about->count, piece_row(p, i)->value + about->offset,
                   (size_t)about->count * sizeof *staging);
        TRY(put_piece(p, PLACE_RESULTS + v));
    }
done:
    return result;
}

/* Most rows have none, and a variable that is not written costs no disk: reasons are written where there are any, or where
 * an earlier attempt may have left one. */
static status write_reasons(const piece *p)
{
    char *staging = p->writer->staging;
    bool any = false;
    for (int i = 0; i < p->count; i++) {
        int32_t attempts = begun_forget(p->begun, p->first + i);
        if (attempts != 1 || piece_row(p, i)->reason[0]) any = true;
        strncpy(staging + i * REASON_MAX, piece_row(p, i)->reason, REASON_MAX);
    }
    return any ? put_piece(p, PLACE_REASON) : OK;
}

static status write_bookkeeping(const piece *p)
{
    status result = OK;
    double *seconds = p->writer->staging;
    int32_t *rank = p->writer->staging;
    for (int i = 0; i < p->count; i++) seconds[i] = piece_row(p, i)->wall_seconds;
    TRY(put_piece(p, PLACE_WALL_SECONDS));
    for (int i = 0; i < p->count; i++) rank[i] = p->rank;
    TRY(put_piece(p, PLACE_RANK));
    TRY(write_reasons(p));
done:
    return result;
}

static status write_checksums(const piece *p)
{
    uint32_t *sum = p->writer->staging;
    for (int i = 0; i < p->count; i++)
        sum[i] = checksum_add(checksum_start(p->first + i), piece_row(p, i)->value, p->writer->layout->size);
    return put_piece(p, PLACE_CHECKSUM);
}

static status write_status(const piece *p)
{
    uint8_t *state = p->writer->staging;
    for (int i = 0; i < p->count; i++) state[i] = (uint8_t)piece_row(p, i)->outcome;
    return put_piece(p, PLACE_STATUS);
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

status writer_rows(writer *w, begun *b, int rank, const int64_t *cells, task_row *const *rows, int count)
{
    status result = OK;
    TRY(make_room(w, count));
    sort_by_cell(w->order, cells, count);
    for (int at = 0, length; at < count; at += length) {
        length = run_length(cells, w->order, at, count);
        piece p = { w, b, rank, cells[w->order[at]], length, w->order + at, rows };
        TRY(write_results(&p));
        TRY(write_bookkeeping(&p));
        TRY(write_checksums(&p));
        TRY(write_status(&p));
    }
done:
    return result;
}
