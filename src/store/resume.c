/* Going on with a file that exists: is it of this sweep, and which of its cells are to be done? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "column.h"
#include "kernels.h"
#include "prepare.h"
#include "stored_layout.h"

status resume_check_kernels(const store_request *q, const identity *file, const identity *asked)
{
    return q->other_kernels ? OK : kernels_check(file->kernels, asked->kernels);
}

/* The excluded cells must be the same. */
static status check_absent(hid_t file, const grid *g)
{
    status result = OK;
    uint8_t *state = NULL;
    TRY(column_read_all(file, "status", g, H5T_NATIVE_UINT8, (void **)&state));
    for (int64_t c = 0; c < g->cells; c++) {
        bool now = g->absent && g->absent[c], then = state[c] == OUTCOME_ABSENT;
        CHECK(now == then, BAD_INPUT, "is of another sweep: cell %" PRId64 " is excluded in the %s only", c,
              now ? "sweep" : "file");
    }
done:
    free(state);
    return result;
}

/* "shard 2/4", or "the whole sweep". */
static const char *part_of_sweep(int64_t index, int64_t count, char text[48])
{
    if (count == 0) return "the whole sweep";
    snprintf(text, 48, "shard %" PRId64 "/%" PRId64, index, count);
    return text;
}

static status check_shard(hid_t file, const sweep *s)
{
    status result = OK;
    int64_t index, count, asked, asked_of;
    char there[48], here[48];
    sweep_shard(s, &asked, &asked_of);
    TRY(identity_read_shard(file, &index, &count));
    CHECK(index == asked && count == asked_of, BAD_INPUT, "holds %s, not %s",
          part_of_sweep(index, count, there), part_of_sweep(asked, asked_of, here));
done:
    return result;
}

/* A sweep of the same data that has grown, or lost values, can take over what its file has; and in place. */
static status check_axes(const store_request *q, const identity *found, const identity *asked)
{
    bool reusable = identity_related(found, asked) && identity_check_data(found, asked, false) == OK;
    status result = identity_check_axes(found, asked);
    if (result != BAD_INPUT || !reusable) return result;
    return failure(result, "%s; --force --reuse %s keeps what is done", failure_text(), q->path);
}

status resume_check(hid_t file, const store_request *q, const sweep *s, const layout *l,
                    const identity *asked)
{
    status result = OK;
    identity *found = NULL;
    stored_layout *stored = NULL;
    TRY(identity_check_format(file));
    TRY(identity_read(file, &found));
    TRY(check_shard(file, s));
    TRY(check_axes(q, found, asked));
    TRY(identity_check_settings(found, asked));
    TRY(identity_check_data(found, asked, true));
    TRY(resume_check_kernels(q, found, asked));
    TRY(stored_layout_read(file, sweep_grid(s), &stored));
    TRY(stored_layout_check(stored, l));
    TRY(check_absent(file, sweep_grid(s)));
done:
    identity_free(found);
    stored_layout_free(stored);
    return result;
}
