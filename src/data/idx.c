/* IDX, the format of MNIST and its kin: a magic number (two zeros, the type of values, the number of dimensions), the
 * extents as 32-bit numbers, most significant byte first, and the values. Images lie in one file and labels in another. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "data/images.h"
#include "data/packed_file.h"

enum { MAGIC = 4, RANK_MAX = 4 };
enum { BYTES = 0x08, TYPE_MAX = 0x0e }; /* types of values: the first is the one that is read */

/* ---- one file ---------------------------------------------------------------------------------------------------------- */

typedef struct idx_file {
    packed_file *file;
    const char *path;
    int rank;
    int64_t extent[RANK_MAX], values;
} idx_file;

/* "60000 × 28 × 28" */
static const char *shape_text(const idx_file *x, char *to, size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (int i = 0; i < x->rank && used < size; i++)
        used += (size_t)snprintf(to + used, size - used, "%s%" PRId64, i > 0 ? " × " : "", x->extent[i]);
    return to;
}

static status read_extents(idx_file *x)
{
    status result = OK;
    unsigned char head[4 * RANK_MAX];
    char shape[96];
    bool fits = true;
    TRY(packed_file_take(x->file, head, 4 * (size_t)x->rank));
    x->values = 1;
    for (int i = 0; i < x->rank; i++) {
        const unsigned char *at = head + 4 * i;
        x->extent[i] = (int64_t)at[0] << 24 | (int64_t)at[1] << 16 | (int64_t)at[2] << 8 | at[3];
        fits &= !__builtin_mul_overflow(x->values, x->extent[i], &x->values);
    }
    shape_text(x, shape, sizeof shape);
    CHECK(x->extent[0] > 0, BAD_INPUT, "%s: is empty: %s", x->path, shape);
    uint64_t most = packed_file_most(x->file);
    CHECK(fits && (uint64_t)x->values <= most, BAD_INPUT,
          "%s: cut off or damaged: says %s, and can hold %" PRIu64 " bytes at most", x->path, shape, most);
done:
    return result;
}

static status open_idx(const char *path, idx_file *x)
{
    status result = OK;
    unsigned char magic[MAGIC];
    *x = (idx_file){ .path = path };
    TRY(packed_file_open(path, &x->file));
    TRY(packed_file_take(x->file, magic, MAGIC));
    CHECK(magic[0] == 0 && magic[1] == 0, BAD_INPUT, "%s: is no IDX file", path);
    CHECK(magic[2] == BYTES, BAD_INPUT, "%s: holds IDX values of type 0x%02x; right would be 0x08, bytes",
          path, magic[2]);
    x->rank = magic[3];
    CHECK(x->rank >= 1 && x->rank <= RANK_MAX, BAD_INPUT,
          "%s: holds an IDX array of %d dimensions; right would be 1 to %d", path, x->rank, RANK_MAX);
    TRY(read_extents(x));
done:
    return result;
}

static status read_values(const idx_file *x, void *to)
{
    status result = OK;
    TRY(packed_file_take(x->file, to, (size_t)x->values));
    TRY(packed_file_finish(x->file));
done:
    return result;
}

/* ---- images ------------------------------------------------------------------------------------------------------------ */

static bool is_colours(int64_t extent)
{
    return extent == 1 || extent == 3;
}

/* Grey images (n, h, w); colours first (n, c, h, w), or last (n, h, w, c), as the extents say. */
static status take_size(const idx_file *x, image_size *size, bool *last)
{
    status result = OK;
    char shape[96];
    const int64_t *e = x->extent;
    bool first = x->rank == 4 && is_colours(e[1]);
    *last = x->rank == 4 && !first && is_colours(e[3]);
    CHECK(x->rank == 3 || first || *last, BAD_INPUT,
          "%s: holds %s values; right would be images × height × width, with 1 or 3 channels before or "
          "behind them",
          x->path, shape_text(x, shape, sizeof shape));
    int64_t height = *last ? e[1] : e[x->rank - 2], width = *last ? e[2] : e[x->rank - 1];
    CHECK(height >= 1 && width >= 1 && height <= IMAGE_SIDE_MAX && width <= IMAGE_SIDE_MAX, BAD_INPUT,
          "%s: holds images of %" PRId64 " × %" PRId64 "; right would be 1 to %d a side", x->path, height,
          width, IMAGE_SIDE_MAX);
    *size = (image_size){ first ? (int)e[1] : *last ? (int)e[3] : 1, (int)height, (int)width };
done:
    return result;
}

