/* What a simulated session shows for a target: a latent symbol, one of the classes that it knows. Sessions of animal A know
 * the first n of C classes, those of B the last n, so that the animals have a share of 2 n / C - 1 in common.
 *
 * A class that a session does not know looks like one of those that only its animal knows: any of them at random (the clean
 * design of data kind overlap: two animals then share exactly the common classes), or always the same one in all sessions
 * of the animal, so that its sessions share more with each other than with those of the other animal. */
#ifndef SIMULATED_CODE_H
#define SIMULATED_CODE_H

#include <stdbool.h>

typedef enum stand_ins { STAND_INS_RANDOM, STAND_INS_FIXED } stand_ins;

typedef struct simulated_code {
    int classes, known; /* C, n */
    int animal;         /* 0: A, 1: B */
    int stand_ins;      /* enum stand_ins */
} simulated_code;

typedef struct symbol_range {
    int first, count; /* all equally likely */
} symbol_range;

/* The classes that a session knows, which are the symbols that it shows. */
symbol_range code_symbols(const simulated_code *c);
/* The symbols that it may show for one class. */
symbol_range code_shown(const simulated_code *c, int y);

#endif
