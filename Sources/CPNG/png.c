#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/// What libpng's callbacks know.
typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t position;
  char *message;
  /// Rows on their way; freed by whoever made the source, since an error jumps over everything.
  uint8_t *room;
} source;

static void fail(png_structp png, png_const_charp message) {
  source *from = png_get_error_ptr(png);
  strncpy(from->message, message, HEBB_PNG_MESSAGE_SIZE - 1);
  from->message[HEBB_PNG_MESSAGE_SIZE - 1] = 0;
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void give(png_structp png, png_bytep to, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->count - from->position) png_error(png, "it ends too early");
  memcpy(to, from->bytes + from->position, count);
  from->position += count;
}

static int has_colours(png_structp png, png_infop info) {
  return (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) != 0;
}

/// Puts the pixels of one row, of 1 to 4 channels, into the planes.
static void spread(
    const uint8_t *row, uint32_t width, int channels, uint8_t *to, size_t plane) {
  int colours = channels <= 2 ? 1 : 3;
  int has_alpha = channels == 2 || channels == 4;
  for (uint32_t column = 0; column < width; ++column, row += channels) {
    unsigned alpha = has_alpha ? row[colours] : 255;
    for (int colour = 0; colour < colours; ++colour) {
      // Rounded to the nearest byte; all of it where nothing is transparent.
      to[colour * plane + column] = (uint8_t)((row[colour] * alpha + 127) / 255);
    }
  }
}

/// Reads shape or pixels; one of them is null.
static void read_image(
    png_structp png, png_infop info, hebb_png_shape *shape, uint8_t *pixels, source *from) {
  png_read_info(png, info);
  uint32_t width = png_get_image_width(png, info);
  uint32_t height = png_get_image_height(png, info);
  if (shape) {
    shape->width = width;
    shape->height = height;
    shape->channels = has_colours(png, info) ? 3 : 1;
    return;
  }
  // Palettes to colours, less than 8 bits to 8, a transparent colour to an alpha channel.
  png_set_expand(png);
  png_set_scale_16(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = png_get_rowbytes(png, info);
  int channels = png_get_channels(png, info);
  // Interlaced images come in passes, each of which needs what the others left.
  size_t rows = passes > 1 ? height : 1;
  from->room = malloc(rows * stride);
  if (!from->room) png_error(png, "there is no memory for it");
  size_t plane = (size_t)height * width;
  for (int pass = 0; pass < passes; ++pass) {
    for (uint32_t row = 0; row < height; ++row) {
      uint8_t *line = from->room + (passes > 1 ? row * stride : 0);
      png_read_row(png, line, NULL);
      if (pass == passes - 1) {
        spread(line, width, channels, pixels + (size_t)row * width, plane);
      }
    }
  }
  png_read_end(png, NULL);
}

/// Comes back here when libpng gives up. No variable of this function changes after setjmp, as the
/// jump would make it indeterminate. Returns 0 when all is well.
static int attempt(
    png_structp png, png_infop info, uint32_t side_maximum, hebb_png_shape *shape, uint8_t *pixels,
    source *from) {
  if (setjmp(png_jmpbuf(png))) return 1;
  png_set_user_limits(png, side_maximum, side_maximum);
  png_set_read_fn(png, from, give);
  read_image(png, info, shape, pixels, from);
  return 0;
}

static int with_image(
    const uint8_t *bytes, size_t count, uint32_t side_maximum, hebb_png_shape *shape,
    uint8_t *pixels, char *message) {
  source from = {bytes, count, 0, message, NULL};
  message[0] = 0;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &from, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int failed = 1;
  if (info) {
    failed = attempt(png, info, side_maximum, shape, pixels, &from);
  } else {
    strncpy(message, "libpng does not start", HEBB_PNG_MESSAGE_SIZE - 1);
  }
  free(from.room);
  png_destroy_read_struct(&png, &info, NULL);
  return failed;
}

int hebb_png_measure(
    const uint8_t *bytes, size_t count, uint32_t side_maximum, hebb_png_shape *shape,
    char *message) {
  return with_image(bytes, count, side_maximum, shape, NULL, message);
}

int hebb_png_decode(
    const uint8_t *bytes, size_t count, uint32_t side_maximum, uint8_t *pixels, char *message) {
  return with_image(bytes, count, side_maximum, NULL, pixels, message);
}
