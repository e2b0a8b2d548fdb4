#include "kernels.h"

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

status kernels_check(const char *file, const char *here)
{
    status result = OK;
    const parts then = split(file), now = split(here);
    CHECK(lanes_kernels_alike(then.lanes, now.lanes), BAD_INPUT,
          "was made with the kernels %s, whose bits may differ from those of %s "
          "(INFOSWEEP_KERNELS=%s uses them)",
          then.lanes, now.lanes, then.lanes);
    CHECK(strcmp(then.tensors, now.tensors) == 0, BAD_INPUT,
          "was made with the tensor kernels %s, whose bits may differ from those of %s "
          "(--other-kernels goes on all the same)",
          then.tensors[0] ? then.tensors : "none", now.tensors[0] ? now.tensors : "none");
done:
    return result;
}
