#include "data/simulated_code.h"

symbol_range code_symbols(const simulated_code *c)
{
    return (symbol_range){ c->animal == 0 ? 0 : c->classes - c->known, c->known };
}

symbol_range code_shown(const simulated_code *c, int y)
{
    int unknown = c->classes - c->known; /* as many as only this animal knows */
    symbol_range symbols = code_symbols(c);
    if (y >= symbols.first && y < symbols.first + symbols.count) return (symbol_range){ y, 1 };
    symbol_range own = { c->animal == 0 ? 0 : c->known, unknown };
    if (c->stand_ins == STAND_INS_RANDOM) return own;
    /* turned by one in the other animal, so that no stand-in means the same in both where there are two or more */
    int place = c->animal == 0 ? y - c->known : (y + 1) % unknown;
    return (symbol_range){ own.first + place, 1 };
}
