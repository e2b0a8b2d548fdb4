/* Folders of JPEG and PNG files, written here and read back. */
#include "data/image_codec.h"
#include "data/image_files.h"

/* ---- writing: by the libraries' own encoders ------------------------------------------------------------------------------- */

#ifdef HAVE_JPEG
#include <jpeglib.h>

/* A smooth picture, which JPEG keeps nearly as it is. */
static uint8_t smooth(int image, int c, int y, int x)
{
    return (uint8_t)(40 + 10 * image + 20 * c + 3 * y + 2 * x);
}

static void write_jpeg(const char *path, int image, int height, int width, int channels, J_COLOR_SPACE space)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    FILE *to = fopen(path, "wb");
    uint8_t row[4 * 64];
    if (to == NULL || width > 64) abort();
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, to);
    jpeg.image_width = (JDIMENSION)width;
    jpeg.image_height = (JDIMENSION)height;
    jpeg.input_components = channels;
    jpeg.in_color_space = space;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 100, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < height; y++) {
        JSAMPROW rows[] = { row };
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++) row[x * channels + c] = smooth(image, c, y, x);
        jpeg_write_scanlines(&jpeg, rows, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    fclose(to);
}

static void write_picture(const char *path, int image)
{
    write_jpeg(path, image, 8, 16, 3, JCS_RGB);
}

/* Largest difference to the picture that was written. */
static int difference(const images *m, data_part part, int64_t at_image, int image)
{
    int most = 0;
    const uint8_t *pixels = m->part[part].pixels + at_image * image_bytes(m->size);
    for (int c = 0; c < m->size.channels; c++)
        for (int y = 0; y < m->size.height; y++)
            for (int x = 0; x < m->size.width; x++) {
                int off = abs(pixels[(c * m->size.height + y) * m->size.width + x] - smooth(image, c, y, x));
                most = off > most ? off : most;
            }
    return most;
}

/* At quality 100 each of the three transforms rounds: a few levels. */
enum { JPEG_TOLERANCE = 6 };

static void classes_and_files_come_in_the_order_of_their_names(void)
{
    start_anew();
    write_picture(at("set/zebra/b.jpg"), 1);
    write_picture(at("set/zebra/a.JPG"), 2);
    write_picture(at("set/ant/10.jpeg"), 3);
    write_picture(at("set/ant/9.jpg"), 4);
    write_picture(at("set/Cow/1.jpg"), 5);
    write_picture(at("set/Cow/.hidden.jpg"), 6);
    fclose(fopen(at("set/README.md"), "w"));
    fclose(fopen(at("set/ant/notes.txt"), "w"));
    images *m = images_of(at("set"), NULL, NULL);
    static const int image[] = { 5, 3, 4, 2, 1 }, label[] = { 0, 1, 1, 2, 2 };
    CU_ASSERT_EQUAL(m->classes, 3);
    CU_ASSERT_STRING_EQUAL(m->class_name[0], "Cow");
    CU_ASSERT_STRING_EQUAL(m->class_name[2], "zebra");
    CU_ASSERT(m->size.channels == 3 && m->size.height == 8 && m->size.width == 16);
    CU_ASSERT_EQUAL_FATAL(m->part[DATA_TRAIN].count, 5);
    for (int i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(m->part[DATA_TRAIN].label[i], label[i]);
        CU_ASSERT(difference(m, DATA_TRAIN, i, image[i]) <= JPEG_TOLERANCE);
    }
    images_free(m);
}

static void both_parts_are_folders_of_their_own(void)
{
    start_anew();
    for (int i = 0; i < 6; i++) write_picture(at("set/train/%c/%d.jpg", 'a' + i % 3, i), i);
    write_picture(at("set/test/c/1.jpg"), 7);
    write_picture(at("set/test/b/1.jpg"), 8);
    images *m = images_of(at("set"), NULL, NULL);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 6);
    CU_ASSERT_EQUAL_FATAL(m->part[DATA_TEST].count, 2);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].label[0], 1);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].label[1], 2);
    CU_ASSERT(difference(m, DATA_TEST, 0, 8) <= JPEG_TOLERANCE);
    CU_ASSERT(difference(m, DATA_TEST, 1, 7) <= JPEG_TOLERANCE);
    images_free(m);
    write_picture(at("set/test/d/1.jpg"), 8);
    CU_ASSERT(
        refuses(at("set"), NULL, NULL, "set/test: has a class d, which the training images do not know"));
}

/* A test part in a folder of its own has its classes by name. */
static void a_test_folder_is_joined_by_the_names_of_its_classes(void)
{
    start_anew();
    for (int i = 0; i < 3; i++) write_picture(at("one/%c/1.jpg", 'a' + i), i);
    write_picture(at("two/c/1.jpg"), 7);
    write_picture(at("two/b/1.jpg"), 8);
    images *m = images_of(at("one"), at("two"), NULL);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].label[0], 1);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].label[1], 2);
    images_free(m);
    write_picture(at("two/train/1.jpg"), 8); /* a class of that name: it holds files, no folders */
    CU_ASSERT(refuses(at("one"), at("two"), NULL, "two: holds images of class train, which"));
}

static void grey_files_have_one_channel(void)
{
    start_anew();
    write_jpeg(at("set/a/1.jpg"), 1, 8, 8, 1, JCS_GRAYSCALE);
    write_jpeg(at("set/b/1.jpg"), 2, 8, 8, 1, JCS_GRAYSCALE);
    images *m = images_of(at("set"), NULL, NULL);
    CU_ASSERT(m->size.channels == 1 && m->size.height == 8 && m->size.width == 8);
    CU_ASSERT(difference(m, DATA_TRAIN, 1, 2) <= JPEG_TOLERANCE);
    images_free(m);
    write_jpeg(at("set/b/2.jpg"), 2, 8, 8, 3, JCS_RGB);
    CU_ASSERT(
        refuses(at("set"), NULL, NULL,
                "set/b/2.jpg: is 8 × 8 in 3 colours; right would be 8 × 8 grey, as the images before it"));
    write_jpeg(at("set/b/2.jpg"), 2, 8, 8, 4, JCS_CMYK);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b/2.jpg: has 4 colours, as print has"));
}

