#include "data/data_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/hdf5.h"

static status write_beside(const char *path, status (*write)(const char *path, hid_t file, const void *what),
                           const void *what)
{
    hid_t file;
    status result = hdf5_create(path, &file);
    if (result != OK) return result;
    result = write(path, file, what);
    if (result == OK && H5Fflush(file, H5F_SCOPE_GLOBAL) < 0)
        result = hdf5_failure(IO_FAILED, path, "cannot write");
    if (H5Fclose(file) < 0 && result == OK) result = hdf5_failure(IO_FAILED, path, "cannot write");
    return result;
}

status data_file_check(const char *path, bool replace)
{
    if (replace || access(path, F_OK) != 0) return OK;
    return failure(BAD_INPUT, "%s is there already; --replace puts the new file in its place", path);
}

status data_file_write(const char *path, bool replace,
                       status (*write)(const char *path, hid_t file, const void *what), const void *what)
{
    status result = OK;
    size_t size = strlen(path) + 32;
    char *beside = malloc(size);
    CHECK(beside != NULL, NO_MEMORY, "%s: no memory to write it", path);
    snprintf(beside, size, "%s.%ld.part", path, (long)getpid());
    TRY(data_file_check(path, replace));
    hdf5_quiet();
    TRY(write_beside(beside, write, what));
    CHECK(rename(beside, path) == 0, IO_FAILED, "%s: cannot be put in place: %s", path, strerror(errno));
done:
    if (result != OK && beside) unlink(beside);
    free(beside);
    return result;
}
