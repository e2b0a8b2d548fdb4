/* CIFAR-10 and CIFAR-100 in their binary versions: records of a label, or two, and an image of 3 × 32 × 32 bytes, with nothing
 * before, between or behind them. Which of both it is, the size of a file says. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/images.h"
#include "data/packed_file.h"

enum { CHANNELS = 3, SIDE = 32, PIXELS = CHANNELS * SIDE * SIDE, FILES_MAX = 64 };

static const char *const cifar_10_names[] = { "airplane", "automobile", "bird",  "cat",  "deer",
                                              "dog",      "frog",       "horse", "ship", "truck" };

/* What stands in a record before its pixels, and how the classes are called. */
typedef struct layout {
    const char *name;
    int labels;       /* bytes */
    int classes[2];   /* of each label */
    int label;        /* which of them is the class */
    const char *file; /* of names of the classes */
} layout;

static const layout cifar_10 = { "CIFAR-10", 1, { 10 }, 0, "batches.meta.txt" };
static const layout cifar_100_fine = { "CIFAR-100", 2, { 20, 100 }, 1, "fine_label_names.txt" };
static const layout cifar_100_coarse = { "CIFAR-100", 2, { 20, 100 }, 0, "coarse_label_names.txt" };

static size_t record_bytes(const layout *l)
{
    return (size_t)(l->labels + PIXELS);
}

/* ---- files of a source ---------------------------------------------------------------------------------------------- */

/* The files of both parts, in order. */
typedef struct cifar_files {
    int count[2];
    char *path[2][FILES_MAX];
} cifar_files;

static void free_files(cifar_files *f)
{
    for (int p = 0; p < 2; p++)
        for (int i = 0; i < f->count[p]; i++) free(f->path[p][i]);
}

static status add_file(cifar_files *f, data_part part, const char *folder, const char *name)
{
    status result = OK;
    char *found = NULL;
    TRY(path_find_packed(folder, name, &found));
    CHECK(found != NULL, BAD_INPUT, "%s: has no %s (nor %s.gz), which belongs to its set", folder, name,
          name);
    f->path[part][f->count[part]++] = found;
done:
    return result;
}

/* Is there a file of this name, packed or not? */
static bool holds(const char *folder, const char *name)
{
    char *found = NULL;
    bool there = path_find_packed(folder, name, &found) == OK && found != NULL;
    free(found);
    return there;
}

static status list_folder(const char *folder, cifar_files *f)
{
    static const char *const batches[] = { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                           "data_batch_4.bin", "data_batch_5.bin" };
    status result = OK;
    bool ten = holds(folder, batches[0]);
    for (int b = 0; ten && b < 5; b++) TRY(add_file(f, DATA_TRAIN, folder, batches[b]));
    if (!ten) TRY(add_file(f, DATA_TRAIN, folder, "train.bin"));
    TRY(add_file(f, DATA_TEST, folder, ten ? "test_batch.bin" : "test.bin"));
done:
    return result;
}

static status list_files(const image_source *s, cifar_files *f)
{
    status result = OK;
    *f = (cifar_files){ .count = { 0, 0 } };
    if (s->paths == 1 && path_is_folder(s->path[0])) return list_folder(s->path[0], f);
    CHECK(s->paths <= FILES_MAX, BAD_INPUT, "%s and more: %d files are too many for one set; at most %d",
          s->path[0], s->paths, FILES_MAX);
    for (int i = 0; i < s->paths; i++) {
        CHECK((f->path[DATA_TRAIN][i] = strdup(s->path[i])) != NULL, NO_MEMORY, "no memory for a path");
        f->count[DATA_TRAIN]++;
    }
done:
    return result;
}

/* ---- records -------------------------------------------------------------------------------------------------------- */

/* Reads `count` images of a file to place `first` of a part. */
static status read_records(const char *path, const layout *l, int64_t count, image_part *to, int64_t first)
{
    status result = OK;
    packed_file *f = NULL;
    TRY(packed_file_open(path, &f));
    for (int64_t i = 0; i < count; i++) {
        unsigned char label[2];
        TRY(packed_file_take(f, label, (size_t)l->labels));
        for (int k = 0; k < l->labels; k++)
            CHECK(label[k] < l->classes[k], BAD_INPUT,
                  "%s: image %" PRId64 " (from 0) has label %d; right would be 0 to %d, as %s has", path, i,
                  label[k], l->classes[k] - 1, l->name);
        to->label[first + i] = label[l->label];
        TRY(packed_file_take(f, to->pixels + (first + i) * PIXELS, PIXELS));
    }
    TRY(packed_file_finish(f));
done:
    packed_file_close(f);
    return result;
}

/* The images of all files of a part, whose sizes are known to be right. */
static status read_part(const cifar_files *f, data_part part, const uint64_t *bytes, const layout *l,
                        images *out)
{
    status result = OK;
    image_part *to = &out->part[part];
    int64_t count = 0, first = 0;
    for (int i = 0; i < f->count[part]; i++) count += (int64_t)(bytes[i] / record_bytes(l));
    if (count == 0) return OK;
    TRY(image_part_make(to, (image_size){ CHANNELS, SIDE, SIDE }, count, f->path[part][0]));
    for (int i = 0; i < f->count[part]; i++) {
        int64_t more = (int64_t)(bytes[i] / record_bytes(l));
        TRY(read_records(f->path[part][i], l, more, to, first));
        first += more;
    }
done:
    if (result != OK) image_part_free(to);
    return result;
}

