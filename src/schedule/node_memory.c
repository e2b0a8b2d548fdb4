#include "node_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "messages.h"

enum { PATH_ROOM = 1024 };

/* Collective. Do all say so? Who waits for rank 0 to take room or to write does not burn its core. */
static bool all_of(MPI_Comm near, bool mine)
{
    int all = mine;
    MPI_Request request;
    MPI_Iallreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, near, &request);
    patience_complete(&request);
    return all != 0;
}

/* Rank 0: makes an empty file; path "" where that fails. */
static int make_file(const char *folder, char path[PATH_ROOM])
{
    int length = snprintf(path, PATH_ROOM, "%s/infosweep-XXXXXX", folder);
    int file = length < PATH_ROOM ? mkstemp(path) : -1;
    if (file < 0) path[0] = '\0';
    return file;
}

/* Makes room for good: a file that merely has a length gets its memory at the first touch, or a SIGBUS. */
static bool take_room(int file, size_t bytes)
{
    int error;
    do {
        error = posix_fallocate(file, 0, (off_t)bytes);
    } while (error == EINTR); /* signals tell ranks to drain */
    return error == 0;
}

/* Collective. NULL on all ranks where one of them fails. The file loses its name while it is empty, so that nobody who is
 * killed leaves anything behind. */
static void *share_file(MPI_Comm near, size_t bytes, const char *folder)
{
    char path[PATH_ROOM];
    int rank;
    MPI_Comm_rank(near, &rank);
    int file = rank == 0 ? make_file(folder, path) : -1;
    MPI_Bcast(path, PATH_ROOM, MPI_CHAR, 0, near);
    if (path[0] == '\0') return NULL;
    if (rank != 0) file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool open_everywhere = all_of(near, file >= 0);
    if (rank == 0) unlink(path);

    void *memory = MAP_FAILED;
    if (open_everywhere && all_of(near, rank != 0 || take_room(file, bytes)))
        memory = mmap(NULL, bytes, rank == 0 ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
    if (all_of(near, memory != MAP_FAILED)) return memory;
    if (memory != MAP_FAILED) munmap(memory, bytes);
    return NULL;
}

void node_memory_make(MPI_Comm near, size_t bytes, const char *const *folder, void **memory)
{
    *memory = NULL;
    for (; *folder && *memory == NULL; folder++) *memory = share_file(near, bytes, *folder);
}

void node_memory_seal(MPI_Comm near, void *memory, size_t bytes)
{
    int rank;
    MPI_Comm_rank(near, &rank);
    if (rank == 0) mprotect(memory, bytes, PROT_READ);
    all_of(near, true);
}

void node_memory_free(void *memory, size_t bytes)
{
    if (memory) munmap(memory, bytes);
}
