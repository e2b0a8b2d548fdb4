#include "launcher.h"

#include <stddef.h>
#include <stdlib.h>

int launcher_rank(void)
{
    static const char *const told_in[] = { "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK" };
    const char *told = NULL;
    for (size_t i = 0; i < sizeof told_in / sizeof told_in[0] && !told; i++) told = getenv(told_in[i]);
    return told ? atoi(told) : -1;
}
