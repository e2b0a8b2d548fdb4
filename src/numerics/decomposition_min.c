#include "decomposition.h"

#include <math.h>
#include <stdlib.h>

/* What a source says of each class, I(X; Y = y) = sum_x p(x|y) log2 (p(y|x) / p(y)): lowers specific[y] to it where it is less.
 * joint (symbols, classes) and of_symbol (symbols) are for its use; of_class (classes). */
static void lower_to_source(const table *t, int source, const double *of_class, double *joint,
                            double *of_symbol, double *specific)
{
    int symbols = t->symbols[source], classes = t->classes;
    for (int k = 0; k < symbols * classes; k++) joint[k] = 0;
    for (int x = 0; x < symbols; x++) of_symbol[x] = 0;
    for (int r = 0; r < t->rows; r++) {
        int x = t->symbol[r * t->sources + source];
        joint[x * classes + t->y[r]] += t->p[r];
        of_symbol[x] += t->p[r];
    }
    for (int y = 0; y < classes; y++) {
        double bits = 0;
        for (int x = 0; x < symbols; x++) {
            double p = joint[x * classes + y];
            if (p > 0)
                bits += p / of_class[y] * log2(p / of_symbol[x] / of_class[y]); /* a product might be 0 */
        }
        if (source == 0 || bits < specific[y]) specific[y] = bits;
    }
}

status redundancy_min(const table *t, double *bits)
{
    status result = OK;
    int most = 0;
    for (int i = 0; i < t->sources; i++)
        if (t->symbols[i] > most) most = t->symbols[i];
    size_t classes = (size_t)t->classes;
    double *block = calloc((size_t)most * (classes + 1) + 2 * classes, sizeof *block);
    CHECK(block != NULL, NO_MEMORY, "no memory for a table of %d symbols and %d classes", most, t->classes);
    double *of_class = block, *specific = of_class + classes, *of_symbol = specific + classes;

    for (int r = 0; r < t->rows; r++) of_class[t->y[r]] += t->p[r];
    for (int i = 0; i < t->sources; i++)
        lower_to_source(t, i, of_class, of_symbol + most, of_symbol, specific);
    double sum = 0;
    for (int y = 0; y < t->classes; y++)
        if (of_class[y] > 0) sum += of_class[y] * specific[y];
    *bits = sum;
done:
    free(block);
    return result;
}
