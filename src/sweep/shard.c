/* Shards: the tasks of a sweep, dealt out to independent jobs.
 *
 * Tasks that pack well agree in every option that may not differ between lanes. Each group of such tasks, which cost about
 * the same, is cut into chunks of a register in grid order, and these go round among the shards, beginning with the one that
 * has the fewest tasks. All of it follows from the options alone, neither from the data nor from the machine, so that a
 * result file can tell its own part again. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/parts.h"

/* Tasks of the widest register that there is (lanes.h). */
enum { CHUNK = 16 };
enum { SHARDS_MAX = 10000 };
/* Chunks for each shard, where nothing but balance asks for them. */
enum { CHUNKS_PER_SHARD = 4 };

status sweep_shard_parse(const char *text, int64_t *index, int64_t *count)
{
    char *slash = NULL, *end = NULL;
    long long i = strtoll(text, &slash, 10), n = 0;
    if (slash != text && *slash == '/') n = strtoll(slash + 1, &end, 10);
    if (end == NULL || end == slash + 1 || *end != '\0' || i < 1 || i > n || n > SHARDS_MAX)
        return failure(BAD_INPUT, "'%.40s' is no shard: 2/4 is the second of four (at most %d)", text,
                       SHARDS_MAX);
    *index = i;
    *count = n;
    return OK;
}

bool sweep_shard(const sweep *s, int64_t *index, int64_t *count)
{
    *index = s->shard;
    *count = s->shards;
    return s->shards > 0;
}

/* ---- groups ---------------------------------------------------------------------------------------------- */

/* Tasks that pack well with each other. */
typedef struct group {
    uint64_t hash;  /* of what they agree in; should two groups ever share it, they are dealt out as one */
    int64_t count;  /* tasks */
    int64_t chunks; /* into which they are cut, as evenly as they go */
    int64_t first;  /* shard of the first chunk, from 0 */
    int64_t passed; /* tasks whose shard has been asked for */
} group;

typedef struct groups {
    int32_t count, room; /* powers of two */
    group *group;        /* in order of their first task */
    int32_t *slot;       /* (2 * room) hash table of indices + 1; 0: free */
    int32_t *of;         /* (cells) group of each task; unset where absent */
} groups;

static void groups_free(groups *all)
{
    free(all->group);
    free(all->slot);
    free(all->of);
}

/* Is the axis a choice of estimator, data kind or model? */
static bool is_choice(const sweep *s, int a)
{
    bool is = false;
    for (int c = 0; c < CHOICES; c++) is = is || s->choice_axis[c] == a;
    return is;
}

static uint64_t hash_of(const sweep *s, int64_t cell)
{
    const combination *c = combination_of(s, cell);
    uint64_t hash = 0;
    for (int a = 0; a < s->grid.axes; a++) {
        const option *row = c->row[a];
        if (!is_choice(s, a) && (!row || (row->traits & OPTION_LANE))) continue;
        int64_t value = grid_value(&s->grid, cell, a);
        if (s->values[a].same) value = s->values[a].same[value];
        hash = hash_mix(hash_mix(hash, (uint64_t)a), (uint64_t)value);
    }
    return hash;
}

static int32_t *slot_of(const groups *all, uint64_t hash)
{
    uint64_t mask = 2 * (uint64_t)all->room - 1, at = hash & mask;
    while (all->slot[at] && all->group[all->slot[at] - 1].hash != hash) at = (at + 1) & mask;
    return &all->slot[at];
}

static status groups_grow(groups *all)
{
    int32_t room = all->room ? 2 * all->room : 64;
    group *larger = realloc(all->group, (size_t)room * sizeof *larger);
    if (larger) all->group = larger;
    int32_t *slot = calloc(2 * (size_t)room, sizeof *slot);
    if (!larger || !slot) {
        free(slot);
        return failure(NO_MEMORY, "%" PRId32 " groups of tasks", room);
    }
    free(all->slot);
    all->slot = slot;
    all->room = room;
    for (int32_t i = 0; i < all->count; i++) *slot_of(all, all->group[i].hash) = i + 1;
    return OK;
}

static status groups_make(const sweep *s, groups *all)
{
    status result = OK;
    const grid *g = &s->grid;
    all->of = malloc((size_t)g->cells * sizeof *all->of);
    CHECK(all->of != NULL, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int64_t cell = 0; cell < g->cells; cell++) {
        if (g->absent && g->absent[cell]) continue;
        if (all->count == all->room) TRY(groups_grow(all));
        uint64_t hash = hash_of(s, cell);
        int32_t *slot = slot_of(all, hash);
        if (*slot == 0) {
            all->group[all->count] = (group){ .hash = hash };
            *slot = ++all->count;
        }
        all->of[cell] = *slot - 1;
        all->group[*slot - 1].count++;
    }
done:
    return result;
}

