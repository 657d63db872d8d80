#include "CKernels.h"

#include <stdbool.h>

#define HEBB_INLINE static inline __attribute__((always_inline))

// Each plain loop is compiled twice where wider instructions may be there, and chosen at run time.
#if defined(__x86_64__)
#include <immintrin.h>
#define HEBB_HAS_VARIANTS 1
#define HEBB_WIDE static __attribute__((target("avx2")))
#define HEBB_IS_WIDE __builtin_cpu_supports("avx2")
#else
#define HEBB_HAS_VARIANTS 0
#endif

HEBB_INLINE uint32_t bits_of(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

HEBB_INLINE float float_of(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

// MARK: Peak

HEBB_INLINE uint32_t peak_bits(const float *x, size_t count) {
  int32_t peak = 0;
  for (size_t index = 0; index < count; index++) {
    int32_t bits = (int32_t)(bits_of(x[index]) & 0x7FFFFFFF);
    peak = bits > peak ? bits : peak;
  }
  return (uint32_t)peak;
}

#if HEBB_HAS_VARIANTS
HEBB_WIDE uint32_t peak_bits_wide(const float *x, size_t count) { return peak_bits(x, count); }
#endif

uint32_t hebb_peak_bits(const float *x, size_t count) {
#if HEBB_HAS_VARIANTS
  if (HEBB_IS_WIDE) return peak_bits_wide(x, count);
#endif
  return peak_bits(x, count);
}

// MARK: Grids and the products on them

HEBB_INLINE void on_grid(const float *x, size_t count, double scale, double *y) {
  // A sum with this has no bits below one; the difference gives back what is left.
  const double shift = 0x1.8p52;
  for (size_t index = 0; index < count; index++) {
    y[index] = ((double)x[index] * scale + shift) - shift;
  }
}

typedef double double2 __attribute__((ext_vector_type(2)));
typedef double double4 __attribute__((ext_vector_type(4)));
typedef double double8 __attribute__((ext_vector_type(8)));

// Three rows by three at a time, so that each number loaded is used three times. All sums are whole
// numbers below 2^53: no order of addition and no fused instruction changes a bit.
#define HEBB_GRAM(name, attributes, vector)                                                        \
  attributes void name(const double *a, size_t rows, size_t inner, size_t stride, double *c) {    \
    const size_t width = sizeof(vector) / sizeof(double);                                          \
    for (size_t row = 0; row < rows; row += 3) {                                                   \
      for (size_t column = row; column < rows; column += 3) {                                      \
        const double *left[3], *right[3];                                                          \
        for (size_t k = 0; k < 3; k++) {                                                           \
          left[k] = a + stride * (row + k < rows ? row + k : rows - 1);                            \
          right[k] = a + stride * (column + k < rows ? column + k : rows - 1);                     \
        }                                                                                          \
        vector sums[3][3] = {{0}};                                                                 \
        size_t index = 0;                                                                          \
        for (; index + width <= inner; index += width) {                                           \
          vector x[3], y[3];                                                                       \
          for (size_t k = 0; k < 3; k++) {                                                         \
            __builtin_memcpy(&x[k], left[k] + index, sizeof(vector));                              \
            __builtin_memcpy(&y[k], right[k] + index, sizeof(vector));                             \
          }                                                                                        \
          for (size_t i = 0; i < 3; i++) {                                                         \
            for (size_t j = 0; j < 3; j++) sums[i][j] += x[i] * y[j];                              \
          }                                                                                        \
        }                                                                                          \
        for (size_t i = 0; i < 3 && row + i < rows; i++) {                                         \
          for (size_t j = 0; j < 3 && column + j < rows; j++) {                                    \
            if (column + j < row + i) continue;                                                    \
            double sum = 0;                                                                        \
            for (size_t lane = 0; lane < width; lane++) sum += sums[i][j][lane];                   \
            for (size_t rest = index; rest < inner; rest++) sum += left[i][rest] * right[j][rest]; \
            c[(row + i) * rows + column + j] += sum;                                               \
          }                                                                                        \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  }

HEBB_GRAM(add_gram, static, double2)

#if HEBB_HAS_VARIANTS
HEBB_WIDE void on_grid_wide(const float *x, size_t count, double scale, double *y) {
  on_grid(x, count, scale, y);
}

HEBB_GRAM(add_gram_wide, static __attribute__((target("avx2,fma"))), double4)
HEBB_GRAM(add_gram_widest, static __attribute__((target("avx512f"))), double8)
#endif

void hebb_on_grid(const float *x, size_t count, double scale, double *y) {
#if HEBB_HAS_VARIANTS
  if (HEBB_IS_WIDE) {
    on_grid_wide(x, count, scale, y);
    return;
  }
#endif
  on_grid(x, count, scale, y);
}

void hebb_add_gram(const double *a, size_t rows, size_t inner, size_t stride, double *c) {
#if HEBB_HAS_VARIANTS
  if (__builtin_cpu_supports("avx512f")) {
    add_gram_widest(a, rows, inner, stride, c);
    return;
  }
  if (HEBB_IS_WIDE && __builtin_cpu_supports("fma")) {
    add_gram_wide(a, rows, inner, stride, c);
    return;
  }
#endif
  add_gram(a, rows, inner, stride, c);
}

// MARK: Masks

typedef int32_t int32x16 __attribute__((ext_vector_type(16)));
typedef bool bool16 __attribute__((ext_vector_type(16)));

// Whether (bits & kept) >= threshold, as signed numbers.
HEBB_INLINE void mask_bits(
  const float *x, size_t count, int32_t kept, int32_t threshold, unsigned char *mask) {
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    int32x16 bits;
    __builtin_memcpy(&bits, x + index, sizeof bits);
    bool16 result = __builtin_convertvector((bits & kept) >= threshold, bool16);
    __builtin_memcpy(mask + index / 8, &result, 2);
  }
  for (; index < count; index += 8) {
    unsigned char byte = 0;
    for (size_t bit = 0; bit < 8 && index + bit < count; bit++) {
      int32_t bits = (int32_t)bits_of(x[index + bit]) & kept;
      byte |= (unsigned char)((bits >= threshold) << bit);
    }
    mask[index / 8] = byte;
  }
}

HEBB_INLINE void mask_signs(const float *x, size_t count, unsigned char *mask) {
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    int32x16 bits;
    __builtin_memcpy(&bits, x + index, sizeof bits);
    bool16 result = __builtin_convertvector(bits < 0, bool16);
    __builtin_memcpy(mask + index / 8, &result, 2);
  }
  for (; index < count; index += 8) {
    unsigned char byte = 0;
    for (size_t bit = 0; bit < 8 && index + bit < count; bit++) {
      byte |= (unsigned char)((bits_of(x[index + bit]) >> 31) << bit);
    }
    mask[index / 8] = byte;
  }
}

#if HEBB_HAS_VARIANTS
HEBB_WIDE void mask_bits_wide(
  const float *x, size_t count, int32_t kept, int32_t threshold, unsigned char *mask) {
  mask_bits(x, count, kept, threshold, mask);
}
HEBB_WIDE void mask_signs_wide(const float *x, size_t count, unsigned char *mask) {
  mask_signs(x, count, mask);
}
#endif

void hebb_mask_at_least(const float *x, size_t count, uint32_t threshold, void *mask) {
#if HEBB_HAS_VARIANTS
  if (HEBB_IS_WIDE) {
    mask_bits_wide(x, count, 0x7FFFFFFF, (int32_t)threshold, mask);
    return;
  }
#endif
  mask_bits(x, count, 0x7FFFFFFF, (int32_t)threshold, mask);
}

void hebb_mask_negative(const float *x, size_t count, void *mask) {
#if HEBB_HAS_VARIANTS
  if (HEBB_IS_WIDE) {
    mask_signs_wide(x, count, mask);
    return;
  }
#endif
  mask_signs(x, count, mask);
}

// MARK: Stochastic rounding

// The mixing steps of lowbias32 (Wellons 2018), with a key before and one within.
HEBB_INLINE uint32_t dither(uint32_t index, uint32_t key0, uint32_t key1) {
  uint32_t hash = index * 0x9E3779B9u + key0;
  hash ^= hash >> 16;
  hash *= 0x7FEB352Du;
  hash ^= hash >> 15;
  hash += key1;
  hash *= 0x846CA68Bu;
  hash ^= hash >> 16;
  return hash;
}

HEBB_INLINE void quantize(
  const float *x, size_t count, float inverse, float levels, uint32_t first, uint32_t key0,
  uint32_t key1, signed char *codes) {
// A fused multiply-add would round differently on processors that have one.
#pragma clang fp contract(off)
  for (size_t index = 0; index < count; index++) {
    uint32_t hash = dither(first + (uint32_t)index, key0, key1);
    // Uniform in −½ ..< ½, so that rounding to nearest goes up or down by chance.
    float uniform = (float)(int32_t)(hash >> 8) * 0x1p-24f - 0.5f;
    float value = x[index] * inverse + uniform;
    value = value < -levels ? -levels : value;
    value = value > levels ? levels : value;
    // Adding 1.5 · 2²³ leaves the nearest integer in the low bits.
    codes[index] = (signed char)(int32_t)(bits_of(value + 12582912.0f) - 0x4B400000u);
  }
}

#if HEBB_HAS_VARIANTS
HEBB_WIDE void quantize_wide(
  const float *x, size_t count, float inverse, float levels, uint32_t first, uint32_t key0,
  uint32_t key1, signed char *codes) {
  quantize(x, count, inverse, levels, first, key0, key1, codes);
}
#endif

void hebb_quantize(
  const float *x, size_t count, float inverse, float levels, uint32_t first, uint32_t key0,
  uint32_t key1, void *codes) {
#if HEBB_HAS_VARIANTS
  if (HEBB_IS_WIDE) {
    quantize_wide(x, count, inverse, levels, first, key0, key1, codes);
    return;
  }
#endif
  quantize(x, count, inverse, levels, first, key0, key1, codes);
}

// MARK: Half precision

HEBB_INLINE uint16_t half_of(float value) {
  uint32_t bits = bits_of(value);
  uint32_t sign = (bits >> 16) & 0x8000;
  bits &= 0x7FFFFFFF;
  if (bits > 0x7F800000) return (uint16_t)(sign | 0x7E00);
  // From 65520 on everything rounds to infinity.
  if (bits >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
  if (bits < 0x38800000) {
    // ½ has the spacing of subnormal halves, 2⁻²⁴, so the addition rounds as they do.
    return (uint16_t)(sign | (bits_of(float_of(bits) + 0.5f) - 0x3F000000));
  }
  bits += 0x0FFF + ((bits >> 13) & 1);
  return (uint16_t)(sign | ((bits - 0x38000000) >> 13));
}

HEBB_INLINE float float_of_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t bits = (uint32_t)(half & 0x7FFF) << 13;
  uint32_t exponent = bits & 0x0F800000;
  bits += 0x38000000;
  if (exponent == 0x0F800000) {
    bits += 0x38000000;
  } else if (exponent == 0) {
    // A subnormal half: 2⁻¹⁴ too much, taken off exactly.
    bits = bits_of(float_of(bits + 0x00800000) - float_of(0x38800000));
  }
  return float_of(sign | bits);
}

void hebb_half_from_float_portable(const float *x, size_t count, void *half) {
  for (size_t index = 0; index < count; index++) {
    uint16_t bits = half_of(x[index]);
    __builtin_memcpy((char *)half + 2 * index, &bits, sizeof bits);
  }
}

void hebb_float_from_half_portable(const void *half, size_t count, float *x) {
  for (size_t index = 0; index < count; index++) {
    uint16_t bits;
    __builtin_memcpy(&bits, (const char *)half + 2 * index, sizeof bits);
    x[index] = float_of_half(bits);
  }
}

#if HEBB_HAS_VARIANTS

static __attribute__((target("avx2,f16c"))) void half_from_float_f16c(
  const float *x, size_t count, void *half) {
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    __m128i bits = _mm256_cvtps_ph(_mm256_loadu_ps(x + index), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128((__m128i *)((char *)half + 2 * index), bits);
  }
  hebb_half_from_float_portable(x + index, count - index, (char *)half + 2 * index);
}

static __attribute__((target("avx2,f16c"))) void float_from_half_f16c(
  const void *half, size_t count, float *x) {
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    __m128i bits = _mm_loadu_si128((const __m128i *)((const char *)half + 2 * index));
    _mm256_storeu_ps(x + index, _mm256_cvtph_ps(bits));
  }
  hebb_float_from_half_portable((const char *)half + 2 * index, count - index, x + index);
}

#define HEBB_HAS_F16C (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c"))

#elif defined(__aarch64__)

static void half_from_float_arm(const float *x, size_t count, void *half) {
  for (size_t index = 0; index < count; index++) {
    __fp16 value = (__fp16)x[index];
    __builtin_memcpy((char *)half + 2 * index, &value, sizeof value);
  }
}

static void float_from_half_arm(const void *half, size_t count, float *x) {
  for (size_t index = 0; index < count; index++) {
    __fp16 value;
    __builtin_memcpy(&value, (const char *)half + 2 * index, sizeof value);
    x[index] = (float)value;
  }
}

#endif

void hebb_half_from_float(const float *x, size_t count, void *half) {
#if HEBB_HAS_VARIANTS
  if (HEBB_HAS_F16C) {
    half_from_float_f16c(x, count, half);
    return;
  }
#elif defined(__aarch64__)
  half_from_float_arm(x, count, half);
  return;
#endif
  hebb_half_from_float_portable(x, count, half);
}

void hebb_float_from_half(const void *half, size_t count, float *x) {
#if HEBB_HAS_VARIANTS
  if (HEBB_HAS_F16C) {
    float_from_half_f16c(half, count, x);
    return;
  }
#elif defined(__aarch64__)
  float_from_half_arm(half, count, x);
  return;
#endif
  hebb_float_from_half_portable(half, count, x);
}

// Of every byte followed by 0…7 zero bytes, so that eight bytes are taken at once.
static uint64_t crc_tables[8][256];

__attribute__((constructor)) static void make_crc_tables(void) {
  for (int byte = 0; byte < 256; byte++) {
    uint64_t sum = (uint64_t)byte;
    for (int bit = 0; bit < 8; bit++) {
      sum = sum & 1 ? sum >> 1 ^ 0xC96C5795D7870F42u : sum >> 1;
    }
    crc_tables[0][byte] = sum;
  }
  for (int byte = 0; byte < 256; byte++) {
    for (int table = 1; table < 8; table++) {
      uint64_t sum = crc_tables[table - 1][byte];
      crc_tables[table][byte] = crc_tables[0][sum & 0xFF] ^ sum >> 8;
    }
  }
}

uint64_t hebb_crc64(uint64_t sum, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  sum = ~sum;
  while (count >= 8) {
    uint64_t word = 0;
    for (int byte = 7; byte >= 0; byte--) word = word << 8 | next[byte];
    sum ^= word;
    uint64_t mixed = 0;
    for (int byte = 0; byte < 8; byte++) {
      mixed ^= crc_tables[7 - byte][sum >> (8 * byte) & 0xFF];
    }
    sum = mixed;
    next += 8;
    count -= 8;
  }
  while (count-- > 0) sum = crc_tables[0][(sum ^ *next++) & 0xFF] ^ sum >> 8;
  return ~sum;
}
