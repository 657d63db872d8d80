// Debian: /usr/include/<arch>/cblas.h. Homebrew: pass -Xcc -I and -Xlinker -L of `brew --prefix openblas`.
#include <cblas.h>
