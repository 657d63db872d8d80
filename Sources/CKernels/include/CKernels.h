// What Swift cannot express without giving up vectorisation or importing Foundation.
#ifndef HEBB_CKERNELS_H
#define HEBB_CKERNELS_H

#include <math.h>

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
static inline double hebb_pow(double x, double y) { return pow(x, y); }

#endif
