#include "merge_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "column.h"
#include "results_file.h"

/* ---- a file ------------------------------------------------------------------------------------------------------------- */

/* Skips what is zero: reasons take much room and are rare. */
static status copy_block(int from, int to, const char *path, bool *more)
{
    enum { BLOCK = 1 << 16 };
    static const char zeros[BLOCK];
    static char block[BLOCK];
    status result = OK;
    ssize_t size = read(from, block, BLOCK);
    CHECK(size >= 0, IO_FAILED, "cannot read: %s", strerror(errno));
    *more = size > 0;
    if (size == BLOCK && memcmp(block, zeros, BLOCK) == 0) {
        CHECK(lseek(to, BLOCK, SEEK_CUR) >= 0, IO_FAILED, "%s: cannot write: %s", path, strerror(errno));
        return OK;
    }
    for (ssize_t done = 0; done < size;) {
        ssize_t some = write(to, block + done, (size_t)(size - done));
        CHECK(some > 0 || (some < 0 && errno == EINTR), IO_FAILED, "%s: cannot write: %s", path,
              strerror(errno));
        if (some > 0) done += some;
    }
done:
    return result;
}

status merge_copy_file(const char *from, const char *to)
{
    status result = OK;
    bool more = true;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    CHECK(in >= 0, BAD_INPUT, "%s: cannot open: %s", from, strerror(errno));
    out = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    CHECK(out >= 0, BAD_INPUT, "%s: cannot create: %s", to, strerror(errno));
    while (more) TRY(copy_block(in, out, to, &more));
    CHECK(ftruncate(out, lseek(in, 0, SEEK_CUR)) == 0, IO_FAILED, "%s: cannot write: %s", to,
          strerror(errno));
done:
    if (in >= 0) close(in);
    if (out >= 0 && close(out) != 0 && result == OK)
        result = failure(IO_FAILED, "%s: cannot write: %s", to, strerror(errno));
    return result;
}

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

/* A variable in both files, of which a piece of the cells is at hand. */
typedef struct pair {
    const grid *grid; /* whose absent cells are others' */
    column from, into;
    char *theirs, *ours; /* (piece cells) */
    int64_t piece;       /* cells */
    bool sparse;         /* cells of zeros need not be copied into zeros */
} pair;

/* Puts the shard's cells of a piece among the others; returns whether there are any. */
static bool mix(const pair *p, int64_t first, int64_t cells)
{
    size_t size = (size_t)p->from.count * p->from.size;
    bool any = false;
    for (int64_t i = 0; i < cells; i++) {
        const char *theirs = p->theirs + (size_t)i * size;
        if (p->grid->absent[first + i] || (p->sparse && theirs[0] == '\0')) continue;
        memcpy(p->ours + (size_t)i * size, theirs, size);
        any = true;
    }
    return any;
}

static status copy_pieces(const pair *p)
{
    status result = OK;
    for (int64_t first = 0; first < p->grid->cells; first += p->piece) {
        int64_t left = p->grid->cells - first, cells = left < p->piece ? left : p->piece;
        TRY(column_read(&p->from, first, cells, p->theirs));
        TRY(column_read(&p->into, first, cells, p->ours));
        if (mix(p, first, cells)) TRY(column_write(&p->into, first, cells, p->ours));
    }
done:
    return result;
}

static status copy_variable(const results *from, hid_t into, const char *name, hid_t type)
{
    enum { PIECE_BYTES = 4 << 20 };
    status result = OK;
    pair p = { .grid = sweep_grid(results_sweep(from)), .sparse = H5Tget_class(type) == H5T_STRING };
    TRY(column_open(results_file(from), name, p.grid, type, &p.from));
    TRY(column_open(into, name, p.grid, type, &p.into));
    int64_t bytes = p.from.count * (int64_t)p.from.size;
    p.piece = bytes < PIECE_BYTES ? PIECE_BYTES / bytes : 1;
    p.theirs = malloc((size_t)(p.piece * bytes));
    p.ours = malloc((size_t)(p.piece * bytes));
    CHECK(p.theirs && p.ours, NO_MEMORY, "%lld cells of %s", (long long)p.piece, name);
    TRY(copy_pieces(&p));
done:
    column_close(&p.from);
    column_close(&p.into);
    free(p.theirs);
    free(p.ours);
    return result == OK ? OK : failure_at(result, "%s", results_path(from));
}

status merge_copy_rows(const results *from, hid_t into)
{
    status result = OK;
    const layout *l = results_layout(from);
    hid_t reason = H5Tcopy(H5T_C_S1);
    H5Tset_size(reason, REASON_MAX);
    const struct {
        const char *name;
        hid_t type;
    } bookkeeping[] = {
        { "attempts", H5T_NATIVE_INT32 },
        { "wall_seconds", H5T_NATIVE_DOUBLE },
        { "rank", H5T_NATIVE_INT32 },
        { "crashes", H5T_NATIVE_UINT8 },
        { "suspicions", H5T_NATIVE_UINT8 },
        { "sole_suspicions", H5T_NATIVE_UINT8 },
        { "reason", reason },
        { "checksum", H5T_NATIVE_UINT32 },
        { "status", H5T_NATIVE_UINT8 },
    };
    for (int v = 0; v < l->variables; v++)
        TRY(copy_variable(from, into, l->variable[v].quantity->name, H5T_NATIVE_DOUBLE));
    for (size_t i = 0; i < sizeof bookkeeping / sizeof bookkeeping[0]; i++)
        if (H5Lexists(into, bookkeeping[i].name, H5P_DEFAULT) > 0) /* older files count no deaths */
            TRY(copy_variable(from, into, bookkeeping[i].name, bookkeeping[i].type));
done:
    H5Tclose(reason);
    return result;
}
