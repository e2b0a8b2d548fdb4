#include <string.h>

#include "data/kinds.h"
#include "data/sampling.h"

enum { CLASSES = 8, CODE_LEAST = -4, FILLERS = 8, VALUES = CLASSES - CODE_LEAST };

typedef enum overlap_design { DESIGN_CODE, DESIGN_CLEAN } overlap_design;

typedef struct overlap_options {
    int64_t classes_per_input;
    int design; /* overlap_design */
    int64_t noise_inputs;
    double noise_deviation;
    int64_t common_inputs;
    double common_value;
    int64_t samples; /* or SAMPLES_TABLE */
    double train_fraction;
    int encoding; /* enum encoding */
} overlap_options;

#define FIELD(f) offsetof(overlap_options, f)
static const option overlap_option_table[] = {
    { "classes_per_input", OPTION_INTEGER, FIELD(classes_per_input), "4", 0, CLASSES, "classes",
      "n: source 1 knows classes 0 to n-1, source 2 the last n; 0: neither knows anything", NULL,
      OPTION_LANE },
    { "design", OPTION_CHOICE, FIELD(design), "code", 0, 0, "",
      "what a source shows for a class it does not know: code, any of -4 to 3 (as published); clean, a class "
      "that it "
      "alone knows",
      "code|clean", OPTION_LANE },
    { "noise_inputs", OPTION_INTEGER, FIELD(noise_inputs), "0", 0, 10000, "inputs",
      "normal inputs of each source's own, which carry nothing", NULL, OPTION_LANE },
    { "noise_deviation", OPTION_REAL, FIELD(noise_deviation), "2", 0, 1e6, "",
      "standard deviation of the noise inputs", NULL, OPTION_LANE },
    { "common_inputs", OPTION_INTEGER, FIELD(common_inputs), "0", 0, 10000, "inputs",
      "constant inputs that both sources have in common", NULL, OPTION_LANE },
    { "common_value", OPTION_REAL, FIELD(common_value), "-2", -1e6, 1e6, "", "value of the common inputs",
      NULL, OPTION_LANE },
    { "samples", OPTION_INTEGER, FIELD(samples), "10000", 2, 1e8, "samples",
      "of the classes in turn; table: the table itself, weighted by its probabilities (no noise inputs)",
      "table", OPTION_LANE },
    { "train_fraction", OPTION_REAL, FIELD(train_fraction), "0.7", 0, 1, "",
      "share of the samples to train on", NULL, OPTION_LANE },
    { "encoding", OPTION_CHOICE, FIELD(encoding), "scalar", 0, 0, "",
      "how the task input enters: as one number, or one input per value", "scalar|onehot", OPTION_LANE },
    { .name = NULL }
};

/* What a source may show for one class, all equally likely. */
typedef struct shown {
    int count;
    int value[FILLERS];
} shown;

static shown range(int first, int last)
{
    shown s = { 0 };
    for (int value = first; value <= last; value++) s.value[s.count++] = value;
    return s;
}

/* Source 0 knows the classes below n, source 1 those from 8-n on, and shows them as they are. In the clean design the
 * stand-in for any other class is one of the classes that this source knows and the other does not; then the sources
 * agree on exactly the classes that both know. As published, the stand-in is any of -4 … 3, which also are the numbers of
 * classes. With n = 0 no class can stand in, so both designs are the published one. */
static shown shown_for(const overlap_options *o, int source, int y)
{
    int n = (int)o->classes_per_input, rest = CLASSES - n;
    int alone = n < rest ? n : rest; /* classes that only one source knows, on either side */
    if (source == 0 ? y < n : y >= rest) return range(y, y);
    if (o->design == DESIGN_CODE || n == 0) return range(CODE_LEAST, CODE_LEAST + FILLERS - 1);
    return source == 0 ? range(0, alone - 1) : range(CLASSES - alone, CLASSES - 1);
}

/* The table's shape, and the symbol of every value that a source ever shows (-1: never). */
typedef struct alphabet {
    int symbols[2];
    int symbol[2][VALUES]; /* by value - CODE_LEAST */
    int rows;
} alphabet;

static alphabet alphabet_of(const overlap_options *o)
{
    alphabet a = { 0 };
    bool seen[2][VALUES] = { { false } };
    for (int y = 0; y < CLASSES; y++) {
        int rows = 1;
        for (int i = 0; i < 2; i++) {
            shown s = shown_for(o, i, y);
            for (int k = 0; k < s.count; k++) seen[i][s.value[k] - CODE_LEAST] = true;
            rows *= s.count;
        }
        a.rows += rows;
    }
    for (int i = 0; i < 2; i++)
        for (int v = 0; v < VALUES; v++) a.symbol[i][v] = seen[i][v] ? a.symbols[i]++ : -1;
    return a;
}

static status overlap_table(const settings *s, table **out)
{
    status result = OK;
    const overlap_options *o = s->block[SECTION_DATA];
    alphabet a = alphabet_of(o);
    table *t;
    TRY(table_make(2, a.symbols, CLASSES, a.rows, &t));
    for (int i = 0; i < 2; i++)
        for (int v = 0; v < VALUES; v++)
            if (a.symbol[i][v] >= 0) t->value[i][a.symbol[i][v]] = v + CODE_LEAST;

    int row = 0;
    for (int y = 0; y < CLASSES; y++) {
        shown first = shown_for(o, 0, y), second = shown_for(o, 1, y);
        for (int k = 0; k < first.count; k++) {
            for (int l = 0; l < second.count; l++, row++) {
                t->symbol[2 * row] = a.symbol[0][first.value[k] - CODE_LEAST];
                t->symbol[2 * row + 1] = a.symbol[1][second.value[l] - CODE_LEAST];
                t->y[row] = y;
                t->p[row] = 1.0 / (CLASSES * first.count * second.count);
            }
        }
    }
    *out = t;
done:
    return result;
}

static sampling sampling_of(const settings *s)
{
    const overlap_options *o = s->block[SECTION_DATA];
    return (sampling){ .seed = settings_task(s)->seed,
                       .samples = o->samples,
                       .train_fraction = o->train_fraction,
                       .encoding = o->encoding,
                       .classes_turn = true,
                       .noise_inputs = (int)o->noise_inputs,
                       .noise_deviation = o->noise_deviation,
                       .common_inputs = (int)o->common_inputs,
                       .common_value = o->common_value };
}

static status overlap_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    table *t = NULL;
    sampling how = sampling_of(s);
    TRY(overlap_table(s, &t));
    TRY(sampling_shape(&how, t, shape));
done:
    table_free(t);
    return result;
}

static status overlap_make(const settings *s, dataset **out)
{
    status result = OK;
    table *t = NULL;
    sampling how = sampling_of(s);
    TRY(overlap_table(s, &t));
    TRY(sampling_make(&how, t, out));
done:
    table_free(t);
    return result;
}

const data_kind overlap_kind = {
    .name = "overlap",
    .summary = "eight classes, some known to source 1, some to source 2, some to both; noise and common "
               "inputs beside",
    .source = "Kleinman et al., Entropy 2021, 23, 922, Figure 5 and Appendix C.5; design code: as their "
              "program draws it",
    .section = { "data", overlap_option_table, sizeof(overlap_options) },
    .drawn = data_always_drawn,
    .shape = overlap_shape,
    .make = overlap_make,
    .table = overlap_table,
    .files = data_no_files,
};
