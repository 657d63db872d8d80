/// PNG images by libpng, whose errors jump out of C and so stay in C.
#ifndef HEBB_CPNG_H
#define HEBB_CPNG_H

#include <stddef.h>
#include <stdint.h>

/// What an image is. 1 channel for grey, 3 for colours and palettes.
typedef struct {
  uint32_t width;
  uint32_t height;
  int channels;
} hebb_png_shape;

/// Longest message, with the zero at its end.
enum { HEBB_PNG_MESSAGE_SIZE = 128 };

/// Reads the shape of an image from the beginning of its file.
///
/// side_maximum: images with a longer side are refused.
/// message: HEBB_PNG_MESSAGE_SIZE bytes, filled when something is wrong.
/// Returns 0 when all is well.
int hebb_png_measure(
    const uint8_t *bytes, size_t count, uint32_t side_maximum, hebb_png_shape *shape,
    char *message);

/// Decodes an image of any depth, palette, transparency and interlacing to bytes, as they stand in
/// the file (no gamma): channel after channel, each row by row. 16 bits are rounded to 8;
/// transparent pixels lie on black.
///
/// pixels: channels x height x width bytes, as hebb_png_measure tells.
/// Returns 0 when all is well.
int hebb_png_decode(
    const uint8_t *bytes, size_t count, uint32_t side_maximum, uint8_t *pixels, char *message);

#endif
