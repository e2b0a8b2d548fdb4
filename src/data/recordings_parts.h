/* What the files of recordings share: making, texts, what names and sizes may be. */
#ifndef RECORDINGS_PARTS_H
#define RECORDINGS_PARTS_H

#include "data/recordings.h"

/* What memory bears: values of a column, of an area. */
static const int64_t COLUMN_VALUES_MAX = 1LL << 31, AREA_VALUES_MAX = 1LL << 34;

#define NAME_RULE "right would be a word without '/' and control characters, other than . and .."
/* May this be the name of a session, an area or a column? Valid UTF-8, 1 to 255 bytes. */
bool name_is_usable(const char *name);
/* Valid UTF-8 without control characters but tabs and ends of lines? */
bool text_is_usable(const char *text);

const column *column_find(const column *columns, int count, const char *name);

#endif