static void an_image_of_another_size_is_named_with_both_sizes(void)
{
    start_anew();
    write_picture(at("set/a/1.jpg"), 1);
    write_jpeg(at("set/b/1.jpg"), 1, 16, 8, 3, JCS_RGB);
    CU_ASSERT(refuses(at("set"), NULL, NULL,
                      "set/b/1.jpg: is 16 × 8 in 3 colours; right would be 8 × 16 in 3 colours"));
}

/* libjpeg would make up for what is missing. */
static void a_damaged_file_is_named(void)
{
    struct stat about;
    start_anew();
    write_picture(at("set/a/1.jpg"), 1);
    write_picture(at("set/b/1.jpg"), 1);
    CU_ASSERT_EQUAL_FATAL(stat(at("set/b/1.jpg"), &about), 0);
    for (off_t size = about.st_size - 2; size > 0; size -= 7) {
        CU_ASSERT_EQUAL(truncate(at("set/b/1.jpg"), size), 0);
        CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b/1.jpg: "));
    }
    fclose(fopen(at("set/b/1.jpg"), "w"));
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b/1.jpg: is empty"));
    bytes b = { 0 };
    add_bytes(&b, "GIF89a", 6);
    write_bytes(at("set/b/1.jpg"), &b);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b/1.jpg: is neither JPEG nor PNG, whatever its name says"));
}

static void every_folder_is_a_class_and_holds_images(void)
{
    start_anew();
    write_picture(at("set/a/1.jpg"), 1);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set: holds images of 1 class"));
    mkdir(at("set/b"), 0700);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b: holds no JPEG or PNG file; each folder is a class"));
    rmdir(at("set/b"));
    write_picture(at("set/b/1.jpg"), 1);
    CU_ASSERT(
        refuses(at("set"), NULL, at("labels"), "set: a folder of images, whose folders are the classes"));
}
#endif

#ifdef HAVE_PNG
#include <png.h>

static void write_png(const char *path, int image, int height, int width, png_uint_32 format, int opacity)
{
    uint8_t pixels[4 * 64 * 64];
    png_image to;
    int channels = (int)PNG_IMAGE_SAMPLE_CHANNELS(format), colours = format & PNG_FORMAT_FLAG_COLOR ? 3 : 1;
    memset(&to, 0, sizeof to);
    to.version = PNG_IMAGE_VERSION;
    to.width = (png_uint_32)width;
    to.height = (png_uint_32)height;
    to.format = format;
    for (int p = 0; p < height * width; p++)
        for (int c = 0; c < channels; c++)
            pixels[p * channels + c] =
                c < colours ? value_of(image, (int64_t)c * height * width + p) : (uint8_t)opacity;
    if (!png_image_write_to_file(&to, path, 0, pixels, 0, NULL)) abort();
}

static void png_files_are_read_bit_by_bit(void)
{
    static const png_uint_32 format[] = { PNG_FORMAT_GRAY, PNG_FORMAT_RGB, PNG_FORMAT_GA, PNG_FORMAT_RGBA };
    for (int f = 0; f < 4; f++) {
        start_anew();
        write_png(at("set/a/1.png"), 1, 5, 7, format[f], 255);
        write_png(at("set/b/1.png"), 2, 5, 7, format[f], 255);
        images *m = images_of(at("set"), NULL, NULL);
        CU_ASSERT(m->size.channels == (f % 2 ? 3 : 1) && m->size.height == 5 && m->size.width == 7);
        CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 2, 1));
        images_free(m);
    }
    write_png(at("set/b/2.png"), 2, 5, 7, PNG_FORMAT_RGBA, 254);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b/2.png: is transparent in places"));
    write_png(at("set/b/2.png"), 2, 7, 5, PNG_FORMAT_RGB, 255);
    CU_ASSERT(refuses(at("set"), NULL, NULL,
                      "set/b/2.png: is 7 × 5 in 3 colours; right would be 5 × 7 in 3 colours"));
    CU_ASSERT_EQUAL(truncate(at("set/b/2.png"), 60), 0);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "set/b/2.png: "));
}
#endif

static void names_of_images_end_as_those_of_images_do(void)
{
    CU_ASSERT(image_file_is_named("a.jpg") && image_file_is_named("a.JPEG") &&
              image_file_is_named("a.b.png"));
    CU_ASSERT(!image_file_is_named(".jpg") && !image_file_is_named("a.gif") && !image_file_is_named("jpg"));
}

int main(int argc, char **argv)
{
    static const check_test tests[] = {
        TEST(names_of_images_end_as_those_of_images_do),
#ifdef HAVE_PNG
        TEST(png_files_are_read_bit_by_bit),
#endif
#ifdef HAVE_JPEG
        TEST(classes_and_files_come_in_the_order_of_their_names),
        TEST(both_parts_are_folders_of_their_own),
        TEST(a_test_folder_is_joined_by_the_names_of_its_classes),
        TEST(grey_files_have_one_channel),
        TEST(an_image_of_another_size_is_named_with_both_sizes),
        TEST(a_damaged_file_is_named),
        TEST(every_folder_is_a_class_and_holds_images),
#endif
    };
    return check_run("images_folder", tests, sizeof tests / sizeof tests[0], argc, argv);
}
