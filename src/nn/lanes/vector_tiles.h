/* Tiles: how a kernel over rows x units is cut into pieces whose sums stay in registers. A piece's size must be a constant
 * for that, so a switch over the sizes calls each tile with its own. Part of kernels.c, for each instruction set. */
#ifndef LANES_VECTOR_TILES_H
#define LANES_VECTOR_TILES_H

#include "nn/lanes/vector.h"

enum { TILE_MAX = 5 };

/* Calls tile(…, n, …) with n, or m and n, as constants, which turns its arrays into registers. */
#define WITH_COLUMNS(n, tile, ...) \
    switch (n) {                   \
    case 1:                        \
        tile(1, __VA_ARGS__);      \
        break;                     \
    case 2:                        \
        tile(2, __VA_ARGS__);      \
        break;                     \
    case 3:                        \
        tile(3, __VA_ARGS__);      \
        break;                     \
    case 4:                        \
        tile(4, __VA_ARGS__);      \
        break;                     \
    default:                       \
        tile(5, __VA_ARGS__);      \
        break;                     \
    }
#define WITH_TILE(m, n, tile, ...)             \
    switch (m) {                               \
    case 1:                                    \
        WITH_COLUMNS(n, tile, 1, __VA_ARGS__); \
        break;                                 \
    case 2:                                    \
        WITH_COLUMNS(n, tile, 2, __VA_ARGS__); \
        break;                                 \
    case 3:                                    \
        WITH_COLUMNS(n, tile, 3, __VA_ARGS__); \
        break;                                 \
    case 4:                                    \
        WITH_COLUMNS(n, tile, 4, __VA_ARGS__); \
        break;                                 \
    default:                                   \
        WITH_COLUMNS(n, tile, 5, __VA_ARGS__); \
        break;                                 \
    }

/* Width of the next tile when `left` columns are left and a tile has at most `most`: all tiles about alike. */
INLINE int tile_width(int left, int most)
{
    int tiles = (left + most - 1) / most;
    return (left + tiles - 1) / tiles;
}

#endif
