/* Where an import of NumPy arrays finds them: in an NPZ archive, in a single NPY file, or in NPY files beside either. */
#ifndef NPZ_SOURCE_H
#define NPZ_SOURCE_H

#include "data/npz_array.h"
#include "data/npz_zip.h"
#include "sweep/node.h"

typedef struct npz_source {
    const char *path; /* borrowed */
    zip *zip;         /* NULL: a single NPY file */
    int names;
    char **name; /* (names) of the arrays; the file itself has none */
} npz_source;

status npz_source_open(const char *path, npz_source *out);
void npz_source_close(npz_source *s);

/* The array that a mapping names; a name that ends in .npy is a file beside the source. A NULL name is the NPY file itself.
 * Refuses unknown names with the place in the mapping and the names that are there. */
status npz_source_read(npz_source *s, const node *name, array *out);

/* Type and shape of array `index`, or of the NPY file (index 0). */
status npz_source_describe(npz_source *s, int index, array *out);

#endif
