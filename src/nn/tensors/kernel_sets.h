/* Instruction sets that oneDNN's operations are made for: tensor_kernels_* in tensor.h. */
#ifndef KERNEL_SETS_H
#define KERNEL_SETS_H

#include "status.h"

/* The set is what was chosen, from here on: oneDNN takes one choice, before anything else. */
status kernel_sets_settle(void);

#endif