/* Sizes of all files, and whether all could hold records of either layout. */
static status measure(const cifar_files *f, uint64_t bytes[2][FILES_MAX], bool *ten, bool *hundred)
{
    status result = OK;
    *ten = *hundred = true;
    for (int p = 0; p < 2; p++)
        for (int i = 0; i < f->count[p]; i++) {
            const char *path = f->path[p][i];
            TRY(packed_file_bytes(path, &bytes[p][i]));
            uint64_t size = bytes[p][i];
            CHECK(size > 0, BAD_INPUT, "%s: is empty", path);
            *ten &= size % record_bytes(&cifar_10) == 0;
            *hundred &= size % record_bytes(&cifar_100_fine) == 0;
            CHECK(*ten || *hundred, BAD_INPUT,
                  "%s: %" PRIu64 " bytes are no whole number of CIFAR images: right would be records of %zu "
                  "bytes (CIFAR-10) or %zu (CIFAR-100)%s",
                  path, size, record_bytes(&cifar_10), record_bytes(&cifar_100_fine),
                  p + i > 0 ? ", as in the files before" : "");
        }
done:
    return result;
}

static status read_as(const cifar_files *f, uint64_t bytes[2][FILES_MAX], const layout *l, images *out)
{
    status result = OK;
    for (data_part p = DATA_TRAIN; p <= DATA_TEST; p++) TRY(read_part(f, p, bytes[p], l, out));
    out->size = (image_size){ CHANNELS, SIDE, SIDE };
    out->classes = l->classes[l->label];
done:
    return result;
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

/* Names of the classes, a line each, where they lie beside the images; CIFAR-10's are known. */
static status name_classes(const char *path, const layout *l, images *out)
{
    enum { TEXT_MAX = 1 << 14, NAMES_MAX = 128 };
    status result = OK;
    packed_file *f = NULL;
    char *text = calloc(1, TEXT_MAX + 1);
    char *at = path_is_folder(path) ? path_below(path, l->file) : path_beside(path, l->file);
    const char *name[NAMES_MAX];
    int count = 0;
    size_t size;
    CHECK(text && at, NO_MEMORY, "no memory for names of classes");
    if (!path_is_file(at)) {
        if (l == &cifar_10) TRY(images_name_classes(out, cifar_10_names, 10));
        goto done;
    }
    TRY(packed_file_open(at, &f));
    TRY(packed_file_read(f, text, TEXT_MAX, &size));
    for (char *rest = text, *line; (line = strsep(&rest, "\r\n")) && count < NAMES_MAX;)
        if (line[0]) name[count++] = line;
    CHECK(count == out->classes, BAD_INPUT, "%s: names %d classes; right would be %d, one a line", at, count,
          out->classes);
    TRY(images_name_classes(out, name, count));
done:
    packed_file_close(f);
    free(at);
    free(text);
    return result;
}

/* ---- the format ----------------------------------------------------------------------------------------------------- */

static bool ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), length = strlen(ending);
    return size > length && strcasecmp(path + size - length, ending) == 0;
}

static bool knows(const char *path, const image_glance *g)
{
    if (g->folder) return holds(path, "data_batch_1.bin") || holds(path, "train.bin");
    return ends_in(path, ".bin") || ends_in(path, ".bin.gz");
}

static status choose_labels(const image_source *s, bool ten, const layout **hundred)
{
    status result = OK;
    const char *said = s->labels ? s->labels : "";
    bool coarse = strcmp(said, "coarse") == 0;
    *hundred = coarse ? &cifar_100_coarse : &cifar_100_fine;
    CHECK(!ten || said[0] == '\0', BAD_INPUT,
          "%s: is CIFAR-10, whose labels are its own; labels: %s is for others", s->path[0], said);
    CHECK(coarse || said[0] == '\0' || strcmp(said, "fine") == 0, BAD_INPUT,
          "%s: labels of CIFAR-100 are fine or coarse, not %s", s->path[0], said);
done:
    return result;
}

static status read_cifar(const image_source *s, images *out)
{
    status result = OK;
    cifar_files f;
    uint64_t bytes[2][FILES_MAX];
    bool ten, hundred;
    const layout *l = &cifar_10, *other;
    TRY(list_files(s, &f));
    TRY(measure(&f, bytes, &ten, &hundred));
    TRY(choose_labels(s, ten && !hundred, &other));
    if (ten) result = read_as(&f, bytes, l, out);
    /* files that could be either: labels tell */
    if (!ten || (result == BAD_INPUT && hundred)) {
        for (int p = 0; p < 2; p++) image_part_free(&out->part[p]);
        TRY(read_as(&f, bytes, l = other, out));
    }
    if (result == OK) TRY(name_classes(s->path[0], l, out));
done:
    free_files(&f);
    return result;
}

static status visit_files(const image_source *s, status (*visit)(const char *path, void *context),
                          void *context)
{
    status result = OK;
    cifar_files f;
    TRY(list_files(s, &f));
    for (int p = 0; p < 2; p++)
        for (int i = 0; i < f.count[p]; i++) TRY(visit(f.path[p][i], context));
done:
    free_files(&f);
    return result;
}

const image_format cifar_image_format = {
    .name = "cifar",
    .looks = ".bin, .bin.gz, or a folder of them",
    .summary = "CIFAR-10 and CIFAR-100, binary version; of a folder, all batches and the test batch",
    .available = "",
    .knows = knows,
    .read = read_cifar,
    .files = visit_files,
};
