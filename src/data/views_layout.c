#include "data/views_layout.h"

#include <string.h>

static const char *const colour[COLOURS] = { "red", "green", "blue" };

static view whole_of(image_size image)
{
    view v = { .channels = image.channels, .height = image.height, .width = image.width };
    for (int c = 0; c < image.channels; c++) v.channel[c] = c;
    return v;
}

/* Source 1 keeps the last columns and source 2 the first, as the authors' code does; the paper names them the other way
 * round. */
static status crop(const views_options *o, const char *path, views_layout *l)
{
    status result = OK;
    const int all = l->image.width;
    CHECK(o->width == WIDTH_HALF || (o->width >= 1 && o->width <= all), BAD_INPUT,
          "data.width is %lld, but the images of %s have %d columns; right would be 1 to %d, or half",
          (long long)o->width, path, all, all);
    CHECK(o->width != WIDTH_HALF || all > 1, BAD_INPUT,
          "data.width: the images of %s have one column, which has no half", path);
    const int width = o->width == WIDTH_HALF ? all / 2 : (int)o->width;
    for (int i = 0; i < l->sources; i++) {
        l->view[i].cut = o->crop_rule == UNSEEN_CUT;
        l->view[i].width = width;
    }
    l->view[0].left = all - width;
done:
    return result;
}

/* Source 1 sees the top half, source 2 the bottom half, with the middle row where there is one. */
static status halve(const views_options *o, const char *path, views_layout *l)
{
    status result = OK;
    const int top = l->image.height / 2;
    CHECK(top > 0, BAD_INPUT, "data.views: the images of %s have one row, which has no halves", path);
    for (int i = 0; i < l->sources; i++) l->view[i].cut = o->crop_rule == UNSEEN_CUT;
    l->view[0].height = top;
    l->view[1].top = top;
    l->view[1].height = l->image.height - top;
done:
    return result;
}

/* "red+blue" */
static status read_channels(const char *text, int number, view *v)
{
    status result = OK;
    bool seen[COLOURS] = { false };
    for (const char *at = text;; at++) {
        int c = 0;
        at += strspn(at, " ");
        const size_t word = strcspn(at, " +");
        while (c < COLOURS && (strlen(colour[c]) != word || strncmp(at, colour[c], word) != 0)) c++;
        const char *rest = at + word + strspn(at + word, " ");
        CHECK(c < COLOURS && (*rest == '+' || *rest == '\0'), BAD_INPUT,
              "data.channels_%d: '%.40s' is not understood; right would be red, green, blue, or several of "
              "them joined as in red+blue",
              number, text);
        seen[c] = true;
        at = rest;
        if (*at == '\0') break;
    }
    v->channels = 0;
    for (int c = 0; c < COLOURS; c++)
        if (seen[c]) v->channel[v->channels++] = c;
done:
    return result;
}

static status separate_channels(const views_options *o, const char *path, views_layout *l)
{
    status result = OK;
    CHECK(l->image.channels == COLOURS, BAD_INPUT,
          "data.views: channels are of red, green and blue, but the images of %s have %d channel%s; right "
          "would be crops, frequencies, halves or whole",
          path, l->image.channels, l->image.channels == 1 ? "" : "s");
    for (int i = 0; i < l->sources; i++) {
        l->view[i].cut = o->channel_rule == UNSEEN_CUT;
        TRY(read_channels(o->channels[i], i + 1, &l->view[i]));
    }
done:
    return result;
}

/* Source 1 sees the high frequencies, source 2 the low ones. */
static status separate_frequencies(const views_options *o, const char *path, views_layout *l)
{
    status result = OK;
    const int least = l->image.height < l->image.width ? l->image.height : l->image.width;
    const int most = (least - 1) / 2;
    CHECK(o->mask <= most, BAD_INPUT,
          "data.mask is %lld, a square of %lld x %lld, but the images of %s have %d x %d pixels; right would "
          "be 0 to %d",
          (long long)o->mask, (long long)(2 * o->mask + 1), (long long)(2 * o->mask + 1), path,
          l->image.height, l->image.width, most);
    l->view[0].pass = PASS_HIGH;
    l->view[1].pass = PASS_LOW;
done:
    return result;
}

status views_layout_make(const views_options *o, image_size image, const char *path, views_layout *out)
{
    *out = (views_layout){ .image = image, .sources = 2 };
    if (o->views == VIEWS_CHANNELS && o->channels[2][0] != '\0') out->sources = 3;
    for (int i = 0; i < out->sources; i++) out->view[i] = whole_of(image);
    switch ((view_family)o->views) {
    case VIEWS_CROPS:
        return crop(o, path, out);
    case VIEWS_CHANNELS:
        return separate_channels(o, path, out);
    case VIEWS_FREQUENCIES:
        return separate_frequencies(o, path, out);
    case VIEWS_HALVES:
        return halve(o, path, out);
    case VIEWS_WHOLE:
        break;
    }
    return OK;
}

image_size view_size(const views_layout *l, int source)
{
    const view *v = &l->view[source];
    return v->cut ? (image_size){ v->channels, v->height, v->width } : l->image;
}
