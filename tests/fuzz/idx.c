#include "data/images.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "idx";

static void try_files(const char *path, const char *labels)
{
    images *m = NULL;
    status result = images_read(&(image_source){ &path, 1, labels }, &(image_source){ 0 }, &m);
    fuzz_require((result == OK) == (m != NULL), "read and refused at once");
    images_free(m);
    fuzz_check(result);
}

/* As images with four labels beside them, and as the labels of four images. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t four_labels[] = { 0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 2, 1 };
    static const uint8_t four_images[] = { 0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 9, 8, 7, 6 };
    char own[128], four[128];
    snprintf(own, sizeof own, "%s", fuzz_file("input", data, size));
    snprintf(four, sizeof four, "%s", fuzz_file("labels", four_labels, sizeof four_labels));
    try_files(own, four);
    snprintf(four, sizeof four, "%s", fuzz_file("images", four_images, sizeof four_images));
    try_files(four, own);
    return 0;
}
