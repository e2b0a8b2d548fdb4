/* Files beside a result file that are named after it, with what they are and a number: FILE.crash.3, FILE.checkpoint.12. */
#ifndef STORE_BESIDE_H
#define STORE_BESIDE_H

#include <stdint.h>

/* One that is there: `name` in the folder (a descriptor), its number, and what stands behind that ("", ".new"). */
typedef void beside_visit(int folder, const char *name, int64_t number, const char *ending, void *context);
/* Visits those of one kind ("crash"). A folder that cannot be read has none. */
void beside_each(const char *path, const char *kind, beside_visit *visit, void *context);

#endif
