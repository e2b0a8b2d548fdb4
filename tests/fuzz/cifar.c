#include "data/images.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "cifar";

static void try_labels(const char *path, const char *labels)
{
    images *m = NULL;
    status result = images_read(&(image_source){ &path, 1, labels }, &(image_source){ 0 }, &m);
    fuzz_require((result == OK) == (m != NULL), "read and refused at once");
    images_free(m);
    fuzz_check(result);
}

/* Plain or packed, as its first bytes say. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.bin", data, size);
    try_labels(path, "");
    try_labels(path, "coarse");
    return 0;
}
