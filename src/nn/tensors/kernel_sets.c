/* oneDNN fixes its instruction set when it is first asked for it, so what the processor has is read from the system instead:
 * ranks can then agree on the lowest before anything is fixed. */
#include "kernel_sets.h"

#ifdef HAVE_DNNL

#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tensor.h"

/* From worst to best; each has all of those before it. The sets between (AVX2 with VNNI, AVX-512 with VNNI) differ for integers
 * only, and count as the one below. A set is there when the kernel lists all its flags, which it does not where it would not
 * save the registers. */
typedef struct kernel_set {
    const char *name; /* as in ONEDNN_MAX_CPU_ISA, in small letters */
    dnnl_cpu_isa_t isa;
    const char *flags[8]; /* as in /proc/cpuinfo */
} kernel_set;

static const kernel_set sets[] = {
    { "sse41", dnnl_cpu_isa_sse41, { NULL } },
    { "avx", dnnl_cpu_isa_avx, { "avx", NULL } },
    { "avx2", dnnl_cpu_isa_avx2, { "avx2", "fma", NULL } },
    { "avx512_core",
      dnnl_cpu_isa_avx512_core,
      { "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd", NULL } },
    { "avx512_core_bf16", dnnl_cpu_isa_avx512_core_bf16, { "avx512_vnni", "avx512_bf16", NULL } },
    { "avx512_core_amx", dnnl_cpu_isa_avx512_core_amx, { "amx_tile", "amx_bf16", "amx_int8", NULL } },
};
enum { SETS = sizeof sets / sizeof sets[0], SET_UNKNOWN = -1, SET_BF16 = 4 };

static int chosen = SET_UNKNOWN;
static bool settled;

/* The line of flags of the first processor; NULL where the system does not tell. */
static char *processor_flags(void)
{
    FILE *f = fopen("/proc/cpuinfo", "r");
    if (f == NULL) return NULL;
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    while (!found && getline(&line, &room, f) > 0) found = strncmp(line, "flags", 5) == 0;
    fclose(f);
    if (found) return line;
    free(line);
    return NULL;
}

static bool has_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = line; (at = strstr(at, word)) != NULL; at += length)
        if (at > line && at[-1] == ' ' && strchr(" \n", at[length])) return true;
    return false;
}

static bool has_all(const char *line, const kernel_set *s)
{
    for (const char *const *flag = s->flags; *flag; flag++)
        if (!has_word(line, *flag)) return false;
    return true;
}

/* The best set that a person allows; words that oneDNN does not know allow all. */
static int allowed(void)
{
    const char *word = getenv("ONEDNN_MAX_CPU_ISA");
    if (word == NULL) word = getenv("DNNL_MAX_CPU_ISA");
    if (word == NULL) return SETS - 1;
    for (int i = 0; i < SETS; i++)
        if (strcasecmp(word, sets[i].name) == 0) return i;
    if (strcasecmp(word, "avx2_vnni") == 0) return 2;
    if (strcasecmp(word, "avx512_core_vnni") == 0) return 3;
    return SETS - 1;
}

static int level(void)
{
    if (chosen != SET_UNKNOWN) return chosen;
    char *line = processor_flags();
    int best = 0, most = allowed();
    while (line && best < most && has_all(line, &sets[best + 1])) best++;
    free(line);
    chosen = best;
    return chosen;
}

int tensor_kernels_level(void)
{
    return level();
}

const char *tensor_kernels_name(void)
{
    return sets[level()].name;
}

bool tensor_has_bf16(void)
{
    return level() >= SET_BF16;
}

status tensor_kernels_use(int most)
{
    if (most >= level()) return OK;
    if (settled) return failure(BAD_INPUT, "the kernels of networks are chosen before the first is made");
    chosen = most < 0 ? 0 : most;
    return OK;
}

status kernel_sets_settle(void)
{
    if (settled) return OK;
    settled = true;
    /* elsewhere than on x86 there is nothing to choose */
    dnnl_status_t set = dnnl_set_max_cpu_isa(sets[level()].isa);
    if (set != dnnl_success && set != dnnl_unimplemented)
        return failure(BROKEN, "oneDNN does not take the instruction set %s", sets[level()].name);
    return OK;
}

#else
typedef int kernel_sets_are_absent; /* a translation unit is not empty */
#endif
