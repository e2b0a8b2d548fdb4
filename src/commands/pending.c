/* Until the parts land. */
#include "store.h"
#include "sweep.h"
__attribute__((weak)) status sweep_take_shard(sweep *s, int64_t index, int64_t count);
__attribute__((weak)) status sweep_take_shard(sweep *s, int64_t index, int64_t count) { (void)s; (void)index; (void)count; return OK; }
__attribute__((weak)) status sweep_shard_parse(const char *t, int64_t *index, int64_t *count) { (void)t; *index = *count = 0; return OK; }
#include "store/crash.h"
__attribute__((weak)) status crash_cells(const int64_t *c, int n) { (void)c; (void)n; return OK; }
