#include "kernels.h"

#include <stdio.h>
#include <string.h>

#include "lanes.h"

/* The part behind the lanes' name; "" where there is none. */
static const char *split(const char *kernels, char lanes[64])
{
    size_t length = strcspn(kernels, ";");
    snprintf(lanes, 64, "%.*s", (int)(length < 64 ? length : 63), kernels);
    return kernels + length;
}

bool kernels_alike(const char *a, const char *b)
{
    char lanes_a[64], lanes_b[64];
    const char *tensors_a = split(a, lanes_a), *tensors_b = split(b, lanes_b);
    return lanes_kernels_alike(lanes_a, lanes_b) && strcmp(tensors_a, tensors_b) == 0;
}
