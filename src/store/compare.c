/* What differs between two identities, in words. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"

/* ---- values ------------------------------------------------------------------------------------------------------- */

typedef struct value_key {
    double number; /* NaN where the text is no number */
    const char *text;
    int64_t index;
} value_key;

static value_key key_of(const char *text, int64_t index)
{
    char *end;
    double number = strtod(text, &end);
    bool whole = end != text && *end == '\0';
    return (value_key){ .number = whole ? number : NAN, .text = text, .index = index };
}

/* Numbers come before words. */
static int compare_keys(const void *left, const void *right)
{
    const value_key *a = left, *b = right;
    bool a_number = !isnan(a->number), b_number = !isnan(b->number);
    if (a_number != b_number) return a_number ? -1 : 1;
    if (a_number) return (a->number > b->number) - (a->number < b->number);
    return strcmp(a->text, b->text);
}

bool identity_same_value(const char *a, const char *b)
{
    value_key left = key_of(a, 0), right = key_of(b, 0);
    return compare_keys(&left, &right) == 0;
}

status identity_match(char *const *values, int64_t count, char *const *in, int64_t in_count, int64_t *index)
{
    value_key *sorted = malloc((size_t)(in_count + 1) * sizeof *sorted);
    if (sorted == NULL) return failure(NO_MEMORY, "%" PRId64 " values of an axis", in_count);
    for (int64_t i = 0; i < in_count; i++) sorted[i] = key_of(in[i], i);
    qsort(sorted, (size_t)in_count, sizeof *sorted, compare_keys);
    for (int64_t i = 0; i < count; i++) {
        value_key wanted = key_of(values[i], i);
        const value_key *found = bsearch(&wanted, sorted, (size_t)in_count, sizeof *sorted, compare_keys);
        index[i] = found ? found->index : -1;
    }
    free(sorted);
    return OK;
}

/* ---- axes --------------------------------------------------------------------------------------------------------- */

/* The first few values that have no match, as " a, b, c, …"; returns whether there are any. */
static bool print_unmatched(FILE *to, const char *words, char *const *values, int64_t count,
                            const int64_t *match)
{
    enum { SHOWN = 5 };
    int64_t missing = 0;
    for (int64_t i = 0; i < count; i++) {
        if (match[i] >= 0) continue;
        if (missing == SHOWN) fprintf(to, ", …");
        if (missing < SHOWN) fprintf(to, "%s%s", missing == 0 ? words : ", ", values[i]);
        missing++;
    }
    return missing > 0;
}

static status differing_values(const identity_axis *file, const identity_axis *asked)
{
    status result = OK;
    char *words = NULL;
    size_t size;
    int64_t most = file->count > asked->count ? file->count : asked->count;
    int64_t *match = calloc((size_t)most + 1, sizeof *match);
    FILE *to = open_memstream(&words, &size);
    CHECK(match && to, NO_MEMORY, "values of axis %s", file->name);
    TRY(identity_match(file->value, file->count, asked->value, asked->count, match));
    bool differ = print_unmatched(to, " only the file has ", file->value, file->count, match);
    TRY(identity_match(asked->value, asked->count, file->value, file->count, match));
    differ |= print_unmatched(to, differ ? "; only the sweep has " : " only the sweep has ", asked->value,
                              asked->count, match);
    if (!differ) fprintf(to, " the values stand in another order");
    fflush(to);
    result = failure(BAD_INPUT, "is of another sweep: axis %s:%s", asked->option, words);
done:
    if (to) fclose(to);
    free(words);
    free(match);
    return result;
}

static status check_axis(const identity_axis *file, const identity_axis *asked)
{
    bool same = file->count == asked->count;
    for (int64_t i = 0; same && i < file->count; i++)
        same = identity_same_value(file->value[i], asked->value[i]);
    return same ? OK : differing_values(file, asked);
}

static bool knows_axes(const identity *one, const identity *other)
{
    bool known = true;
    for (int i = 0; i < other->axes; i++)
        known = known && (identity_axis_find(one, other->axis[i].option) ||
                          identity_setting(one, other->axis[i].option));
    return known;
}

bool identity_related(const identity *a, const identity *b)
{
    return knows_axes(a, b) && knows_axes(b, a);
}

status identity_check_axes(const identity *file, const identity *asked)
{
    status result = OK;
    for (int i = 0; i < file->axes; i++)
        CHECK(identity_axis_find(asked, file->axis[i].option), BAD_INPUT,
              "is of another sweep: %s is an axis in the file and none in the sweep", file->axis[i].option);
    for (int i = 0; i < asked->axes; i++) {
        const identity_axis *a = identity_axis_find(file, asked->axis[i].option);
        CHECK(a, BAD_INPUT, "is of another sweep: %s is an axis in the sweep and none in the file",
              asked->axis[i].option);
        TRY(check_axis(a, &asked->axis[i]));
    }
    for (int i = 0; i < asked->axes; i++)
        CHECK(strcmp(file->axis[i].option, asked->axis[i].option) == 0 &&
                  file->axis[i].dimension == asked->axis[i].dimension,
              BAD_INPUT,
              "is of another sweep: the axes stand in another order or are zipped differently (%s)",
              asked->axis[i].option);
done:
    return result;
}

/* ---- settings and data -------------------------------------------------------------------------------------------- */

status identity_check_settings(const identity *file, const identity *asked)
{
    status result = OK;
    for (int i = 0; i < asked->settings; i++) {
        const setting *wanted = &asked->setting[i];
        const char *text = identity_setting(file, wanted->name);
        CHECK(text, BAD_INPUT, "is of another sweep: %s is %s in the sweep and unknown in the file",
              wanted->name, wanted->text);
        CHECK(identity_same_value(text, wanted->text), BAD_INPUT,
              "is of another sweep: %s is %s in the file and %s in the sweep", wanted->name, text,
              wanted->text);
    }
    for (int i = 0; i < file->settings; i++)
        CHECK(identity_setting(asked, file->setting[i].name), BAD_INPUT,
              "is of another sweep: %s is %s in the file and unknown in the sweep", file->setting[i].name,
              file->setting[i].text);
done:
    return result;
}

const char *identity_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const data_file *find_digest(const identity *i, const char *digest)
{
    for (int k = 0; k < i->files; k++)
        if (strcmp(i->file[k].digest, digest) == 0) return &i->file[k];
    return NULL;
}

/* The file with the name of `wanted` in `here` whose content is not in `there`; folders differ between machines. */
static const data_file *find_changed(const identity *here, const data_file *wanted, const identity *there)
{
    for (int k = 0; k < here->files; k++)
        if (strcmp(identity_file_name(here->file[k].path), identity_file_name(wanted->path)) == 0 &&
            find_digest(there, here->file[k].digest) == NULL)
            return &here->file[k];
    return NULL;
}

status identity_check_data(const identity *file, const identity *asked, bool all)
{
    status result = OK;
    for (int i = 0; i < asked->files; i++) {
        const data_file *now = &asked->file[i];
        if (find_digest(file, now->digest)) continue;
        const data_file *then = find_changed(file, now, asked);
        CHECK(then == NULL, BAD_INPUT, "was made from other data: %s has SHA-256 %.12s…, was %.12s…",
              now->path, now->digest, then->digest);
        CHECK(!all, BAD_INPUT, "is of another sweep: it was made without the data file %s", now->path);
    }
    for (int i = 0; all && i < file->files; i++)
        CHECK(find_digest(asked, file->file[i].digest), BAD_INPUT,
              "is of another sweep: it was made with the data file %s, too", file->file[i].path);
done:
    return result;
}
