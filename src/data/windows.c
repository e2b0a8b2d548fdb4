#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/kinds.h"
#include "data/recording.h"

#ifdef HAVE_MATIO
#define AVAILABLE ""
#else
#define AVAILABLE " (off: this build was made without matio)"
#endif

typedef struct windows_options {
    const char *file;
    int64_t window[2]; /* ms after target onset */
    int64_t width, onset;
} windows_options;

#define FIELD(f) offsetof(windows_options, f)
static const option windows_option_table[] = {
    { "file", OPTION_TEXT, FIELD(file), "neural/ps4_realdata.mat", 0, 0, "",
      "MATLAB 5 file with struct arrays train_trial and test_trial (trials, targets) of spikes (units, ms)",
      NULL, OPTION_LANE },
    { "window_1", OPTION_INTEGER, FIELD(window[0]), "50", -1e6, 1e6, "ms",
      "start of source 1 after target onset", NULL, OPTION_LANE },
    { "window_2", OPTION_INTEGER, FIELD(window[1]), "50", -1e6, 1e6, "ms",
      "start of source 2 after target onset", NULL, OPTION_LANE },
    { "width", OPTION_INTEGER, FIELD(width), "100", 1, 1e6, "ms", "length of both windows", NULL,
      OPTION_LANE },
    { "onset", OPTION_INTEGER, FIELD(onset), "200", 0, 1e6, "ms", "when the target appears in a trial", NULL,
      OPTION_LANE },
    { .name = NULL }
};

/* Recordings that this process has read, so that a grid of windows reads a file once. */
typedef struct kept_recording {
    struct kept_recording *next;
    char *path;
    recording *recording;
} kept_recording;
static kept_recording *kept;

static const windows_options *options_of(const settings *s)
{
    return s->block[SECTION_DATA];
}

static status keep(const char *path, const recording **out)
{
    status result = OK;
    kept_recording *k = calloc(1, sizeof *k);
    CHECK(k != NULL, NO_MEMORY, "no memory for %s", path);
    k->path = strdup(path);
    CHECK(k->path != NULL, NO_MEMORY, "no memory for %s", path);
    TRY(recording_read(path, &k->recording));
    k->next = kept;
    kept = k;
    *out = k->recording;
    k = NULL;
done:
    if (k) free(k->path);
    free(k);
    return result;
}

static status find_recording(const settings *s, const recording **out)
{
    status result = OK;
    char *path = NULL;
    TRY(data_path(s, options_of(s)->file, &path));
    for (const kept_recording *k = kept; k; k = k->next) {
        if (strcmp(k->path, path) != 0) continue;
        *out = k->recording;
        goto done;
    }
    TRY(keep(path, out));
done:
    free(path);
    return result;
}

static status windows_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const windows_options *o = options_of(s);
    const recording *r;
    TRY(find_recording(s, &r));
    for (int i = 0; i < 2; i++) {
        int64_t start = o->onset + o->window[i];
        CHECK(start >= 0 && start + o->width <= r->milliseconds, BAD_INPUT,
              "data.window_%d: %lld to %lld ms after target onset, but the recording has %lld to %lld ms",
              i + 1, (long long)o->window[i], (long long)(o->window[i] + o->width), (long long)-o->onset,
              (long long)(r->milliseconds - o->onset));
    }
    *shape = (data_shape){ .sources = 2,
                           .features = { r->units, r->units },
                           .classes = r->classes,
                           .train = r->train.trials,
                           .test = r->test.trials };
done:
    return result;
}

/* Spike counts of both windows, and the target, of every trial. */
static void fill(const windows_options *o, const recording *r, const trial_set *set, float *const *x,
                 int32_t *y)
{
    for (int64_t t = 0; t < set->trials; t++) {
        for (int i = 0; i < 2; i++)
            recording_count(r, set, t, (int)(o->onset + o->window[i]), (int)o->width, x[i] + t * r->units);
        y[t] = (int32_t)(t / set->per_class);
    }
}

static status windows_make(const settings *s, dataset **out)
{
    status result = OK;
    const recording *r;
    dataset *d;
    data_shape shape;
    TRY(windows_shape(s, &shape));
    TRY(find_recording(s, &r));
    TRY(dataset_make(&shape, &d));
    fill(options_of(s), r, &r->train, d->train_x, d->train_y);
    fill(options_of(s), r, &r->test, d->test_x, d->test_y);
    d->target_entropy_bits = log2(shape.classes); /* as many trials of each target */
    *out = d;
done:
    return result;
}

static status windows_files(const settings *s, status (*visit)(const char *path, void *context),
                            void *context)
{
    status result = OK;
    char *path = NULL;
    TRY(data_path(s, options_of(s)->file, &path));
    TRY(visit(path, context));
done:
    free(path);
    return result;
}

void windows_close(void)
{
    while (kept) {
        kept_recording *next = kept->next;
        recording_free(kept->recording);
        free(kept->path);
        free(kept);
        kept = next;
    }
}

const data_kind windows_kind = {
    .name = "windows",
    .summary =
        "spike counts of every unit in two windows of the same trial, and the target of the reach" AVAILABLE,
    .source =
        "Kleinman et al., Entropy 2021, 23, 922, Figure 3: premotor cortex, delayed reaches to eight targets",
    .section = { "data", windows_option_table, sizeof(windows_options) },
    .drawn = data_never_drawn,
    .shape = windows_shape,
    .make = windows_make,
    .table = data_no_table,
    .files = windows_files,
};
