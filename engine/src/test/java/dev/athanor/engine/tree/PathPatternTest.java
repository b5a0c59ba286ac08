package dev.athanor.engine.tree;

import static com.google.common.truth.Truth.assertWithMessage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, a/b, false",
    "*, a, true",
    "*, a/b, false",
    "a/*.txt, a/b.txt, true",
    "a/*.txt, a/b/c.txt, false",
    "a.c, abc, false",
    "a?c, abc, true",
    "a?c, a/c, false",
    "a?c, a😀c, true",
    "😀*, 😀x, true",
    "**, a/b/c, true",
    "**/c, c, true",
    "**/c, a/b/c, true",
    "a/**, a/b/c, true",
    "a/**, a, false",
    "a/**/d, a/d, true",
    "a/**/d, a/b/c/d, true",
    "a/**/d, a/bd, false",
    "/opt/**/*.py, /opt/x/y.py, true",
  })
  void matches_wholePaths(String pattern, String path, boolean matches) {
    assertWithMessage("%s on %s", pattern, path)
        .that(PathPattern.of(pattern).matches(path))
        .isEqualTo(matches);
  }
}
