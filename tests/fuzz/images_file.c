#include "data/images.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "images_file";

/* What can be read can be printed, written, and read again. */
static void use(const images *m, const char *path)
{
    char copy[128];
    images *again = NULL;
    const char *const copies[] = { copy };
    FILE *to = fopen("/dev/null", "w");
    fuzz_require(to != NULL && images_print(m, path, to) == OK, "what was read cannot be printed");
    fclose(to);
    snprintf(copy, sizeof copy, "%s/copy.h5", fuzz_folder);
    fuzz_require(images_write(m, copy, true) == OK, "what was read cannot be written");
    fuzz_require(images_read(&(image_source){ copies, 1, NULL }, &(image_source){ 0 }, &again) == OK,
                 "what was written cannot be read");
    fuzz_require(again->part[DATA_TRAIN].count == m->part[DATA_TRAIN].count &&
                     again->part[DATA_TEST].count == m->part[DATA_TEST].count && again->classes == m->classes,
                 "what was written is not what was read");
    images_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.h5", data, size);
    images *m = NULL;
    status result = images_read(&(image_source){ &path, 1, NULL }, &(image_source){ 0 }, &m);
    if (result == OK) use(m, path);
    images_free(m);
    fuzz_check(result);
    return 0;
}
