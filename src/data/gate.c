#include <stdlib.h>
#include <string.h>

#include "data/gates.h"
#include "data/kinds.h"
#include "data/sampling.h"

typedef struct gate_options {
    const char *gate;
    int64_t samples; /* or SAMPLES_TABLE */
    double train_fraction;
    int encoding; /* enum encoding */
} gate_options;

#define FIELD(f) offsetof(gate_options, f)
static const option gate_option_table[] = {
    { "gate", OPTION_TEXT, FIELD(gate), "unq", 0, 0, "",
      "a known gate, or file:PATH of a CSV with columns x1,x2,…,y,p", GATE_NAMES, OPTION_LANE },
    { "samples", OPTION_INTEGER, FIELD(samples), "10000", 2, 1e8, "samples",
      "drawn independently; table: the table itself, weighted by its probabilities, for training and testing",
      "table", OPTION_LANE },
    { "train_fraction", OPTION_REAL, FIELD(train_fraction), "0.8", 0, 1, "",
      "share of the samples to train on", NULL, OPTION_LANE },
    { "encoding", OPTION_CHOICE, FIELD(encoding), "scalar", 0, 0, "",
      "how a source's symbol enters: as its number (words: their position), or one input per symbol (best "
      "for words)",
      "scalar|onehot", OPTION_LANE },
    { .name = NULL }
};

/* Tables of files that this process has read, so that a grid of cells reads a file once. */
typedef struct kept_table {
    struct kept_table *next;
    char *path;
    table *table;
} kept_table;
static kept_table *kept;

static const gate_options *options_of(const settings *s)
{
    return s->block[SECTION_DATA];
}

/* PATH of "file:PATH"; NULL for the name of a gate. */
static const char *file_name(const settings *s)
{
    static const char prefix[] = "file:";
    const char *name = options_of(s)->gate;
    return strncmp(name, prefix, sizeof prefix - 1) == 0 ? name + sizeof prefix - 1 : NULL;
}

static status keep(const char *path, const table **out)
{
    status result = OK;
    kept_table *k = calloc(1, sizeof *k);
    CHECK(k != NULL, NO_MEMORY, "no memory for %s", path);
    k->path = strdup(path);
    CHECK(k->path != NULL, NO_MEMORY, "no memory for %s", path);
    TRY(gate_read(path, &k->table));
    k->next = kept;
    kept = k;
    *out = k->table;
    k = NULL;
done:
    if (k) free(k->path);
    free(k);
    return result;
}

/* The table of a cell, kept by this file where it comes from one, else *owned by the caller. */
static status borrow(const settings *s, const table **out, table **owned)
{
    status result = OK;
    char *path = NULL;
    *owned = NULL;
    const char *name = file_name(s);
    if (name == NULL) {
        TRY(gate_table(options_of(s)->gate, owned));
        *out = *owned;
        goto done;
    }
    TRY(data_path(s, name, &path));
    for (const kept_table *k = kept; k; k = k->next) {
        if (strcmp(k->path, path) != 0) continue;
        *out = k->table;
        goto done;
    }
    TRY(keep(path, out));
done:
    free(path);
    return result;
}

static sampling sampling_of(const settings *s)
{
    const gate_options *o = options_of(s);
    return (sampling){ .seed = settings_task(s)->seed,
                       .samples = o->samples,
                       .train_fraction = o->train_fraction,
                       .encoding = o->encoding };
}

static status gate_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const table *t;
    table *owned;
    sampling how = sampling_of(s);
    TRY(borrow(s, &t, &owned));
    TRY(sampling_shape(&how, t, shape));
done:
    table_free(owned);
    return result;
}

static status gate_make(const settings *s, dataset **out)
{
    status result = OK;
    const table *t;
    table *owned;
    sampling how = sampling_of(s);
    TRY(borrow(s, &t, &owned));
    TRY(sampling_make(&how, t, out));
done:
    table_free(owned);
    return result;
}

static status gate_copy_table(const settings *s, table **out)
{
    status result = OK;
    const table *t;
    table *owned;
    TRY(borrow(s, &t, &owned));
    if (owned == NULL) TRY(table_copy(t, &owned));
    *out = owned;
    owned = NULL;
done:
    table_free(owned);
    return result;
}

static status gate_files(const settings *s, status (*visit)(const char *path, void *context), void *context)
{
    status result = OK;
    char *path = NULL;
    if (file_name(s)) {
        TRY(data_path(s, file_name(s), &path));
        TRY(visit(path, context));
    }
done:
    free(path);
    return result;
}

void gate_close(void)
{
    while (kept) {
        kept_table *next = kept->next;
        table_free(kept->table);
        free(kept->path);
        free(kept);
        kept = next;
    }
}

const data_kind gate_kind = {
    .name = "gate",
    .summary = "a finite joint distribution of sources and target, known by name or read from a CSV file",
    .source =
        "Kleinman et al., Entropy 2021, 23, 922, Table 1; Griffith and Koch 2014; James and Crutchfield, "
        "Entropy 2017, 19, 531 (dyadic, triadic)",
    .section = { "data", gate_option_table, sizeof(gate_options) },
    .drawn = data_always_drawn,
    .shape = gate_shape,
    .make = gate_make,
    .table = gate_copy_table,
    .files = gate_files,
};
