#include "rine_shares.h"

#include <assert.h>

int rine_shares_most(int sources, int micro_batches)
{
    int groups = 1;
    while (2 * groups <= sources) groups *= 2;
    return groups * micro_batches;
}

int rine_shares_groups(int sources, int micro_batches, int ranks)
{
    int best = 0, best_work = 0;
    for (int groups = 1; groups <= sources && groups <= ranks; groups *= 2) {
        int work = (sources + groups - 1) / groups * groups; /* of the busiest group, times the ranks */
        if (ranks / groups > micro_batches || (best > 0 && work > best_work)) continue;
        best = groups;
        best_work = work;
    }
    return best;
}

status rine_shares_make(gang *all, int sources, int micro_batches, rine_shares *out)
{
    const int ranks = gang_ranks(all), rank = gang_rank(all);
    assert(ranks <= rine_shares_most(sources, micro_batches));
    *out = (rine_shares){ .all = all,
                          .sources = sources,
                          .micro_batches = micro_batches,
                          .groups = rine_shares_groups(sources, micro_batches, ranks) };
    out->parts = ranks / out->groups;
    out->group = rank / out->parts;
    out->part = rank % out->parts;
    return gang_part(all, out->group * out->parts, out->parts, &out->same);
}

void rine_shares_free(rine_shares *s)
{
    gang_free(s->same);
    s->same = NULL;
}
