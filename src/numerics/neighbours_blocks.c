/* All distances, block by block: each panel of points is loaded once for all the points that are searched together. In many
 * dimensions nearly every box of a tree would be near enough anyway. */
#include "numerics/neighbours_parts.h"

static unsigned all_points(const panel_search *s)
{
    return (1u << s->points) - 1;
}

void blocks_nearest(panel_search *s, int searches)
{
    const neighbours *n = s->n;
    for (int64_t panel = 0; panel < n->panels; panel++)
        for (int i = 0; i < searches; i++) n->kernels->nearest[n->norm](&s[i], panel, all_points(&s[i]));
}

void blocks_count(panel_search *s, int searches)
{
    const neighbours *n = s->n;
    for (int64_t panel = 0; panel < n->panels; panel++)
        for (int i = 0; i < searches; i++) n->kernels->count[n->norm](&s[i], panel, all_points(&s[i]));
}
