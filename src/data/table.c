#include "data.h"

#include <stdlib.h>
#include <string.h>

/* One block: p and the values first, which need the strictest alignment, then the symbols and y. */
status table_make(int sources, const int *symbols, int classes, int rows, table **out)
{
    status result = OK;
    table *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a table");
    size_t doubles = (size_t)rows, whole = (size_t)rows * ((size_t)sources + 1);
    for (int i = 0; i < sources; i++) doubles += (size_t)symbols[i];
    made->block = calloc(1, doubles * sizeof(double) + whole * sizeof(int));
    CHECK(made->block != NULL, NO_MEMORY, "no memory for a table of %d rows", rows);

    made->sources = sources;
    made->classes = classes;
    made->rows = rows;
    made->p = made->block;
    double *values = made->p + rows;
    for (int i = 0; i < sources; i++) {
        made->symbols[i] = symbols[i];
        made->value[i] = values;
        values += symbols[i];
    }
    made->symbol = (int *)(void *)values;
    made->y = made->symbol + (size_t)rows * (size_t)sources;
    *out = made;
    made = NULL;
done:
    table_free(made);
    return result;
}

void table_free(table *t)
{
    if (t == NULL) return;
    free(t->block);
    free(t);
}

status table_copy(const table *t, table **out)
{
    status result = OK;
    TRY(table_make(t->sources, t->symbols, t->classes, t->rows, out));
    for (int i = 0; i < t->sources; i++)
        memcpy((*out)->value[i], t->value[i], (size_t)t->symbols[i] * sizeof(double));
    memcpy((*out)->symbol, t->symbol, (size_t)t->rows * (size_t)t->sources * sizeof(int));
    memcpy((*out)->y, t->y, (size_t)t->rows * sizeof(int));
    memcpy((*out)->p, t->p, (size_t)t->rows * sizeof(double));
done:
    return result;
}
