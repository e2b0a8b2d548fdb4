#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "data/example.h"
#include "data/matlab_plan.h"

enum { NAME_MAX = 128, PATH_SHOWN_MAX = 4096, ARRAYS_MAX = 8 };

/* What an example mapping would name. */
typedef struct guess {
    int arrays; /* struct arrays that may be trials */
    char array[ARRAYS_MAX][NAME_MAX];
    char raster[NAME_MAX], target[NAME_MAX]; /* fields of the first; "" for none */
    bool table;                              /* trials × targets */
} guess;

static bool has_word(const char *name, const char *const *words)
{
    for (; *words; words++)
        if (strstr(name, *words)) return true;
    return false;
}

static void guess_field(const char *name, const matlab_value *value, guess *g)
{
    static const char *const targets[] = { "target", "Target", "class", "Class", "label",     "direction",
                                           "angle",  "stim",   "Stim",  "odor",  "condition", NULL };
    bool raster =
        value->kind == MATLAB_NUMBERS && value->rank == 2 && value->extent[0] > 1 && value->extent[1] > 1;
    bool small = value->count > 0 && value->count <= 4 && value->kind == MATLAB_NUMBERS;
    if (raster && g->raster[0] == '\0') snprintf(g->raster, NAME_MAX, "%s", name);
    bool target = (small || value->kind == MATLAB_TEXT) && has_word(name, targets);
    if (target && g->target[0] == '\0') snprintf(g->target, NAME_MAX, "%s", name);
}

/* "#   NAME: what it is" */
static void print_line(const char *before, const char *name, const matlab_value *value, FILE *to)
{
    char shape[MATLAB_SHAPE_MAX];
    fputs(before, to);
    example_text(to, name, NAME_MAX);
    fprintf(to, ": %s\n", matlab_shape(value, shape));
}

/* The fields of a struct array, as its first element has them. */
static status describe_fields(matlab_file *f, const char *of, const matlab_value *structs, guess *g, FILE *to)
{
    status result = OK;
    char **names = NULL;
    int64_t count = 0;
    matlab_field field = { 0 };
    matlab_value value = { 0 };
    TRY(matlab_field_names(f, structs, &names, &count));
    for (int64_t i = 0; structs->count > 0 && i < count; i++) {
        TRY(matlab_field_open(f, structs, of, names[i], &field));
        TRY(matlab_element(f, &field, 0, &value));
        print_line("#     .", names[i], &value, to);
        if (g) guess_field(names[i], &value, g);
        matlab_value_free(f, &value);
        matlab_field_close(f, &field);
    }
done:
    matlab_value_free(f, &value);
    matlab_field_close(f, &field);
    matlab_names_free(names, count);
    return result;
}

static status describe_variable(matlab_file *f, const char *name, guess *g, FILE *to)
{
    status result = OK;
    matlab_value value;
    TRY(matlab_variable(f, name, &value));
    print_line("#   ", name, &value, to);
    if (value.kind != MATLAB_STRUCTS) goto done;
    bool trials = value.count > 1 && g->arrays < ARRAYS_MAX;
    if (trials && g->arrays == 0) g->table = value.extent[0] > 1 && value.extent[1] > 1;
    TRY(describe_fields(f, name, &value, trials && g->arrays == 0 ? g : NULL, to));
    if (trials) snprintf(g->array[g->arrays++], NAME_MAX, "%s", name);
done:
    matlab_value_free(f, &value);
    return result;
}

/* Two arrays of which one is called after training are parts of one session. */
static bool are_parts(const guess *g)
{
    bool train = false;
    for (int i = 0; i < g->arrays; i++) train = train || strstr(g->array[i], "train") != NULL;
    return train && g->arrays > 1;
}

static void print_parts(const guess *g, FILE *to)
{
    fprintf(to, "    parts: {");
    for (int i = 0; i < g->arrays; i++) {
        const char *name = g->array[i];
        fputs(i > 0 ? ", " : "", to);
        example_word(to, strstr(name, "train") ? "train" : strstr(name, "test") ? "test" : name);
        fputs(": ", to);
        example_word(to, name);
    }
    fprintf(to, "} # trial column `part` says which\n");
}

static void print_example(const char *path, const guess *g, FILE *to)
{
    const char *field = g->target[0] ? g->target : NULL;
    example_start(to, path, "matlab", g->table ? "target" : field);
    if (are_parts(g))
        print_parts(g, to);
    else
        example_key(to, "struct", g->arrays ? g->array[0] : NULL,
                    g->arrays ? "" : "an array of structs, one per trial");
    example_key(to, "target", g->table ? "column" : field,
                g->table ? "the number of the array's column" : "");
    fprintf(to, "    areas: {area-1: ");
    example_word(to, g->raster[0] ? g->raster : "FILL-IN");
    fprintf(to, "} # units × time\n    sample_ms: 1\n    bin_ms: 10\n"
                "    align: 0 # ms from a raster's start to the event\n    aligned_to: event\n");
}

status matlab_describe(const char *path, FILE *to)
{
    status result = OK;
    matlab_file *f = NULL;
    char **names = NULL;
    int64_t count = 0;
    guess *g = calloc(1, sizeof *g);
    CHECK(g != NULL, NO_MEMORY, "%s: no memory to look through it", path);
    TRY(matlab_open(path, &f));
    TRY(matlab_variables(f, &names, &count));
    fprintf(to, "# ");
    example_text(to, path, PATH_SHOWN_MAX);
    fprintf(to, ": %" PRId64 " variable%s\n", count, count == 1 ? "" : "s");
    for (int64_t i = 0; i < count; i++) TRY(describe_variable(f, names[i], g, to));
    print_example(path, g, to);
done:
    matlab_names_free(names, count);
    matlab_close(f);
    free(g);
    return result;
}
