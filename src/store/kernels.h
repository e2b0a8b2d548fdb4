/* The kernels that a result file was made with, as it names them: "avx512", or, where a network of the tensor engine was trained,
 * "avx512; oneDNN 2.6.3 avx512_core": the lanes' before the semicolon, the tensors' behind it. */
#ifndef STORE_KERNELS_H
#define STORE_KERNELS_H

#include <stdbool.h>

/* Do both give the same bits? Lanes may where their names differ (lanes.h), tensors do not. */
bool kernels_alike(const char *a, const char *b);

#endif
