#include "data/image_set.h"

#include <stdlib.h>
#include <string.h>

#include "data/image_set_block.h"
#include "data/images.h"

/* Sets that this process holds, so that a grid over images reads them once. */
typedef struct kept_set {
    struct kept_set *next;
    char *key; /* the paths that it was read of */
    image_set set;
    images *own; /* what was read: pixels and labels until they are moved; NULL where another process did */
    const char **name; /* of the classes, where another process did */
    bool in_a_block;   /* pixels and labels lie in a block, which is not freed here */
} kept_set;
static kept_set *kept;

/* ---- what options name ------------------------------------------------------------------------------------------------- */

/* The paths of the options; NULL where one is not given. */
typedef struct paths {
    char *file, *test_file, *labels, *test_labels;
} paths;

static void free_paths(paths *p)
{
    free(p->file);
    free(p->test_file);
    free(p->labels);
    free(p->test_labels);
}

static bool given(const char *text)
{
    return text && text[0];
}

/* CIFAR-100 has two labels, which are words and no files. */
static bool is_word(const char *labels)
{
    return strcmp(labels, "fine") == 0 || strcmp(labels, "coarse") == 0;
}

static status find_path(const settings *s, const char *of, const char *name, char **out)
{
    status result = OK;
    if (!given(name)) return OK;
    TRY(data_path_or_folder(s, name, out));
done:
    return result == OK ? OK : failure_at(result, "data.%s", of);
}

static status find_labels(const settings *s, const char *of, const char *name, char **out)
{
    if (!given(name) || !is_word(name)) return find_path(s, of, name, out);
    *out = strdup(name);
    return *out ? OK : failure(NO_MEMORY, "no memory for a path");
}

static status find_paths(const settings *s, const image_files *files, paths *p)
{
    status result = OK;
    *p = (paths){ NULL };
    CHECK(given(files->file), BAD_INPUT,
          "data.file is not given: name a data file of images, CIFAR or IDX files, or a folder of images");
    CHECK(given(files->test_file) || !given(files->test_labels), BAD_INPUT,
          "data.test_labels is given without data.test_file, whose labels it would name");
    TRY(find_path(s, "file", files->file, &p->file));
    TRY(find_path(s, "test_file", files->test_file, &p->test_file));
    TRY(find_labels(s, "labels", files->labels, &p->labels));
    TRY(find_labels(s, "test_labels", files->test_labels, &p->test_labels));
    if (p->test_file && p->test_labels == NULL && p->labels && is_word(p->labels))
        CHECK((p->test_labels = strdup(p->labels)) != NULL, NO_MEMORY, "no memory for a path");
done:
    return result;
}

/* One text for all paths, which no path holds. The caller frees it; NULL for want of memory. */
static char *key_of(const paths *p)
{
    const char *const part[] = { p->file, p->test_file, p->labels, p->test_labels };
    char *key = NULL;
    size_t size;
    FILE *to = open_memstream(&key, &size);
    if (to == NULL) return NULL;
    for (int i = 0; i < 4; i++) fprintf(to, "%s\n", part[i] ? part[i] : "");
    if (fclose(to) == 0) return key;
    free(key);
    return NULL;
}

/* ---- what is kept ------------------------------------------------------------------------------------------------------ */

static void forget(kept_set *k)
{
    if (k == NULL) return;
    images_free(k->own);
    free(k->name);
    free(k->key);
    free(k);
}

static kept_set *kept_of(const char *key)
{
    kept_set *k = kept;
    while (k && strcmp(k->key, key) != 0) k = k->next;
    return k;
}

static status make_kept(const char *key, kept_set **out)
{
    status result = OK;
    *out = calloc(1, sizeof **out);
    CHECK(*out && ((*out)->key = strdup(key)), NO_MEMORY, "no memory for a set of images");
done:
    if (result != OK) free(*out);
    if (result != OK) *out = NULL;
    return result;
}

static void keep(kept_set *k)
{
    k->next = kept;
    kept = k;
}

static void point_at_own(kept_set *k)
{
    const images *own = k->own;
    const image_part *train = &own->part[DATA_TRAIN], *test = &own->part[DATA_TEST];
    k->set = (image_set){
        .path = k->own->source,
        .size = own->size,
        .classes = own->classes,
        .train = train->count,
        .test = test->count,
        .train_pixels = train->pixels,
        .test_pixels = test->pixels,
        .train_label = train->label,
        .test_label = test->label,
        .class_name = (const char *const *)own->class_name,
    };
}

static status read_set(const paths *p, kept_set *k)
{
    status result = OK;
    const char *const file[] = { p->file }, *const test_file[] = { p->test_file };
    const image_source train = { file, 1, p->labels },
                       test = { test_file, p->test_file ? 1 : 0, p->test_labels };
    TRY(images_read(&train, &test, &k->own));
    free(k->own->source);
    CHECK((k->own->source = strdup(p->file)) != NULL, NO_MEMORY, "no memory for a path");
    point_at_own(k);
done:
    return result;
}

status image_set_find(const settings *s, const image_files *files, const image_set **out)
{
    status result = OK;
    paths p;
    kept_set *k = NULL;
    char *key = NULL;
    TRY(find_paths(s, files, &p));
    CHECK((key = key_of(&p)) != NULL, NO_MEMORY, "no memory for a path");
    if (kept_of(key) == NULL) {
        TRY(make_kept(key, &k));
        TRY(read_set(&p, k));
        keep(k);
        k = NULL;
    }
    *out = &kept_of(key)->set;
done:
    forget(k);
    free(key);
    free_paths(&p);
    return result;
}

status image_set_files(const settings *s, const image_files *files,
                       status (*visit)(const char *path, void *context), void *context)
{
    status result = OK;
    paths p;
    TRY(find_paths(s, files, &p));
    const char *const file[] = { p.file }, *const test_file[] = { p.test_file };
    TRY(images_files(&(image_source){ file, 1, p.labels }, visit, context));
    if (p.test_file) TRY(images_files(&(image_source){ test_file, 1, p.test_labels }, visit, context));
done:
    free_paths(&p);
    return result;
}

void image_set_close(void)
{
    while (kept) {
        kept_set *next = kept->next;
        forget(kept);
        kept = next;
    }
}

/* ---- sharing with other processes of the machine ------------------------------------------------------------------------ */

static kept_set *kept_at(int index)
{
    kept_set *k = kept;
    for (; k && index > 0; index--) k = k->next;
    return k;
}

static status held(int index, const char **key, size_t *bytes)
{
    const kept_set *k = kept_at(index);
    *key = k ? k->key : NULL;
    *bytes = 0;
    return k && !k->in_a_block ? image_set_block_bytes(&k->set, bytes) : OK;
}

static void move(int index, void *to)
{
    kept_set *k = kept_at(index);
    image_set_block_move(&k->set, to);
    for (int p = 0; p < 2; p++) image_part_free(&k->own->part[p]);
    k->in_a_block = true;
}

static status adopt(const char *key, const void *block, size_t bytes)
{
    status result = OK;
    kept_set *k = NULL;
    if (kept_of(key)) return OK;
    TRY(make_kept(key, &k));
    TRY(image_set_block_open(block, bytes, &k->set, &k->name));
    k->in_a_block = true;
    keep(k);
    k = NULL;
done:
    forget(k);
    return result;
}

const data_sharing image_set_sharing = { held, move, adopt };