/* ---- dealing --------------------------------------------------------------------------------------------- */

/* Cuts every group into chunks of at most `size` tasks; returns how many there are. */
static int64_t cut(groups *all, int size)
{
    int64_t chunks = 0;
    for (int32_t i = 0; i < all->count; i++) {
        all->group[i].chunks = (all->group[i].count + size - 1) / size;
        chunks += all->group[i].chunks;
    }
    return chunks;
}

/* Do tasks of the sweep train in lanes? Asked of its first cell that is there. */
static status trains_in_lanes(const sweep *s, bool *lanes)
{
    status result = OK;
    settings *slot = NULL;
    data_shape shape;
    int64_t cell = 0;
    while (cell < s->grid.cells && s->grid.absent && s->grid.absent[cell]) cell++;
    *lanes = false;
    if (cell == s->grid.cells) goto done;
    TRY(sweep_settings(s, cell, &slot));
    TRY(sweep_shape(s, cell, &shape));
    *lanes = estimator_manner(slot, &shape).lanes > 1;
done:
    settings_free(slot);
    return result;
}

/* Registers stay whole while there is one for each shard; where tasks have no lanes, balance counts for more. */
static status cut_for(const sweep *s, groups *all, int64_t shards)
{
    bool lanes;
    status result = trains_in_lanes(s, &lanes);
    int64_t wanted = lanes ? shards : CHUNKS_PER_SHARD * shards;
    for (int size = CHUNK; cut(all, size) < wanted && size > 1;) size /= 2;
    return result;
}

typedef struct dealer {
    int64_t shards, dealt; /* groups */
    int64_t least;         /* no shard has fewer tasks */
    int64_t *load;         /* (shards) tasks */
} dealer;

/* The shard with the fewest tasks. Of several it is one at random, so that no rhythm of the grid (every other task is a
 * large one) meets that of the dealing. */
static int64_t lightest(dealer *d)
{
    int64_t first = (int64_t)(hash_mix(0, (uint64_t)d->dealt++) % (uint64_t)d->shards), chosen = first;
    for (int64_t k = 1; k < d->shards && d->load[chosen] > d->least; k++) {
        int64_t at = (first + k) % d->shards;
        if (d->load[at] < d->load[chosen]) chosen = at;
    }
    d->least = d->load[chosen];
    return chosen;
}

/* Task number `position` of a group is in the chunk that this gives: all have the same length, or one task less. */
static int64_t chunk_at(const group *g, int64_t position)
{
    return position * g->chunks / g->count;
}

/* The first position of a chunk. */
static int64_t chunk_start(const group *g, int64_t chunk)
{
    return (chunk * g->count + g->chunks - 1) / g->chunks;
}

static void deal(dealer *d, group *g)
{
    g->first = lightest(d);
    for (int64_t k = 0; k < g->chunks; k++)
        d->load[(g->first + k) % d->shards] += chunk_start(g, k + 1) - chunk_start(g, k);
}

status sweep_take_shard(sweep *s, int64_t index, int64_t count)
{
    status result = OK;
    grid *g = &s->grid;
    groups all = { .count = 0 };
    uint8_t *absent = NULL;
    dealer d = { .shards = count };
    CHECK(g->tasks >= count, BAD_INPUT, "%s: its %" PRId64 " %s cannot be dealt out to %" PRId64 " shards",
          s->path, g->tasks, g->tasks == 1 ? "task" : "tasks", count);
    TRY(groups_make(s, &all));
    TRY(cut_for(s, &all, count));
    absent = malloc((size_t)g->cells);
    d.load = calloc((size_t)count, sizeof *d.load);
    CHECK(absent && d.load, NO_MEMORY, "a grid of %" PRId64 " cells", g->cells);
    for (int32_t i = 0; i < all.count; i++) deal(&d, &all.group[i]);
    for (int64_t cell = 0; cell < g->cells; cell++) {
        absent[cell] = 1;
        if (g->absent && g->absent[cell]) continue;
        group *of = &all.group[all.of[cell]];
        absent[cell] = (of->first + chunk_at(of, of->passed++)) % count != index - 1;
    }
    g->tasks = d.load[index - 1];
    s->excluded = g->absent;
    g->absent = absent;
    absent = NULL;
    s->shard = index;
    s->shards = count;
done:
    free(absent);
    free(d.load);
    groups_free(&all);
    return result;
}
