#include "place.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "column.h"

/* Does all of it lie in the file? A damaged file may say anything. */
static bool is_inside(hid_t file, const place *p, const grid *g)
{
    hsize_t size = 0;
    return H5Fget_filesize(file, &size) >= 0 && p->offset <= (int64_t)size &&
           p->bytes * g->cells <= (int64_t)size - p->offset;
}

status place_find(hid_t file, const char *name, const grid *g, hid_t type, int64_t count, place *out)
{
    status result = OK;
    column c = { 0 };
    hid_t stored = H5I_INVALID_HID;
    TRY(column_open(file, name, g, type, &c));
    CHECK(c.count == count, BAD_INPUT, "its variable %s has another shape", name);
    stored = H5Dget_type(c.dataset);
    CHECK(H5Tequal(stored, type) > 0, BAD_INPUT,
          "its variable %s is of another type or byte order than this machine writes", name);
    haddr_t offset = H5Dget_offset(c.dataset);
    CHECK(offset != HADDR_UNDEF, BAD_INPUT,
          "its variable %s is compressed or in pieces (h5repack -l CONTI -f NONE makes it whole)", name);
    *out = (place){ .offset = (int64_t)offset, .bytes = c.count * (int64_t)c.size };
    CHECK(is_inside(file, out, g), BAD_INPUT, "is damaged: its variable %s ends behind the file", name);
done:
    if (stored >= 0) H5Tclose(stored);
    column_close(&c);
    return result;
}

status place_read(const place *p, int file, int64_t first, int64_t cells, void *values)
{
    status result = OK;
    char *to = values;
    off_t at = (off_t)(p->offset + first * p->bytes);
    for (size_t left = (size_t)(cells * p->bytes); left > 0;) {
        ssize_t some = pread(file, to, left, at);
        if (some < 0 && errno == EINTR) continue;
        CHECK(some >= 0, IO_FAILED, "cannot read: %s", strerror(errno));
        CHECK(some > 0, IO_FAILED, "cannot read: it has become shorter");
        to += some;
        at += some;
        left -= (size_t)some;
    }
done:
    return result;
}

status place_write(const place *p, int file, int64_t first, int64_t cells, const void *values)
{
    status result = OK;
    const char *from = values;
    off_t at = (off_t)(p->offset + first * p->bytes);
    for (size_t left = (size_t)(cells * p->bytes); left > 0;) {
        ssize_t some = pwrite(file, from, left, at);
        if (some < 0 && errno == EINTR) continue;
        CHECK(some > 0, IO_FAILED, "cannot write: %s", strerror(some < 0 ? errno : ENOSPC));
        from += some;
        at += some;
        left -= (size_t)some;
    }
done:
    return result;
}
