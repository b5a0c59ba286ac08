package dev.athanor.engine.label;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelTest {
  private static final RelativePath HERE = RelativePath.of("some/pkg");

  @ParameterizedTest
  @CsvSource({
    "//a/b:c, //a/b:c",
    "//a/b, //a/b:b",
    ":x, //some/pkg:x",
    "x, //some/pkg:x",
    "dir/file.txt, //some/pkg:dir/file.txt",
    "//:root, //:root",
    "@//a:b, //a:b",
    ":python#slim, //some/pkg:python#slim",
    "//base/python#slim, //base/python:python#slim",
  })
  void parse_canonicalises(String text, String canonical) {
    assertThat(Label.parse(text, HERE).toString()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "//a:",
        "//a//b:c",
        "//../a:b",
        "//a:../b",
        "/a:b",
        "@repo//a:b",
        "//a:b:c"
      })
  void parse_nonsense_saysWhatLabelsLookLike(String text) {
    UserException e = assertThrows(UserException.class, () -> Label.parse(text, HERE));

    assertThat(e).hasMessageThat().contains("label '" + text + "'");
    assertThat(e.hint()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "//..., AllBelow[directory=]",
    "//a/..., AllBelow[directory=a]",
    "..., AllBelow[directory=some/pkg]",
    "sub/..., AllBelow[directory=some/pkg/sub]",
    "//a:all, AllIn[pkg=a]",
    ":all, AllIn[pkg=some/pkg]",
    "//a:b, Single[label=//a:b]",
    ":b, Single[label=//some/pkg:b]",
    "sub:b, Single[label=//some/pkg/sub:b]",
    "sub, Single[label=//some/pkg/sub:sub]",
    "-//a/..., Except[pattern=AllBelow[directory=a]]",
    ":x#y, Single[label=//some/pkg:x#y]",
  })
  void pattern_parses(String text, String meaning) {
    assertThat(TargetPattern.parse(text, HERE).toString()).isEqualTo(meaning);
  }

  @Test
  void order_isByPackageThenName() {
    Label first = Label.parse("//a:z", HERE);
    Label second = Label.parse("//b:a", HERE);

    assertThat(first).isLessThan(second);
    assertThat(first.sibling("a")).isLessThan(first);
  }
}
