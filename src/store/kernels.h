/* The kernels that a result file was made with, as it names them: "avx512", or, where a network of the tensor engine was trained,
 * "avx512; oneDNN 2.6.3 avx512_core": the lanes' before the semicolon, the tensors' behind it. */
#ifndef STORE_KERNELS_H
#define STORE_KERNELS_H

#include <stdbool.h>

#include "status.h"

enum { KERNELS_MAX = 64 };
/* `library` and `set` are the tensor engine's; NULL where the sweep has no use for it. */
void kernels_text(const char *lanes, const char *library, const char *set, char text[KERNELS_MAX]);

/* Do both give the same bits? Lanes may where their names differ (lanes.h), tensors do not. */
bool kernels_alike(const char *a, const char *b);
/* BAD_INPUT where they may not; it says which, and what would be right, in words that go behind "PATH: ". */
status kernels_check(const char *file, const char *here);

#endif
