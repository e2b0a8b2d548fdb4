#include "data/hdf5_groups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* HDF5 File Format Specification: superblock (II.A), version 1 B-trees (III.A.1), symbol table nodes and entries (III.B, C),
 * local heaps (III.D), version 1 object headers (IV.A.1.a). Sizes in bytes, where addresses and lengths have 8. */
enum {
    SUPERBLOCK = 96,
    ENTRY = 40,
    HEADER = 16,
    MESSAGE = 8,
    HEAP = 32,
    NODE = 8,
    TREE = 24,
    MESSAGE_CONTINUED = 0x10,
    MESSAGE_GROUP = 0x11,
    LINK_SYMBOLIC = 2,
    DEPTH_MAX = 64,   /* groups in groups */
    BLOCKS_MAX = 256, /* of an object header */
};

typedef struct image {
    const char *path;
    const unsigned char *bytes; /* the whole file, mapped */
    uint64_t size, base;        /* base: what addresses count from */
    unsigned entries_max, children_max;
    unsigned char *seen; /* a bit for every 8 bytes, where an object or node begins that was looked at */
} image;

/* The heap of a group: `size` bytes of names, each ended by a zero. */
typedef struct names_heap {
    const unsigned char *data;
    uint64_t size;
} names_heap;

static uint64_t number_at(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;) value = value << 8 | at[i];
    return value;
}

/* `size` bytes at an address; NULL where the file does not have them. */
static const unsigned char *bytes_at(const image *m, uint64_t address, uint64_t size)
{
    uint64_t room = m->size - m->base;
    return address <= room && size <= room - address ? m->bytes + m->base + address : NULL;
}

/* Notes that what begins at an address was looked at; true if it was before. */
static bool was_seen(image *m, uint64_t address)
{
    unsigned char *byte = &m->seen[address / 64], bit = (unsigned char)(1U << (address / 8 % 8));
    bool before = *byte & bit;
    *byte |= bit;
    return before;
}

static status refuse(const image *m, uint64_t address)
{
    return failure(BAD_INPUT, "%s: damaged: the group at byte %llu has a member without a name", m->path,
                   (unsigned long long)(m->base + address));
}

static bool is_name(const names_heap *h, uint64_t offset)
{
    return offset < h->size && memchr(h->data + offset, '\0', (size_t)(h->size - offset)) != NULL;
}

static status check_object(image *m, uint64_t address, int depth);

/* A symbol table node: the members of a group, or some of them. */
static status check_members(image *m, const names_heap *h, uint64_t address, int depth)
{
    status result = OK;
    const unsigned char *node = bytes_at(m, address, NODE);
    if (node == NULL || memcmp(node, "SNOD", 4) != 0) return refuse(m, address);
    uint64_t count = number_at(node + 6, 2);
    const unsigned char *entry = bytes_at(m, address + NODE, count * ENTRY);
    if (entry == NULL || count > m->entries_max) return refuse(m, address);
    for (; count-- > 0; entry += ENTRY) {
        bool symbolic = number_at(entry + 16, 4) == LINK_SYMBOLIC;
        if (!is_name(h, number_at(entry, 8))) return refuse(m, address);
        if (symbolic && !is_name(h, number_at(entry + 24, 4))) return refuse(m, address);
        if (!symbolic) TRY(check_object(m, number_at(entry + 8, 8), depth + 1));
    }
done:
    return result;
}

/* A B-tree node of a group: names as keys, and below them nodes of a lower level, or members at the lowest. `level` is above
 * what this one may have. */
static status check_tree(image *m, const names_heap *h, uint64_t address, unsigned level, int depth)
{
    status result = OK;
    const unsigned char *node = bytes_at(m, address, TREE);
    if (node == NULL || memcmp(node, "TREE", 4) != 0 || node[4] != 0 || node[5] >= level)
        return refuse(m, address);
    uint64_t count = number_at(node + 6, 2);
    const unsigned char *key = bytes_at(m, address + TREE, count * 16 + 8);
    if (key == NULL || count > m->children_max) return refuse(m, address);
    if (was_seen(m, address)) return OK;
    unsigned own = node[5];
    for (uint64_t i = 0; i <= count; i++, key += 16) {
        if (count > 0 && !is_name(h, number_at(key, 8))) return refuse(m, address);
        if (i == count) break;
        uint64_t child = number_at(key + 8, 8);
        TRY(own > 0 ? check_tree(m, h, child, own, depth) : check_members(m, h, child, depth));
    }
done:
    return result;
}

