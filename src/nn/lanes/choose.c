/* Which kernel set runs: the best that this processor has, or the one that a person names. */
#include <stdlib.h>
#include <string.h>

#include "nn/lanes/kernels.h"

static const lanes_kernels *const built[] = {
    &lanes_kernels_reference,
    &lanes_kernels_baseline,
#ifdef __x86_64__
    &lanes_kernels_avx2,
    &lanes_kernels_avx512,
#endif
};

static const lanes_kernels *chosen;

const lanes_kernels *lanes_kernels_at(int index)
{
    for (size_t i = 0; i < sizeof built / sizeof built[0]; i++)
        if (built[i]->runs_here() && index-- == 0) return built[i];
    return NULL;
}

int lanes_kernels_count(void)
{
    int count = 0;
    while (lanes_kernels_at(count)) count++;
    return count;
}

const lanes_kernels *lanes_kernels_find(const char *name)
{
    const lanes_kernels *k = NULL;
    for (int i = 0; (k = lanes_kernels_at(i)); i++)
        if (strcmp(k->name, name) == 0) break;
    return k;
}

const char *lanes_kernels_name(const lanes_kernels *k)
{
    return k->name;
}

int lanes_kernels_lanes(const lanes_kernels *k)
{
    return k->lanes;
}

static bool fuses(const char *name)
{
    return strcmp(name, "avx2") == 0 || strcmp(name, "avx512") == 0;
}

bool lanes_kernels_alike(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (fuses(a) && fuses(b));
}

static status refuse(const char *name)
{
    char names[128] = "";
    for (int i = 0; i < lanes_kernels_count(); i++) {
        if (i) strncat(names, ", ", sizeof names - strlen(names) - 1);
        strncat(names, lanes_kernels_at(i)->name, sizeof names - strlen(names) - 1);
    }
    return failure(BAD_INPUT, "INFOSWEEP_KERNELS=%s: no such kernels on this processor; there are: %s", name,
                   names);
}

status lanes_kernels_chosen(const lanes_kernels **out)
{
    if (!chosen) {
        const char *name = getenv("INFOSWEEP_KERNELS");
        chosen = name && *name ? lanes_kernels_find(name) : lanes_kernels_at(lanes_kernels_count() - 1);
        if (!chosen) return refuse(name);
    }
    *out = chosen;
    return OK;
}

void lanes_use(const lanes_kernels *k)
{
    chosen = k;
}
