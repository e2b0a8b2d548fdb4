#include "node_data.h"

#include <stdlib.h>

#include "data.h"
#include "node_data_parts.h"
#include "node_memory.h"
#include "schedule.h"

struct node_data {
    MPI_Comm near; /* the ranks of this machine */
    void *memory;  /* NULL: nothing is shared */
    size_t bytes;
};

/* glibc alone has it, and is told to give back the holes that reading left in the heap: several times the data, where a
 * MATLAB file was read. */
extern int malloc_trim(size_t pad) __attribute__((weak));

/* On the first rank of a machine, once. */
static void tell_of_copies(size_t bytes, int ranks, const char *const *folder)
{
    char machine[MPI_MAX_PROCESSOR_NAME];
    int length;
    MPI_Get_processor_name(machine, &length);
    fprintf(stderr, "infosweep: %s: no room for %.3g MB in", machine, (double)bytes / 1e6);
    for (; *folder; folder++) fprintf(stderr, " %s%s", *folder, folder[1] ? " or" : "");
    fprintf(stderr, ": its %d ranks read the data each for itself\n", ranks);
}

/* Collective over the ranks of a machine: what the first one holds is then held by all. */
static status share_held(node_data *n, const char *const *folder)
{
    status result = OK;
    int rank, ranks;
    MPI_Comm_rank(n->near, &rank);
    MPI_Comm_size(n->near, &ranks);
    if (ranks == 1) return OK;

    size_t bytes = 0;
    if (rank == 0) result = data_shared_bytes(&bytes);
    MPI_Bcast(&bytes, (int)sizeof bytes, MPI_BYTE, 0, n->near);
    if (bytes == 0) return result;
    node_memory_make(n->near, bytes, folder, &n->memory);
    if (n->memory == NULL) {
        if (rank == 0) tell_of_copies(bytes, ranks, folder);
        return OK;
    }
    n->bytes = bytes;
    if (rank == 0) result = data_move(n->memory);
    if (rank == 0 && malloc_trim) malloc_trim(0);
    node_memory_seal(n->near, n->memory, n->bytes);
    return rank == 0 ? result : data_adopt(n->memory);
}

status node_data_share_among(MPI_Comm comm, MPI_Comm near, const char *const *folder,
                             status (*load)(void *context), void *context, node_data **out)
{
    status result = OK;
    int rank;
    MPI_Comm_rank(near, &rank);
    *out = calloc(1, sizeof **out);
    if (*out)
        (*out)->near = near;
    else
        MPI_Comm_free(&near);
    TRY(schedule_agree(comm, *out ? OK : failure(NO_MEMORY, "no memory for a node")));
    TRY(schedule_agree(comm, rank == 0 ? load(context) : OK));
    TRY(schedule_agree(comm, share_held(*out, folder)));
    TRY(schedule_agree(comm, rank == 0 ? OK : load(context)));
done:
    return result;
}

status node_data_share(MPI_Comm comm, status (*load)(void *context), void *context, node_data **out)
{
    MPI_Comm near;
    const char *other = getenv("TMPDIR");
    const char *const folder[] = { "/dev/shm", other && other[0] ? other : "/tmp", NULL };
    MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &near);
    return node_data_share_among(comm, near, folder, load, context, out);
}

size_t node_data_bytes(const node_data *n)
{
    return n->bytes;
}

void node_data_free(node_data *n)
{
    if (n == NULL) return;
    node_memory_free(n->memory, n->bytes);
    MPI_Comm_free(&n->near);
    free(n);
}
