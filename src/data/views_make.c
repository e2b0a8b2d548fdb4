/* From an image set and options to the shape of a dataset and to the dataset. */
#include <math.h>
#include <stdlib.h>

#include "data/views.h"
#include "data/views_read.h"

static void shape_of(const image_set *set, const views_options *o, const views_layout *layout,
                     const chosen_images *chosen, data_shape *shape)
{
    *shape = (data_shape){ .sources = layout->sources,
                           .classes = set->classes,
                           .train = chosen->train,
                           .test = chosen->test,
                           .augmented = views_are_augmented(o) };
    for (int i = 0; i < layout->sources; i++) {
        const image_size size = view_size(layout, i);
        shape->image[i] = size;
        shape->features[i] = size.channels * size.height * size.width;
    }
}

/* Everything but what is made of the pixels. */
static status check(const image_set *set, const views_options *o, views_layout *layout, chosen_images *chosen)
{
    status result = OK;
    const int least = set->size.height < set->size.width ? set->size.height : set->size.width;
    *chosen = (chosen_images){ 0 };
    TRY(pixel_scale_check(o, set)); /* and that there are not too many channels */
    TRY(views_layout_make(o, set->size, set->path, layout));
    CHECK(!views_are_augmented(o) || o->pad <= least, BAD_INPUT,
          "data.pad is %lld, but the images of %s have %d x %d pixels; right would be 0 to %d",
          (long long)o->pad, set->path, set->size.height, set->size.width, least);
    TRY(chosen_images_make(set, o, chosen));
done:
    return result;
}

status views_shape(const image_set *set, const views_options *o, data_shape *shape)
{
    status result = OK;
    views_layout layout;
    chosen_images chosen;
    TRY(check(set, o, &layout, &chosen));
    shape_of(set, o, &layout, &chosen, shape);
done:
    chosen_images_free(&chosen);
    return result;
}

static status state_make(const image_set *set, const views_options *o, views_state **out)
{
    status result = OK;
    views_state *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for views of images");
    made->set = set;
    made->quantise = o->quantise;
    made->augment = o->augment;
    made->pad = (int)o->pad;
    TRY(check(set, o, &made->layout, &made->chosen));
    pixel_scale_make(o, set, &made->chosen, &made->scale);
    if (o->views == VIEWS_FREQUENCIES)
        TRY(view_filter_make(set->size.height, set->size.width, (int)o->mask, &made->filter));
    *out = made;
    made = NULL;
done:
    views_state_free(made);
    return result;
}

/* Entropy of the classes of all images that are used, training and test: of 50,000 and 10,000 images in ten classes of one size,
 * log2 10. */
static status set_target(dataset *d)
{
    status result = OK;
    const views_state *s = d->reader_state;
    const uint16_t *train = s->set->train_label, *test = chosen_test_labels(s->set);
    const int64_t samples = d->shape.train + d->shape.test;
    int32_t *label = malloc((size_t)samples * sizeof *label);
    CHECK(label != NULL, NO_MEMORY, "no memory for %lld labels", (long long)samples);
    for (int64_t i = 0; i < d->shape.train; i++) label[i] = d->train_y[i] = train[s->chosen.train_image[i]];
    for (int64_t i = 0; i < d->shape.test; i++)
        label[d->shape.train + i] = d->test_y[i] = test[s->chosen.test_image[i]];
    d->target_entropy_bits = dataset_empirical_entropy_bits(label, samples, d->shape.classes);
done:
    free(label);
    return result;
}

status views_make(const image_set *set, const views_options *o, dataset **out)
{
    status result = OK;
    data_shape shape;
    views_state *state = NULL;
    dataset *made = NULL;
    TRY(state_make(set, o, &state));
    shape_of(set, o, &state->layout, &state->chosen, &shape);
    TRY(dataset_make_read(&shape, &views_reader, state, &made));
    TRY(set_target(made));
    *out = made;
    made = NULL;
done:
    dataset_free(made);
    return result;
}
