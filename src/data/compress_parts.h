/* What the files of compression share. */
#ifndef COMPRESS_PARTS_H
#define COMPRESS_PARTS_H

#include "compress.h"

/* What a cell's samples come from: one of the two is NULL. */
typedef struct origin {
    samples *wide;
    dataset *narrow;
} origin;

const compress_options *compress_options_of(const settings *s);
bool compress_takes_target(const settings *s, const data_shape *shape);
/* Rows that transforms are fitted to: the first of all. */
int64_t compress_fitted_rows(const data_shape *shape);

/* Collective over the gang. compressed: as nothing_kept makes it. */
status compress_samples(const settings *s, gang *g, const origin *from, samples **out, compressed *what);

#endif
