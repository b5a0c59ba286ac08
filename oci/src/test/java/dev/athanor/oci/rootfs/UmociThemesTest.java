package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each test that the table of themes names is there.
class UmociThemesTest {
  @Test
  void everyTheme_hasItsTest() throws IOException, ClassNotFoundException {
    List<String> themes = themes();

    assertThat(themes.size()).isAtLeast(30);
    for (String theme : themes) {
      String test = theme.substring(theme.lastIndexOf(' ') + 1);
      int dot = test.lastIndexOf('.');
      Class<?> tests = Class.forName("dev.athanor.oci." + test.substring(0, dot));
      assertWithMessage(theme)
          .that(Stream.of(tests.getDeclaredMethods()).map(Method::getName).toList())
          .contains(test.substring(dot + 1));
    }
  }

  private static List<String> themes() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(UmociThemesTest.class.getResourceAsStream("umoci-themes.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }
  }
}
