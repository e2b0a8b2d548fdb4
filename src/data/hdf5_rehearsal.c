#include "data/hdf5_rehearsal.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than this is read in parts by the readers, and in none here; and what a file may keep HDF5 busy with. */
enum { BYTES_MAX = 1 << 28, SECONDS_MAX = 600, DEPTH_MAX = 32, OBJECTS_MAX = 1000000 };

/* ---- going through a file ------------------------------------------------- */

/* Room for all values of a type in a space; NULL where there is none. */
static void *room_for(hid_t type, hid_t space)
{
    size_t each = H5Tget_size(type);
    hssize_t count = H5Sget_simple_extent_npoints(space);
    if (each == 0 || count <= 0 || count > (hssize_t)(BYTES_MAX / each)) return NULL;
    return calloc((size_t)count, each);
}

static void follow_references(hid_t from, hid_t type, hid_t space, const void *values)
{
    const hobj_ref_t *reference = values;
    hssize_t count = H5Sget_simple_extent_npoints(space);
    for (hssize_t k = 0; H5Tequal(type, H5T_STD_REF_OBJ) > 0 && k < count; k++) {
        hid_t id = H5Rdereference2(from, H5P_DEFAULT, H5R_OBJECT, &reference[k]);
        if (id >= 0) H5Oclose(id);
    }
}

static herr_t look_at_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    (void)info, (void)context;
    hid_t id = H5Aopen(object, name, H5P_DEFAULT), stored = H5Aget_type(id), space = H5Aget_space(id);
    hid_t type = H5Tget_native_type(stored, H5T_DIR_ASCEND);
    void *values = room_for(type, space);
    if (values && H5Aread(id, type, values) >= 0) follow_references(object, type, space, values);
    free(values);
    H5Tclose(type);
    H5Tclose(stored);
    H5Sclose(space);
    H5Aclose(id);
    return 0;
}

static void look_at_dataset(hid_t id)
{
    hid_t stored = H5Dget_type(id), space = H5Dget_space(id), list = H5Dget_create_plist(id);
    hid_t type = H5Tget_native_type(stored, H5T_DIR_ASCEND);
    void *values = room_for(type, space);
    if (values && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0)
        follow_references(id, type, space, values);
    free(values);
    H5Tclose(type);
    H5Tclose(stored);
    H5Sclose(space);
    H5Pclose(list);
}

/* Groups in groups, as far as it goes; `left` keeps a damaged file that holds itself from going on for ever. */
typedef struct walk {
    int depth;
    long left; /* objects */
} walk;

static herr_t look_at_link(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    walk *w = context;
    (void)info;
    hid_t id = w->left > 0 ? H5Oopen(group, name, H5P_DEFAULT) : H5I_INVALID_HID;
    if (id < 0) return 0; /* and on to the next: one that is broken hides none behind it */
    w->left--;
    H5Aexists(id, "no attribute");
    H5Aiterate2(id, H5_INDEX_NAME, H5_ITER_INC, NULL, look_at_attribute, NULL);
    if (H5Iget_type(id) == H5I_DATASET) look_at_dataset(id);
    w->depth++;
    if (H5Iget_type(id) == H5I_GROUP && w->depth < DEPTH_MAX)
        H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, NULL, look_at_link, w);
    w->depth--;
    H5Oclose(id);
    return 0;
}

static void look_at_file(void *path)
{
    walk w = { .left = OBJECTS_MAX };
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) return;
    H5Aiterate2(file, H5_INDEX_NAME, H5_ITER_INC, NULL, look_at_attribute, NULL);
    H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, look_at_link, &w);
    H5Fclose(file);
}

/* ---- the copy -------------------------------------------------------------------------------------------------------- */

static void end_of_copy(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_FAILURE);
}

/* Ends at the first fault, without a word or a core. */
static void run_copy(void (*act)(void *context), void *context)
{
    static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU };
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    for (size_t k = 0; k < sizeof fatal / sizeof fatal[0]; k++) signal(fatal[k], end_of_copy);
    setrlimit(RLIMIT_CPU, &(struct rlimit){ SECONDS_MAX, SECONDS_MAX });
    act(context);
    _exit(EXIT_SUCCESS);
}

bool hdf5_survives(void (*act)(void *context), void *context)
{
    int ended = 0;
    fflush(NULL); /* or the copy holds what is not yet written */
    pid_t copy = fork();
    if (copy < 0) return true;
    if (copy == 0) run_copy(act, context);
    while (waitpid(copy, &ended, 0) < 0)
        if (errno != EINTR) return true;
    return WIFEXITED(ended) && WEXITSTATUS(ended) == EXIT_SUCCESS;
}

status hdf5_rehearse(const char *path)
{
    if (hdf5_survives(look_at_file, (void *)path)) return OK;
    return failure(BAD_INPUT, "%s: is damaged, so that HDF5 itself fails on it; get it from its source again",
                   path);
}
