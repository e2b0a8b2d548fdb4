#include "merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "column.h"
#include "lanes.h"
#include "merge_copy.h"
#include "prepare.h"
#include "results_file.h"
#include "runs.h"
#include "stored_layout.h"

typedef struct merge {
    const char *const *path; /* (files) */
    int files;
    int64_t shards; /* of the sweep */
    int *file_of;   /* (shards) index of the file; -1 until it is found */
    results *first; /* of path[0], which the others must be like */
    identity *identity;
    run_record *runs; /* of all files */
    int run_count;
    int64_t *tasks; /* (OUTCOMES) */
} merge;

/* ---- paths -------------------------------------------------------------------------------------------------------------- */

/* Where ".shard-I-of-N.h5" begins in a path; NULL where it does not end so. */
static const char *shard_suffix(const char *path)
{
    long long index, count;
    int end = 0;
    const char *at = NULL;
    for (const char *next = strstr(path, ".shard-"); next; next = strstr(next + 1, ".shard-")) at = next;
    if (at && sscanf(at, ".shard-%lld-of-%lld.h5%n", &index, &count, &end) == 2 && end > 0 && at[end] == '\0')
        return at;
    return NULL;
}

status merge_default_path(const char *const *paths, int count, char **out)
{
    status result = OK;
    const char *first = shard_suffix(paths[0]);
    size_t length = first ? (size_t)(first - paths[0]) : 0;
    bool alike = first != NULL;
    for (int i = 1; i < count && alike; i++) {
        const char *end = shard_suffix(paths[i]);
        alike = end && (size_t)(end - paths[i]) == length && strncmp(paths[i], paths[0], length) == 0;
    }
    CHECK(alike, BAD_INPUT,
          "merge: the files are not all called NAME.shard-I-of-N.h5; -o FILE names the one to make");
    *out = malloc(length + sizeof ".h5");
    CHECK(*out != NULL, NO_MEMORY, "%s", paths[0]);
    sprintf(*out, "%.*s.h5", (int)length, paths[0]);
done:
    return result;
}

static status check_out(const merge *m, const char *out, bool force)
{
    status result = OK;
    struct stat there, one;
    if (stat(out, &there) != 0) return OK;
    CHECK(S_ISREG(there.st_mode), BAD_INPUT, "%s: is not a file", out);
    for (int i = 0; i < m->files; i++)
        CHECK(stat(m->path[i], &one) != 0 || one.st_ino != there.st_ino || one.st_dev != there.st_dev,
              BAD_INPUT, "%s: is one of the shards; name another file to make", out);
    CHECK(force, BAD_INPUT, "%s: exists; --force replaces it", out);
done:
    return result;
}

/* ---- do the shards belong together? ------------------------------------------------------------------------------------- */

/* Finds the file's place among the shards. */
static status place_shard(merge *m, int file, const results *r)
{
    status result = OK;
    int64_t index, count;
    CHECK(sweep_shard(results_sweep(r), &index, &count), BAD_INPUT,
          "%s: is no shard but the result of a whole sweep", m->path[file]);
    if (m->file_of == NULL) {
        m->shards = count;
        m->file_of = malloc((size_t)count * sizeof *m->file_of);
        CHECK(m->file_of != NULL, NO_MEMORY, "%" PRId64 " shards", count);
        for (int64_t i = 0; i < count; i++) m->file_of[i] = -1;
    }
    CHECK(count == m->shards, BAD_INPUT,
          "%s: is shard %" PRId64 "/%" PRId64 ", but %s is one of %" PRId64 " shards", m->path[file], index,
          count, m->path[0], m->shards);
    CHECK(m->file_of[index - 1] < 0, BAD_INPUT, "%s: is shard %" PRId64 "/%" PRId64 ", and so is %s",
          m->path[file], index, count, m->path[m->file_of[index - 1]]);
    m->file_of[index - 1] = file;
done:
    return result;
}

/* Is a file of the same sweep, kernels and data as the first one? */
static status check_sweep(const merge *m, const results *r)
{
    status result = OK;
    identity *here = NULL;
    stored_layout *stored = NULL;
    TRY(identity_read(results_file(r), &here));
    TRY(identity_check_axes(here, m->identity));
    TRY(identity_check_settings(here, m->identity));
    TRY(identity_check_data(here, m->identity, true));
    CHECK(strcmp(here->kernels, m->identity->kernels) == 0, BAD_INPUT,
          "was made with the kernels %s, not %s, whose bits may differ", here->kernels, m->identity->kernels);
    TRY(stored_layout_read(results_file(r), sweep_grid(results_sweep(r)), &stored));
    TRY(stored_layout_check(stored, results_layout(m->first)));
done:
    identity_free(here);
    stored_layout_free(stored);
    if (result == BAD_INPUT)
        return failure(result, "%s: %s (the sweep is that of %s)", results_path(r), failure_text(),
                       m->path[0]);
    return result;
}

