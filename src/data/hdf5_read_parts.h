/* What the files of hdf5_read.h share: objects and files (hdf5_read.c), numbers (hdf5_read_values.c), texts and attributes
 * (hdf5_read_texts.c). */
#ifndef HDF5_READ_PARTS_H
#define HDF5_READ_PARTS_H

#include <hdf5.h>

#include "data/hdf5_read.h"

struct hdf5_object {
    hid_t id;
    hid_t file; /* of the root, which closes it; H5I_INVALID_HID in all others */
    bool group;
    const char *path; /* of the file: the root owns it, the others borrow it */
    int64_t file_bytes;
    char *place;           /* in the file, owned */
    hobj_ref_t *reference; /* all of a dataset of references, once one was followed; owned */
    int64_t references;
};

/* Takes over `id`, also when it fails; `place` is copied. Refuses what is neither a group nor a dataset. */
status hdf5_object_make(const hdf5_object *parent, hid_t id, const char *place, hdf5_object **out);

/* Records "PATH: PLACE: TEXT" and returns BAD_INPUT. */
status hdf5_refuse(const hdf5_object *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Describes a dataset, which must be of this class and of at most `most` values (0: any number). */
status hdf5_expect(const hdf5_object *o, hdf5_class class, int64_t most, hdf5_about *about);
status hdf5_cannot_read(const hdf5_object *o); /* says so */

#endif