/* From (h, w, c) to (c, h, w), one image after the other. */
static status put_channels_first(image_part *p, image_size size, const char *path)
{
    status result = OK;
    int64_t all = image_bytes(size), plane = (int64_t)size.height * size.width;
    uint8_t *copy = malloc((size_t)all);
    CHECK(copy != NULL, NO_MEMORY, "%s: no memory for an image", path);
    for (int64_t i = 0; i < p->count; i++) {
        uint8_t *image = p->pixels + i * all;
        memcpy(copy, image, (size_t)all);
        for (int c = 0; c < size.channels; c++)
            for (int64_t at = 0; at < plane; at++) image[c * plane + at] = copy[at * size.channels + c];
    }
done:
    free(copy);
    return result;
}

static status read_images(const char *path, image_part *out, image_size *size)
{
    status result = OK;
    idx_file x;
    bool last;
    TRY(open_idx(path, &x));
    CHECK(x.rank > 1, BAD_INPUT, "%s: holds labels; right would be the file of the images", path);
    TRY(take_size(&x, size, &last));
    TRY(image_part_make(out, *size, x.extent[0], path));
    TRY(read_values(&x, out->pixels));
    if (last) TRY(put_channels_first(out, *size, path));
done:
    packed_file_close(x.file);
    return result;
}

/* ---- labels ------------------------------------------------------------------------------------------------------------ */

/* Replaces `from` by `to` in a name, where it is there. */
static bool replace(char *text, size_t size, const char *from, const char *to)
{
    char *at = strstr(text, from), behind[256];
    if (at == NULL) return false;
    snprintf(behind, sizeof behind, "%s", at + strlen(from));
    snprintf(at, size - (size_t)(at - text), "%s%s", to, behind);
    return true;
}

/* train-images-idx3-ubyte.gz has its labels in train-labels-idx1-ubyte.gz, or in the same without .gz. */
static status find_labels(const char *path, char **found)
{
    status result = OK;
    const char *slash = strrchr(path, '/');
    char name[256], *folder = path_beside(path, "");
    *found = NULL;
    CHECK(folder != NULL, NO_MEMORY, "no memory for a path");
    bool fits = (size_t)snprintf(name, sizeof name, "%s", slash ? slash + 1 : path) < sizeof name;
    bool named = replace(name, sizeof name, "images", "labels");
    if (!replace(name, sizeof name, "idx3", "idx1")) replace(name, sizeof name, "idx4", "idx1");
    CHECK(fits && named, BAD_INPUT,
          "%s: its labels are in a file that its name does not tell (train-images… has train-labels…); "
          "`labels` can",
          path);
    char *end = strstr(name, ".gz");
    if (end && end[3] == '\0') *end = '\0';
    TRY(path_find_packed(folder[0] ? folder : ".", name, found));
    CHECK(*found != NULL, BAD_INPUT, "%s: its labels are not beside it: neither %s nor %s.gz is there", path,
          name, name);
done:
    free(folder);
    return result;
}

static status read_labels(const char *path, const char *images_path, image_part *to, uint8_t **out)
{
    status result = OK;
    idx_file x;
    *out = NULL;
    TRY(open_idx(path, &x));
    CHECK(x.rank == 1, BAD_INPUT, "%s: holds no labels, but an array of %d dimensions", path, x.rank);
    CHECK(x.values == to->count, BAD_INPUT, "%s: holds %" PRId64 " labels, and %s %" PRId64 " images", path,
          x.values, images_path, to->count);
    *out = malloc((size_t)x.values);
    CHECK(*out != NULL, NO_MEMORY, "%s: no memory for its labels", path);
    TRY(read_values(&x, *out));
done:
    packed_file_close(x.file);
    return result;
}

/* Labels of EMNIST letters count from 1, all others from 0. */
static void take_labels(const uint8_t *label, image_part *to, images *out)
{
    int lowest = 255, highest = 0;
    for (int64_t i = 0; i < to->count; i++) {
        lowest = label[i] < lowest ? label[i] : lowest;
        highest = label[i] > highest ? label[i] : highest;
    }
    out->first_label = lowest == 1 ? 1 : 0;
    out->classes = highest - out->first_label + 1;
    for (int64_t i = 0; i < to->count; i++) to->label[i] = (uint16_t)(label[i] - out->first_label);
}

/* The class of each test image, as the training images count them. */
static status take_test_labels(const uint8_t *label, const char *path, images *out)
{
    status result = OK;
    image_part *to = &out->part[DATA_TEST];
    for (int64_t i = 0; i < to->count; i++) {
        int class = label[i] - out->first_label;
        CHECK(class >= 0 && class < out->classes, BAD_INPUT,
              "%s: image %" PRId64
              " (from 0) has label %d; right would be %d to %d, as the training images have",
              path, i, label[i], out->first_label, out->first_label + out->classes - 1);
        to->label[i] = (uint16_t) class;
    }
done:
    return result;
}

