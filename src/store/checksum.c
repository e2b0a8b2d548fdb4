#include "checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

#include "column.h"

uint32_t checksum_start(int64_t cell)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)cell >> (8 * i));
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, sizeof bytes);
}

uint32_t checksum_add(uint32_t sum, const double *values, int64_t count)
{
    return (uint32_t)crc32_z(sum, (const unsigned char *)values, (size_t)count * sizeof *values);
}

/* Goes on with the sums of the cells that are done, by one variable, in pieces that fit a cache. */
static status add_variable(hid_t file, const char *name, const grid *g, const uint8_t *state, uint32_t *sum)
{
    enum { PIECE = 1 << 18 }; /* doubles */
    status result = OK;
    column c = { 0 };
    double *values = NULL;
    TRY(column_open(file, name, g, H5T_NATIVE_DOUBLE, &c));
    int64_t piece = c.count < PIECE ? PIECE / (c.count > 0 ? c.count : 1) : 1;
    values = malloc((size_t)(piece * c.count + 1) * sizeof *values);
    CHECK(values != NULL, NO_MEMORY, "%" PRId64 " values of %s", piece * c.count, name);
    for (int64_t first = 0; first < g->cells; first += piece) {
        int64_t cells = g->cells - first < piece ? g->cells - first : piece;
        TRY(column_read(&c, first, cells, values));
        for (int64_t i = 0; i < cells; i++)
            if (state[first + i] == OUTCOME_DONE)
                sum[first + i] = checksum_add(sum[first + i], values + i * c.count, c.count);
    }
done:
    free(values);
    column_close(&c);
    return result;
}

status checksum_read_states(hid_t file, const grid *g, uint8_t **state)
{
    status result = OK;
    TRY(column_read_all(file, "status", g, H5T_NATIVE_UINT8, (void **)state));
    for (int64_t i = 0; i < g->cells; i++)
        CHECK((*state)[i] < OUTCOMES, BAD_INPUT, "its variable status holds %d, which means nothing",
              (*state)[i]);
done:
    return result;
}

status checksum_read_status(hid_t file, const grid *g, const layout *l, uint8_t **state)
{
    status result = OK;
    uint8_t *read = NULL;
    uint32_t *stored = NULL, *sum = NULL;
    TRY(checksum_read_states(file, g, &read));
    TRY(column_read_all(file, "checksum", g, H5T_NATIVE_UINT32, (void **)&stored));
    sum = malloc((size_t)g->cells * sizeof *sum);
    CHECK(sum != NULL, NO_MEMORY, "checksums of %" PRId64 " cells", g->cells);
    for (int64_t i = 0; i < g->cells; i++) sum[i] = checksum_start(i);
    for (int v = 0; v < l->variables; v++)
        TRY(add_variable(file, l->variable[v].quantity->name, g, read, sum));
    for (int64_t i = 0; i < g->cells; i++)
        if (read[i] == OUTCOME_DONE && sum[i] != stored[i]) read[i] = OUTCOME_PENDING;
    *state = read;
    read = NULL;
done:
    free(read);
    free(stored);
    free(sum);
    return result;
}
