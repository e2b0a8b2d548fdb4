#include "kernels.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lanes.h"

typedef struct parts {
    char lanes[KERNELS_MAX];
    const char *tensors; /* "" where there are none */
} parts;

static parts split(const char *kernels)
{
    parts p;
    size_t length = strcspn(kernels, ";");
    snprintf(p.lanes, sizeof p.lanes, "%.*s", (int)(length < KERNELS_MAX ? length : KERNELS_MAX - 1),
             kernels);
    p.tensors = kernels + length + strspn(kernels + length, "; ");
    return p;
}

void kernels_text(const char *lanes, const char *library, const char *set, char text[KERNELS_MAX])
{
    if (library)
        snprintf(text, KERNELS_MAX, "%s; %s %s", lanes, library, set);
    else
        snprintf(text, KERNELS_MAX, "%s", lanes);
}

bool kernels_alike(const char *a, const char *b)
{
    const parts p = split(a), q = split(b);
    return lanes_kernels_alike(p.lanes, q.lanes) && strcmp(p.tensors, q.tensors) == 0;
}

/* "avx2" of "oneDNN 2.6.3 avx2" */
static const char *set_of(const char *tensors)
{
    const char *blank = strrchr(tensors, ' ');
    return blank ? blank + 1 : tensors;
}

/* The same version of the library can be told to use a lower set, where the processor has a better one. */
static status refuse_tensors(const char *then, const char *now)
{
    char how[2 * KERNELS_MAX] = "--other-kernels goes on all the same";
    ptrdiff_t library = set_of(then) - then;
    if (library > 0 && library == set_of(now) - now && strncmp(then, now, (size_t)library) == 0)
        snprintf(how, sizeof how, "ONEDNN_MAX_CPU_ISA=%s uses them, where the processor has them",
                 set_of(then));
    return failure(BAD_INPUT,
                   "was made with the tensor kernels %s, whose bits may differ from those of %s (%s)",
                   then[0] ? then : "none", now[0] ? now : "none", how);
}

status kernels_check(const char *file, const char *here)
{
    status result = OK;
    const parts then = split(file), now = split(here);
    CHECK(lanes_kernels_alike(then.lanes, now.lanes), BAD_INPUT,
          "was made with the kernels %s, whose bits may differ from those of %s "
          "(INFOSWEEP_KERNELS=%s uses them)",
          then.lanes, now.lanes, then.lanes);
    if (strcmp(then.tensors, now.tensors) != 0) result = refuse_tensors(then.tensors, now.tensors);
done:
    return result;
}
