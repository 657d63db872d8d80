// What Swift cannot express without giving up vectorisation or importing Foundation.
#ifndef HEBB_CKERNELS_H
#define HEBB_CKERNELS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

typedef float hebb_float16 __attribute__((ext_vector_type(16)));  // imports as SIMD16<Float>

// Square root without errno: `Float.squareRoot()` keeps a scalar call per element for negative
// input, so a loop over it never vectorises.
static inline __attribute__((always_inline)) hebb_float16 hebb_sqrt16(hebb_float16 x) {
  return __builtin_elementwise_sqrt(x);
}

// The pure modules do not import the C library; these are the functions they need from it.
static inline float hebb_expf(float x) { return expf(x); }
static inline float hebb_logf(float x) { return logf(x); }
static inline double hebb_exp(double x) { return exp(x); }
static inline double hebb_log(double x) { return log(x); }
static inline double hebb_sin(double x) { return sin(x); }
static inline double hebb_cos(double x) { return cos(x); }
static inline double hebb_acos(double x) { return acos(x); }
static inline double hebb_pow(double x, double y) { return pow(x, y); }

// Codecs. Every kernel gives the same bits on every processor. Memory on the wire side (`void *`)
// may start at any address.

// The largest bit pattern of |x|: 0x7F800000 and more where a value is not finite; 0 for count 0.
uint32_t hebb_peak_bits(const float *x, size_t count);

// y[i] is x[i] · scale rounded to the nearest whole number, ties to even; no |x[i]| · scale is above
// 2^50.
void hebb_on_grid(const float *x, size_t count, double scale, double *y);

// Adds a · aᵀ to the upper triangle of c, rows × rows: a has `inner` whole numbers in each of its
// `rows`, which are `stride` apart. No sum may leave 2^53; then every processor gives the same.
void hebb_add_gram(const double *a, size_t rows, size_t inner, size_t stride, double *c);

// One bit a value, the first in the lowest bit of the first byte: whether the bit pattern of |x| is
// at least `threshold` (at most 0x7FFFFFFF). Writes ceil(count / 8) bytes; bits past the end are 0.
void hebb_mask_at_least(const float *x, size_t count, uint32_t threshold, void *mask);

// The same for: whether the sign bit is set.
void hebb_mask_negative(const float *x, size_t count, void *mask);

// Stochastic rounding: codes[i] is x[i] · inverse rounded up or down with an expectation of
// x[i] · inverse, held to ±levels (at most 127). The dither is a hash of first + i under two keys.
void hebb_quantize(
  const float *x, size_t count, float inverse, float levels, uint32_t first, uint32_t key0,
  uint32_t key1, void *codes);

// IEEE half precision, rounded to nearest even; beyond 65520 infinity.
void hebb_half_from_float(const float *x, size_t count, void *half);
void hebb_float_from_half(const void *half, size_t count, float *x);

// The same without any special instruction.
void hebb_half_from_float_portable(const float *x, size_t count, void *half);
void hebb_float_from_half_portable(const void *half, size_t count, float *x);

// CRC-64/XZ (ECMA-182, reflected) of `count` bytes, going on from the sum of the bytes before them;
// 0 at the beginning. hebb_crc64(0, "123456789", 9) is 0x995DC9BBDF1939FA.
uint64_t hebb_crc64(uint64_t sum, const void *bytes, size_t count);

#endif