/* Counts what became of the shard's tasks; all must have run. */
static status check_complete(merge *m, const results *r)
{
    status result = OK;
    uint8_t *state = NULL;
    int64_t left = 0, index, count;
    const sweep *s = results_sweep(r);
    const grid *g = sweep_grid(s);
    TRY(results_status(r, &state));
    for (int64_t c = 0; c < g->cells; c++) {
        CHECK((state[c] == OUTCOME_ABSENT) == (g->absent && g->absent[c]), BAD_INPUT,
              "%s: its cells are not those that this version gives to its shard", results_path(r));
        left += state[c] == OUTCOME_PENDING || state[c] == OUTCOME_RUNNING;
        m->tasks[state[c]]++;
    }
    sweep_shard(s, &index, &count);
    CHECK(left == 0, BAD_INPUT,
          "%s: %" PRId64 " of the %" PRId64 " tasks of shard %" PRId64 "/%" PRId64
          " are left; its own command (infosweep status tells it) with --resume goes on",
          results_path(r), left, g->tasks, index, count);
done:
    free(state);
    return result;
}

static status add_runs(merge *m, const results *r)
{
    status result = OK;
    run_record *runs = NULL;
    int count;
    TRY(results_runs(r, &runs, &count));
    run_record *grown = realloc(m->runs, (size_t)(m->run_count + count + 1) * sizeof *grown);
    CHECK(grown != NULL, NO_MEMORY, "%d runs", m->run_count + count);
    m->runs = grown;
    memcpy(grown + m->run_count, runs, (size_t)count * sizeof *grown);
    m->run_count += count;
done:
    free(runs);
    return result;
}

/* "shards 3, 4 of 8 are missing" */
static status check_none_missing(const merge *m)
{
    enum { NAMED = 10 };
    char *text = NULL;
    size_t size;
    int64_t missing = 0;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) return failure(NO_MEMORY, "names of shards");
    for (int64_t i = 0; i < m->shards; i++) {
        if (m->file_of[i] >= 0) continue;
        if (missing++ < NAMED) fprintf(to, "%s%" PRId64, missing > 1 ? ", " : "", i + 1);
    }
    if (missing > NAMED) fprintf(to, ", …");
    fclose(to);
    status result = OK;
    if (missing > 0)
        result = failure(BAD_INPUT, "merge: %s %s of %" PRId64 " %s missing",
                         missing == 1 ? "shard" : "shards", text, m->shards, missing == 1 ? "is" : "are");
    free(text);
    return result;
}

static status check_file(merge *m, int file)
{
    status result = OK;
    results *r = NULL;
    TRY(results_open(m->path[file], &r));
    TRY(place_shard(m, file, r));
    if (file == 0) {
        TRY(identity_read(results_file(r), &m->identity));
        m->first = r;
    }
    if (file > 0) TRY(check_sweep(m, r));
    TRY(check_complete(m, r));
    TRY(add_runs(m, r));
done:
    if (r != m->first) results_close(r);
    return result;
}

/* ---- the file ----------------------------------------------------------------------------------------------------------- */

/* Oldest first; of the same second, in the order of the files. */
static void sort_runs(run_record *runs, int count)
{
    for (int i = 1; i < count; i++) {
        run_record moved = runs[i];
        int at = i;
        for (; at > 0 && strcmp(runs[at - 1].started, moved.started) > 0; at--) runs[at] = runs[at - 1];
        runs[at] = moved;
    }
}

/* The first shard's file is in place already; the others' rows go into it. */
static status fill(merge *m, const char *fresh)
{
    status result = OK;
    hid_t file = H5I_INVALID_HID;
    results *r = NULL;
    TRY(hdf5_open(fresh, true, &file));
    for (int i = 1; i < m->files; i++) {
        TRY(results_open(m->path[i], &r));
        TRY(merge_copy_rows(r, file));
        results_close(r);
        r = NULL;
    }
    sort_runs(m->runs, m->run_count);
    TRY(runs_write(file, m->runs, m->run_count));
    CHECK(H5Adelete(file, SHARD_ATTRIBUTE) >= 0, IO_FAILED, "%s: cannot be made whole", fresh);
done:
    results_close(r);
    if (file >= 0 && H5Fclose(file) < 0 && result == OK)
        result = hdf5_failure(IO_FAILED, fresh, "cannot write");
    return result;
}

static status make(merge *m, const char *out)
{
    status result = OK;
    store_lock *lock = NULL;
    char *fresh = malloc(strlen(out) + sizeof ".new");
    CHECK(fresh != NULL, NO_MEMORY, "%s", out);
    sprintf(fresh, "%s.new", out);
    TRY(store_lock_take(out, 0, &lock));
    TRY(merge_copy_file(m->path[0], fresh));
    TRY(fill(m, fresh));
    TRY(prepare_put_in_place(fresh, out));
done:
    if (result != OK && lock) unlink(fresh);
    store_lock_release(lock);
    free(fresh);
    return result;
}

status merge_shards(const char *const *paths, int count, const char *out, bool force, int64_t tasks[OUTCOMES])
{
    status result = OK;
    merge m = { .path = paths, .files = count, .tasks = tasks };
    hdf5_quiet();
    for (int o = 0; o < OUTCOMES; o++) tasks[o] = 0;
    TRY(check_out(&m, out, force));
    for (int i = 0; i < count; i++) TRY(check_file(&m, i));
    TRY(check_none_missing(&m));
    TRY(make(&m, out));
done:
    results_close(m.first);
    identity_free(m.identity);
    free(m.file_of);
    free(m.runs);
    return result;
}
