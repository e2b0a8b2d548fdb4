#include "data/views.h"

#include "data/kinds.h"

#define FIELD(f) offsetof(views_options, f)
static const option views_option_table[] = {
    { "file", OPTION_TEXT, FIELD(files.file), "", 0, 0, "",
      "images: a folder with a folder of JPEG or PNG files per class, a data file (infosweep data import), "
      "CIFAR binary files or an IDX file",
      NULL, OPTION_LANE },
    { "test_file", OPTION_TEXT, FIELD(files.test_file), "", 0, 0, "",
      "images of the test part, where `file` does not hold them", NULL, OPTION_LANE },
    { "labels", OPTION_TEXT, FIELD(files.labels), "", 0, 0, "",
      "IDX file of the classes of `file`, where it is not beside it under its usual name", NULL,
      OPTION_LANE },
    { "test_labels", OPTION_TEXT, FIELD(files.test_labels), "", 0, 0, "",
      "IDX file of the classes of `test_file`, likewise", NULL, OPTION_LANE },
    { "images", OPTION_INTEGER, FIELD(images), "all", 1, 1e9, "images",
      "to train on: of every class its share, drawn by split_seed", "all", OPTION_LANE },
    { "test_images", OPTION_INTEGER, FIELD(test_images), "all", 1, 1e9, "images", "to test on, likewise",
      "all", OPTION_LANE },
    { "test_fraction", OPTION_REAL, FIELD(test_fraction), "0.2", 0, 1, "",
      "share of every class to test on, drawn by split_seed, where the images have no test part of their own",
      NULL, OPTION_LANE },
    { "split_seed", OPTION_INTEGER, FIELD(split_seed), "0", 0, 1e15, "",
      "of which images are trained on and tested: networks of all seeds see the same", NULL, OPTION_LANE },
    { "views", OPTION_CHOICE, FIELD(views), "crops", 0, 0, "",
      "what sources 1 and 2 see: crops, the last and the first `width` columns; channels, by channels_1 and "
      "channels_2; frequencies, the high and the low ones by `mask`; halves, top and bottom; whole, all of "
      "it",
      "crops|channels|frequencies|halves|whole", OPTION_LANE },
    { "width", OPTION_INTEGER, FIELD(width), "half", 1, 100000, "columns",
      "of both crops: up to half of the image they are disjoint, at its width both are the whole image",
      "half", OPTION_LANE },
    { "crop_rule", OPTION_CHOICE, FIELD(crop_rule), "zero", 0, 0, "",
      "what becomes of the rest of crops and halves: zero, it is 0 after normalising (as published); cut, "
      "the image is as small as what is seen",
      "zero|cut", OPTION_LANE },
    { "channels_1", OPTION_TEXT, FIELD(channels[0]), "blue", 0, 0, "",
      "colours that source 1 sees, joined by + where there are several: red+green", "red|green|blue",
      OPTION_LANE },
    { "channels_2", OPTION_TEXT, FIELD(channels[1]), "red", 0, 0, "", "colours that source 2 sees",
      "red|green|blue", OPTION_LANE },
    { "channels_3", OPTION_TEXT, FIELD(channels[2]), "", 0, 0, "",
      "colours that source 3 sees; without: there are two sources", "red|green|blue", OPTION_LANE },
    { "channel_rule", OPTION_CHOICE, FIELD(channel_rule), "zero", 0, 0, "",
      "what becomes of the other colours: zero, they are 0 after normalising (as published); cut, the image "
      "has only those that are seen",
      "zero|cut", OPTION_LANE },
    { "mask", OPTION_INTEGER, FIELD(mask), "2", 0, 100000, "frequencies",
      "of the low frequencies along rows and columns: m keeps -m to m, (2m+1) x (2m+1) of the Fourier "
      "transform",
      NULL, OPTION_LANE },
    { "quantise", OPTION_CHOICE, FIELD(quantise), "wrap", 0, 0, "",
      "filtered pixels of 0 to 255: none, real numbers; round, to whole ones, negative too; wrap, written to "
      "a byte, so that fractions are cut off and -1 becomes 255 (as published)",
      "none|round|wrap", OPTION_LANE },
    { "augment", OPTION_CHOICE, FIELD(augment), "independent", 0, 0, "",
      "training images are padded and cropped at random in every pass: each source by a crop of its own (as "
      "published), or both by the same; never for frequencies",
      "none|independent|same", OPTION_LANE },
    { "pad", OPTION_INTEGER, FIELD(pad), "4", 0, 1000, "pixels",
      "on every side before a crop of the image's size: most that it is shifted", NULL, OPTION_LANE },
    { "fill", OPTION_INTEGERS, FIELD(fill), "[125, 123, 113]", 0, 255, "",
      "what an image is padded with: red, green and blue, or one number; grey images take their mean", NULL,
      OPTION_LANE },
    { "normalise", OPTION_CHOICE, FIELD(normalise), "cifar", 0, 0, "",
      "of pixels in 0 to 1, by channel: cifar, the published means and deviations of CIFAR-10; data, those "
      "of "
      "the training images; unit, not at all",
      "cifar|data|unit", OPTION_LANE },
    { .name = NULL }
};

static const views_options *options_of(const settings *s)
{
    return s->block[SECTION_DATA];
}

static status find(const settings *s, const image_set **out)
{
    return image_set_find(s, &options_of(s)->files, out);
}

static status kind_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const image_set *set;
    TRY(find(s, &set));
    TRY(views_shape(set, options_of(s), shape));
done:
    return result;
}

static status kind_make(const settings *s, dataset **out)
{
    status result = OK;
    const image_set *set;
    TRY(find(s, &set));
    TRY(views_make(set, options_of(s), out));
done:
    return result;
}

static status kind_files(const settings *s, status (*visit)(const char *path, void *context), void *context)
{
    return image_set_files(s, &options_of(s)->files, visit, context);
}

static status kind_classes(const settings *s, const char *const **name, int *count)
{
    status result = OK;
    const image_set *set;
    *count = 0;
    TRY(find(s, &set));
    *name = set->class_name;
    *count = set->class_name ? set->classes : 0;
done:
    return result;
}

/* Random crops depend on the task's seed too, but they are drawn when a sample is read: the dataset is the same for all seeds. */
const data_kind views_kind = {
    .name = "views",
    .summary = "parts of labelled images: crops, colour channels, frequencies, halves",
    .source = "Kleinman et al., Entropy 2021, 23, 922, Figures 2 and A2: CIFAR-10",
    .section = { "data", views_option_table, sizeof(views_options) },
    .drawn = data_never_drawn,
    .shape = kind_shape,
    .make = kind_make,
    .table = data_no_table,
    .files = kind_files,
    .classes = kind_classes,
    .sharing = &image_set_sharing,
};
