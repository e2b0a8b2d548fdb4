/* Before the run, on rank 0 and with the serial driver: the file is made or found fit to go on with. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint.h"
#include "crash.h"
#include "pack.h"
#include "prepare.h"
#include "results.h"
#include "runs.h"

/* ---- paths ----------------------------------------------------------------------------------------------------------- */

static status folder_of(const char *path, char **folder)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        *folder = strdup(".");
    else
        *folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    return *folder ? OK : failure(NO_MEMORY, "%s", path);
}

/* Can the file be made or gone on with here? *exists says which. */
static status check_path(const store_request *q, bool *exists)
{
    status result = OK;
    struct stat about;
    char *folder = NULL;
    TRY(folder_of(q->path, &folder));
    CHECK(stat(folder, &about) == 0, BAD_INPUT, "%s: the folder %s: %s", q->path, folder, strerror(errno));
    CHECK(S_ISDIR(about.st_mode), BAD_INPUT, "%s: %s is not a folder", q->path, folder);
    CHECK(access(folder, W_OK | X_OK) == 0, BAD_INPUT, "%s: the folder %s: %s", q->path, folder,
          strerror(errno));

    *exists = stat(q->path, &about) == 0;
    CHECK(*exists || errno == ENOENT, BAD_INPUT, "%s: %s", q->path, strerror(errno));
    CHECK(!*exists || S_ISREG(about.st_mode), BAD_INPUT, "%s: is not a file", q->path);
    CHECK(!*exists || q->mode != STORE_NEW, BAD_INPUT,
          "%s: exists; --resume goes on with it, --force replaces it", q->path);
done:
    free(folder);
    return result;
}

/* On disk, not just written: the file, then the folder that names it. */
static status sync_path(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC);
    bool synced =
        file >= 0 && (fsync(file) == 0 || errno == EINVAL); /* EINVAL: not for folders of this kind */
    status result = synced ? OK : failure(IO_FAILED, "%s: cannot sync: %s", path, strerror(errno));
    if (file >= 0) close(file);
    return result;
}

status prepare_put_in_place(const char *fresh, const char *path)
{
    status result = OK;
    char *folder = NULL;
    TRY(sync_path(fresh, O_RDWR));
    CHECK(rename(fresh, path) == 0, IO_FAILED, "%s: cannot rename %s: %s", path, fresh, strerror(errno));
    TRY(folder_of(path, &folder));
    TRY(sync_path(folder, O_RDONLY));
done:
    free(folder);
    return result;
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

/* Looks first, so that a file which is refused is not touched. */
static status open_existing(const store_request *q, const sweep *s, const layout *l, const identity *i,
                            hid_t *file)
{
    status result = OK;
    TRY(hdf5_open(q->path, false, file));
    result = resume_check(*file, q, s, l, i);
    H5Fclose(*file);
    *file = H5I_INVALID_HID;
    if (result != OK) return failure_at(result, "%s", q->path);
    TRY(hdf5_open(q->path, true, file));
done:
    return result;
}

static void want_all(const grid *g, uint8_t *wanted)
{
    for (int64_t c = 0; c < g->cells; c++) wanted[c] = g->absent && g->absent[c] ? WANT_NOT : WANT_PACKED;
}

static status work_on(hid_t file, bool exists, const store_request *q, const sweep *s, const layout *l,
                      const identity *i, uint8_t *wanted, store_found *found)
{
    status result = OK;
    if (exists) {
        TRY(deaths_settle(file, q, sweep_grid(s), l, wanted, found));
    } else {
        TRY(create_fill(file, s, l, i));
        want_all(sweep_grid(s), wanted);
    }
    if (q->reuse) TRY(reuse_rows(file, q, s, l, i, wanted, &found->copied));
    TRY(runs_begin(file, q));
done:
    return result;
}

/* Is there room? Asked before HDF5 begins, which on a full disk can neither finish a file nor give it up. */
static status reserve(const char *fresh, const char *path, int64_t bytes)
{
    int file = open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return failure(BAD_INPUT, "%s: cannot create: %s", path, strerror(errno));
    int error = posix_fallocate(file, 0, bytes);
    close(file);
    if (error != ENOSPC && error != EDQUOT && error != EFBIG) return OK; /* or this file system cannot tell */
    return failure(IO_FAILED, "%s: needs %.1f MB: %s", path, (double)bytes / 1e6, strerror(error));
}

/* What does not fit on the disk shows before the file is closed: a file whose closing has failed can neither be used nor be
 * closed again. */
static status close_whole(const char *path, hid_t *file)
{
    status result = OK;
    CHECK(H5Fflush(*file, H5F_SCOPE_GLOBAL) >= 0, IO_FAILED, "%s", path);
    hid_t whole = *file;
    *file = H5I_INVALID_HID;
    CHECK(H5Fclose(whole) >= 0, IO_FAILED, "%s", path);
done:
    return result == OK ? OK : hdf5_failure(IO_FAILED, path, "cannot write");
}

/* HDF5 cannot give a file up whose last bytes do not fit on the disk: room is made first. */
static void discard(const char *path, hid_t *file)
{
    if (*file >= 0 && truncate(path, 0) == 0) H5Fclose(*file);
    *file = H5I_INVALID_HID;
    unlink(path);
}

static status make_new(const store_request *q, const sweep *s, const layout *l, const identity *i,
                       uint8_t *wanted, store_found *found)
{
    status result = OK;
    hid_t file = H5I_INVALID_HID;
    char *fresh = malloc(strlen(q->path) + sizeof ".new");
    CHECK(fresh != NULL, NO_MEMORY, "%s", q->path);
    sprintf(fresh, "%s.new", q->path);
    TRY(reserve(fresh, q->path, results_bytes(sweep_grid(s), l)));
    TRY(hdf5_create(fresh, &file));
    result = work_on(file, false, q, s, l, i, wanted, found);
    if (result != OK) failure_at(result, "%s: cannot create", q->path);
    TRY(result);
    TRY(close_whole(q->path, &file));
    TRY(prepare_put_in_place(fresh, q->path));
    crash_marks_clear(q->path); /* of a file that is no more */
    checkpoints_clear(q->path);
done:
    if (result != OK && fresh) discard(fresh, &file);
    free(fresh);
    return result;
}

static status go_on(const store_request *q, const sweep *s, const layout *l, const identity *i,
                    uint8_t *wanted, store_found *found)
{
    status result = OK;
    hid_t file = H5I_INVALID_HID;
    TRY(open_existing(q, s, l, i, &file));
    result = work_on(file, true, q, s, l, i, wanted, found);
    if (result != OK) failure_at(result, "%s", q->path);
    if (H5Fclose(file) < 0 && result == OK) result = hdf5_failure(IO_FAILED, q->path, "cannot write");
    if (result == OK) result = sync_path(q->path, O_RDWR);
done:
    return result;
}

status store_prepare(const store_request *q, const sweep *s, const layout *l, uint8_t *wanted,
                     store_found *found)
{
    status result = OK;
    bool exists = false;
    identity *i = NULL;
    hdf5_quiet();
    *found = (store_found){ 0 };
    TRY(check_path(q, &exists));
    TRY(identity_make(s, q->kernels, &i));
    identity_digest_data(i, found->data);
    if (exists && q->mode == STORE_RESUME)
        TRY(go_on(q, s, l, i, wanted, found));
    else
        TRY(make_new(q, s, l, i, wanted, found));
done:
    identity_free(i);
    return result;
}
