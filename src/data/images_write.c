#include <stdlib.h>
#include <string.h>

#include "data/data_file.h"
#include "data/images.h"
#include "data/images_layout.h"
#include "data/recordings_layout.h"
#include "store/digest.h"
#include "store/hdf5.h"

enum {
    CHUNK_BYTES = 1 << 20,
    PACKING = 4, /* of 9: photographs are hardly smaller at 9, and take three times as long */
};

/* ---- where images come from -------------------------------------------------------------------------------------------- */

typedef struct digesting {
    digest_state all;
    int files;
    char first[DIGEST_TEXT];
} digesting;

static status add_file(const char *path, void *context)
{
    digesting *d = context;
    const char *slash = strrchr(path, '/');
    char text[DIGEST_TEXT];
    status result = OK;
    TRY(digest_path(path, text));
    digest_add_line(&d->all, text, slash && slash[1] ? slash + 1 : path);
    if (d->files++ == 0) memcpy(d->first, text, sizeof text);
done:
    return result;
}

status images_digest(const image_source *train, const image_source *test, char *text)
{
    status result = OK;
    digesting d = { .files = 0 };
    digest_start(&d.all);
    TRY(images_files(train, add_file, &d));
    if (test->paths > 0) TRY(images_files(test, add_file, &d));
    digest_end(&d.all, text);
    if (d.files == 1) memcpy(text, d.first, sizeof d.first);
done:
    return result;
}

/* ---- the file ---------------------------------------------------------------------------------------------------------- */

/* A dataset without times, so that the same import makes the same bytes; in chunks of whole rows, unless `chunk` is 0. */
static status write_array(hid_t file, const char *path, const char *name, int rank, const hsize_t *extent,
                          const hsize_t *chunk, hid_t stored, hid_t memory, const void *values)
{
    status result = OK;
    hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(rank, extent, NULL);
    H5Pset_obj_track_times(list, false);
    if (chunk) H5Pset_chunk(list, rank, chunk);
    if (chunk) H5Pset_deflate(list, PACKING);
    hid_t array = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (array < 0 || H5Dwrite(array, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        result = hdf5_failure(IO_FAILED, path, "cannot write an array");
    if (array >= 0) H5Dclose(array);
    H5Sclose(space);
    H5Pclose(list);
    return result;
}

static status write_part(hid_t file, const char *path, const images *m, data_part part)
{
    status result = OK;
    const image_part *p = &m->part[part];
    const image_size s = m->size;
    const int64_t images_of_chunk = CHUNK_BYTES / image_bytes(s);
    const hsize_t extent[4] = { (hsize_t)p->count, (hsize_t)s.channels, (hsize_t)s.height, (hsize_t)s.width };
    hsize_t chunk[4];
    if (p->count == 0) return OK;
    memcpy(chunk, extent, sizeof chunk);
    if (images_of_chunk < p->count) chunk[0] = images_of_chunk > 0 ? (hsize_t)images_of_chunk : 1;
    TRY(write_array(file, path, images_pixels_name[part], 4, extent, chunk, H5T_STD_U8LE, H5T_NATIVE_UINT8,
                    p->pixels));
    TRY(write_array(file, path, images_labels_name[part], 1, extent, NULL, H5T_STD_U16LE, H5T_NATIVE_UINT16,
                    p->label));
done:
    return result;
}

static status write_names(hid_t file, const char *path, const images *m)
{
    const hsize_t extent = (hsize_t)m->classes;
    if (m->class_name == NULL) return OK;
    hid_t type = hdf5_text_type();
    status result = write_array(file, path, IMAGES_CLASS_NAMES, 1, &extent, NULL, type, type, m->class_name);
    H5Tclose(type);
    return result;
}

static status write_all(const char *path, hid_t file, const void *what)
{
    status result = OK;
    const images *m = what;
    const int version = IMAGES_VERSION_NOW;
    const struct {
        const char *name, *value;
    } texts[] = { { "title", m->title },
                  { "source", m->source },
                  { "source_sha256", m->sha256 },
                  { "imported", m->imported } };
    TRY(hdf5_write_text(file, LAYOUT_FORMAT, IMAGES_LAYOUT_NAME));
    TRY(hdf5_write_numbers(file, LAYOUT_VERSION, H5T_NATIVE_INT, &version, 1));
    for (int i = 0; i < 4; i++)
        if (texts[i].value) TRY(hdf5_write_text(file, texts[i].name, texts[i].value));
    for (data_part p = DATA_TRAIN; p <= DATA_TEST; p++) TRY(write_part(file, path, m, p));
    TRY(write_names(file, path, m));
done:
    return result;
}

status images_write(const images *m, const char *path, bool replace)
{
    status result = OK;
    TRY(images_check(m, path));
    TRY(data_file_write(path, replace, write_all, m));
done:
    return result;
}
