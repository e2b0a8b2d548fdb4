#include <stdlib.h>
#include <string.h>

#include "data/kinds.h"
#include "data/recordings.h"
#include "data/recordings_block.h"
#include "data/session_names.h"
#include "data/trial_data.h"

typedef struct sessions_options {
    const char *file;
    trial_options trials;
} sessions_options;

#define AT(f) offsetof(sessions_options, trials.f)
static const option sessions_option_table[] = {
    { "file", OPTION_TEXT, offsetof(sessions_options, file), "", 0, 0, "",
      "data file (infosweep data import), or the mapping file that it would be imported by", NULL,
      OPTION_LANE },
    TRIAL_OPTION_ROWS(AT),
    { .name = NULL }
};

/* Recordings that this process has read, so that a grid of sessions reads a file once. */
typedef struct kept_recordings {
    struct kept_recordings *next;
    char *path;
    recordings *recordings;
    session_names names;
} kept_recordings;
static kept_recordings *kept;

static const sessions_options *options_of(const settings *s)
{
    return s->block[SECTION_DATA];
}

static void forget(kept_recordings *k)
{
    if (k == NULL) return;
    session_names_free(&k->names);
    recordings_free(k->recordings);
    free(k->path);
    free(k);
}

/* The recordings become the cache's own, whatever comes of it. */
static status keep(const char *path, recordings *r)
{
    status result = OK;
    kept_recordings *k = calloc(1, sizeof *k);
    if (k == NULL) recordings_free(r);
    CHECK(k != NULL, NO_MEMORY, "no memory for %s", path);
    k->recordings = r;
    k->path = strdup(path);
    CHECK(k->path != NULL, NO_MEMORY, "no memory for %s", path);
    TRY(session_names_make(k->recordings, &k->names));
    k->next = kept;
    kept = k;
    k = NULL;
done:
    forget(k);
    return result;
}

static const kept_recordings *kept_of(const char *path)
{
    const kept_recordings *k = kept;
    while (k && strcmp(k->path, path) != 0) k = k->next;
    return k;
}

static status find_path(const settings *s, char **path)
{
    *path = NULL;
    if (options_of(s)->file[0] == '\0')
        return failure(BAD_INPUT, "data.file is not given: name a data file, or a mapping file (.yaml)");
    return data_path(s, options_of(s)->file, path);
}

static status find_recordings(const settings *s, const kept_recordings **out)
{
    status result = OK;
    char *path = NULL;
    recordings *read = NULL;
    TRY(find_path(s, &path));
    *out = kept_of(path);
    if (*out) goto done;
    TRY(recordings_load(path, &read));
    TRY(keep(path, read));
    *out = kept;
done:
    free(path);
    return result;
}

static bool sessions_drawn(const settings *s)
{
    return trial_options_drawn(&options_of(s)->trials);
}

static status sessions_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const kept_recordings *k;
    TRY(find_recordings(s, &k));
    TRY(trial_data_shape(k->recordings, &options_of(s)->trials, settings_task(s)->seed, shape));
done:
    return result;
}

static status sessions_make(const settings *s, dataset **out)
{
    status result = OK;
    const kept_recordings *k;
    TRY(find_recordings(s, &k));
    TRY(trial_data_make(k->recordings, &options_of(s)->trials, settings_task(s)->seed, out));
done:
    return result;
}

static status sessions_files(const settings *s, status (*visit)(const char *path, void *context),
                             void *context)
{
    status result = OK;
    char *path = NULL;
    TRY(find_path(s, &path));
    TRY(recordings_files(path, visit, context));
done:
    free(path);
    return result;
}

static status sessions_members(const settings *s, const char *name, const char *const **member, int *count)
{
    status result = OK;
    const kept_recordings *k;
    *count = 0;
    TRY(find_recordings(s, &k));
    session_names_of(&k->names, name, member, count);
done:
    return result;
}

static status sessions_label(const settings *s, const char *name, const char *value, const char **label)
{
    status result = OK;
    const kept_recordings *k;
    *label = NULL;
    TRY(find_recordings(s, &k));
    *label = session_animal(k->recordings, name, value);
done:
    return result;
}

/* ---- sharing with other processes of the machine ------------------------------------------------------------------ */

static kept_recordings *kept_at(int index)
{
    kept_recordings *k = kept;
    for (; k && index > 0; index--) k = k->next;
    return k;
}

static status sessions_held(int index, const char **key, size_t *bytes)
{
    kept_recordings *k = kept_at(index);
    *key = k ? k->path : NULL;
    *bytes = 0;
    return k && k->recordings->place == PLACE_OWN ? recordings_block_bytes(k->recordings, bytes) : OK;
}

static void sessions_move(int index, void *to)
{
    recordings_block_move(kept_at(index)->recordings, to);
}

static status sessions_adopt(const char *key, const void *block, size_t bytes)
{
    status result = OK;
    recordings *opened = NULL;
    if (kept_of(key)) return OK;
    TRY(recordings_block_open(block, bytes, &opened));
    TRY(keep(key, opened));
done:
    return result;
}

static const data_sharing sessions_sharing = { sessions_held, sessions_move, sessions_adopt };

void sessions_close(void)
{
    trial_data_forget(NULL);
    while (kept) {
        kept_recordings *next = kept->next;
        forget(kept);
        kept = next;
    }
}

const data_kind sessions_kind = {
    .name = "sessions",
    .summary = "recorded trials of two sessions, areas or time windows, and the target of each trial",
    .source =
        "Kleinman et al., Entropy 2021, 23, 922, Figures 3 and 4: time windows, days, animals and areas",
    .section = { "data", sessions_option_table, sizeof(sessions_options) },
    .drawn = sessions_drawn,
    .shape = sessions_shape,
    .make = sessions_make,
    .table = data_no_table,
    .files = sessions_files,
    .members = sessions_members,
    .label = sessions_label,
    .sharing = &sessions_sharing,
};
