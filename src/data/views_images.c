#include "data/views_images.h"

#include <math.h>
#include <stdlib.h>

#include "random.h"

/* Images of a part of a set, by their numbers in it. */
typedef struct image_list {
    const uint16_t *label; /* of all images of the part, by number */
    int classes;
    int64_t count;
    int32_t *image; /* (count) ascending; owned */
} image_list;

static status list_all(const uint16_t *label, int classes, int64_t count, image_list *out)
{
    status result = OK;
    *out = (image_list){ .label = label, .classes = classes, .count = count };
    CHECK(count <= INT32_MAX, BAD_INPUT, "data.file: %lld images are more than %d", (long long)count,
          INT32_MAX);
    out->image = malloc(((size_t)count + 1) * sizeof *out->image);
    CHECK(out->image != NULL, NO_MEMORY, "no memory for %lld images", (long long)count);
    for (int64_t i = 0; i < count; i++) out->image[i] = (int32_t)i;
done:
    return result;
}

/* ---- some of every class -------------------------------------------------------------------------------------------- */

/* The images of a list, class by class. */
typedef struct class_lists {
    int64_t *first; /* (classes + 1) where each class begins in `place` */
    int64_t *taken; /* (classes) how many of it are drawn */
    int64_t *place; /* (images) places in the list */
    int32_t *order; /* (images) for the order within a class */
} class_lists;

static void class_lists_free(class_lists *c)
{
    free(c->first);
    free(c->taken);
    free(c->place);
    free(c->order);
}

static status class_lists_make(const image_list *l, class_lists *c)
{
    status result = OK;
    const size_t classes = (size_t)l->classes, count = (size_t)l->count;
    *c = (class_lists){ .first = calloc(classes + 1, sizeof *c->first),
                        .taken = calloc(classes + 1, sizeof *c->taken),
                        .place = malloc((count + 1) * sizeof *c->place),
                        .order = malloc((count + 1) * sizeof *c->order) };
    CHECK(c->first && c->taken && c->place && c->order, NO_MEMORY, "no memory for %zu images", count);
    for (int64_t i = 0; i < l->count; i++) c->first[l->label[l->image[i]] + 1]++;
    for (int k = 0; k < l->classes; k++) c->first[k + 1] += c->first[k];
    for (int64_t i = 0; i < l->count; i++) {
        const int k = l->label[l->image[i]];
        c->place[c->first[k] + c->taken[k]++] = i;
    }
done:
    return result;
}

/* Every class gives its share of `wanted`, rounded down; what is missing then comes from the classes whose shares were cut most,
 * the first of those that were cut alike. */
static void share_out(const class_lists *c, int classes, int64_t wanted)
{
    const int64_t all = c->first[classes];
    int64_t missing = wanted;
    for (int k = 0; k < classes; k++) {
        c->taken[k] = wanted * (c->first[k + 1] - c->first[k]) / all;
        missing -= c->taken[k];
    }
    for (; missing > 0; missing--) {
        int most = 0;
        int64_t most_cut = INT64_MIN;
        for (int k = 0; k < classes; k++) {
            const int64_t cut = wanted * (c->first[k + 1] - c->first[k]) - c->taken[k] * all;
            if (cut <= most_cut) continue;
            most = k;
            most_cut = cut;
        }
        c->taken[most]++;
    }
}

/* Draws `wanted` images, of every class its share: drawn (images of the list) becomes 1 for those. Each class has its own random
 * order, whose first ones are taken. */
static status draw(const image_list *l, int64_t wanted, random_key key, uint8_t *drawn)
{
    status result = OK;
    class_lists c;
    TRY(class_lists_make(l, &c));
    share_out(&c, l->classes, wanted);
    for (int k = 0; k < l->classes; k++) {
        key.stream = (uint32_t)k;
        random_permutation(key, c.first[k + 1] - c.first[k], c.order);
        for (int64_t i = 0; i < c.taken[k]; i++) drawn[c.place[c.first[k] + c.order[i]]] = 1;
    }
done:
    class_lists_free(&c);
    return result;
}

static void keep_where(image_list *l, const uint8_t *drawn, uint8_t value)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < l->count; i++)
        if (drawn[i] == value) l->image[kept++] = l->image[i];
    l->count = kept;
}