static status check_group(image *m, uint64_t tree, uint64_t heap, int depth)
{
    names_heap h = { .size = 0 };
    const unsigned char *head = bytes_at(m, heap, HEAP);
    if (head == NULL || memcmp(head, "HEAP", 4) != 0) return refuse(m, heap);
    h.size = number_at(head + 8, 8);
    h.data = bytes_at(m, number_at(head + 24, 8), h.size);
    if (h.data == NULL) return refuse(m, heap);
    return check_tree(m, &h, tree, UINT8_MAX + 1, depth);
}

/* Looks for the group in the messages of an object; whatever else is wrong with them HDF5 finds itself. */
static status check_object(image *m, uint64_t address, int depth)
{
    status result = OK;
    uint64_t block[BLOCKS_MAX], length[BLOCKS_MAX];
    const unsigned char *header = bytes_at(m, address, HEADER);
    if (header == NULL || header[0] != 1 || was_seen(m, address)) return OK;
    if (depth > DEPTH_MAX)
        return failure(BAD_INPUT, "%s: more than %d groups within groups", m->path, DEPTH_MAX);
    int blocks = 1;
    block[0] = address + HEADER;
    length[0] = number_at(header + 8, 4);
    for (int b = 0; b < blocks; b++) {
        const unsigned char *message = bytes_at(m, block[b], length[b]);
        for (uint64_t left = message ? length[b] : 0; left >= MESSAGE;) {
            uint64_t type = number_at(message, 2), size = number_at(message + 2, 2);
            if (size > left - MESSAGE) break;
            const unsigned char *body = message + MESSAGE;
            if (type == MESSAGE_GROUP && size >= 16)
                TRY(check_group(m, number_at(body, 8), number_at(body + 8, 8), depth));
            if (type == MESSAGE_CONTINUED && size >= 16 && blocks < BLOCKS_MAX) {
                block[blocks] = number_at(body, 8);
                length[blocks++] = number_at(body + 8, 8);
            }
            left -= MESSAGE + size;
            message = body + size;
        }
    }
done:
    return result;
}

/* Finds the superblock, at the start or behind a user's own 512, 1024, … bytes, and walks from there. */
static status check_image(image *m)
{
    static const char signature[8] = "\x89HDF\r\n\x1a\n";
    while (m->size - m->base >= SUPERBLOCK + 4 &&
           memcmp(m->bytes + m->base, signature, sizeof signature) != 0) {
        m->base = m->base ? 2 * m->base : 512;
        if (m->base > m->size) return OK;
    }
    const unsigned char *s = bytes_at(m, 0, SUPERBLOCK + 4);
    bool older = s && (s[8] == 0 || s[8] == 1) && s[13] == 8 && s[14] == 8;
    if (!older) return OK;
    m->entries_max = 2 * (unsigned)number_at(s + 16, 2);
    m->children_max = 2 * (unsigned)number_at(s + 18, 2);
    const unsigned char *root = s + (s[8] == 0 ? 56 : 60);
    return check_object(m, number_at(root + 8, 8), 0);
}

status hdf5_check_groups(const char *path)
{
    status result = OK;
    struct stat about;
    image m = { .path = path };
    void *mapped = MAP_FAILED;
    int file = open(path, O_RDONLY);
    CHECK(file >= 0 && fstat(file, &about) == 0, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    if (about.st_size == 0) goto done;
    m.size = (uint64_t)about.st_size;
    mapped = mmap(NULL, (size_t)m.size, PROT_READ, MAP_PRIVATE, file, 0);
    CHECK(mapped != MAP_FAILED, BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
    m.bytes = mapped;
    m.seen = calloc((size_t)(m.size / 64) + 1, 1);
    CHECK(m.seen != NULL, NO_MEMORY, "no memory to read %s", path);
    TRY(check_image(&m));
done:
    free(m.seen);
    if (mapped != MAP_FAILED) munmap(mapped, (size_t)m.size);
    if (file >= 0) close(file);
    return result;
}
