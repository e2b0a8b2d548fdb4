/* covariance: a normal distribution of sources and target by its covariance, which a file gives, or three correlations of two predictors
 * and one target. Estimators see the covariance itself, or samples that are drawn from it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/covariance_file.h"
#include "data/kinds.h"
#include "data/pair_samples.h"
#include "gaussian_information.h"
#include "numerics/cholesky.h"

/* What the word "covariance" of the option `samples` is stored as. */
enum { SAMPLES_NONE = -1 };

typedef struct covariance_options {
    const char *file, *sources, *target;
    double correlation_1, correlation_2, between;
    int64_t samples, train_samples;
} covariance_options;

#define FIELD(f) offsetof(covariance_options, f)
static const option covariance_option_table[] = {
    { "file", OPTION_TEXT, FIELD(file), "", 0, 0, "",
      "a CSV file: a line of names, then the matrix, a row for each name; without one the three correlations "
      "below count",
      NULL, OPTION_LANE },
    { "sources", OPTION_TEXT, FIELD(sources), "", 0, 0, "",
      "names of the file's columns, those of one source apart by blanks, sources by |: \"a b | c\"; \"\": "
      "each column but the "
      "target's is a source",
      NULL, OPTION_LANE },
    { "target", OPTION_TEXT, FIELD(target), "", 0, 0, "", "names of its columns; \"\": the last one", NULL,
      OPTION_LANE },
    { "correlation_1", OPTION_REAL, FIELD(correlation_1), "0.5", -1, 1, "",
      "of source 1 and the target, without a file", NULL, OPTION_LANE },
    { "correlation_2", OPTION_REAL, FIELD(correlation_2), "0.75", -1, 1, "", "of source 2 and the target",
      NULL, OPTION_LANE },
    { "between", OPTION_REAL, FIELD(between), "0", -1, 1, "", "correlation of the two sources", NULL,
      OPTION_LANE },
    { "samples", OPTION_INTEGER, FIELD(samples), "covariance", 2, 1e8, "samples",
      "to estimate from: the test part, drawn from the distribution; covariance: none, estimators look at "
      "the covariance itself",
      "covariance", OPTION_LANE },
    { "train_samples", OPTION_INTEGER, FIELD(train_samples), "0", 0, 1e8, "samples",
      "beside them, for what is fitted before: compressions, networks", NULL, OPTION_LANE },
    { .name = NULL }
};
#undef FIELD

static const covariance_options *options_of(const settings *s)
{
    return s->block[SECTION_DATA];
}

/* ---- files ----------------------------------------------------------------------------------------------------------- */

/* Files that this process has read, so that a grid of cells reads a file once. */
typedef struct kept_file {
    struct kept_file *next;
    char *path;
    covariance_file *file;
} kept_file;
static kept_file *kept;

/* Once for a file, since it takes long for large ones: any columns of a positive definite covariance are one. */
static status check_definite(const char *path, const covariance_file *file)
{
    char said[256];
    double bits;
    const covariance c = { .sources = 1, .size = { file->n - 1 }, .target = 1, .value = file->value };
    const status result = gaussian_information(&c, 1, &bits);
    if (result != BAD_INPUT) return result;
    snprintf(said, sizeof said, "%s", failure_text());
    return failure(BAD_INPUT, "%s: %s", path, said);
}

static status keep(const char *path, const covariance_file **out)
{
    status result = OK;
    kept_file *k = calloc(1, sizeof *k);
    CHECK(k != NULL, NO_MEMORY, "no memory for %s", path);
    k->path = strdup(path);
    CHECK(k->path != NULL, NO_MEMORY, "no memory for %s", path);
    TRY(covariance_file_read(path, &k->file));
    TRY(check_definite(path, k->file));
    k->next = kept;
    kept = k;
    *out = k->file;
    k = NULL;
done:
    if (k) {
        free(k->path);
        covariance_file_free(k->file);
    }
    free(k);
    return result;
}

static status borrow(const settings *s, const covariance_file **out)
{
    status result = OK;
    char *path = NULL;
    TRY(data_path(s, options_of(s)->file, &path));
    for (const kept_file *k = kept; k; k = k->next) {
        if (strcmp(k->path, path) != 0) continue;
        *out = k->file;
        goto done;
    }
    TRY(keep(path, out));
done:
    free(path);
    return result;
}

void covariance_close(void)
{
    while (kept) {
        kept_file *next = kept->next;
        covariance_file_free(kept->file);
        free(kept->path);
        free(kept);
        kept = next;
    }
}

/* ---- which columns --------------------------------------------------------------------------------------------------- */

/* Columns of a file in the order of a covariance: those of the sources, then those of the target. */
typedef struct chosen {
    const covariance_file *file;
    int sources, size[SOURCES_MAX], target;
    int *column;
    int columns;
    bool *taken; /* (file->n) */
} chosen;

