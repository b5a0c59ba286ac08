package dev.athanor.oci.model;

import com.google.gson.JsonObject;
import java.util.List;

/// How one layer, or one change of the config alone, came to be. Absent parts are empty strings.
///
/// @param created RFC 3339, see [ImageConfig#time]
/// @param emptyLayer whether no layer belongs to the entry
public record History(
    String created, String createdBy, String author, String comment, boolean emptyLayer) {
  private static final List<String> ORDER =
      List.of("created", "created_by", "author", "comment", "empty_layer");

  static History read(Fields fields) {
    return new History(
        fields.optionalString("created").orElse(""),
        fields.optionalString("created_by").orElse(""),
        fields.optionalString("author").orElse(""),
        fields.optionalString("comment").orElse(""),
        fields.json().has("empty_layer") && fields.json().get("empty_layer").getAsBoolean());
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json = Members.withText(json, ORDER, "created", created);
    json = Members.withText(json, ORDER, "created_by", createdBy);
    json = Members.withText(json, ORDER, "author", author);
    json = Members.withText(json, ORDER, "comment", comment);
    if (emptyLayer) {
      json.addProperty("empty_layer", true);
    }
    return json;
  }
}
