/* Which set of distance kernels runs. */
#include <stddef.h>

#include "numerics/panel_kernels.h"

static const panel_kernels *const built[] = {
    &panel_kernels_baseline,
#ifdef __x86_64__
    &panel_kernels_avx2,
    &panel_kernels_avx512,
#endif
};

const panel_kernels *panel_kernels_at(int index)
{
    for (size_t i = 0; i < sizeof built / sizeof built[0]; i++)
        if (built[i]->runs_here() && index-- == 0) return built[i];
    return NULL;
}

const panel_kernels *panel_kernels_best(void)
{
    const panel_kernels *best = &panel_kernels_baseline;
    for (int i = 0; panel_kernels_at(i); i++) best = panel_kernels_at(i);
    return best;
}