/* Moves `wanted` images of a list to another one, which is empty, or drops the others where there is none. */
static status take(image_list *from, int64_t wanted, random_key key, image_list *to)
{
    status result = OK;
    uint8_t *drawn = calloc((size_t)from->count + 1, 1);
    CHECK(drawn != NULL, NO_MEMORY, "no memory for %lld images", (long long)from->count);
    TRY(draw(from, wanted, key, drawn));
    if (to) {
        TRY(list_all(from->label, from->classes, from->count, to));
        keep_where(to, drawn, 1);
    }
    keep_where(from, drawn, to ? 0 : 1);
done:
    free(drawn);
    return result;
}

/* ---- the two parts -------------------------------------------------------------------------------------------------- */

static status divide(const image_set *set, const views_options *o, image_list *train, image_list *test)
{
    status result = OK;
    const random_key key = { .seed = (uint64_t)o->split_seed, .purpose = RANDOM_SPLIT };
    TRY(list_all(set->train_label, set->classes, set->train, train));
    if (set->test > 0) {
        TRY(list_all(set->test_label, set->classes, set->test, test));
        goto done;
    }
    CHECK(
        o->test_fraction > 0 && o->test_fraction < 1, BAD_INPUT,
        "data.test_fraction is %g, and %s has no test part of its own; right would be a share between 0 and "
        "1, or data.test_file",
        o->test_fraction, set->path);
    TRY(take(train, llround((double)set->train * o->test_fraction), key, test));
done:
    return result;
}

static status limit(image_list *l, int64_t wanted, const char *option_name, data_part part,
                    const views_options *o)
{
    status result = OK;
    const random_key key = { .seed = (uint64_t)o->split_seed,
                             .purpose = RANDOM_SUBSET,
                             .epoch = part == DATA_TRAIN ? 0 : 1 };
    if (wanted == IMAGES_ALL) return OK;
    CHECK(wanted <= l->count, BAD_INPUT,
          "data.%s is %lld, but there are %lld; right would be up to that, or all", option_name,
          (long long)wanted, (long long)l->count);
    if (wanted < l->count) TRY(take(l, wanted, key, NULL));
done:
    return result;
}

/* Without an image to train on a class cannot be learned, and without one to test it has no result of its own. */
static status check_classes(const image_set *set, const image_list *l, const char *what,
                            const char *option_name)
{
    status result = OK;
    bool *has = calloc((size_t)l->classes + 1, sizeof *has);
    CHECK(has != NULL, NO_MEMORY, "no memory for %d classes", l->classes);
    for (int64_t i = 0; i < l->count; i++) has[l->label[l->image[i]]] = true;
    for (int c = 0; c < l->classes; c++)
        CHECK(has[c], BAD_INPUT,
              "data.%s: none of the %lld %s images of %s is of class %d%s%.60s (of 0 to %d); right would be "
              "some of every class",
              option_name, (long long)l->count, what, set->path, c, set->class_name ? ", " : "",
              set->class_name ? set->class_name[c] : "", l->classes - 1);
done:
    free(has);
    return result;
}

status chosen_images_make(const image_set *set, const views_options *o, chosen_images *out)
{
    status result = OK;
    image_list train = { 0 }, test = { 0 };
    *out = (chosen_images){ 0 };
    TRY(divide(set, o, &train, &test));
    const bool given = set->test > 0;
    TRY(check_classes(set, &train, "training", given ? "file" : "test_fraction"));
    TRY(check_classes(set, &test, "test", given ? "test_file" : "test_fraction"));
    TRY(limit(&train, o->images, "images", DATA_TRAIN, o));
    TRY(limit(&test, o->test_images, "test_images", DATA_TEST, o));
    TRY(check_classes(set, &train, "training", "images"));
    TRY(check_classes(set, &test, "test", "test_images"));
    *out = (chosen_images){ train.count, test.count, train.image, test.image };
    train.image = test.image = NULL;
done:
    free(train.image);
    free(test.image);
    return result;
}

void chosen_images_free(chosen_images *c)
{
    free(c->train_image);
    free(c->test_image);
}

const uint16_t *chosen_test_labels(const image_set *set)
{
    return set->test > 0 ? set->test_label : set->train_label;
}
