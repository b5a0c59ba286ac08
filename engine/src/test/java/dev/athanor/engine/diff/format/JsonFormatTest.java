package dev.athanor.engine.diff.format;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.utf8;

import dev.athanor.engine.diff.Compared;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonFormatTest {
  private static List<String> lines(String before, String after) throws IOException {
    return Compared.lines(
        utf8(before.replace('\'', '"')), utf8(after.replace('\'', '"')), Formats.GENERAL);
  }

  @Test
  void values_areFoundByPath() throws IOException {
    assertThat(
            lines(
                "{'config':{'Env':['A=1','B=2','C=3'],'a.b':1},'gone':true,'x':1,'n':null}",
                "{'config':{'Env':['A=1','B=2','C=4'],'a.b':2},'x':'1','n':null,'new':{}}"))
        .containsExactly(
            "$.config.Env[2] VALUE C=3 → C=4",
            "$.config[\"a.b\"] VALUE 1 → 2",
            "$.gone PRESENCE true → ",
            "$.x KIND 1 → 1",
            "$.new PRESENCE  → {}")
        .inOrder();
  }

  @Test
  void moments_areTimes() throws IOException {
    assertThat(
            lines(
                "{'created':'2020-01-01T00:00:00Z','mtime':1,'update':1,'by':'2020-01-01'}",
                "{'created':'2021-01-01T00:00:00Z','mtime':2,'update':2,'by':'2020-01-02'}"))
        .containsExactly(
            "$.created TIME 2020-01-01T00:00:00Z → 2021-01-01T00:00:00Z",
            "$.mtime TIME 1 → 2",
            "$.update VALUE 1 → 2",
            "$.by VALUE 2020-01-01 → 2020-01-02");
  }

  @Test
  void order_isToldOfNamesAndOfItems() throws IOException {
    assertThat(lines("{'a':1,'b':[1,2]}", "{'b':[2,1],'a':1}"))
        .containsExactly("$.b ORDER [1,2] → [2,1]", "$ ORDER a, b → b, a");
  }

  @Test
  void itemsThatCameOrWent_doNotMoveTheOthers() throws IOException {
    assertThat(lines("[1,2,3,4]", "[1,3,4]")).containsExactly("$[1] PRESENCE 2 → ");
    assertThat(lines("[1,3]", "[0,1,3]")).containsExactly("$[0] PRESENCE  → 0");
  }

  @Test
  void otherBlanks_areEncoding() throws IOException {
    assertThat(lines("{'a':1}", "{ 'a':1}").getFirst()).startsWith("byte 0x1 ENCODING");
  }

  @Test
  void whatOnlyLooksLikeIt_isText() throws IOException {
    assertThat(lines("{'a':1", "{'a':2")).containsExactly("line 1 TEXT {\"a\":1 → {\"a\":2");
    assertThat(lines("{'a':1}\n{'a':1}\n", "{'a':1}\n{'a':2}\n").getFirst())
        .startsWith("line 2 TEXT");
  }

  @Test
  void damage_neverThrows() throws IOException {
    Compared.damaged(
        utf8("{\"a\":[1,2,{\"b\":null}],\"c\":\"\\u1234\",\"created\":\"2020-01-01T00:00:00Z\"}"),
        Formats.GENERAL);
    Compared.damaged(utf8("[".repeat(5000)), Formats.GENERAL);
  }
}
