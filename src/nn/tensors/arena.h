/* Memory shared by buffers whose lives do not overlap. */
#ifndef ARENA_H
#define ARENA_H

#include "plan.h"

enum { ARENA_ALIGNMENT = 64 };
/* Gives every buffer its offset, and says how long the arena is. */
status arena_place(buffer *b, int count, size_t *bytes);

#endif
