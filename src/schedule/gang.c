#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gang_make.h"
#include "gang_parts.h"
#include "messages.h"

/* What travels goes in chunks, so that a rank adds or copies one while the next is on its way: with two of them each way, of
 * a size that stays in a core's own cache. */
enum { CHUNK_BYTES = 1 << 18, CHUNKS = 2 };
/* A waiting rank looks after its other duties this often. */
#define PAUSE_SECONDS 1e-3

/* One direction of what goes on between two ranks. */
typedef struct lane {
    char *chunk[CHUNKS];         /* (CHUNK_BYTES) each */
    MPI_Request request[CHUNKS]; /* of what is on its way */
} lane;

/* What a gang and its parts share: a rank works in one of them at a time. */
typedef struct traffic {
    MPI_Comm comm;
    char *memory; /* of all chunks */
    lane out, in;
    gang_pause pause;
    void *context;
    double paused; /* MPI_Wtime */
    bool given_up;
} traffic;

struct gang {
    traffic *traffic;
    int first, rank, ranks; /* first: of the communicator */
    bool is_part;
};

/* ---- making ---------------------------------------------------------------------------------------------- */

static bool is_power_of_two(int n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

static void traffic_free(traffic *t)
{
    if (t == NULL) return;
    for (int i = 0; i < CHUNKS; i++) {
        if (t->in.request[i] != MPI_REQUEST_NULL) {
            MPI_Cancel(&t->in.request[i]);
            MPI_Request_free(&t->in.request[i]);
        }
        /* Open MPI cannot cancel what is sent; nobody receives it any more, and MPI_Finalize does not wait for it */
        if (t->out.request[i] != MPI_REQUEST_NULL) MPI_Request_free(&t->out.request[i]);
    }
    free(t->memory);
    free(t);
}

static status traffic_make(MPI_Comm comm, traffic **out)
{
    status result = OK;
    traffic *t = calloc(1, sizeof *t);
    CHECK(t != NULL, NO_MEMORY, "no memory for a gang of ranks");
    t->comm = comm;
    for (int i = 0; i < CHUNKS; i++) t->out.request[i] = t->in.request[i] = MPI_REQUEST_NULL;
    t->memory = malloc((size_t)2 * CHUNKS * CHUNK_BYTES);
    CHECK(t->memory != NULL, NO_MEMORY, "no memory for what a gang of ranks exchanges");
    for (int i = 0; i < CHUNKS; i++) {
        t->out.chunk[i] = t->memory + (ptrdiff_t)(2 * i) * CHUNK_BYTES;
        t->in.chunk[i] = t->memory + (ptrdiff_t)(2 * i + 1) * CHUNK_BYTES;
    }
    *out = t;
    t = NULL;
done:
    traffic_free(t);
    return result;
}

static status make(traffic *t, int first, int rank, int ranks, bool is_part, gang **out)
{
    gang *g = malloc(sizeof *g);
    if (g == NULL) return failure(NO_MEMORY, "no memory for a gang of ranks");
    *g = (gang){ .traffic = t, .first = first, .rank = rank, .ranks = ranks, .is_part = is_part };
    *out = g;
    return OK;
}

status gang_make(MPI_Comm comm, int first, int count, gang **out)
{
    status result = OK;
    traffic *t = NULL;
    int rank;
    MPI_Comm_rank(comm, &rank);
    assert(is_power_of_two(count) && rank >= first && rank < first + count);
    *out = NULL;
    if (count == 1) return OK;
    TRY(traffic_make(comm, &t));
    TRY(make(t, first, rank - first, count, false, out));
    t = NULL;
done:
    traffic_free(t);
    return result;
}

status gang_part(const gang *g, int first, int count, gang **out)
{
    int rank = gang_rank(g) - first;
    assert(is_power_of_two(count) && first % count == 0 && rank >= 0 && rank < count);
    *out = NULL;
    return count == 1 ? OK : make(g->traffic, g->first + first, rank, count, true, out);
}

void gang_free(gang *g)
{
    if (g == NULL) return;
    if (!g->is_part) traffic_free(g->traffic);
    free(g);
}

int gang_rank(const gang *g)
{
    return g == NULL ? 0 : g->rank;
}

int gang_ranks(const gang *g)
{
    return g == NULL ? 1 : g->ranks;
}

void gang_set_pause(gang *g, gang_pause pause, void *context)
{
    if (g == NULL) return;
    g->traffic->pause = pause;
    g->traffic->context = context;
}

/* ---- one rank and another -------------------------------------------------------------------------------- */

/* What one of two ranks has to do; either size may be 0. What comes in replaces what is there, or is added to it. */
typedef struct exchange {
    const char *out;
    size_t out_bytes;
    char *in;
    size_t in_bytes;
    bool adds; /* floats */
} exchange;

static size_t chunk_bytes(size_t bytes, size_t from)
{
    return bytes - from < CHUNK_BYTES ? bytes - from : CHUNK_BYTES;
}

/* Gives the core away. False when the pause says that this rank waits no longer. */
static bool wait_a_moment(traffic *t, patience *p)
{
    double now = MPI_Wtime();
    if (t->pause && now - t->paused > PAUSE_SECONDS) {
        t->paused = now;
        if (!t->pause(t->context)) return false;
    }
    patience_wait(p);
    return true;
}

static void take_in(const exchange *e, size_t from, const char *chunk, size_t bytes)
{
    if (!e->adds) {
        memcpy(e->in + from, chunk, bytes);
        return;
    }
    float *sum = (float *)(void *)(e->in + from);
    const float *x = (const float *)(const void *)chunk;
    for (size_t i = 0; i < bytes / sizeof *x; i++) sum[i] += x[i];
}

/* Sends the next chunk where there is one and room for it. */
static bool send_next(const gang *g, int peer, const exchange *e, size_t *sent)
{
    lane *l = &g->traffic->out;
    size_t slot = *sent / CHUNK_BYTES % CHUNKS, bytes = chunk_bytes(e->out_bytes, *sent);
    if (bytes == 0 || !message_gone(&l->request[slot])) return false;
    memcpy(l->chunk[slot], e->out + *sent, bytes);
    MPI_Isend(l->chunk[slot], (int)bytes, MPI_BYTE, g->first + peer, g->ranks, g->traffic->comm,
              &l->request[slot]);
    *sent += bytes;
    return true;
}

/* Makes ready for the next chunk where there is one and room for it. */
static void expect_next(const gang *g, int peer, const exchange *e, size_t *expected)
{
    lane *l = &g->traffic->in;
    size_t slot = *expected / CHUNK_BYTES % CHUNKS, bytes = chunk_bytes(e->in_bytes, *expected);
    if (bytes == 0 || l->request[slot] != MPI_REQUEST_NULL) return;
    MPI_Irecv(l->chunk[slot], (int)bytes, MPI_BYTE, g->first + peer, g->ranks, g->traffic->comm,
              &l->request[slot]);
    *expected += bytes;
}

/* Takes in the next chunk that was expected where it has come. */
static bool receive_next(const gang *g, const exchange *e, size_t expected, size_t *received)
{
    lane *l = &g->traffic->in;
    size_t slot = *received / CHUNK_BYTES % CHUNKS;
    if (*received == expected || !message_gone(&l->request[slot])) return false;
    size_t bytes = chunk_bytes(e->in_bytes, *received);
    take_in(e, *received, l->chunk[slot], bytes);
    *received += bytes;
    return true;
}

static bool all_sent(lane *out)
{
    for (int i = 0; i < CHUNKS; i++)
        if (!message_gone(&out->request[i])) return false;
    return true;
}

static status carry_out(const gang *g, int peer, exchange e)
{
    traffic *t = g->traffic;
    patience p = { 0 };
    size_t sent = 0, expected = 0, received = 0;
    while (!t->given_up) {
        for (int i = 0; i < CHUNKS; i++) expect_next(g, peer, &e, &expected);
        bool moves = send_next(g, peer, &e, &sent);
        moves = receive_next(g, &e, expected, &received) || moves;
        if (sent == e.out_bytes && received == e.in_bytes && all_sent(&t->out)) return OK;
        if (moves)
            p = (patience){ 0 };
        else
            t->given_up = !wait_a_moment(t, &p);
    }
    return failure(WORK_LEFT, "a gang of ranks was given up");
}

/* ---- all ranks ------------------------------------------------------------------------------------------- */

status gang_gather(gang *g, const void *mine, size_t bytes, void *all)
{
    status result = OK;
    char *block = all;
    size_t rank = (size_t)gang_rank(g);
    memcpy(block + rank * bytes, mine, bytes);
    /* after each step a rank has the blocks of twice as many ranks: of an aligned run that it lies in */
    for (int step = 1; step < gang_ranks(g); step *= 2) {
        size_t own = rank & ~((size_t)step - 1), other = own ^ (size_t)step, size = (size_t)step * bytes;
        TRY(carry_out(g, g->rank ^ step,
                      (exchange){ .out = block + own * bytes,
                                  .out_bytes = size,
                                  .in = block + other * bytes,
                                  .in_bytes = size }));
    }
done:
    return result;
}

/* Element where part `index` of `parts` equal ones begins. */
static int64_t begin_of(int64_t count, int64_t index, int64_t parts)
{
    return count / parts * index + count % parts * index / parts;
}

/* The elements that this rank and its partner at distance `step` both hold sums of before the step; lower is the part of the
 * one whose bit is 0. Bit after bit of the rank says which half is whose. */
typedef struct halves {
    int64_t begin, middle, end;
    bool is_upper;
} halves;

static halves halves_of(const gang *g, int64_t count, int step)
{
    int64_t index = 0, parts = 1;
    for (int bit = 1; bit < step; bit *= 2, parts *= 2) index = 2 * index + ((g->rank & bit) != 0);
    return (halves){ .begin = begin_of(count, index, parts),
                     .middle = begin_of(count, 2 * index + 1, 2 * parts),
                     .end = begin_of(count, index + 1, parts),
                     .is_upper = (g->rank & step) != 0 };
}

/* The elements [from, to) to the partner, its elements of the other half from it. */
static status swap_halves(const gang *g, float *x, int step, halves h, bool adds)
{
    char *lower = (char *)(x + h.begin), *upper = (char *)(x + h.middle);
    size_t lower_bytes = (size_t)(h.middle - h.begin) * sizeof *x,
           upper_bytes = (size_t)(h.end - h.middle) * sizeof *x;
    bool sends_lower =
        adds == h.is_upper; /* adding: what the partner keeps goes out; else what this one has */
    return carry_out(g, g->rank ^ step,
                     (exchange){ .out = sends_lower ? lower : upper,
                                 .out_bytes = sends_lower ? lower_bytes : upper_bytes,
                                 .in = sends_lower ? upper : lower,
                                 .in_bytes = sends_lower ? upper_bytes : lower_bytes,
                                 .adds = adds });
}

/* Each element is summed by one rank, which has it from its neighbour, then from the pair beside, …: a fixed tree. Then the
 * sums go the same way back. A rank sends fewer than 2 count elements in all, however many ranks there are. */
status gang_sum(gang *g, float *x, int64_t count)
{
    status result = OK;
    for (int step = 1; step < gang_ranks(g); step *= 2)
        TRY(swap_halves(g, x, step, halves_of(g, count, step), true));
    for (int step = gang_ranks(g) / 2; step >= 1; step /= 2)
        TRY(swap_halves(g, x, step, halves_of(g, count, step), false));
done:
    return result;
}

/* A binary tree: who has the data hands them on to the rank half as far away each time. */
status gang_share(gang *g, void *data, size_t bytes)
{
    status result = OK;
    for (int step = gang_ranks(g) / 2; step >= 1; step /= 2) {
        if (g->rank % step != 0) continue;
        if ((g->rank & step) == 0)
            TRY(carry_out(g, g->rank + step, (exchange){ .out = data, .out_bytes = bytes }));
        else
            TRY(carry_out(g, g->rank - step, (exchange){ .in = data, .in_bytes = bytes }));
    }
done:
    return result;
}

status gang_fetch(gang *g, int from, void *data, size_t bytes)
{
    assert(from >= 0 && from < gang_ranks(g));
    if (from == 0) return OK;
    if (g->rank == from) return carry_out(g, 0, (exchange){ .out = data, .out_bytes = bytes });
    if (g->rank == 0) return carry_out(g, from, (exchange){ .in = data, .in_bytes = bytes });
    return OK;
}

/* What a rank has heard of: the worst status, and of those that have it the first rank. */
typedef struct opinion {
    status status;
    int rank;
    char text[FAILURE_TEXT_MAX];
} opinion;

status gang_agree(gang *g, status mine)
{
    status result = OK;
    opinion worst = { .status = mine, .rank = gang_rank(g) }, heard;
    failure_keep(worst.text);
    for (int step = 1; step < gang_ranks(g); step *= 2) {
        opinion told = worst;
        TRY(carry_out(g, g->rank ^ step,
                      (exchange){ .out = (char *)&told,
                                  .out_bytes = sizeof told,
                                  .in = (char *)&heard,
                                  .in_bytes = sizeof heard }));
        if (heard.status > worst.status || (heard.status == worst.status && heard.rank < worst.rank))
            worst = heard;
    }
    if (worst.status != OK) failure_put_back(worst.text);
    result = worst.status;
done:
    return result;
}

MPI_Comm gang_communicator(const gang *g)
{
    MPI_Comm made = MPI_COMM_NULL;
    MPI_Group all, own;
    int range[1][3] = { { g->first, g->first + g->ranks - 1, 1 } };
    MPI_Comm_group(g->traffic->comm, &all);
    MPI_Group_range_incl(all, 1, range, &own);
    MPI_Comm_create_group(g->traffic->comm, own, g->ranks, &made);
    MPI_Group_free(&own);
    MPI_Group_free(&all);
    return made;
}

/* ---- the gangs of a run ---------------------------------------------------------------------------------- */

static int exponent_of(int ranks)
{
    int k = 0;
    while (1 << k < ranks) k++;
    return k;
}

status gang_set_make(MPI_Comm comm, const packs *p, gang_set *out)
{
    status result = OK;
    int rank, ranks;
    bool wanted[GANG_SIZES] = { false };
    *out = (gang_set){ .comm = MPI_COMM_NULL };
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    for (int64_t i = 0; i < p->count; i++)
        if (p->pack[i].ranks > 1) wanted[exponent_of(p->pack[i].ranks)] = true;
    for (int k = 1; k < GANG_SIZES; k++) {
        int first = rank >> k << k;
        if (!wanted[k]) continue;
        CHECK(1 << k <= ranks, BROKEN, "a pack for %d ranks in a run of %d", 1 << k, ranks);
        if (out->comm == MPI_COMM_NULL) MPI_Comm_dup(comm, &out->comm);
        if (first + (1 << k) <= ranks) TRY(gang_make(out->comm, first, 1 << k, &out->of[k]));
    }
done:
    return result;
}

void gang_set_free(gang_set *g)
{
    for (int k = 0; k < GANG_SIZES; k++) gang_free(g->of[k]);
    if (g->comm != MPI_COMM_NULL) MPI_Comm_free(&g->comm);
}

gang *gang_set_find(const gang_set *g, int ranks)
{
    return g->of[exponent_of(ranks)];
}