static status take(chosen *c, int column, const char *of)
{
    status result = OK;
    CHECK(!c->taken[column], BAD_INPUT, "data.%s: column %s is named twice", of, c->file->name[column]);
    c->taken[column] = true;
    c->column[c->columns++] = column;
done:
    return result;
}

/* Takes the columns that `names` has up to its end or a |; *count of them. */
static status take_names(chosen *c, const char **names, const char *of, int *count)
{
    status result = OK;
    const char *at = *names + strspn(*names, " ");
    *count = 0;
    for (int length; *at != '\0' && *at != '|'; at += strspn(at, " ")) {
        length = (int)strcspn(at, " |");
        const int column = covariance_file_find(c->file, at, length);
        CHECK(column >= 0, BAD_INPUT, "data.%s: the file has no column %.*s; its columns begin with %s, %s",
              of, length, at, c->file->name[0], c->file->name[1]);
        TRY(take(c, column, of));
        ++*count;
        at += length;
    }
    CHECK(*count > 0, BAD_INPUT, "data.%s names no column; right would be names apart by blanks", of);
    *names = at;
done:
    return result;
}

static status choose_target(const settings *s, chosen *c)
{
    status result = OK;
    const char *names = options_of(s)->target;
    c->target = 1;
    if (*names == '\0') return take(c, c->file->n - 1, "target");
    TRY(take_names(c, &names, "target", &c->target));
    CHECK(*names == '\0', BAD_INPUT, "data.target is one vector: names apart by blanks, without |");
done:
    return result;
}

static status choose_sources(const settings *s, chosen *c)
{
    status result = OK;
    const char *names = options_of(s)->sources;
    const bool each = *names == '\0';
    for (int column = 0; each && column < c->file->n; column++) {
        if (c->taken[column]) continue;
        CHECK(c->sources < SOURCES_MAX, BAD_INPUT,
              "the covariance has more than %d columns beside the target: say in data.sources which are one "
              "source, \"a b | c\"",
              SOURCES_MAX);
        TRY(take(c, column, "sources"));
        c->size[c->sources++] = 1;
    }
    while (!each) {
        CHECK(c->sources < SOURCES_MAX, BAD_INPUT, "data.sources names more than %d sources", SOURCES_MAX);
        TRY(take_names(c, &names, "sources", &c->size[c->sources]));
        c->sources++;
        if (*names++ == '\0') break;
    }
    CHECK(c->sources > 0, BAD_INPUT, "all columns of the file are the target's");
done:
    return result;
}

static void chosen_free(chosen *c)
{
    free(c->column);
    free(c->taken);
}

/* The target's columns are looked for first, since what is left may be the sources, and stand last. */
static status choose(const settings *s, chosen *c)
{
    status result = OK;
    *c = (chosen){ 0 };
    TRY(borrow(s, &c->file));
    c->column = calloc(2 * (size_t)c->file->n, sizeof *c->column);
    c->taken = calloc((size_t)c->file->n, sizeof *c->taken);
    CHECK(c->column && c->taken, NO_MEMORY, "no memory for %d columns", c->file->n);
    TRY(choose_target(s, c));
    TRY(choose_sources(s, c));
    memcpy(c->column + c->columns, c->column, (size_t)c->target * sizeof *c->column);
    memmove(c->column, c->column + c->target, (size_t)c->columns * sizeof *c->column);
done:
    return result;
}

/* ---- the covariance -------------------------------------------------------------------------------------------------- */

static status from_file(const settings *s, covariance **out)
{
    status result = OK;
    chosen c;
    TRY(choose(s, &c));
    TRY(covariance_make(c.sources, c.size, c.target, out));
    const ptrdiff_t n = c.columns, all = c.file->n;
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < n; j++)
            (*out)->value[i * n + j] = c.file->value[c.column[i] * all + c.column[j]];
done:
    chosen_free(&c);
    return result;
}

static status from_correlations(const settings *s, covariance **out)
{
    status result = OK;
    static const int size[] = { 1, 1 };
    const covariance_options *o = options_of(s);
    const double a = o->correlation_1, b = o->correlation_2, c = o->between;
    const double value[] = { 1, c, a, c, 1, b, a, b, 1 };
    const double middle = a * b, reach = sqrt((1 - a * a) * (1 - b * b));
    CHECK(fabs(c - middle) < reach, BAD_INPUT,
          "data.between is %g: with correlations %g and %g to the target there is such a distribution "
          "strictly between %.6g and %.6g",
          c, a, b, middle - reach, middle + reach);
    TRY(covariance_make(2, size, 1, out));
    memcpy((*out)->value, value, sizeof value);
done:
    return result;
}

