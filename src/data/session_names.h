/* The names that axes of sessions and areas take: what `all` stands for, and which animal a session is of. */
#ifndef SESSION_NAMES_H
#define SESSION_NAMES_H

#include "data/recordings.h"

typedef struct session_names {
    int sessions, areas;
    const char *
        *session; /* (sessions) in the order of the file; borrowed from the recordings, as the areas' are */
    const char **area; /* (areas) of any session, in order of first appearance */
} session_names;

status session_names_make(const recordings *r, session_names *out);
void session_names_free(session_names *n);

/* The members of session_1, session_2, area_1 and area_2; none of any other option. */
void session_names_of(const session_names *n, const char *option_name, const char *const **member,
                      int *count);

/* The animal of a value of session_1 or session_2; NULL where it is not known, and for any other option. */
const char *session_animal(const recordings *r, const char *option_name, const char *value);

#endif
