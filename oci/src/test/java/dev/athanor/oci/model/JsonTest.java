package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonTest {
  @Test
  void roundTrip_keepsOrderNumbersAndUnknownText() {
    String json =
        "{\"z\":1.50,\"a\":[1e3,-0,12345678901234567890,null,true],\"ü\":\"ß😀\",\"e\":{}}";

    assertThat(CanonicalJson.text(read(json))).isEqualTo(json);
  }

  @Test
  void write_escapesAsGoDoes() {
    String json =
        "{\"a\":\"\\u003cb\\u003e \\u0026 = ' / \\u2028\\u2029 \\u0001\\b\\f\\n\\r\\t\\\"\\\\\"}";

    assertThat(CanonicalJson.text(read(json))).isEqualTo(json);
    assertThat(CanonicalJson.text(read("{\"a\":\"<>&\\u0065\"}")))
        .isEqualTo("{\"a\":\"\\u003c\\u003e\\u0026e\"}");
  }

  @Test
  void read_blanksAreDropped() {
    assertThat(CanonicalJson.text(read(" { \"a\" : [ 1 , 2 ] }\n"))).isEqualTo("{\"a\":[1,2]}");
  }

  @Test
  void read_duplicateName_namesTheField() {
    assertProblem("{\"a\":{\"b\":[{\"c\":1,\"c\":2}]}}", "doc: a.b[0].c: the name is there twice");
  }

  @Test
  void read_escapedDuplicateName_isSeen() {
    assertProblem("{\"ab\":1,\"\\u0061b\":2}", "doc: ab: the name is there twice");
  }

  @Test
  void read_trailingData_isRefused() {
    assertProblem("{} {}", "doc: data after the end");
    assertProblem("{}x", "doc: data after the end");
  }

  @Test
  void read_truncated_isRefused() {
    assertProblem("{\"a\":[1,", "ends in the middle");
    assertProblem("", "ends in the middle");
  }

  @Test
  void read_notAnObject_isRefused() {
    assertProblem("[]", "doc: expected a JSON object");
    assertProblem("null", "doc: expected a JSON object");
  }

  @Test
  void read_lenientForms_areRefused() {
    for (String json :
        new String[] {
          "{a:1}", "{'a':1}", "{\"a\":NaN}", "{\"a\":01}", "{\"a\":1,}", "{\"a\":1;\"b\":2}",
          "{\"a\":\"\n\"}", "//x\n{}", "{\"a\":TRUE}", "{\"a\"=1}", "{\"a\":'b'}",
              "{\"a\":\"\\'\"}",
        }) {
      assertProblem(json, "doc");
    }
  }

  @Test
  void read_notUtf8_isRefused() {
    byte[] latin1 = "{\"a\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1);

    var e = assertThrows(DocumentException.class, () -> StrictJson.readObject(latin1, "doc"));

    assertThat(e).hasMessageThat().isEqualTo("doc: not UTF-8 text");
  }

  @Test
  void read_byteOrderMark_isRefused() {
    assertProblem("\uFEFF{}", "byte order mark");
  }

  @Test
  void read_halfSurrogate_isRefused() {
    assertProblem("{\"a\":\"\\ud83d\"}", "doc: a: not JSON: Unpaired surrogate");
    assertProblem("{\"a\":\"\\ude00\\ud83d\"}", "Unpaired surrogate");
    assertThat(CanonicalJson.text(read("{\"a\":\"\\ud83d\\ude00\"}"))).isEqualTo("{\"a\":\"😀\"}");
  }

  @Test
  void read_tooDeep_isRefused() {
    assertProblem("{\"a\":" + "[".repeat(100_000), "doc: a[0][0]");
  }

  @Test
  void read_tooLarge_isRefused() {
    byte[] bytes = new byte[StrictJson.MAX_BYTES + 1];

    var e = assertThrows(DocumentException.class, () -> StrictJson.readObject(bytes, "doc"));

    assertThat(e).hasMessageThat().contains("8388609 bytes of JSON, the limit is 8388608");
  }

  private static JsonObject read(String json) {
    return StrictJson.readObject(json.getBytes(StandardCharsets.UTF_8), "doc");
  }

  private static void assertProblem(String json, String message) {
    var e = assertThrows(DocumentException.class, () -> read(json), json);
    assertThat(e).hasMessageThat().contains(message);
  }
}
