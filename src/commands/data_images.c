#include "data_images.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data/data_file.h"
#include "data/images.h"
#include "data/import_parts.h"
#include "store/digest.h"

bool data_is_of_images(const char *path)
{
    const image_format *format;
    if (path_is_folder(path)) return true;
    if (!path_is_file(path) || import_is_mapping(path) || import_format_guess(path)) return false;
    bool is =
        images_format(path, &format) == OK && (format != &hdf5_image_format || images_is_data_file(path));
    failure_clear();
    return is;
}

/* Sources of the words that were typed, whose texts they borrow. */
static void take_sources(const images_request *q, image_source *train, image_source *test)
{
    *train = (image_source){ q->sources->item + 1, q->sources->count - 1, q->labels };
    *test = (image_source){ &q->test, q->test ? 1 : 0, q->test_labels };
}

status data_show_images(const images_request *q)
{
    status result = OK;
    images *m = NULL;
    image_source train, test;
    take_sources(q, &train, &test);
    TRY(images_read(&train, &test, &m));
    TRY(images_print(m, train.path[0], stdout));
done:
    images_free(m);
    return result;
}

/* Every path of the sources, as it was typed, with blanks between them. */
static status list_sources(const image_source *train, const image_source *test, char **out)
{
    status result = OK;
    size_t size;
    FILE *to = open_memstream(out, &size);
    CHECK(to != NULL, NO_MEMORY, "no memory for the names of sources");
    for (int i = 0; i < train->paths; i++) fprintf(to, "%s%s", i > 0 ? " " : "", train->path[i]);
    if (test->paths > 0) fprintf(to, " %s", test->path[0]);
    CHECK(fclose(to) == 0, NO_MEMORY, "no memory for the names of sources");
done:
    return result;
}

/* What a data file says of itself beside its images. */
static status describe(const images_request *q, const image_source *train, const image_source *test,
                       images *m)
{
    status result = OK;
    const image_format *format;
    TRY(images_format(train->path[0], &format));
    free(m->imported);
    free(m->source);
    free(m->sha256);
    m->source = NULL;
    CHECK((m->imported = strdup(format->name)) != NULL, NO_MEMORY, "no memory for the name of a format");
    m->sha256 = malloc(DIGEST_TEXT);
    CHECK(m->sha256 != NULL, NO_MEMORY, "no memory for a digest");
    TRY(list_sources(train, test, &m->source));
    TRY(images_digest(train, test, m->sha256));
    if (q->title == NULL) goto done;
    free(m->title);
    CHECK((m->title = strdup(q->title)) != NULL, NO_MEMORY, "no memory for a title");
done:
    return result;
}

status data_import_images(const images_request *q)
{
    status result = OK;
    images *m = NULL;
    image_source train, test;
    struct stat about;
    take_sources(q, &train, &test);
    CHECK(q->output != NULL, BAD_INPUT,
          "data: import writes a file: -o FILE.h5 (infosweep data show %s only looks)", train.path[0]);
    CHECK(!import_is_mapping(q->output), BAD_INPUT, "data: -o %s: a data file ends in .h5", q->output);
    TRY(data_file_check(q->output, q->replace));
    TRY(images_read(&train, &test, &m));
    TRY(describe(q, &train, &test, m));
    TRY(images_write(m, q->output, q->replace));
    TRY(images_print(m, q->output, stdout));
    if (stat(q->output, &about) == 0)
        fprintf(stderr, "infosweep: wrote %s, %.3g MB\n", q->output, (double)about.st_size / 1e6);
done:
    images_free(m);
    return result;
}

void data_print_image_formats(const char *only, bool *found)
{
    *found = false;
    for (int i = 0; image_formats[i]; i++) {
        const image_format *f = image_formats[i];
        if (only && strcmp(only, f->name) != 0) continue;
        printf("%s (%s)%s%s: %s\n", f->name, f->looks, f->available[0] ? ", off: " : "", f->available,
               f->summary);
        *found = true;
    }
}