/* What counts without a file alone is left as it is beside one. */
static status check_beside_file(const settings *s)
{
    status result = OK;
    covariance_options initial;
    option_defaults(covariance_option_table, &initial);
    for (const option *row = covariance_option_table; row->name; row++)
        CHECK(row->type != OPTION_REAL || option_equal(row, options_of(s), &initial), BAD_INPUT,
              "data.%s counts where there is no data.file: leave one of them out", row->name);
done:
    return result;
}

static status known_covariance(const settings *s, covariance **out)
{
    if (options_of(s)->file[0] && check_beside_file(s) != OK) return BAD_INPUT;
    return options_of(s)->file[0] ? from_file(s, out) : from_correlations(s, out);
}

/* ---- data ------------------------------------------------------------------------------------------------------------ */

static bool is_drawn(const settings *s)
{
    return options_of(s)->samples != SAMPLES_NONE;
}

static status covariance_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const covariance_options *o = options_of(s);
    covariance *c = NULL;
    TRY(known_covariance(s, &c));
    CHECK(is_drawn(s) || o->train_samples == 0, BAD_INPUT,
          "data.samples covariance draws none: leave data.train_samples out, or give a number of samples");
    *shape = (data_shape){ .sources = c->sources,
                           .dimensions = c->target,
                           .train = o->train_samples,
                           .test = is_drawn(s) ? o->samples : 0 };
    memcpy(shape->features, c->size, (size_t)c->sources * sizeof *c->size);
done:
    covariance_free(c);
    return result;
}

/* Row r of the samples, from normal numbers z (n) by the factor (n, n), column-major. */
static void put_row(samples *to, int64_t r, const double *factor, const double *z, int n)
{
    int at = 0;
    for (int part = 0; part <= to->shape.sources; part++) {
        const bool target = part == to->shape.sources;
        const int columns = target ? to->shape.dimensions : to->shape.features[part];
        double *row = (target ? to->value : to->x[part]) + r * columns;
        for (int c = 0; c < columns; c++, at++) {
            row[c] = 0;
            for (ptrdiff_t k = 0; k <= at; k++) row[c] += factor[at + k * n] * z[k];
        }
    }
}

static status draw_part(const settings *s, const double *factor, int n, data_part part, samples *to)
{
    status result = OK;
    const int64_t first = part == DATA_TRAIN ? 0 : to->shape.train,
                  rows = part == DATA_TRAIN ? to->shape.train : to->shape.test;
    const int64_t room = n + n % 2; /* normal numbers are drawn in pairs */
    double *z = malloc((size_t)room * sizeof *z);
    CHECK(z != NULL, NO_MEMORY, "no memory for a row of %d numbers", n);
    for (int64_t r = 0; r < rows; r++) {
        draw_normal(pair_key(s, part, PAIR_X), r * room, n, z);
        put_row(to, first + r, factor, z, n);
    }
done:
    free(z);
    return result;
}

static status covariance_samples(const settings *s, samples **out)
{
    status result = OK;
    data_shape shape;
    covariance *c = NULL;
    samples *made = NULL;
    TRY(covariance_shape(s, &shape));
    CHECK(is_drawn(s), BAD_INPUT, "data.samples covariance draws no samples: give a number of them");
    TRY(known_covariance(s, &c));
    TRY(samples_make(&shape, &made));
    TRY(gaussian_information(c, ~0u, &made->information_bits));
    const int n = covariance_columns(c);
    cholesky_leading(n, c->value, 0); /* the shape says that it is positive definite */
    TRY(draw_part(s, c->value, n, DATA_TRAIN, made));
    TRY(draw_part(s, c->value, n, DATA_TEST, made));
    *out = made;
    made = NULL;
done:
    samples_free(made);
    covariance_free(c);
    return result;
}

static status covariance_files(const settings *s, status (*visit)(const char *path, void *context),
                               void *context)
{
    status result = OK;
    char *path = NULL;
    if (options_of(s)->file[0]) {
        TRY(data_path(s, options_of(s)->file, &path));
        TRY(visit(path, context));
    }
done:
    free(path);
    return result;
}

const data_kind covariance_kind = {
    .name = "covariance",
    .summary = "normal sources and target by their covariance: a file, or two predictors of one target by "
               "three correlations",
    .source = "Gaussian example of the synergy minimisation paper (Steeg et al., Allerton 2017, Fig. 1), or "
              "one's own",
    .section = { "data", covariance_option_table, sizeof(covariance_options) },
    .drawn = is_drawn,
    .shape = covariance_shape,
    .make = pair_dataset,
    .table = data_no_table,
    .samples = covariance_samples,
    .covariance = known_covariance,
    .files = covariance_files,
};