/* ---- a source ---------------------------------------------------------------------------------------------------------- */

/* The files of images and labels of both parts; NULL where there is no test part. */
typedef struct idx_files {
    char *images[2], *labels[2];
} idx_files;

static void free_files(idx_files *f)
{
    for (int p = 0; p < 2; p++) {
        free(f->images[p]);
        free(f->labels[p]);
    }
}

/* "FOLDER/train-images-idx3-ubyte" in the spellings that are met. */
static status find_images(const char *folder, const char *part, char **found)
{
    status result = OK;
    static const char *const spellings[] = { "-images-idx3-ubyte", "-images.idx3-ubyte", "-images-idx4-ubyte",
                                             "-images.idx4-ubyte" };
    *found = NULL;
    for (int i = 0; i < 4 && *found == NULL; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", part, spellings[i]);
        TRY(path_find_packed(folder, name, found));
    }
done:
    return result;
}

static status list_files(const image_source *s, idx_files *f)
{
    status result = OK;
    bool labels = s->labels && s->labels[0];
    *f = (idx_files){ .images = { NULL } };
    if (!path_is_folder(s->path[0])) {
        f->images[DATA_TRAIN] = strdup(s->path[0]);
        CHECK(f->images[DATA_TRAIN], NO_MEMORY, "no memory for a path");
        if (labels)
            CHECK((f->labels[DATA_TRAIN] = strdup(s->labels)) != NULL, NO_MEMORY, "no memory for a path");
    } else {
        CHECK(!labels, BAD_INPUT,
              "%s: a folder, whose labels lie beside its images; `labels` belongs to a file", s->path[0]);
        TRY(find_images(s->path[0], "train", &f->images[DATA_TRAIN]));
        TRY(find_images(s->path[0], "t10k", &f->images[DATA_TEST]));
        if (f->images[DATA_TEST] == NULL) TRY(find_images(s->path[0], "test", &f->images[DATA_TEST]));
    }
    for (int p = 0; p < 2; p++)
        if (f->images[p] && f->labels[p] == NULL) TRY(find_labels(f->images[p], &f->labels[p]));
done:
    return result;
}

static status read_part(const idx_files *f, data_part part, images *out)
{
    status result = OK;
    image_part *to = &out->part[part];
    image_size size;
    char here[SIZE_TEXT], before[SIZE_TEXT];
    uint8_t *label = NULL;
    TRY(read_images(f->images[part], to, &size));
    CHECK(part == DATA_TRAIN || image_size_equal(size, out->size), BAD_INPUT,
          "%s: holds images of %s, and %s of %s", f->images[part], image_size_text(size, here),
          f->images[DATA_TRAIN], image_size_text(out->size, before));
    out->size = size;
    TRY(read_labels(f->labels[part], f->images[part], to, &label));
    if (part == DATA_TRAIN)
        take_labels(label, to, out);
    else
        TRY(take_test_labels(label, f->labels[part], out));
done:
    free(label);
    return result;
}

static status read_idx(const image_source *s, images *out)
{
    status result = OK;
    idx_files f;
    TRY(list_files(s, &f));
    TRY(read_part(&f, DATA_TRAIN, out));
    if (f.images[DATA_TEST]) TRY(read_part(&f, DATA_TEST, out));
done:
    free_files(&f);
    return result;
}

static status visit_files(const image_source *s, status (*visit)(const char *path, void *context),
                          void *context)
{
    status result = OK;
    idx_files f;
    TRY(list_files(s, &f));
    for (int p = 0; p < 2; p++) {
        if (f.images[p]) TRY(visit(f.images[p], context));
        if (f.labels[p]) TRY(visit(f.labels[p], context));
    }
done:
    free_files(&f);
    return result;
}

static bool knows(const char *path, const image_glance *g)
{
    char *found = NULL;
    bool zeros = g->bytes >= MAGIC && g->head[0] == 0 && g->head[1] == 0;
    if (!g->folder) return zeros && g->head[2] >= BYTES && g->head[2] <= TYPE_MAX;
    bool there = find_images(path, "train", &found) == OK && found != NULL;
    free(found);
    return there;
}

const image_format idx_image_format = {
    .name = "idx",
    .looks = "…-images-idx3-ubyte, packed (.gz) or not, with …-labels-idx1-ubyte beside it, or a folder of "
             "both parts",
    .summary = "MNIST and its kin; grey, or in colours (four dimensions)",
    .available = "",
    .knows = knows,
    .read = read_idx,
    .files = visit_files,
};
