/* Until the parts land. */
#include "store.h"
#include "sweep.h"
#include "store/crash.h"
__attribute__((weak)) status crash_cells(const int64_t *c, int n) { (void)c; (void)n; return OK; }
